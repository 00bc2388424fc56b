"""Requests and everything said about them: one request, one partner, one clock."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ilex.exchange.rules import clock_reason, twin_reason
from ilex.gate.models import Attachment, Envelope
from ilex.units.models import Officer, Organisation, Place


class Way(models.TextChoices):
    IN = "in", _("Incoming")
    OUT = "out", _("Outgoing")


class State(models.TextChoices):
    """Follows from what was said (rules.state_of); kept in a column for the desk."""

    SENT = "sent", _("Sent")  # ours; waiting for them
    RECEIVED = "received", _("Received")  # theirs; nobody has taken it yet
    WORK = "work", _("In work")
    CLARIFYING = "clarifying", _("Clarification asked")
    JUDICIAL = "judicial", _("Waiting for judicial authorisation")
    PARTLY = "partly", _("Answered in part")
    ANSWERED = "answered", _("Answered")
    REFUSED = "refused", _("Refused")
    RECALLED = "recalled", _("Recalled")
    CLOSED = "closed", pgettext_lazy("request", "Closed")


OPEN = (State.SENT, State.RECEIVED, State.WORK, State.CLARIFYING, State.JUDICIAL, State.PARTLY)
SETTLED = (State.ANSWERED, State.REFUSED)


# The order of the desk: running clocks by time left, then those that stand. Index and query must say it alike.
STANDS = models.ExpressionWrapper(models.Q(stopped_at__isnull=False), output_field=models.BooleanField())
BY_TIME_LEFT = (STANDS.asc(), models.F("due_at").asc(nulls_last=True), models.F("id").asc())

# What the numbers of the desk are counted by: held by its index, or each count would read every open request.
COUNTED_BY = (
    *("state", "kind", "way", "stopped_at", "unread_since", "owner", "partner"),
    *("copy_withheld", "submitted_by"),  # who may see it
)


class Access(models.TextChoices):
    """How the requested unit can get at the information: Directive (EU) 2023/977 Art. 2(5) and (6)."""

    DIRECT = "direct", _("Directly accessible")
    INDIRECT = "indirect", _("Indirectly accessible")


class Request(models.Model):
    """One request between us and one partner, whoever asked, or one piece of information sent without a request.

    Sent to three units it is three requests of one inquiry, each with its own reference and clock.
    """

    class Kind(models.TextChoices):
        REQUEST = "request", _("Request")
        INFORMATION = "information", _("Own-initiative information")  # has no clock: nobody asked

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.REQUEST)
    inquiry = models.UUIDField()  # the conversation of the envelopes; the same for each unit asked
    way = models.CharField(max_length=3, choices=Way)
    partner = models.ForeignKey(Organisation, models.PROTECT, related_name="requests")
    requesting_place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")  # whose request it is
    on_behalf_of = models.CharField(max_length=200, blank=True)  # a relayed request names who really asks
    submitted_by = models.ForeignKey(Organisation, models.PROTECT, related_name="submitted")  # unit or authority
    submitted_name = models.CharField(max_length=200, blank=True)  # theirs: the authority, when not the unit itself
    also_sent_to = ArrayField(models.CharField(max_length=60), default=list)
    our_ref = models.CharField(max_length=40, unique=True)  # RS-2026-000412
    their_ref = models.CharField(max_length=80, blank=True)
    their_ref_key = models.CharField(max_length=80, blank=True)  # letters and digits only: rules.reference_key
    state = models.CharField(max_length=12, choices=State)
    profile = models.CharField(max_length=40)

    # The six contents of Art. 4(6), and the urgency of Art. 4(5)
    requested_information = models.TextField(blank=True)
    facts = models.TextField(blank=True)
    underlying_offence = models.TextField(blank=True)
    offences = ArrayField(models.CharField(max_length=40), default=list)  # of the list of 32, where one fits
    purpose = models.TextField(blank=True)
    grounds_available = models.TextField(blank=True)
    link_explanation = models.TextField(blank=True)
    use_restrictions = models.TextField(blank=True)
    urgency = models.CharField(max_length=8, blank=True)  # U_A to U_D; empty: not urgent
    urgency_reason = models.TextField(blank=True)

    language = models.CharField(max_length=12)
    handling = models.CharField(max_length=12, default="H0")
    handling_note = models.TextField(blank=True)
    channel = models.CharField(max_length=20, default="node")
    channel_exception = models.CharField(max_length=20, blank=True)
    channel_note = models.TextField(blank=True)
    copy_withheld = models.CharField(max_length=8, blank=True)  # exception a, b or c of Art. 4(3); empty: copied
    copy_withheld_reason = models.TextField(blank=True)

    # The clock: moments in columns, computed from the entries by rules.clock; empty for information
    received_at = models.DateTimeField(null=True)  # when the requested unit kept it; ours: by their receipt
    access = models.CharField(max_length=8, choices=Access, default=Access.DIRECT)
    first_due_at = models.DateTimeField(null=True)  # as the law first gave it
    limit_at = models.DateTimeField(null=True)  # with the time for which the clock stood
    due_at = models.DateTimeField(null=True)  # with judicial delay too; before the receipt: as if it were there
    due_reason = models.CharField(max_length=300, blank=True)  # "Directive (EU) 2023/977, Art. 5(1)(a)"
    stopped_at = models.DateTimeField(null=True)  # the clock stands since then: they were asked to clarify
    suspended = models.DurationField(default=timedelta)  # time for which it stood, stops that ended only
    alarm_at = models.DateTimeField(null=True)  # the next moment at which somebody must be told
    alarm = models.CharField(max_length=8, blank=True)  # what is told next: half, late (80 %), missed
    missed_at = models.DateTimeField(null=True)  # the deadline that passed
    judicial_until = models.DateTimeField(null=True)  # expected; set by a delay notice
    settled_at = models.DateTimeField(null=True)  # fully answered or refused
    settled_as = models.CharField(max_length=10, blank=True)  # answered or refused; stays when it is closed
    recalled_at = models.DateTimeField(null=True)  # the requester took it back: its content is no longer shown
    owner = models.ForeignKey(Officer, models.SET_NULL, null=True, blank=True, related_name="requests")
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    unread_since = models.DateTimeField(null=True)  # something of theirs arrived that nobody here has opened
    search = SearchVectorField(null=True)  # of folded words: ilex.exchange.words

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inquiry", "partner", "way"], name="exchange_request_once"),
        ]
        indexes = [
            models.Index(
                STANDS,
                "due_at",
                "id",
                name="exchange_request_desk",
                condition=models.Q(state__in=OPEN),
                include=COUNTED_BY,
            ),
            models.Index(
                fields=["unread_since"],
                name="exchange_request_unread",
                condition=models.Q(unread_since__isnull=False),
            ),
            models.Index(
                fields=["alarm_at"], name="exchange_request_alarm", condition=models.Q(alarm_at__isnull=False)
            ),
            models.Index(fields=["owner", "made_at"], name="exchange_request_owner"),
            models.Index(fields=["partner", "their_ref_key"], name="exchange_request_their_ref"),
            models.Index(
                fields=["their_ref_key"], name="exchange_request_ref_words", opclasses=["varchar_pattern_ops"]
            ),
            models.Index(fields=["made_at", "id"], name="exchange_request_made"),
            models.Index(fields=["way", "received_at"], name="exchange_request_year"),
            GinIndex(fields=["search"], name="exchange_request_search"),
        ]

    def __str__(self) -> str:
        return self.our_ref

    @property
    def on_node(self) -> bool:
        return self.channel == "node"

    @property
    def stopped_reason(self) -> str:
        """Why the clock stands, in words; empty when it runs."""
        return str(clock_reason("question", "")) if self.stopped_at else ""


class Subject(models.Model):
    """A person, vehicle, document or organisation as the letter names it. Cases make more of it; this stays."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        ORGANISATION = "organisation", _("Organisation")
        VEHICLE = "vehicle", _("Vehicle")
        DOCUMENT = "document", _("Document")
        OTHER = "other", _("Other")

    class Category(models.TextChoices):
        """Directive (EU) 2016/680 Art. 6."""

        SUSPECT = "suspect", _("Suspect")
        CONVICTED = "convicted", _("Convicted")
        VICTIM = "victim", _("Victim or possible victim")
        WITNESS = "witness", _("Witness")
        CONTACT = "contact", _("Contact or associate")
        INFORMANT = "informant", _("Informant")
        OTHER = "other", _("Other")

    request = models.ForeignKey(Request, models.CASCADE, related_name="subjects")
    order = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=14, choices=Kind)
    category = models.CharField(max_length=12, choices=Category, blank=True)  # persons only
    name = models.CharField(max_length=300)  # as written; for a thing its number
    language = models.CharField(max_length=12, blank=True)  # of the name, for `lang` and for reading aloud
    other_names = ArrayField(models.CharField(max_length=300), default=list)
    born = models.CharField(max_length=10, blank=True)  # 1985, 1985-03 or 1985-03-12
    nationality = models.CharField(max_length=2, blank=True)
    numbers = ArrayField(models.CharField(max_length=80), default=list)  # documents, plates, chassis
    note = models.TextField(blank=True)
    folded = models.CharField(max_length=300)  # rules.name_key(name), to notice the same request twice

    class Meta:
        ordering = ["order"]
        indexes = [models.Index(fields=["folded"], name="exchange_subject_folded")]


