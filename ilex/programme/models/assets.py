"""Equipment given from one unit to another: need, purchase, hand-over, acceptance, check, write-off."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from ilex.gate.ids import uuid7
from ilex.gate.models import Attachment, Envelope
from ilex.programme.kinds import AssetKind
from ilex.programme.models.actions import Action, Finding
from ilex.programme.models.base import Sourced
from ilex.units.models import Officer, Organisation


class Asset(Sourced):
    """One line of equipment. The database takes none whose need is not recorded, and only a need will do."""

    Kind = AssetKind

    class State(models.TextChoices):
        NEEDED = "needed", _("Needed")
        PURCHASED = "purchased", _("Purchased")
        ON_THE_WAY = "on-the-way", _("Handed over, not yet accepted")
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Refused by the receiver")
        WRITTEN_OFF = "written-off", _("Written off")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)  # the same on both sides
    key = models.SlugField(max_length=80, blank=True)
    kind = models.CharField(max_length=30, choices=AssetKind)
    state = models.CharField(max_length=12, choices=State, default=State.NEEDED)
    name = models.CharField(max_length=200, blank=True)  # make and model
    text = models.TextField(blank=True)
    quantity = models.PositiveIntegerField(null=True)  # null: not stated
    serials = ArrayField(models.CharField(max_length=80), default=list)
    value = models.DecimalField(max_digits=17, decimal_places=2, null=True)  # of all of them together
    currency = models.CharField(max_length=3, blank=True)
    action = models.ForeignKey(Action, models.PROTECT, null=True, related_name="assets")  # that pays
    need = models.ForeignKey(Finding, models.PROTECT, related_name="assets")
    need_kind = models.CharField(max_length=16, default=Finding.Kind.NEED, editable=False)  # see 0002: need is a need
    giver = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    holder = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    stands_at = models.CharField(max_length=200, blank=True)  # never travels
    check_on = models.DateField(null=True)  # when its use is checked next
    purchased_on = models.DateField(null=True)
    accepted_on = models.DateField(null=True)
    written_off_on = models.DateField(null=True)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~models.Q(key=""), name="programme_asset_once"),
            models.CheckConstraint(condition=models.Q(need_kind="need"), name="programme_asset_needed"),
            models.CheckConstraint(
                condition=models.Q(value=None) | (models.Q(value__gte=0) & models.Q(currency__regex=r"^[A-Z]{3}$")),
                name="programme_asset_value",
            ),
            models.CheckConstraint(
                condition=models.Q(quantity=None) | models.Q(quantity__gte=1), name="programme_asset_quantity"
            ),
        ]
        indexes = [
            models.Index(fields=["holder", "state"], name="programme_asset_holder"),
            models.Index(fields=["check_on"], name="programme_asset_check", condition=models.Q(check_on__isnull=False)),
        ]


class AssetStep(models.Model):
    """One line of an asset's life; also of what the other side reported."""

    class Kind(models.TextChoices):
        NEED = "need", _("Need recorded")
        PURCHASE = "purchase", _("Purchased")
        HANDOVER = "handover", _("Handed over")
        ACCEPTANCE = "acceptance", _("Accepted")
        REFUSAL = "refusal", _("Refused")
        CHECK = "check", _("Use checked")
        WRITE_OFF = "write-off", _("Written off")

    asset = models.ForeignKey(Asset, models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=12, choices=Kind)
    day = models.DateField()
    at = models.DateTimeField()
    unit = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    condition = models.CharField(max_length=60, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["asset", "at"], name="programme_assetstep_order")]


class Handover(models.Model):
    """Many assets go from one unit to another with one certificate: two signatures, each the seal of a message."""

    class Way(models.TextChoices):
        IN = "in", _("Received")
        OUT = "out", _("Given")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENT = "sent", _("Waits for acceptance")
        ANSWERED = "answered", _("Answered")
        BACK = "back", _("Not taken in by the other unit's node")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)  # the same on both sides
    way = models.CharField(max_length=3, choices=Way)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    number = models.CharField(max_length=40)  # RS-E-2026-000003, of the giver
    giver = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    handed_on = models.DateField()
    place = models.CharField(max_length=200, blank=True)
    text = models.TextField(blank=True)
    given_by = models.CharField(max_length=200, blank=True)  # functions
    taken_by = models.CharField(max_length=200, blank=True)
    digest = models.BinaryField()  # SHA-256 of the canonical body: what both sign
    given = models.ForeignKey(Envelope, models.PROTECT, null=True, related_name="+")  # the giver's sealed word
    taken = models.ForeignKey(Envelope, models.PROTECT, null=True, related_name="+")  # the receiver's
    answered_at = models.DateTimeField(null=True)
    conversation = models.UUIDField(default=uuid7)
    paper = models.ForeignKey(Attachment, models.SET_NULL, null=True, related_name="+")  # a scan, signed by hand
    made_by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(giver=models.F("receiver")), name="programme_handover_two_units"
            ),
            # Each unit counts its own: none can use up the numbers of another.
            models.UniqueConstraint(fields=["giver", "number"], name="programme_handover_number"),
        ]
        indexes = [models.Index(fields=["way", "state", "made_at"], name="programme_handover_waiting")]


class HandoverLine(models.Model):
    handover = models.ForeignKey(Handover, models.CASCADE, related_name="handover_lines")
    asset = models.ForeignKey(Asset, models.PROTECT, related_name="handover_lines")
    accepted = models.BooleanField(null=True)  # null: not answered yet
    why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["handover", "asset"], name="programme_handoverline_once")]
