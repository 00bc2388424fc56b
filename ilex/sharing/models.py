"""Which statements went to whom under which code, whose consent was asked, and what was taken back."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from ilex.exchange.models import Entry
from ilex.gate.models import Envelope
from ilex.subjects.models import Link, Statement, Subject
from ilex.units.models import Officer, Organisation


class Use(models.TextChoices):
    """What a provider may forbid, and be asked to allow: the codes of ilex.words.uses."""

    FORWARD = "forward", _("Pass on to another unit of the network")
    COURT = "court", _("Use in court")
    THIRD = "third", _("Transfer to a third state or an organisation")


class Release(models.Model):
    """Statements on subjects that are sent, or came, as one sealed message."""

    class Way(models.TextChoices):
        IN = "in", _("Received")
        OUT = "out", _("Sent")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")  # also while it waits for a second person: the approval says so
        RELEASED = "released", _("Released")
        RECEIVED = "received", _("Received")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    way = models.CharField(max_length=3, choices=Way)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    conversation = models.UUIDField(default=uuid.uuid4)  # of its envelopes: the release, its corrections and recalls
    case = models.CharField(max_length=40, blank=True)  # number of our case
    request_ref = models.CharField(max_length=40, blank=True)  # our reference of the request it belongs to
    partner = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")  # IN: who sent it
    to = ArrayField(models.CharField(max_length=60), default=list)  # unit ids; IN: all to whom it was sent
    title = models.CharField(max_length=300)
    purpose = models.TextField()  # for what the receivers may use it
    text = models.TextField(blank=True)
    threat = models.TextField(blank=True)  # why it cannot wait for the owner's permission: LED Art. 35(2)
    handling = models.CharField(max_length=12, default="H0")  # the strictest of its statements
    language = models.CharField(max_length=12, default="en")
    statements = models.ManyToManyField(Statement, related_name="releases")
    links = models.ManyToManyField(Link, related_name="releases")
    author = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="releases")
    approver = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)
    message = models.UUIDField(null=True, db_index=True)  # the envelope's id, by which both sides name it
    envelope = models.ForeignKey(Envelope, models.SET_NULL, null=True, related_name="+")
    read_at = models.DateTimeField(null=True)  # IN: first opened here

    class Meta:
        indexes = [
            models.Index(fields=["-made_at"], name="sharing_release_made"),
            models.Index(fields=["case"], name="sharing_release_case", condition=~models.Q(case="")),
            models.Index(fields=["made_at"], name="sharing_release_unread", condition=models.Q(way="in", read_at=None)),
        ]

    def __str__(self) -> str:
        return self.title


class Disclosure(models.Model):
    """The ledger: this statement (or link) went to this unit under this code; and what became of it."""

    release = models.ForeignKey(Release, models.PROTECT, related_name="disclosures")
    statement = models.UUIDField(db_index=True)  # id of a statement or link; the row may be erased, the ledger stays
    what = models.CharField(max_length=40)  # the property, or the kind of link
    subject = models.ForeignKey(Subject, models.SET_NULL, null=True, related_name="disclosures")
    to = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    handling = models.CharField(max_length=12)
    consent = models.ForeignKey("Consent", models.PROTECT, null=True, related_name="disclosures")  # that allowed it
    at = models.DateTimeField()
    stored_at = models.DateTimeField(null=True)  # their receipts
    processed_at = models.DateTimeField(null=True)
    refused = models.CharField(max_length=200, blank=True)
    message = models.UUIDField()  # the envelope it went with: the release, or the correction that replaced another
    recalled_at = models.DateTimeField(null=True)  # it was taken back or corrected
    recall_message = models.UUIDField(null=True, db_index=True)
    recall_applied_at = models.DateTimeField(null=True)  # their receipt that it is applied

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "statement", "to"], name="sharing_disclosure_once")]
        indexes = [
            models.Index(fields=["message", "to"], name="sharing_disclosure_message"),
            models.Index(fields=["to", "-at"], name="sharing_disclosure_unit"),
            models.Index(
                fields=["recalled_at"],
                name="sharing_disclosure_open",
                condition=models.Q(recalled_at__isnull=False, recall_applied_at=None),
            ),
        ]


class Given(models.Model):
    """A statement or link that a partner gave us, under the number by which the partner knows it.

    Our own rows have numbers of our own, so no partner can name a row that another gave or that is ours.
    """

    by = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    number = models.UUIDField()
    origin = models.UUIDField(null=True)  # passed on by the partner: the number by which its owner knows it
    release = models.ForeignKey(Release, models.PROTECT, related_name="given")
    statement = models.ForeignKey(Statement, models.CASCADE, null=True, related_name="given")
    link = models.ForeignKey(Link, models.CASCADE, null=True, related_name="given")
    recalled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["number"], name="sharing_given_once"),
            models.CheckConstraint(
                condition=models.Q(statement=None) ^ models.Q(link=None), name="sharing_given_statement_or_link"
            ),
        ]


class Recall(models.Model):
    """Something was taken back or corrected: by us at all who got it, or by a partner here."""

    way = models.CharField(max_length=3, choices=Release.Way)
    release = models.ForeignKey(Release, models.PROTECT, related_name="recalls")
    items = ArrayField(models.UUIDField())  # ids of our rows
    corrected = models.BooleanField(default=False)  # every one of them was replaced
    reason = models.TextField()
    by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    message = models.UUIDField(null=True)  # null: nobody could be told, none is connected any more
    seen_at = models.DateTimeField(null=True)  # IN: an officer opened it
    seen_by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["at"], name="sharing_recall_unseen", condition=models.Q(way="in", seen_at=None)),
        ]


class Consent(models.Model):
    """A provider's yes or no to a use that its handling code, or the law, makes depend on it."""

    class Way(models.TextChoices):
        ASKED = "out", _("We asked")
        GIVEN = "in", _("They asked us")

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        GRANTED = "granted", _("Granted")
        REFUSED = "refused", _("Refused")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    way = models.CharField(max_length=3, choices=Way)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")  # the other side
    number = models.UUIDField(default=uuid.uuid4)  # given by who asks; both sides name it so; the conversation
    statements = ArrayField(models.UUIDField())  # numbers as the owner knows them
    items = models.JSONField(default=list)  # [{number, known_as, says}]: what the asker says they are
    use = models.CharField(max_length=8, choices=Use)
    to = ArrayField(models.CharField(max_length=60), default=list)  # unit ids; empty for the use in court
    reason = models.TextField()
    done = models.BooleanField(default=False)  # the transfer could not wait, the owner is informed: LED Art. 35(2)
    conditions = models.TextField(blank=True)
    entry = models.ForeignKey(Entry, models.SET_NULL, null=True, related_name="consents")  # about a whole letter
    release = models.ForeignKey(Release, models.SET_NULL, null=True, related_name="consents")  # ours that waits for it
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    envelope = models.ForeignKey(Envelope, models.SET_NULL, null=True, related_name="+")  # the newest of theirs
    read_at = models.DateTimeField(null=True)  # the newest of theirs was opened here
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    why = models.TextField(blank=True)  # of a refusal or withdrawal

    class Meta:
        constraints = [models.UniqueConstraint(fields=["way", "unit", "number"], name="sharing_consent_once")]
        indexes = [
            models.Index(fields=["way", "state", "asked_at"], name="sharing_consent_waiting"),
            GinIndex(fields=["statements"], name="sharing_consent_statements"),
        ]


class CourtUse(models.Model):
    """Somebody else's statement was used in court: where, and by whose permission."""

    statement = models.UUIDField(db_index=True)
    subject = models.ForeignKey(Subject, models.SET_NULL, null=True, related_name="court_uses")
    owner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    consent = models.ForeignKey(Consent, models.PROTECT, null=True, related_name="court_uses")
    case = models.CharField(max_length=40, blank=True)
    court = models.CharField(max_length=300)  # which court, in which matter
    at = models.DateTimeField()
    by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
