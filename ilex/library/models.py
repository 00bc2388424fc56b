"""Publications, their news half: items in several languages, what they are about, and feeds out and in."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from ilex.gate.ids import uuid7
from ilex.gate.models import Attachment, Envelope
from ilex.library.kinds import ItemKind, LinkKind, Section
from ilex.programme.kinds import RemarkKind
from ilex.programme.models import Action, Activity, Sourced
from ilex.units.models import Officer, Organisation, Place
from ilex.words.edtf import LONGEST


class Feed(Sourced):
    """A channel of news: ours, which others read, or somebody else's, which we take in."""

    class Way(models.TextChoices):
        IN = "in", _("Taken in")
        OUT = "out", _("Given out")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.SlugField(max_length=60, unique=True)
    way = models.CharField(max_length=3, choices=Way)
    title = models.CharField(max_length=200)
    title_printed = models.CharField(max_length=200, blank=True)
    link = models.CharField(max_length=400)
    address = models.CharField(max_length=400, blank=True)  # IN: where it is fetched; empty: taken in by hand
    description = models.CharField(max_length=400, blank=True)
    language = models.CharField(max_length=12, default="en")
    image = models.JSONField(default=dict)  # url, title, link, width, height, description
    generator = models.CharField(max_length=120, blank=True)
    docs = models.CharField(max_length=200, blank=True)
    built_at = models.DateTimeField(null=True)
    sections = ArrayField(models.CharField(max_length=20, choices=Section), default=list)  # OUT: empty is all
    themes = ArrayField(models.CharField(max_length=40), default=list)
    active = models.BooleanField(default=True)
    etag = models.CharField(max_length=200, blank=True)  # IN, as their server gave them
    modified = models.CharField(max_length=60, blank=True)
    next_try = models.DateTimeField(null=True)  # IN: the row is the queue
    failures = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["next_try"],
                name="library_feed_due",
                condition=models.Q(way="in", active=True, next_try__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Item(Sourced):
    """A piece of news, an article, a report of an event. Its texts stand in one row for each language."""

    Kind, Section = ItemKind, Section

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=14, choices=ItemKind, default=ItemKind.NEWS)
    section = models.CharField(max_length=20, choices=Section)
    section_printed = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    feed = models.ForeignKey(Feed, models.PROTECT, null=True, related_name="items")  # that it came with
    owner = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")  # the unit that published it
    guid = models.CharField(max_length=400, blank=True)  # of a feed taken in
    link = models.CharField(max_length=400, blank=True)  # one spelling: no doubled strokes
    link_printed = models.CharField(max_length=400, blank=True)
    link_key = models.CharField(max_length=400, blank=True)  # by which a second copy is known: see rules.addresses
    title_key = models.CharField(max_length=300, blank=True)  # folded words of the title, without the section
    language = models.CharField(max_length=12, default="en")  # of the original
    themes = ArrayField(models.CharField(max_length=40), default=list)
    disclaimer = models.TextField(blank=True)
    public = models.BooleanField(default=False)  # may stand on the public site
    shared = models.BooleanField(default=False)  # was sent to the units of the network
    published_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    withdrawn_why = models.CharField(max_length=300, blank=True)
    envelope = models.ForeignKey(Envelope, models.SET_NULL, null=True, related_name="+")
    made_by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    actions = models.ManyToManyField(Action, related_name="news")
    activities = models.ManyToManyField(Activity, related_name="news")  # several items on one event meet here
    search = SearchVectorField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["feed", "guid"], condition=~models.Q(guid=""), name="library_item_guid"),
            models.UniqueConstraint(
                fields=["feed", "link_key"], condition=~models.Q(link_key=""), name="library_item_link"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-published_at", "id"], name="library_item_newest"),
            models.Index(fields=["title_key"], name="library_item_title"),
            models.Index(fields=["link_key"], name="library_item_address"),
            GinIndex(fields=["themes"], name="library_item_themes"),
            GinIndex(fields=["search"], name="library_item_search"),
        ]


class ItemText(models.Model):
    """The item in one language. `body` is Markdown of a small kind; what came as HTML was cleaned before."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="texts")
    language = models.CharField(max_length=12)
    title = models.CharField(max_length=300)
    title_printed = models.CharField(max_length=300, blank=True)
    teaser = models.TextField(blank=True)
    body = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "language"], name="library_itemtext_once")]


class Author(Sourced):
    """Who wrote it, by function; a name only where the author signs."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="authors")
    order = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=160, blank=True)
    function = models.CharField(max_length=200)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["order", "id"]


class FurtherLink(Sourced):
    """Where the item points: more information, a file, the page of a project. `url` is empty where none is known."""

    item = models.ForeignKey(Item, models.CASCADE, related_name="links")
    kind = models.CharField(max_length=10, choices=LinkKind)
    order = models.PositiveSmallIntegerField(default=0)
    label = models.CharField(max_length=200)
    language = models.CharField(max_length=12, blank=True)
    url = models.CharField(max_length=400, blank=True)
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["order", "id"]


class NewsRemark(Sourced):
    """A fact of an item, or of a feed, that has no column of its own: a rule of a call, a figure, a doubt."""

    item = models.ForeignKey(Item, models.CASCADE, null=True, related_name="remarks")
    feed = models.ForeignKey(Feed, models.CASCADE, null=True, related_name="remarks")
    order = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=12, choices=RemarkKind)
    text = models.TextField()
    quantity = models.CharField(max_length=80, blank=True)
    when = models.CharField(max_length=LONGEST, blank=True)
    printed = models.CharField(max_length=300, blank=True)
    said_by = models.CharField(max_length=200, blank=True)  # a function
    places = models.ManyToManyField(Place, related_name="+")
    organisations = models.ManyToManyField(Organisation, related_name="+")

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(item=None) ^ models.Q(feed=None), name="library_newsremark_one_thing"
            ),
        ]


class Twin(models.Model):
    """Two items that may tell of one event, found by the machine; a person says whether they do."""

    one = models.ForeignKey(Item, models.CASCADE, related_name="twins_from")
    other = models.ForeignKey(Item, models.CASCADE, related_name="twins_to")
    reasons = ArrayField(models.CharField(max_length=40))  # same-day, same-place, near-title, same-activity
    same = models.BooleanField(null=True)  # null: nobody has said
    by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="library_twin_once"),
            models.CheckConstraint(condition=~models.Q(one=models.F("other")), name="library_twin_two"),
        ]


class Site(models.Model):
    """The public site, one row. It is written as files into a folder; no page of it asks this database."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    active = models.BooleanField(default=False)
    title = models.CharField(max_length=200, blank=True)
    intro = models.TextField(blank=True)
    languages = ArrayField(models.CharField(max_length=12), default=list)
    address = models.CharField(max_length=200, blank=True)  # by which feeds and sitemaps name it
    switched_at = models.DateTimeField(null=True)
    switched_by = models.ForeignKey(Officer, models.SET_NULL, null=True, related_name="+")
    written_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="library_site_one")]
