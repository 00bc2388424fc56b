"""Activities, from a kick-off to a joint patrol: their sessions, outcomes, and series spread over locations."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.contrib.postgres.indexes import GinIndex, GistIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ilex.gate.ids import uuid7
from ilex.programme.kinds import ActivityKind, Level, Mode, OutcomeKind, SessionForm
from ilex.programme.models.actions import Action
from ilex.programme.models.base import Dated, Known, Sourced
from ilex.units.models import Officer, Organisation, Place

# All the days on which an activity can be; of one whose end is not known, the first of them.
DAYS = models.Func(
    models.F("first"),
    Coalesce("last", "first"),
    models.Value("[]"),
    function="daterange",
    output_field=DateRangeField(),
)


class Series(models.Model):
    """So many activities of one kind, to be spread evenly over locations, with the hosting going round."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    action = models.ForeignKey(Action, models.CASCADE, related_name="series")
    kind = models.CharField(max_length=16, choices=ActivityKind)
    title = models.CharField(max_length=300)
    count = models.PositiveSmallIntegerField()  # activities planned in all
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    made_by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()


class Location(models.Model):
    """A place that hosts activities of a series, in the order in which the turn goes round."""

    series = models.ForeignKey(Series, models.CASCADE, related_name="locations")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")
    host = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["series", "place"], name="programme_location_once")]


class Activity(Known, Dated, Sourced):
    """Something that people do at a time. `starts_at` and `ends_at` are set once the hours are known."""

    Kind = ActivityKind

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ANNOUNCED = "announced", _("Announced")
        HELD = "held", pgettext_lazy("activity", "Held")
        CANCELLED = "cancelled", _("Cancelled")

    key = models.SlugField(max_length=80, unique=True)
    state = models.CharField(max_length=10, choices=State, blank=True)  # empty: as a source tells it
    kind = models.CharField(max_length=16, choices=ActivityKind)
    action = models.ForeignKey(Action, models.PROTECT, null=True, related_name="activities")
    also_in = models.ManyToManyField(Action, related_name="shared_activities")  # run inside several actions
    series = models.ForeignKey(Series, models.SET_NULL, null=True, related_name="activities")
    follows = models.ForeignKey("self", models.SET_NULL, null=True, related_name="followed_by")
    shaped_by = models.ForeignKey(
        "self", models.SET_NULL, null=True, related_name="shaped"
    )  # a mapping, by its answers
    title = models.CharField(max_length=300)
    title_printed = models.CharField(max_length=300, blank=True)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=12, default="en")
    place = models.ForeignKey(
        Place, models.PROTECT, null=True, related_name="activities"
    )  # null: not known, or claimed
    place_printed = models.CharField(max_length=100, blank=True)
    venue = models.CharField(max_length=200, blank=True)
    mode = models.CharField(max_length=8, choices=Mode, blank=True)
    format = models.CharField(max_length=60, blank=True)  # plenary
    zone = models.CharField(max_length=40, blank=True)  # IANA; of the place unless it says otherwise
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    languages = ArrayField(models.CharField(max_length=12), default=list)  # spoken and interpreted
    capacity = models.CharField(max_length=80, blank=True)  # of ilex.words.quantities: <=75 participants
    capacity_printed = models.CharField(max_length=80, blank=True)
    attended = models.CharField(max_length=80, blank=True)  # >70 participants
    topics = ArrayField(models.CharField(max_length=120), default=list)
    levels = ArrayField(models.CharField(max_length=20), default=list)  # of a mapping: institutional, legal ...
    patrol_levels = ArrayField(models.CharField(max_length=10, choices=Level), default=list)
    even_over = models.ManyToManyField(Place, related_name="+")  # to be spread evenly over these
    signatories = models.CharField(max_length=80, blank=True)  # of an agreement, where a number is all that is known
    public = models.BooleanField(default=False)
    cancelled_why = models.CharField(max_length=300, blank=True)
    made_by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    search = SearchVectorField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Dated.ORDERED, name="programme_activity_ordered"),
            models.CheckConstraint(
                condition=models.Q(starts_at=None) | models.Q(ends_at__gt=models.F("starts_at")),
                name="programme_activity_hours",
            ),
        ]
        indexes = [
            models.Index(models.F("first").desc(nulls_last=True), "id", name="programme_activity_newest"),
            GistIndex(DAYS, name="programme_activity_calendar"),
            models.Index(fields=["place", "first"], name="programme_activity_place"),
            GinIndex(fields=["search"], name="programme_activity_search"),
        ]

    def __str__(self) -> str:
        return self.title


class Session(Sourced):
    """One point of the agenda. Its speakers are involvements."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="sessions")
    order = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=300)
    form = models.CharField(max_length=50, choices=SessionForm, blank=True)
    text = models.TextField(blank=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "order"], name="programme_session_once"),
            models.CheckConstraint(
                condition=models.Q(starts_at=None) | models.Q(ends_at__gt=models.F("starts_at")),
                name="programme_session_hours",
            ),
        ]


class Outcome(Dated, Sourced):
    """What an activity brought out, or what was agreed there: who does it, until when, and whether it is done."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="outcomes")
    kind = models.CharField(max_length=8, choices=OutcomeKind)
    order = models.PositiveSmallIntegerField(default=0)
    text = models.TextField()
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    responsible = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    due_on = models.DateField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["order", "id"]
        indexes = [
            models.Index(
                fields=["due_on"],
                name="programme_outcome_due",
                condition=models.Q(done_at=None, due_on__isnull=False),
            ),
        ]
