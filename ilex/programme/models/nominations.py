"""Invitations with a quota for each unit, whom the units nominate, and what came of each nomination.

The organiser's node and each invited unit's node hold rows of their own under the same ids; each changes only by its
own verbs and by the other's messages.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from ilex.gate.ids import uuid7
from ilex.gate.models import Envelope
from ilex.programme.models.activities import Activity
from ilex.units.models import Officer, Organisation


class Invitation(models.Model):
    """An organiser asks units to nominate people for an activity. OUT: ours; IN: a partner's, to whom we nominate."""

    class Way(models.TextChoices):
        IN = "in", _("Received")
        OUT = "out", _("Sent")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")
        CANCELLED = "cancelled", _("Cancelled")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)  # the same on both sides
    way = models.CharField(max_length=3, choices=Way)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="invitations")
    organiser = models.ForeignKey(Organisation, models.PROTECT, related_name="+")  # the unit that invites
    version = models.PositiveIntegerField(default=1)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=12, default="en")
    answer_by = models.DateTimeField(null=True)  # null: no deadline is set
    travel_wanted = models.BooleanField(default=False)  # travel data are asked for after the confirmation
    keep_days = models.PositiveSmallIntegerField(default=180)  # personal data go so many days after the activity
    conversation = models.UUIDField(default=uuid7)
    envelope = models.ForeignKey(Envelope, models.SET_NULL, null=True, related_name="+")
    ended_why = models.CharField(max_length=300, blank=True)  # why it was closed or cancelled
    read_at = models.DateTimeField(null=True)  # IN: first opened here
    made_by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["way", "state", "answer_by"], name="programme_invitation_waiting")]


class Quota(models.Model):
    """How many people a unit may nominate. IN: of all units that we know, as the organiser told them."""

    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="quotas")
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    places = models.PositiveSmallIntegerField()
    delivered_at = models.DateTimeField(null=True)  # the unit's node has stored the invitation
    declined_at = models.DateTimeField(null=True)  # it sends nobody
    declined_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invitation", "unit"], name="programme_quota_once"),
            models.CheckConstraint(condition=models.Q(places__gte=1), name="programme_quota_some"),
        ]


class Nomination(models.Model):
    """One person whom a unit proposes. PROPOSED and DROPPED exist only at home: nothing of them ever travels."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Proposed")  # at home
        DROPPED = "dropped", _("Not chosen")  # at home
        CHOSEN = "chosen", _("Chosen")  # at home, may leave with the next sending
        SENT = "sent", _("Nominated")
        CONFIRMED = "confirmed", _("Confirmed")
        WAITING = "waiting", _("On the waiting list")
        DECLINED = "declined", _("Declined")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        ATTENDED = "attended", _("Attended")
        ABSENT = "absent", _("Did not come")

    class Reason(models.TextChoices):
        """Why an organiser declines; the words of the message programme.nominations-decided."""

        OVER_QUOTA = "over-quota", _("More people than the quota")
        CAPACITY = "capacity", _("No place is left")
        TOO_LATE = "too-late", _("Too late")
        OTHER = "other", _("Another reason")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)  # the same on both sides
    invitation = models.ForeignKey(Invitation, models.CASCADE, related_name="nominations")
    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="+")  # who nominates
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    name = models.CharField(max_length=160)  # empty once its time is over
    name_key = models.CharField(max_length=160)  # folded: the same person is not nominated twice
    function = models.CharField(max_length=200)
    organisation = models.CharField(max_length=300, blank=True)
    languages = ArrayField(models.CharField(max_length=12), default=list)
    prepares = models.BooleanField(default=False)  # shares in preparing the activity
    note = models.CharField(max_length=300, blank=True)
    reason = models.CharField(max_length=12, choices=Reason, blank=True)  # why it was declined
    answer = models.CharField(max_length=300, blank=True)  # the same in the organiser's words
    proposed_by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    chosen_by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    changed_at = models.DateTimeField()
    erase_on = models.DateField(null=True)  # the name and all that hangs on it go then
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["invitation", "unit", "name_key"],
                condition=models.Q(erased_at=None) & ~models.Q(state__in=["dropped", "withdrawn", "declined"]),
                name="programme_nomination_once",
            ),
        ]
        indexes = [
            models.Index(fields=["invitation", "state"], name="programme_nomination_state"),
            models.Index(fields=["erase_on"], name="programme_nomination_erase", condition=models.Q(erased_at=None)),
        ]


class NominationStep(models.Model):
    """What happened to a nomination, in its order. Names nobody."""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="steps")
    state = models.CharField(max_length=10, choices=Nomination.State)
    at = models.DateTimeField()
    by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    text = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["nomination", "at"], name="programme_nominationstep_order")]


class Travel(models.Model):
    """The second step: what the host needs once a person is confirmed. Erased with the nomination, or before."""

    nomination = models.OneToOneField(Nomination, models.CASCADE, primary_key=True, related_name="travel")
    arrives_at = models.DateTimeField(null=True)
    leaves_at = models.DateTimeField(null=True)
    travels_from = models.CharField(max_length=120, blank=True)
    document = models.CharField(max_length=60, blank=True)  # number of the travel document, where the venue asks
    needs = models.CharField(max_length=300, blank=True)  # food, access
    at = models.DateTimeField()


class Evaluation(models.Model):
    """What a participant says afterwards: marks of one to five and words."""

    nomination = models.OneToOneField(Nomination, models.CASCADE, primary_key=True, related_name="evaluation")
    marks = models.JSONField(default=dict)  # by the code of the question: content, method, use, organisation
    text = models.TextField(blank=True)
    at = models.DateTimeField()


class Certificate(models.Model):
    """Signed by the organiser's node; whoever holds its card can verify it without any line."""

    nomination = models.OneToOneField(Nomination, models.PROTECT, related_name="certificate")
    number = models.CharField(max_length=40, unique=True)  # RS-P-2026-000012
    issued_on = models.DateField()
    signed = models.TextField()  # compact JWS: number, name, activity, period, place, issuer; what the QR holds
    revoked_at = models.DateTimeField(null=True)
    revoked_why = models.CharField(max_length=300, blank=True)
