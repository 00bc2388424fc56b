"""Writing and changing an item. Only the unit whose news it is changes it; what nobody owns is ours from then on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F
from django.utils.text import slugify
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.gate.models import Attachment
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.library import index
from ilex.library.actions.sharing import send_again
from ilex.library.actions.twins import note_twins
from ilex.library.kinds import ItemKind, LinkKind, Section
from ilex.library.models import Author, FurtherLink, Item, ItemText
from ilex.library.rules.addresses import mended, title_key
from ilex.library.rules.cleaning import Refused, clean, words
from ilex.programme.models import Action, Activity
from ilex.programme.rules.errors import Invalid, NotNow, fitting, somebody_was_faster, written
from ilex.units.models import Officer
from ilex.units.queries import here
from ilex.units.rules import check
from ilex.words.scripts import to_latin

MOST_BODY = 200_000  # letters, as on the wire
MOST_FILES = 20
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{4})?")
MARKS = re.compile(r"<[a-zA-Z/!]")


@dataclass(frozen=True)
class Text:
    language: str
    title: str
    teaser: str = ""
    body: str = ""


@dataclass(frozen=True)
class Signed:
    """Who wrote it: a function, and a name only where the author signs."""

    function: str
    name: str = ""


@dataclass(frozen=True)
class Link:
    label: str
    url: str = ""
    kind: str = LinkKind.MORE


@dataclass(frozen=True)
class Letter:
    """What an editor writes, before it is checked."""

    text: Text
    kind: str = ItemKind.NEWS
    section: str = Section.PROJECT_NEWS
    themes: Sequence[str] = ()
    disclaimer: str = ""
    authors: Sequence[Signed] = ()
    links: Sequence[Link] = ()
    about_actions: Sequence[str] = ()
    about_activities: Sequence[str] = ()
    files: Sequence[Attachment] = field(default=(), repr=False)


def write_item(officer: Officer, letter: Letter, at: datetime | None = None) -> Item:
    """A draft, which only editors see."""
    check(officer, "news.write")
    at = at or now()
    letter = _checked(letter)
    with act("news.written", Operation.COLLECTION, by=officer) as this:
        item = Item(
            key=free_key(letter.text.title),
            owner=here(),
            made_by=officer,
            made_at=at,
            changed_at=at,
            **_columns(letter),
        )
        item.save(force_insert=True)
        this.on = ("item", str(item.pk))
        _keep(item, letter)
        _settle(item)
    return item


def change_item(officer: Officer, item: Item, letter: Letter, *, version: int, at: datetime | None = None) -> Item:
    """Put what he wrote in the place of the original text and all that goes with it. `version` is the one he saw."""
    may_change(officer, item)
    letter = _checked(letter)
    with act("news.changed", Operation.ALTERATION, by=officer, on=("item", str(item.pk))):
        _step(item, version, at or now(), **_columns(letter))
        _keep(item, letter)
        _settle(item)
    return item


def set_text(officer: Officer, item: Item, text: Text, *, version: int, at: datetime | None = None) -> None:
    """The item in one more language, or that language anew."""
    may_change(officer, item)
    text = _checked_text(text)
    with act("news.translated", Operation.ALTERATION, by=officer, on=("item", str(item.pk)), language=text.language):
        _step(item, version, at or now())
        _keep_text(item, text)
        _settle(item)


def add_files(officer: Officer, item: Item, files: Sequence[Attachment], at: datetime | None = None) -> None:
    """Downloads that go with the item."""
    may_change(officer, item)
    if not files:
        raise Invalid({"files": _("Choose a file.")})
    if item.links.count() + len(files) > 50:
        raise Invalid({"files": _("An item has at most 50 links and files.")})
    with act("news.files-added", Operation.ALTERATION, by=officer, on=("item", str(item.pk)), files=len(files)):
        _step(item, item.version, at or now())
        _keep_files(item, files)
        _settle(item)


def drop_file(officer: Officer, item: Item, link: int, at: datetime | None = None) -> None:
    may_change(officer, item)
    with act("news.file-dropped", Operation.ALTERATION, by=officer, on=("item", str(item.pk))):
        if not item.links.filter(pk=link, attachment__isnull=False).delete()[0]:
            raise somebody_was_faster()
        _step(item, item.version, at or now())
        _settle(item)


def may_change(officer: Officer, item: Item) -> None:
    check_state(officer, item)
    must_be_ours(item)


def check_state(officer: Officer, item: Item) -> None:
    """A draft whoever writes news; what is published whoever publishes, for each change is out at once."""
    check(officer, "news.write" if item.state == Item.State.DRAFT else "news.publish")


def must_be_ours(item: Item) -> None:
    if item.owner_id not in (None, here().pk):
        raise NotNow(_("This is the news of another unit. Only that unit changes it."))


def free_key(title: str, among: Iterable[str] = ()) -> str:
    """The words of the title for an address; with a number behind them where another item has them already."""
    stem = slugify(to_latin(title)).replace("_", "-")[:70].strip("-") or "item"
    taken = {*Item.objects.filter(key__startswith=stem).values_list("key", flat=True), *among}
    if stem not in taken:
        return stem
    return next(key for number in range(2, len(taken) + 3) if (key := f"{stem}-{number}") not in taken)


# --- what stands in an item ---


def _columns(letter: Letter) -> dict[str, object]:
    return {
        "kind": letter.kind,
        "section": letter.section,
        "language": letter.text.language,
        "themes": list(letter.themes),
        "disclaimer": letter.disclaimer,
        "title_key": title_key(letter.text.title),
    }


def _step(item: Item, version: int, at: datetime, **columns: object) -> None:
    """One statement; whoever saw an older version is told so. What had no owner is ours from now on."""
    changed = {**columns, "version": F("version") + 1, "changed_at": at, "owner": here()}
    still = Item.objects.filter(pk=item.pk, version=version, state=item.state).exclude(state=Item.State.WITHDRAWN)
    if not still.update(**changed):
        if Item.objects.filter(pk=item.pk, state=Item.State.WITHDRAWN).exists():
            raise NotNow(_("This item was withdrawn. It can no longer be changed."))
        raise somebody_was_faster()
    item.refresh_from_db()


def _keep(item: Item, letter: Letter) -> None:
    _keep_text(item, letter.text)
    item.authors.all().delete()
    Author.objects.bulk_create(
        Author(item=item, order=order, function=one.function, name=one.name)
        for order, one in enumerate(letter.authors, 1)
    )
    item.links.filter(attachment=None).delete()
    FurtherLink.objects.bulk_create(
        FurtherLink(item=item, order=order, kind=one.kind, label=one.label, url=one.url)
        for order, one in enumerate(letter.links, 1)
    )
    _keep_files(item, letter.files)
    item.actions.set(Action.objects.filter(key__in=letter.about_actions))
    item.activities.set(Activity.objects.filter(key__in=letter.about_activities))


def _keep_text(item: Item, text: Text) -> None:
    said = {"title": text.title, "teaser": text.teaser, "body": text.body}
    ItemText.objects.update_or_create(item=item, language=text.language, defaults=said)


def _keep_files(item: Item, files: Sequence[Attachment]) -> None:
    for order, attachment in enumerate(files, 100):
        attachment.save(force_insert=True)
        FurtherLink.objects.create(
            item=item, order=order, kind=LinkKind.DOWNLOAD, label=attachment.name[:200], attachment=attachment
        )


def _settle(item: Item) -> None:
    """What follows from every change: its words, its twins, and the partners who have it."""
    fresh = Item.objects.prefetch_related("texts", "actions", "activities").get(pk=item.pk)
    index.renew([fresh])
    if fresh.state == Item.State.PUBLISHED:
        note_twins([fresh])
        send_again(fresh)


# --- checks ---


def _checked(letter: Letter) -> Letter:
    wrong: dict[str, str] = {}
    if letter.kind not in ItemKind.values:
        wrong["kind"] = _("Choose a kind from the list.")
    if letter.section not in Section.values:
        wrong["section"] = _("Choose a section from the list.")
    if len(letter.files) > MOST_FILES:
        wrong["files"] = _("At most 20 files go with one item.")
    wrong |= _unknown("about_actions", Action, letter.about_actions, _("There is no action “%(key)s”."))
    wrong |= _unknown("about_activities", Activity, letter.about_activities, _("There is no activity “%(key)s”."))
    if wrong:
        raise Invalid(wrong)
    return Letter(
        text=_checked_text(letter.text),
        kind=letter.kind,
        section=letter.section,
        themes=[fitting("themes", theme, 40) for theme in letter.themes],
        disclaimer=fitting("disclaimer", letter.disclaimer, 4_000),
        authors=[_signed(one) for one in letter.authors[:20]],
        links=[_link(one) for one in letter.links[:50]],
        about_actions=letter.about_actions,
        about_activities=letter.about_activities,
        files=letter.files,
    )


def _unknown(name: str, table: type[Action] | type[Activity], keys: Sequence[str], sentence: str) -> dict[str, str]:
    known = set(table.objects.filter(key__in=keys).values_list("key", flat=True)) if keys else set()
    missing = [key for key in keys if key not in known]
    return {name: sentence % {"key": missing[0][:80]}} if missing else {}


def _checked_text(text: Text) -> Text:
    if not LANGUAGE.fullmatch(text.language):
        raise Invalid({"language": _("Choose a language.")})
    title = written("title", text.title, _("Write a title."), 300)
    teaser, body = fitting("teaser", text.teaser, 4_000), fitting("body", text.body, MOST_BODY)
    for name, value in (("title", title), ("teaser", teaser), ("body", body)):
        _refuse_program(name, value)
    if MARKS.search(title):
        title = words(title)
    # Somebody who pastes from a web page brings its marks along.
    return Text(text.language, title, _unmarked(teaser), _unmarked(body))


def _refuse_program(name: str, text: str) -> None:
    try:
        words(text)
    except Refused:
        raise Invalid({name: _("The text holds a program (a script). Take it out; nothing was kept.")}) from None


def _unmarked(text: str) -> str:
    return clean(text) if re.search(r"</?(p|div|a|ul|ol|li|h[1-6]|table|span|br|strong|em|b|i)\b[^>]*>", text) else text


def _signed(one: Signed) -> Signed:
    function = written("authors", one.function, _("Write the function of each author."), 200)
    return Signed(function, fitting("authors", one.name, 160))


def _link(one: Link) -> Link:
    label = written("links", one.label, _("Write some words for each link."), 200)
    if one.kind not in LinkKind.values:
        raise Invalid({"links": _("Choose a kind of link from the list.")})
    try:
        return Link(label, mended(one.url) if one.url.strip() else "", one.kind)
    except ValueError as wrong:
        raise Invalid({"links": str(wrong)}) from wrong
