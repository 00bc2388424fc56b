"""What leaves the house by other ways than messages: frozen factsheets, and the keys of calendar subscriptions."""

from __future__ import annotations

from django.db import models

from ilex.gate.ids import uuid7
from ilex.gate.models import Attachment
from ilex.programme.models.actions import Action
from ilex.units.models import Officer


class Factsheet(models.Model):
    """An action's sheet as it was on a day: what it said stays, whatever becomes of the action."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    action = models.ForeignKey(Action, models.PROTECT, related_name="factsheets")
    language = models.CharField(max_length=12)
    layout = models.CharField(max_length=12)  # of ilex.programme.papers: facility, plain
    content = models.JSONField()  # all fields, in the form of the export
    pdf = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")
    iati = models.TextField(blank=True)
    public = models.BooleanField(default=False)
    frozen_at = models.DateTimeField()
    frozen_by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["action", "-frozen_at"], name="programme_factsheet_newest")]


class CalendarKey(models.Model):
    """The address at which an officer's calendar program fetches: a secret in the address, nothing more.

    Only its digest is kept. What the officer may no longer see the subscription no longer holds.
    """

    officer = models.ForeignKey(Officer, models.CASCADE, related_name="calendar_keys")
    name = models.CharField(max_length=60)
    digest = models.BinaryField(unique=True)  # SHA-256 of the secret
    filters = models.JSONField(default=dict)  # as the calendar page writes them
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
