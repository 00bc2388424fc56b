"""Who and what cases are about: subjects, what is stated of them, how they are linked, and which are one.

There are millions of statements, and each index is paid for when a file is taken in: foreign keys by which nobody
looks for them have none, those that are mostly empty a partial one.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from ilex.gate.ids import uuid7
from ilex.gate.models import Attachment
from ilex.subjects.values import in_words
from ilex.units.models import Circle, Officer, Organisation


class Basis(models.TextChoices):
    """Directive (EU) 2016/680 Art. 7(1): facts and personal assessments are kept apart."""

    FACT = "fact", _("Fact")
    ASSESSMENT = "assessment", _("Assessment")


class Category(models.TextChoices):
    """Directive (EU) 2016/680 Art. 6; the fields each may have stand in the kinds' files."""

    SUSPECT = "suspect", _("Suspect")
    CONVICTED = "convicted", _("Convicted")
    VICTIM = "victim", _("Victim or possible victim")
    WITNESS = "witness", _("Witness")
    CONTACT = "contact", _("Contact or associate")
    INFORMANT = "informant", _("Informant")
    OTHER = "other", _("Other")


STANDING = models.Q(merged_into__isnull=True)


class Subject(models.Model):
    """A person, thing, place or event. What is known of it stands in statements; this row is what lists show."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20)  # of ilex.words.kinds: person, vehicle, ...
    category = models.CharField(max_length=12, choices=Category, blank=True)  # persons only
    caption = models.CharField(max_length=300)  # the best name or number, as written
    language = models.CharField(max_length=12, blank=True)  # of the caption, for `lang`
    order = models.CharField(max_length=300)  # the folded caption, to sort what was found
    circle = models.ForeignKey(Circle, models.PROTECT, null=True, db_index=False, related_name="subjects")
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, db_index=False, related_name="merged"
    )  # computed from Merge
    source = models.CharField(max_length=60, blank=True)  # the import it came with; empty: typed here or received
    source_key = models.CharField(max_length=200, blank=True)  # its id there
    made_by = models.ForeignKey(Officer, models.SET_NULL, null=True, db_index=False, related_name="+")
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    search = SearchVectorField(null=True)  # of the folded words of names, numbers and texts

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_key"], name="subjects_subject_once", condition=~models.Q(source="")
            ),
        ]
        indexes = [
            models.Index(fields=["-changed_at", "-id"], name="subjects_subject_changed", condition=STANDING),
            models.Index(fields=["kind", "-changed_at", "-id"], name="subjects_subject_kind", condition=STANDING),
            models.Index(
                fields=["category", "-changed_at", "-id"],
                name="subjects_subject_category",
                condition=STANDING & ~models.Q(category__in=["", "other"]),
            ),
            models.Index(
                fields=["merged_into"], name="subjects_subject_merged", condition=models.Q(merged_into__isnull=False)
            ),
            models.Index(fields=["circle"], name="subjects_subject_circle", condition=models.Q(circle__isnull=False)),
            GinIndex(fields=["search"], name="subjects_subject_search"),
        ]

    def __str__(self) -> str:
        return self.caption


class Evaluated(models.Model):
    """What every statement and link carries: whose it is, from where, how sure, and what may be done with it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.ForeignKey(
        Organisation, models.PROTECT, db_index=False, related_name="+"
    )  # who provided it and decides on its use
    from_kind = models.CharField(max_length=12)  # officer, entry, document, release, import
    from_key = models.CharField(max_length=80, blank=True)  # the id of that entry, document, release or import
    from_note = models.CharField(max_length=300, blank=True)  # the source in words
    source_grade = models.CharField(max_length=1, blank=True)  # A B C X
    information_grade = models.CharField(max_length=1, blank=True)  # 1 2 3 4
    handling = models.CharField(max_length=12, default="H0")
    handling_note = models.TextField(blank=True)  # H3 must have one
    basis = models.CharField(max_length=10, choices=Basis, default=Basis.FACT)
    special = models.CharField(max_length=20, blank=True)  # a special category of Art. 10, of ilex.words.kinds
    necessity = models.TextField(blank=True)  # why it is strictly necessary; a special category must have one
    since = models.CharField(max_length=10, blank=True)  # partial dates: 2021, 2021-03, 2021-03-14
    until = models.CharField(max_length=10, blank=True)
    made_by = models.ForeignKey(Officer, models.SET_NULL, null=True, db_index=False, related_name="+")
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)  # recalled by its owner, corrected, or no longer permitted
    withdrawn_why = models.TextField(blank=True)
    withdrawn_by = models.ForeignKey(Officer, models.SET_NULL, null=True, db_index=False, related_name="+")

    class Meta:
        abstract = True


