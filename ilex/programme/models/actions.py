"""Actions (facility, programme, project, phase, component) and what sources say of them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.lookups import Exact

from ilex.gate.ids import uuid7
from ilex.programme.kinds import (
    ActionKind,
    ActionStatus,
    AmountRole,
    FindingKind,
    ObjectiveLevel,
    RemarkKind,
)
from ilex.programme.models.base import Dated, Known, Sourced, TakenBack
from ilex.units.models import Officer, Organisation, Place
from ilex.words.edtf import LONGEST


def counted(*names: str, exactly: int) -> Exact:
    """The condition that so many of these columns are filled."""
    columns = [models.F(name) for name in names]
    return Exact(models.Func(*columns, function="num_nonnulls", output_field=models.IntegerField()), exactly)


class Action(Known, Dated, Sourced):
    """What partners do together with somebody's money. Components and phases are actions under an action."""

    Kind, Status = ActionKind, ActionStatus

    key = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=12, choices=ActionKind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="parts")
    predecessor = models.ForeignKey("self", models.PROTECT, null=True, related_name="followers")
    continues = models.TextField(blank=True)  # the predecessor in words, where it has no name
    order = models.PositiveSmallIntegerField(default=0)  # among the parts of the parent
    title = models.CharField(max_length=300)
    title_printed = models.CharField(max_length=300, blank=True)
    short = models.CharField(max_length=40, blank=True)
    summary = models.TextField(blank=True)
    language = models.CharField(max_length=12, default="en")
    themes = ArrayField(models.CharField(max_length=40), default=list)
    status = models.CharField(max_length=10, choices=ActionStatus, blank=True)  # empty: nobody says
    status_printed = models.CharField(max_length=100, blank=True)
    public = models.BooleanField(default=False)  # may stand on the public site
    made_by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    search = SearchVectorField(null=True)  # of the folded words of titles, summaries, partners

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Dated.ORDERED, name="programme_action_ordered"),
            models.CheckConstraint(
                condition=models.Q(parent=None) | ~models.Q(parent=models.F("id")), name="programme_action_not_own"
            ),
        ]
        indexes = [
            models.Index(models.F("first").desc(nulls_last=True), "id", name="programme_action_newest"),
            models.Index("kind", models.F("first").desc(nulls_last=True), "id", name="programme_action_kind"),
            models.Index(fields=["last"], name="programme_action_last"),
            GinIndex(fields=["themes"], name="programme_action_themes"),
            GinIndex(fields=["search"], name="programme_action_search"),
        ]

    def __str__(self) -> str:
        return self.short or self.title


class ActionText(models.Model):
    """Title and summary in a language other than the action's own."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="texts")
    language = models.CharField(max_length=12)
    title = models.CharField(max_length=300)
    summary = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["action", "language"], name="programme_actiontext_once")]


class Objective(Sourced):
    action = models.ForeignKey(Action, models.CASCADE, related_name="objectives")
    level = models.CharField(max_length=10, choices=ObjectiveLevel)
    order = models.PositiveSmallIntegerField(default=0)
    text = models.TextField()
    stages = ArrayField(models.CharField(max_length=80), default=list)  # of a cycle, where the source names them

    class Meta:
        ordering = ["order", "id"]


class Amount(Sourced):
    """Money in a role. A value that is not stated is null and never zero."""

    action = models.ForeignKey(Action, models.CASCADE, related_name="amounts")
    role = models.CharField(max_length=12, choices=AmountRole)
    value = models.DecimalField(max_digits=17, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    funding_line = models.CharField(max_length=40, blank=True)  # isf-police
    funding_printed = models.CharField(max_length=100, blank=True)
    printed = models.CharField(max_length=100, blank=True)
    payer = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(value=None) | models.Q(value__gte=0), name="programme_amount_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(value=None) | models.Q(currency__regex=r"^[A-Z]{3}$"),
                name="programme_amount_currency",
            ),
        ]


class About(Sourced, TakenBack):
    """What is said of an action or of an activity."""

    action = models.ForeignKey(Action, models.CASCADE, null=True, related_name="%(class)ss")
    activity = models.ForeignKey("programme.Activity", models.CASCADE, null=True, related_name="%(class)ss")
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True


class Claim(About):
    """What one source states of one field. Claims of a field stand side by side; one may be preferred, with a reason.

    Fields are: title, when, place, budget, funding-line, capacity, status, and name-of:CODE of a place or organisation.
    """

    field = models.CharField(max_length=80)
    value = models.CharField(max_length=300)  # one spelling for one meaning: EUR 154894.95, by-minsk, 2013-10/2014-10
    printed = models.CharField(max_length=300, blank=True)
    stated_on = models.CharField(max_length=LONGEST, blank=True)
    preferred = models.BooleanField(default=False)
    reason = models.CharField(max_length=300, blank=True)
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=counted("action", "activity", exactly=1), name="programme_claim_one_thing"
            ),
            models.CheckConstraint(
                condition=models.Q(preferred=False) | ~models.Q(reason=""), name="programme_claim_reason"
            ),
            models.UniqueConstraint(
                fields=["action", "activity", "field"],
                nulls_distinct=False,
                condition=models.Q(preferred=True),
                name="programme_claim_one_preferred",
            ),
        ]


class Finding(About):
    """What came out: a need, gap, good practice, option, lesson, figure. A need is what an asset may answer."""

    Kind = FindingKind

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.SlugField(max_length=80, blank=True)
    kind = models.CharField(max_length=16, choices=FindingKind)
    text = models.TextField()
    quantity = models.CharField(max_length=80, blank=True)  # of ilex.words.quantities: >200 people
    levels = ArrayField(models.CharField(max_length=20), default=list)
    said_by = models.CharField(max_length=200, blank=True)  # a function, never a name
    raised_by = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="findings")
    places = models.ManyToManyField(Place, related_name="+")
    answers = models.ForeignKey("self", models.PROTECT, null=True, related_name="answered_by")  # the gap it closes
    raised_on = models.DateField(null=True)
    settled_at = models.DateTimeField(null=True)  # of a need or gap: it was met
    settled_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], condition=~models.Q(key=""), name="programme_finding_once"),
            # Asset.need points here through this pair: see the migration of the assets.
            models.UniqueConstraint(fields=["id", "kind"], name="programme_finding_kind"),
        ]
        indexes = [models.Index(fields=["kind", "settled_at"], name="programme_finding_open")]


class Remark(About):
    """Something a source says, or that has to be said of it, for which no table has a column."""

    Kind = RemarkKind

    of = models.ForeignKey(
        "programme.Source", models.CASCADE, null=True, related_name="remarks"
    )  # of the source itself, where it is about no action
    kind = models.CharField(max_length=12, choices=RemarkKind)
    text = models.TextField()
    names = models.JSONField(default=dict)  # of a remark on names: by language

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=counted("action", "activity", "of", exactly=1), name="programme_remark_one_thing"
            ),
        ]