class Entry(models.Model):
    """One thing said about a request, by us or by them: the timeline in its order."""

    class Kind(models.TextChoices):
        REQUEST = "request", _("Request")
        ACKNOWLEDGEMENT = "acknowledgement", _("Acknowledgement")
        QUESTION = "question", _("Clarification asked")
        CLARIFICATION = "clarification", _("Clarification given")
        DELAY = "delay", _("Delay for judicial authorisation")
        ANSWER = "answer", _("Answer")
        REFUSAL = "refusal", _("Refusal")
        INFORMATION = "information", _("Own-initiative information")
        OUTCOME = "outcome", _("Outcome report")
        CORRECTION = "correction", _("Correction")
        RECALL = "recall", _("Recall")
        NOTE = "note", _("Note")  # stays in the house

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(Request, models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=16, choices=Kind)
    way = models.CharField(max_length=3, choices=Way)
    envelope = models.ForeignKey(Envelope, models.SET_NULL, null=True, related_name="entries")  # null: see channel
    message = models.UUIDField(null=True, db_index=True)  # the envelope's id, by which both sides name this entry
    channel = models.CharField(max_length=20, default="node")
    at = models.DateTimeField()  # said by us, or kept by our gate; on other channels as the officer states
    reached_at = models.DateTimeField(null=True)  # the other side had it: their signed receipt, or our own keeping
    by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="entries")
    text = models.TextField(blank=True)
    language = models.CharField(max_length=12)
    handling = models.CharField(max_length=12, default="H0")
    handling_note = models.TextField(blank=True)
    source_grade = models.CharField(max_length=1, blank=True)  # A B C X
    information_grade = models.CharField(max_length=1, blank=True)  # 1 2 3 4
    stage = models.CharField(max_length=8, blank=True)  # of an answer: interim, partial, final
    settles = models.BooleanField(default=False)  # with this the request is fully dealt with
    grounds = ArrayField(models.CharField(max_length=8), default=list)  # of a refusal: a to h, f.ii
    refused_part = models.TextField(blank=True)  # which part; empty: the whole
    reasons = models.TextField(blank=True)  # of a refusal, delay, correction, recall, own-initiative information
    use = models.CharField(max_length=60, blank=True)  # a condition of use, form A point 7
    use_conditions = models.TextField(blank=True)
    outcome_wanted = models.BooleanField(default=False)
    expected_at = models.DateTimeField(null=True)  # of a delay
    details = models.JSONField(default=dict)  # what only one kind carries
    about = models.ForeignKey("self", models.SET_NULL, null=True, related_name="followed_by")  # what it speaks of
    recalled_at = models.DateTimeField(null=True)
    corrected_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)  # theirs: first opened here
    papers = models.ManyToManyField(Attachment, related_name="entries")

    class Meta:
        indexes = [
            models.Index(fields=["request", "at"], name="exchange_entry_timeline"),
            models.Index(fields=["kind", "at"], name="exchange_entry_kind"),
        ]


