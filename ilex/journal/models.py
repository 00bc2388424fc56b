"""The log: one line for each act, hashed into a tree that peers witness (RFC 6962, C2SP tlog-tiles)."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.lookups import Exact
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ilex.journal import records
from ilex.journal.tree import HASH


class Operation(models.TextChoices):
    """What Directive (EU) 2016/680 Art. 25 wants told apart, and two kinds of our own."""

    COLLECTION = "collection", _("Collection")
    ALTERATION = "alteration", _("Alteration")
    CONSULTATION = "consultation", _("Consultation")
    DISCLOSURE = "disclosure", _("Disclosure")
    COMBINATION = "combination", _("Combination")
    ERASURE = "erasure", _("Erasure")
    ACCESS = "access", _("Sign-in and access")
    OPERATION = "operation", _("Operation of the node")


class Line(models.Model):
    """One act. What it says and its salt can be erased when its time is over; `at`, `leaf`, `position` stay."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()  # taken here and not in the database: the leaf commits to it
    op = models.CharField(max_length=12, choices=Operation)  # empty: erased
    act = models.CharField(max_length=60)  # "request.sent"
    object_kind = models.CharField(max_length=24, blank=True)
    object_id = models.CharField(max_length=80, blank=True)
    by = models.CharField(max_length=80, blank=True)  # officer's id; empty: the node itself
    unit = models.CharField(max_length=60, blank=True)
    reason = models.TextField(blank=True)
    case = models.CharField(max_length=80, blank=True)
    recipients = ArrayField(models.CharField(max_length=60), default=list)
    detail = models.JSONField(default=dict)
    salt = models.BinaryField(null=True)
    leaf = models.BinaryField()  # SHA-256(0x00 || HMAC-SHA-256(salt, canonical record))
    position = models.BigIntegerField(null=True, unique=True)  # in the tree; given by grow()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["object_kind", "object_id", "id"], name="journal_line_object"),
            models.Index(fields=["by", "id"], name="journal_line_by", condition=~models.Q(by="")),
            models.Index(fields=["at"], name="journal_line_at"),
            models.Index(fields=["id"], name="journal_line_waiting", condition=models.Q(position=None)),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Exact(
                    models.Func(models.F("leaf"), function="octet_length", output_field=models.IntegerField()),
                    HASH,
                ),
                name="journal_line_leaf",
            )
        ]

    @property
    def record(self) -> dict[str, Any]:
        """What the leaf commits to. Never change this form: give a new one the next `v` and keep this beside it."""
        return {
            "v": records.VERSION,
            "at": records.moment(self.at),
            "op": str(self.op),
            "act": self.act,
            "object": [self.object_kind, self.object_id],
            "by": self.by,
            "unit": self.unit,
            "reason": self.reason,
            "case": self.case,
            "recipients": self.recipients,
            "detail": self.detail,
        }

    @property
    def canonical(self) -> bytes:
        return records.canonical(self.record)

    @property
    def says_nothing(self) -> bool:
        """Whether nothing of the record is left, as it must be once the line is erased."""
        kept = (self.op, self.act, self.object_kind, self.object_id, self.by, self.unit, self.reason, self.case)
        return not any((*kept, self.recipients, self.detail, self.salt))


class Tile(models.Model):
    """Up to 256 hashes of one level of the tree, side by side."""

    level = models.SmallIntegerField()
    index = models.BigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["level", "index"], name="journal_tile_once")]


class Head(models.Model):
    """A signed head of our own tree. `note` is the C2SP signed note as it travels."""

    size = models.BigIntegerField(primary_key=True)
    root = models.BinaryField()
    at = models.DateTimeField()
    note = models.TextField()


class Witnessed(models.Model):
    """A head of a peer's tree that reached us. Rows are only added and explained, never taken away."""

    class State(models.TextChoices):
        SEEN = "seen", _("Seen")  # its proof is still to be asked for
        PROVEN = "proven", _("Proven")  # it continues, or is continued by, the other proven ones; or is the first
        FORK = "fork", _("Contradicts another head")
        ROLLBACK = "rollback", _("Smaller than a head said before")

    origin = models.CharField(max_length=60)  # the peer's unit id
    size = models.BigIntegerField()
    root = models.BinaryField()
    note = models.TextField()
    said_at = models.DateTimeField()  # when the peer said it, by the peer's word: the time of its message
    came_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.SEEN)
    proven_at = models.DateTimeField(null=True)
    against = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")  # of an alarm: the other head
    explained_at = models.DateTimeField(null=True)  # of an alarm: a person found out why
    explained_by = models.CharField(max_length=80, blank=True)
    explanation = models.TextField(blank=True)
    begins_at = models.DateTimeField(null=True)  # since then heads are compared with this one and its followers only

    class Meta:
        constraints = [models.UniqueConstraint(fields=["origin", "size", "root"], name="journal_witnessed_once")]
        indexes = [
            models.Index(
                fields=["origin", "id"],
                name="journal_witnessed_alarm",
                condition=models.Q(state__in=["fork", "rollback"]),
            ),
            models.Index(fields=["origin", "size"], name="journal_witnessed_seen", condition=models.Q(state="seen")),
        ]

    @property
    def contradiction(self) -> str:
        """What is wrong with a head in alarm, in one sentence."""
        sizes = {"size": self.size, "other": self.against.size if self.against else 0}
        if self.state == self.State.ROLLBACK:
            return gettext("It said %(size)d lines after it had said %(other)d.") % sizes
        if sizes["size"] == sizes["other"]:
            return gettext("It signed two different heads of %(size)d lines.") % sizes
        return gettext("It could not prove that its heads of %(size)d and %(other)d lines belong to one log.") % sizes

    @property
    def alarms(self) -> bool:
        return self.state in (self.State.FORK, self.State.ROLLBACK)
