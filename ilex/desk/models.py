"""Searches that an officer keeps, and is told of when they find something new."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ilex.units.models import Officer


class SavedSearch(models.Model):
    """What one officer looks for again and again. With `alert` the clock looks for him."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    officer = models.ForeignKey(Officer, models.CASCADE, related_name="saved_searches")
    text = models.CharField(max_length=200)
    rooms = ArrayField(models.CharField(max_length=20), default=list)  # names of finders; empty: all he may use
    reason = models.CharField(max_length=200)  # stands in the journal with each look
    alert = models.BooleanField(default=False)
    known = ArrayField(models.CharField(max_length=80), default=list)  # keys of what he has seen
    fresh = ArrayField(models.CharField(max_length=80), default=list)  # keys of what came since
    made_at = models.DateTimeField()
    until = models.DateField()  # a standing look ends by itself: it is a purpose that somebody must renew
    look_at = models.DateTimeField(null=True)  # when the clock looks next; null: it does not

    class Meta:
        constraints = [models.UniqueConstraint(fields=["officer", "text", "rooms"], name="desk_savedsearch_once")]
        indexes = [
            models.Index(fields=["look_at"], name="desk_savedsearch_due", condition=models.Q(look_at__isnull=False)),
        ]
