"""Agreements on staff exchange: both sides hold a copy of their own, and the copies are compared by hash."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ilex.gate.ids import uuid7
from ilex.programme.models.actions import Action
from ilex.units.models import Officer, Organisation


class ExchangeAgreement(models.Model):
    """There is no master copy. `digest` is of our terms, `their_digest` what the partner last said of its own."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Proposed by us")
        ASKED = "asked", _("Proposed by the partner")
        AGREED = "agreed", _("Agreed")
        DIFFERS = "differs", _("The copies differ")
        DECLINED = "declined", _("Declined")
        ENDED = "ended", _("Ended")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)  # the same on both sides, never used again
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    partner = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    action = models.ForeignKey(Action, models.PROTECT, null=True, related_name="agreements")
    version = models.PositiveIntegerField(default=1)
    terms = models.JSONField()  # of ilex.programme.messages.TermsBody: who sends and hosts whom, when, on which terms
    digest = models.BinaryField()  # SHA-256 of the canonical JSON of our terms
    agreed_digest = models.BinaryField(null=True)  # of what both agreed last
    their_version = models.PositiveIntegerField(default=0)
    their_digest = models.BinaryField(null=True)
    their_terms = models.JSONField(null=True)  # as they sent them last, to show the difference
    compared_at = models.DateTimeField(null=True)
    conversation = models.UUIDField(default=uuid7)
    made_by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["state", "compared_at"], name="programme_agreement_state")]


class AgreementStep(models.Model):
    agreement = models.ForeignKey(ExchangeAgreement, models.CASCADE, related_name="steps")
    state = models.CharField(max_length=10, choices=ExchangeAgreement.State)
    version = models.PositiveIntegerField()
    digest = models.BinaryField()
    at = models.DateTimeField()
    by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")  # null: the partner
    text = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["at", "id"]
