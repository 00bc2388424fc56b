"""What the tables of the programme have in common: where a thing was read, and when it is."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ilex.gate.ids import uuid7
from ilex.programme.kinds import SourceKind
from ilex.units.models import Officer, Organisation
from ilex.words.edtf import LONGEST, When
from ilex.words.periods import Duration, Period


class Source(models.Model):
    """A sheet, page, feed or letter from which facts were read. Every fact can say where it stands."""

    Kind = SourceKind

    key = models.SlugField(max_length=60, primary_key=True)
    kind = models.CharField(max_length=12, choices=SourceKind)
    title = models.CharField(max_length=300)
    publisher = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    stated_on = models.CharField(max_length=LONGEST, blank=True)  # EDTF; empty: the source does not say
    url = models.CharField(max_length=400, blank=True)
    layout = ArrayField(models.CharField(max_length=80), default=list)  # its headings, in their order
    lines = ArrayField(models.CharField(max_length=12), default=list)

    def __str__(self) -> str:
        return self.title


class Sourced(models.Model):
    """Something that a source says. `lines` are numbers of the inventory of the seeds, mostly empty."""

    source = models.ForeignKey(Source, models.PROTECT, null=True, db_index=False, related_name="+")
    lines = ArrayField(models.CharField(max_length=12), default=list)

    class Meta:
        abstract = True


Row = TypeVar("Row", bound=models.Model, covariant=True)


class Standing(models.Manager[Row]):
    """Without what was taken back as a mistake: so that no page, sheet or message can forget to leave it out."""

    def get_queryset(self) -> models.QuerySet[Row]:
        return super().get_queryset().filter(taken_back_at=None)


class TakenBack(models.Model):
    """What an officer may take back as a mistake: it stays on file, struck through, with the reason."""

    taken_back_at = models.DateTimeField(null=True)
    taken_back_why = models.CharField(max_length=300, blank=True)
    taken_back_by = models.ForeignKey(Officer, models.SET_NULL, null=True, db_index=False, related_name="+")

    objects = Standing()
    everything = models.Manager()  # noqa: DJ012 (a manager, and not the first: the first is the default one)

    class Meta:
        abstract = True


class Dated(models.Model):
    """When it is, as far as that is known (EDTF), and how a source printed it."""

    when = models.CharField(max_length=LONGEST, blank=True)  # empty: not known
    first = models.DateField(null=True)  # computed: the days between which it lies
    last = models.DateField(null=True)
    printed = models.CharField(max_length=200, blank=True)
    duration = models.CharField(max_length=5, blank=True)  # P8M
    duration_printed = models.CharField(max_length=60, blank=True)

    # A subclass adds these two to its own Meta.
    ORDERED: ClassVar[models.Q] = models.Q(first=None) | models.Q(last=None) | models.Q(first__lte=models.F("last"))

    class Meta:
        abstract = True

    def take_when(self, when: When) -> None:
        """Set the date and the days that follow from it; the row is not saved."""
        self.when, self.first, self.last = str(when), when.first, when.last

    @property
    def period(self) -> Period:
        length = Duration.parse(self.duration) if self.duration else None
        return Period(When.parse(self.when), length, self.printed, self.duration_printed)


class Known(models.Model):
    """A record that units exchange: whose it is, and which state of it this is. Only the owner changes it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+"
    )  # the unit whose record it is; null: of the seeds, nobody's
    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True