class Statement(Evaluated):
    """One thing said of a subject by one source. Corrected by a new one; the old stays, withdrawn."""

    subject = models.ForeignKey(Subject, models.CASCADE, db_index=False, related_name="statements")
    property = models.CharField(max_length=40)  # of the kind's file: name, born, plate, ...
    name_kind = models.CharField(
        max_length=16, blank=True
    )  # of a name: legal, alias, maiden, nickname, transliteration
    value = models.TextField()  # as written
    key = models.CharField(max_length=200, blank=True)  # as compared: folded name, compact number, partial date
    language = models.CharField(max_length=12, blank=True)
    replaces = models.ForeignKey("self", models.SET_NULL, null=True, db_index=False, related_name="replaced_by")

    class Meta:
        indexes = [
            models.Index(fields=["subject", "property"], name="subjects_statement_page"),
            models.Index(
                fields=["replaces"], name="subjects_statement_followed", condition=models.Q(replaces__isnull=False)
            ),
            models.Index(fields=["key"], name="subjects_statement_key", condition=~models.Q(key="")),  # who else has it
            models.Index(
                fields=["from_kind", "from_key"],
                name="subjects_statement_from",
                condition=models.Q(from_kind__in=["entry", "document", "release"]),
            ),
        ]

    def in_words(self) -> str:
        """Its value as people read it. Its subject is loaded with it or costs a query."""
        return in_words(self.subject.kind, self.property, self.value)


class Link(Evaluated):
    """How two subjects are connected: typed, dated, evaluated. Kinds stand in ilex.words.kinds."""

    kind = models.CharField(max_length=30)
    one = models.ForeignKey(Subject, models.CASCADE, related_name="links_from")
    other = models.ForeignKey(Subject, models.CASCADE, related_name="links_to")
    role = models.CharField(max_length=200, blank=True)  # in words, where the kind does not say enough

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(one=models.F("other")), name="subjects_link_two"),
        ]


class Merge(models.Model):
    """A person's decision that two subjects are one. Nothing is moved; undone, both stand as they stood."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kept = models.ForeignKey(Subject, models.CASCADE, related_name="took_in")
    gone = models.ForeignKey(Subject, models.CASCADE, related_name="went_into")
    reason = models.TextField()
    by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    undone_why = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["gone"], name="subjects_merge_once", condition=models.Q(undone_at__isnull=True)
            ),
        ]


class Word(models.Model):
    """One folded word that names a subject, and how it looks with a letter left out: mistyped names are met there."""

    text = models.CharField(max_length=60, primary_key=True)
    cuts = ArrayField(models.CharField(max_length=60))

    class Meta:
        indexes = [GinIndex(fields=["cuts"], name="subjects_word_cuts")]


class Trial(models.Model):
    """A file that was checked row by row, kept sealed until its officer has it taken in or thrown away."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    by = models.ForeignKey(Officer, models.CASCADE, related_name="+")
    attachment = models.ForeignKey(Attachment, models.PROTECT, related_name="+")
    asked = models.JSONField()  # how it is to be taken in, as ilex.subjects.actions.trials writes it
    report = models.JSONField()  # what the last look found
    made_at = models.DateTimeField(db_index=True)


class Import(models.Model):
    """One file that was taken in whole."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    source = models.CharField(max_length=60)
    name = models.CharField(max_length=255)
    digest = models.BinaryField()  # SHA-256 of the file
    form = models.CharField(max_length=8)  # ftm, csv, xlsx
    purpose = models.TextField()
    counts = models.JSONField(default=dict)
    by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
