"""A second pair of eyes: what waits for it, what it saw, and what it said."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from ilex.units.models import Officer


class Approval(models.Model):
    """One release that its author may not make alone. It holds for exactly the content that was shown."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waits for approval")
        APPROVED = "approved", _("Approved and released")
        ALONE = "alone", _("Released without a second person")
        RETURNED = "returned", _("Returned to its author")
        WITHDRAWN = "withdrawn", _("Withdrawn by its author")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20)  # of the registry: letter, release
    object_id = models.UUIDField()  # the draft or release that waits
    title = models.CharField(max_length=300)
    author = models.ForeignKey(Officer, models.PROTECT, related_name="asked_approvals")
    rules = ArrayField(models.CharField(max_length=60))  # codes of the approval rules that ask for it
    recipients = ArrayField(models.CharField(max_length=60), default=list)  # unit ids
    handling = models.CharField(max_length=12, blank=True)  # the code under which it would leave
    digest = models.BinaryField()  # SHA-256 of what would be released; another content needs another approval
    urgency = models.CharField(max_length=8, blank=True)  # the ground on which the rules may let the author go alone
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # the legal clock behind it
    reviewer = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="given_approvals")
    decided_at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)  # of the author when he asks
    answer = models.TextField(blank=True)  # of the reviewer, or why the author went alone
    edits = models.JSONField(default=dict)  # field: text that the reviewer proposes; the author takes or leaves it
    edits_taken_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)  # the author has read why it came back
    noted_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")  # the head, of one sent alone
    noted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id"], name="approvals_approval_once", condition=models.Q(state="waiting")
            ),
            models.CheckConstraint(
                condition=models.Q(reviewer=None) | ~models.Q(reviewer=models.F("author")),
                name="approvals_never_the_author",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="approved") | models.Q(reviewer__isnull=False, decided_at__isnull=False),
                name="approvals_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="alone") | (models.Q(reviewer=None) & ~models.Q(answer="")),
                name="approvals_alone_with_a_reason",
            ),
            models.CheckConstraint(
                condition=models.Q(noted_by=None) | ~models.Q(noted_by=models.F("author")),
                name="approvals_noted_by_another",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at", "asked_at"], name="approvals_approval_waiting", condition=models.Q(state="waiting")
            ),
            models.Index(fields=["kind", "object_id"], name="approvals_approval_object"),
            models.Index(fields=["author", "-asked_at"], name="approvals_approval_author"),
            models.Index(
                fields=["decided_at"],
                name="approvals_approval_unnoted",
                condition=models.Q(state="alone", noted_at=None),
            ),
        ]

    def __str__(self) -> str:
        return self.title
