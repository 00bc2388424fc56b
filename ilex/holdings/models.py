"""What the unit holds beside its cases, and the index by which it is searched.

A record costs one slim row. Everything else of the index stands in pieces: sorted lists of places, packed into rows of
about two thousand bytes, so that PostgreSQL's own cost for a row is paid once for a hundred lists. A piece is never
changed; new records wait in `Fresh` until enough of them make a piece, and small pieces are joined to larger ones.
"""

from __future__ import annotations

import uuid
from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from ilex.gate.ids import uuid7
from ilex.units.models import Officer

CODE = 60
KEY = 200


class Source(models.Model):
    """A list, register's extract or old file that the unit may search; or the records of another room."""

    id = models.SmallAutoField(primary_key=True)
    code = models.SlugField(max_length=CODE, unique=True)
    title = models.CharField(max_length=200)
    purpose = models.TextField()  # Directive (EU) 2016/680 Art. 4(1)(b)
    legal = models.TextField(blank=True)  # on which basis it is held
    handling = models.CharField(max_length=12, default="H0")
    handling_note = models.TextField(blank=True)  # H3 must have one
    review_on = models.DateField(null=True)  # when somebody asks whether it is still needed: Art. 5
    ends_on = models.DateField(null=True)  # the first day on which it may no longer be searched
    active = models.BooleanField(default=True)
    origin = models.BooleanField(default=False)  # records of another room, indexed without a copy
    records = models.PositiveIntegerField(default=0)  # of a loaded list
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()  # newest load or switch
    changed_by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    changed_why = models.TextField(blank=True)  # of the newest switch

    def __str__(self) -> str:
        return self.title or self.code

    def searched(self, on: date | None = None) -> bool:
        """Whether it is switched on and its legal end has not come."""
        return self.active and (self.ends_on is None or (on or localdate()) < self.ends_on)


class Load(models.Model):
    """One file that was taken in, whole."""

    class State(models.TextChoices):
        DONE = "done", _("Done")  # a load that was not finished leaves no row

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.ForeignKey(Source, models.CASCADE, related_name="loads")
    name = models.CharField(max_length=255)  # of the file
    digest = models.BinaryField()  # SHA-256 of the file
    form = models.CharField(max_length=8)  # ftm, csv, xlsx
    state = models.CharField(max_length=8, choices=State, default=State.DONE)
    rows = models.PositiveIntegerField(default=0)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    gone = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    bad = models.PositiveIntegerField(default=0)  # rows in the dead-letter file
    left_out = models.JSONField(default=dict)  # what the file says and a holding does not keep, counted
    by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(db_index=True)
    took = models.FloatField(default=0)  # seconds


class Record(models.Model):
    """One person or thing of a source. A changed one gets a new number, so that pieces never change."""

    rid = models.BigIntegerField(primary_key=True)
    spot = models.BigIntegerField()  # the key of its id in its source, as it stands in the lists
    digest = models.BigIntegerField()  # of what it says: a reload knows by it what is the same
    # No foreign key: it would be checked ten million times. A source is emptied before it is removed.
    source = models.ForeignKey(Source, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    key = models.CharField(max_length=KEY)  # its id in the source
    facts = models.TextField()  # as `packing` writes them; empty for another room's, which tells them itself


class Fresh(models.Model):
    """A record whose lists are in no piece yet: few, found by an index of their own, counted in the next query."""

    rid = models.BigIntegerField(primary_key=True)
    source = models.ForeignKey(Source, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    kind = models.SmallIntegerField()
    keys = ArrayField(models.BigIntegerField())
    words = ArrayField(models.CharField(max_length=60))  # its skeletons
    news = ArrayField(models.CharField(max_length=60))  # those that the vocabulary does not have yet
    signature = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        indexes = [
            GinIndex(fields=["keys"], name="holdings_fresh_keys", fastupdate=False),
            models.Index(fields=["rid"], name="holdings_fresh_news", condition=~models.Q(news=[])),
        ]


class Gone(models.Model):
    """A record that a piece still lists and nobody finds any more; away when the piece is written anew."""

    rid = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()


class Piece(models.Model):
    """A part of the index. It is never changed; one that was joined with others stays a while for whoever reads it."""

    id = models.BigAutoField(primary_key=True)
    token = models.UUIDField(default=uuid.uuid4, editable=False)  # names its cached file; never comes again
    format = models.PositiveSmallIntegerField()  # in which its rows are packed
    records = models.PositiveIntegerField()
    keys = models.PositiveBigIntegerField()
    places = models.PositiveBigIntegerField()  # entries of all lists
    directory = models.BinaryField()  # the first key of each bucket, uint64
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)


class Bucket(models.Model):
    """Some keys of a piece with their lists; the id is the piece's, moved by 24 bits, and a number."""

    id = models.BigIntegerField(primary_key=True)
    content = models.BinaryField()


class LongList(models.Model):
    """A list that does not fit a bucket; the id is made as a bucket's."""

    id = models.BigIntegerField(primary_key=True)
    content = models.BinaryField()


class Leaf(models.Model):
    """What is known of the places of a piece, column by column: number, source, kind and signature of each record."""

    id = models.BigIntegerField(primary_key=True)  # as a bucket's
    rids = models.BinaryField()
    sources = models.BinaryField()
    kinds = models.BinaryField()
    signatures = models.BinaryField()


class Skeleton(models.Model):
    """A word of the vocabulary in which mistyped names are looked for, and how many records of pieces carry it."""

    text = models.CharField(max_length=60, primary_key=True)
    records = models.PositiveIntegerField(default=0)


class State(models.Model):
    """One row. Its stamp is another after every change of pieces, so that each process knows when to look again."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    stamp = models.BigIntegerField(default=0)
    words = models.BigIntegerField(default=0)  # the stamp of the newest change of the vocabulary
    next_rid = models.BigIntegerField(default=1)  # of records that come in files