class ClockMove(models.Model):
    """What happened to a request's clock, and why."""

    class Kind(models.TextChoices):
        STARTED = "started", _("Clock started")
        STOPPED = "stopped", _("Clock stopped")
        RESTARTED = "restarted", _("Clock restarted")
        MOVED = "moved", _("Deadline moved")
        HALF = "half", _("Half of the time is used")
        LATE = "late", _("Four fifths of the time are used")
        MISSED = "missed", _("Deadline missed")
        SETTLED = "settled", _("Settled")
        REOPENED = "reopened", _("Open again")

    request = models.ForeignKey(Request, models.CASCADE, related_name="clock_moves")
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)  # the deadline after this
    reason = models.CharField(max_length=30)  # a key of rules.CLOCK_REASONS, so that each reader has it in his language
    note = models.CharField(max_length=300, blank=True)  # an article, or the officer's own words
    seen_by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")  # of a warning
    seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["request", "at"], name="exchange_clockmove_timeline"),
            models.Index(
                fields=["request"],
                name="exchange_clockmove_unseen",
                condition=models.Q(kind__in=["half", "late", "missed"], seen_at=None),
            ),
        ]

    @property
    def words(self) -> str:
        """The reason as a sentence in the reader's language."""
        return clock_reason(self.reason, self.note)


class Twin(models.Model):
    """Two requests that may be the same one over two channels. A person says which."""

    class Judgement(models.TextChoices):
        NONE = "none", _("Not judged")
        SAME = "same", _("The same request")
        DIFFERENT = "different", _("Different requests")

    request = models.ForeignKey(Request, models.CASCADE, related_name="twins")  # the one that came later
    other = models.ForeignKey(Request, models.CASCADE, related_name="later_twins")
    likeness = models.CharField(max_length=20)  # a key of rules.TWIN_REASONS
    note = models.CharField(max_length=300, blank=True)  # the reference or the name they share
    judgement = models.CharField(max_length=10, choices=Judgement, default=Judgement.NONE)
    by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "other"], name="exchange_twin_once")]

    @property
    def reason(self) -> str:
        """Why they are thought to be the same, as a sentence in the reader's language."""
        return twin_reason(self.likeness, self.note)


class Draft(models.Model):
    """A form not yet sent, saved while the officer types."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    officer = models.ForeignKey(Officer, models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=20)  # request, answer, ...
    request = models.ForeignKey(Request, models.CASCADE, null=True, related_name="drafts")
    fields = models.JSONField(default=dict)  # as typed, unchecked
    papers = models.ManyToManyField(Attachment, related_name="drafts")
    saved_at = models.DateTimeField()


class Counter(models.Model):
    """The last number given in a year: references run without gaps."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)
