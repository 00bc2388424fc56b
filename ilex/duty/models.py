"""Who is on duty, what happened on the shift, what is handed over, and who stands in for whom."""

from __future__ import annotations

import uuid

from django.db import models

from ilex.units.models import Officer


class Shift(models.Model):
    """One officer on duty from one moment to another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    officer = models.ForeignKey(Officer, models.PROTECT, related_name="shifts")
    begins = models.DateTimeField()
    ends = models.DateTimeField()
    planned_by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    handover = models.TextField(blank=True)  # what the next one must know
    handed_over_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(ends__gt=models.F("begins")), name="duty_shift_forward"),
            models.CheckConstraint(
                condition=models.Q(taken_by=None) | ~models.Q(taken_by=models.F("officer")),
                name="duty_shift_taken_by_another",
            ),
        ]
        indexes = [
            models.Index(fields=["begins", "ends"], name="duty_shift_when"),
            models.Index(
                fields=["handed_over_at"],
                name="duty_shift_untaken",
                condition=models.Q(handed_over_at__isnull=False, taken_at=None),
            ),
        ]


class LogLine(models.Model):
    """One line of the shift log: 14:05 GEO called, answer promised 16:00."""

    at = models.DateTimeField()
    by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    text = models.TextField()
    about = models.CharField(max_length=60, blank=True)  # our reference, case or task number

    class Meta:
        indexes = [models.Index(fields=["-at"], name="duty_logline_newest")]


class Delegation(models.Model):
    """One officer stands in for another who is away. The deputy acts by his own rights and gains none."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    absent = models.ForeignKey(Officer, models.CASCADE, related_name="delegations")
    deputy = models.ForeignKey(Officer, models.CASCADE, related_name="stands_in")
    begins = models.DateTimeField()
    ends = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)  # before its time

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(ends__gt=models.F("begins")), name="duty_delegation_forward"),
            models.CheckConstraint(condition=~models.Q(absent=models.F("deputy")), name="duty_delegation_to_another"),
        ]
        indexes = [models.Index(fields=["begins", "ends"], name="duty_delegation_when")]
