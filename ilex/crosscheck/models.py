"""Who looked for what in the holdings, what was found, and what persons judged of it."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from ilex.crosscheck.freezing import thawed, thawed_facts
from ilex.exchange.models import Request
from ilex.gate.ids import uuid7
from ilex.matching.facts import Facts
from ilex.matching.reasons import Reason
from ilex.subjects.models import Import, Subject
from ilex.units.models import Officer, Organisation

KEY = 200  # characters of the name of a record in its source
ORIGIN = 60


class Judgement(models.TextChoices):
    NONE = "none", _("Not judged")
    SAME = "same", _("The same")
    DIFFERENT = "different", _("Different")
    UNSURE = "unsure", _("Not sure")


class Access(models.Model):
    """What another national system may ask: which sources, how often, until when. The token itself is not kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    system = models.CharField(max_length=200)  # which system it is
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")  # whose
    purpose = models.TextField()
    sources = ArrayField(models.CharField(max_length=ORIGIN))  # codes; nothing else is ever searched
    digest = models.BinaryField(max_length=32, unique=True)  # SHA-256 of the token: 256 random bits need no salt
    begins = models.CharField(max_length=8)  # the beginning of the token, by which people tell two apart
    quota = models.PositiveIntegerField()  # queries a day (UTC)
    day = models.DateField(null=True)  # the day of which `used` tells
    used = models.PositiveIntegerField(default=0)
    until = models.DateField()  # the last day
    made_by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    closed_why = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return self.system


class Look(models.Model):
    """One consultation of the holdings: about what, for what purpose, by whom, and how much it found."""

    class About(models.TextChoices):
        TYPED = "typed", _("Typed by an officer")
        REQUEST = "request", _("Request")
        SUBJECT = "subject", _("Subject")
        API = "api", _("Another national system")

    class Why(models.TextChoices):
        """What made the node look; empty `why` is an officer's own wish."""

        ARRIVAL = "arrival", _("On arrival")
        WATCH = "watch", _("Standing watch")  # something that is watched changed, or the holdings did

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    about = models.CharField(max_length=8, choices=About)
    why = models.CharField(max_length=8, choices=Why, blank=True)
    origin = models.CharField(max_length=ORIGIN)  # of the thing that was asked about, as in Hit
    key = models.CharField(max_length=KEY)
    request = models.ForeignKey(Request, models.CASCADE, null=True, related_name="looks")
    subject = models.ForeignKey(Subject, models.CASCADE, null=True, related_name="looks")
    access = models.ForeignKey(Access, models.PROTECT, null=True, related_name="looks")
    caption = models.CharField(max_length=300, blank=True)  # the best name asked for
    facts = models.JSONField(default=dict)  # what was asked; empty when it was forgotten
    reason = models.CharField(max_length=500)  # the purpose: Directive (EU) 2016/680 Art. 25
    case = models.CharField(max_length=40, blank=True)  # number of our case
    harder = models.BooleanField(default=False)
    by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")  # null: the node, or a system
    at = models.DateTimeField()
    found = models.PositiveIntegerField(default=0)  # hits, the known ones too
    fresh = models.PositiveIntegerField(default=0)  # of these, those that nobody was shown before
    common = models.PositiveIntegerField(default=0)  # how many holdings share the name

    class Meta:
        indexes = [
            models.Index(fields=["request", "-at"], name="crosscheck_look_request"),
            models.Index(fields=["subject", "-at"], name="crosscheck_look_subject"),
            models.Index(fields=["by", "-at"], name="crosscheck_look_by"),
            models.Index(fields=["at"], name="crosscheck_look_at"),
        ]

    @property
    def asked(self) -> Facts:
        return thawed_facts(self.facts)


