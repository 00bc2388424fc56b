"""Papers of cases, requests and tasks: kept sealed by the gate, judged by content, scanned, read, and followed."""

from __future__ import annotations

import uuid

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from ilex.documents import rules
from ilex.gate.models import Attachment
from ilex.units.models import Circle, Officer


class Document(models.Model):
    """One file at one place. The same bytes at two places are two documents with one digest."""

    class Check(models.TextChoices):
        WAITING = "waiting", _("Waits for the scanner")  # nobody opens it
        CLEAN = "clean", _("Nothing found")
        FOUND = "found", _("Malware found")  # nobody opens it, ever
        UNSCANNED = "unscanned", _("Not scanned")
        FREED = "freed", _("Opened on an officer's word")  # after UNSCANNED or a failed scan

    class Reading(models.TextChoices):
        WAITING = "waiting", _("Waits to be read")
        READ = "read", _("Text found")
        NOTHING = "nothing", _("No text in it")
        FAILED = "failed", _("Cannot be read")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="documents")
    on_kind = models.CharField(max_length=12)  # case, request, task, release: the room that owns it says who may see it
    on_id = models.UUIDField()
    part_of = models.ForeignKey("self", models.CASCADE, null=True, related_name="parts")  # of an e-mail or archive
    circle = models.ForeignKey(Circle, models.PROTECT, null=True, related_name="documents")
    digest = models.BinaryField(db_index=True)  # SHA-256 of the plain bytes: what holds for one copy holds for all
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=40)  # by content, one of rules.KINDS
    handling = models.CharField(max_length=12, default="H0")
    language = models.CharField(max_length=12, blank=True)
    check_state = models.CharField(max_length=10, choices=Check, default=Check.WAITING)
    check_note = models.CharField(max_length=300, blank=True)  # which scanner, what it found, why it could not
    checked_at = models.DateTimeField(null=True)
    reading = models.CharField(max_length=10, choices=Reading, default=Reading.WAITING)
    reading_note = models.CharField(max_length=20, blank=True)  # a key of reasons.WHY
    recognised = models.BooleanField(default=False)  # the text was guessed from pictures
    text = models.TextField(blank=True)  # what was read out of it, to search and to preview; bounded
    pages = models.PositiveIntegerField(null=True)
    try_at = models.DateTimeField(null=True)  # when the scanner or the reader goes on; null: done
    tries = models.PositiveSmallIntegerField(default=0)
    made_by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)  # recalled or taken away: shown and given to nobody, kept as evidence
    search = SearchVectorField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["on_kind", "on_id"], name="documents_document_place"),
            models.Index(fields=["try_at"], name="documents_document_due", condition=models.Q(try_at__isnull=False)),
            models.Index(fields=["made_at", "id"], name="documents_document_made"),
            models.Index(
                fields=["id"],
                name="documents_document_unchecked",
                condition=models.Q(check_state__in=["unscanned", "freed"], try_at=None),
            ),
            GinIndex(fields=["search"], name="documents_document_search"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind_label(self) -> str:
        return str(rules.kind(self.kind).label)

    @property
    def lie(self) -> str:
        """How the name of the file deceives; empty when it does not."""
        return rules.lie(self.attachment.name, self.kind)


class Custody(models.Model):
    """What happened to a copy of a document, in order: the custody record."""

    class Kind(models.TextChoices):
        KEPT = "kept", _("Kept")  # uploaded, or arrived with a message
        CHECKED = "checked", _("Scanned")
        SHOWN = "shown", _("Shown")  # preview
        GIVEN = "given", _("Downloaded")
        SENT = "sent", _("Sent")
        MOVED = "moved", _("Moved")
        REMOVED = "removed", _("Removed")

    document = models.ForeignKey(Document, models.CASCADE, related_name="custody")
    kind = models.CharField(max_length=8, choices=Kind)
    at = models.DateTimeField()
    by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    to = models.CharField(max_length=200, blank=True)  # the unit or authority that got the copy
    digest = models.BinaryField()  # SHA-256 of the bytes of this copy
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["document", "at"], name="documents_custody_order")]


class Word(models.Model):
    """Every word that stands in some document, folded: where a tolerant search looks for what was meant."""

    word = models.CharField(max_length=60, primary_key=True)

    class Meta:
        indexes = [GinIndex(fields=["word"], name="documents_word_like", opclasses=["gin_trgm_ops"])]