class Hit(models.Model):
    """An edge between what was asked about and a record that is held, with what persons judged of it.

    Both ends are named by an origin (the code of a source, or of a room: see ilex.crosscheck.rules) and a key there.
    There is one row for two ends, whichever of them was asked about first. What the comparison said is frozen as it
    was shown; nothing is ever merged because of it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    pair = models.CharField(max_length=64, unique=True)  # rules.pair_of both ends: the same from either side
    asked_origin = models.CharField(max_length=ORIGIN)
    asked_key = models.CharField(max_length=KEY)
    held_origin = models.CharField(max_length=ORIGIN)
    held_key = models.CharField(max_length=KEY)
    kind = models.CharField(max_length=20, blank=True)
    asked_caption = models.CharField(max_length=300)
    held_caption = models.CharField(max_length=300)
    # What an end of our own stands for: who may not see that may not see the hit, and with it the hit is erased.
    request = models.ForeignKey(Request, models.CASCADE, null=True, related_name="hits")
    subject = models.ForeignKey(Subject, models.CASCADE, null=True, related_name="hits")
    officer = models.ForeignKey(Officer, models.CASCADE, null=True, related_name="+")  # who typed it: his alone
    held_request = models.ForeignKey(Request, models.CASCADE, null=True, related_name="held_hits")
    held_subject = models.ForeignKey(Subject, models.CASCADE, null=True, related_name="held_hits")

    score = models.FloatField()
    logit = models.FloatField()
    strong = models.BooleanField(default=False)
    reasons = models.JSONField(default=list)  # freezing.frozen
    asked_facts = models.JSONField(default=dict)
    held_facts = models.JSONField(default=dict)
    common = models.PositiveIntegerField(default=0)  # how many holdings share the name
    handling = models.CharField(max_length=12, blank=True)  # of the source
    found_at = models.DateTimeField()
    seen_at = models.DateTimeField()  # when it was found last

    needs = models.PositiveSmallIntegerField(default=1)  # officers who must agree
    opinions = models.PositiveSmallIntegerField(default=0)  # standing judgings
    judgement = models.CharField(max_length=10, choices=Judgement, default=Judgement.NONE)
    judged_by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")  # the last who judged
    judged_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=500, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["asked_origin", "asked_key"], name="crosscheck_hit_asked"),
            models.Index(fields=["held_origin", "held_key"], name="crosscheck_hit_held"),
            models.Index(fields=["-score", "id"], name="crosscheck_hit_waiting", condition=models.Q(judgement="none")),
        ]

    @property
    def shown_reasons(self) -> tuple[Reason, ...]:
        return thawed(self.reasons)

    @property
    def asked(self) -> Facts:
        """What was asked, as it was compared."""
        return thawed_facts(self.asked_facts)

    @property
    def held(self) -> Facts:
        """What the record said, as it was compared; queries.held_now gives what it says today."""
        return thawed_facts(self.held_facts)

    @property
    def stamp(self) -> str:
        """What was judged so far: another one after each judgement. A page posts back which it showed."""
        return f"{self.judgement}.{self.opinions}.{self.judged_at.timestamp() if self.judged_at else 0}"

    @property
    def half_judged(self) -> bool:
        """One officer judged, and a second one must."""
        return self.judgement == Judgement.NONE and self.opinions > 0


class Found(models.Model):
    """What a look showed, in its order: the log of what an officer had before him."""

    look = models.ForeignKey(Look, models.CASCADE, related_name="rows")
    hit = models.ForeignKey(Hit, models.CASCADE, related_name="rows")
    place = models.PositiveSmallIntegerField()
    score = models.FloatField()
    fresh = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["look", "hit"], name="crosscheck_found_once")]
        ordering = ["place"]


class Judging(models.Model):
    """One officer's judgement of a hit. It is never changed: it is undone, or followed by another."""

    hit = models.ForeignKey(Hit, models.CASCADE, related_name="judgings")
    judgement = models.CharField(max_length=10, choices=Judgement)
    why = models.CharField(max_length=500, blank=True)  # empty: for the reasons that were shown
    by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["hit", "at"], name="crosscheck_judging_hit")]


class Watch(models.Model):
    """A request or subject that is asked again whenever the holdings change, until a day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    request = models.ForeignKey(Request, models.CASCADE, null=True, related_name="watches")
    subject = models.ForeignKey(Subject, models.CASCADE, null=True, related_name="watches")
    until = models.DateField()  # the last day
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")  # null: begun on arrival
    at = models.DateTimeField()
    asked_at = models.DateTimeField()  # the holdings have been asked as they were then
    tries = models.PositiveSmallIntegerField(default=0)  # that failed
    not_before = models.DateTimeField(null=True)  # of the next try
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(request=None) ^ models.Q(subject=None), name="crosscheck_watch_one"
            ),
            models.UniqueConstraint(
                fields=["request"],
                name="crosscheck_watch_request",
                condition=models.Q(ended_at=None, request__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["subject"],
                name="crosscheck_watch_subject",
                condition=models.Q(ended_at=None, subject__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["asked_at"], name="crosscheck_watch_asked", condition=models.Q(ended_at=None)),
        ]


class Due(models.Model):
    """A record of our own that came or changed and is still to be looked up. The row is the queue."""

    origin = models.CharField(max_length=ORIGIN)
    key = models.CharField(max_length=KEY)
    arrival = models.BooleanField(default=False)  # asks all holdings; else only those who watch are asked
    unindexed = models.BooleanField(default=False)  # its index could not be written with it: do that first
    since = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)  # that failed
    not_before = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["origin", "key"], name="crosscheck_due_once")]
        indexes = [models.Index(fields=["-arrival", "not_before"], name="crosscheck_due_next")]


class Unindexed(models.Model):
    """A large file of subjects that was taken in, and how far its index is written. The row is the queue."""

    file = models.OneToOneField(Import, models.CASCADE, primary_key=True, related_name="+")
    after = models.CharField(max_length=200, blank=True)  # the id, in its source, of the last subject that is indexed
    tries = models.PositiveSmallIntegerField(default=0)  # that failed
    not_before = models.DateTimeField()


class Change(models.Model):
    """A state of a source that was seen after it was committed; watches that were asked before it ask again."""

    source = models.CharField(max_length=ORIGIN)
    stamp = models.CharField(max_length=40)  # which state: when it was loaded or switched, or which file came
    at = models.DateTimeField()  # when it was seen

    class Meta:
        constraints = [models.UniqueConstraint(fields=["source", "stamp"], name="crosscheck_change_once")]
        indexes = [models.Index(fields=["-at"], name="crosscheck_change_at")]


class Threshold(models.Model):
    """From which score on a hit is shown, and called strong, where this differs from what the model says."""

    kind = models.CharField(max_length=20, blank=True)  # empty: every kind
    source = models.CharField(max_length=ORIGIN, blank=True)  # empty: every source
    show = models.FloatField()
    strong = models.FloatField()
    reason = models.CharField(max_length=500)
    by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "source"], name="crosscheck_threshold_once")]
