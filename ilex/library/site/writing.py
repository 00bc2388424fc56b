"""Writes the public site: all of it into a new folder, which then takes the place of the old one."""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.postgres.aggregates import StringAgg
from django.contrib.staticfiles import finders
from django.db.models import QuerySet, TextField, Value
from django.db.models.functions import MD5, Cast, Concat
from django.template.loader import render_to_string
from django.utils.timezone import now
from django.utils.translation import override

from ilex import __version__
from ilex.gate.kinds import clean_name
from ilex.gate.models import Attachment
from ilex.gate.store import StoreError, open_stream
from ilex.library.feeds import Channel, atom, rss
from ilex.library.models import Site
from ilex.library.site.content import Content, read_content
from ilex.library.site.fields import PUBLIC, public_activities, public_factsheets, public_files, public_items
from ilex.library.site.sheets import Copy, copies, on_paper, pdf, xml
from ilex.web.languages import tag

PER_PAGE = 20  # items on one page of news
MADE = ".made"
STYLE = Path(__file__).parent / "site.css"


def folder() -> Path:
    return Path(settings.ILEX_FOLDER) / "site"


def write_site(at: datetime | None = None) -> bool:
    """Write what changed since the last time, or remove the folder of a site that is off; True when something was done.

    For the clock, in a thread of its own. Two at once: the second one does nothing.
    """
    with _alone() as alone:
        if not alone:
            return False
        site = Site.objects.filter(pk=1, active=True).first()
        if site is None:
            return _remove()
        stands, shall = Made.read(), state(site)
        if stands.state == shall:
            return False
        _write(site, stands, shall)
        Site.objects.filter(pk=1).update(written_at=at or now())
        return True


@contextmanager
def _alone() -> Iterator[bool]:
    folder().parent.mkdir(parents=True, exist_ok=True)
    with (folder().parent / "site.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _remove() -> bool:
    there = [path for path in (folder(), _beside("new"), _beside("old")) if path.exists()]
    for path in there:
        shutil.rmtree(path)
    return bool(there)


def _beside(name: str) -> Path:
    return folder().with_name(f"site.{name}")


@dataclass
class Made:
    """What the folder was written from: it stands in the folder itself, in a file that is not served."""

    state: str = ""
    papers: dict[str, str] = field(default_factory=dict)  # names of PDFs, and the digests of what they say

    @classmethod
    def read(cls) -> Made:
        try:
            kept = json.loads((folder() / MADE).read_text())
            return cls(str(kept["state"]), dict(kept["papers"]))
        except (OSError, ValueError, KeyError, TypeError):
            return cls()


def state(site: Site) -> str:
    """One digest over each thing that is public and when it was changed.

    A moment of the newest change would not do: a change that is committed late, or two that make up for one another
    in number, would be missed, and what was taken off would stay.
    """
    things = (_digest(public_items(), "changed_at"), _digest(public_activities(), "changed_at"))
    said = (site.title, site.intro, site.address, site.languages, __version__, PUBLIC)
    return hashlib.sha256(repr((*things, _digest(public_factsheets()), said)).encode()).hexdigest()


def _digest(rows: QuerySet[Any], *columns: str) -> str:
    """Made by the database: there may be many."""
    texts = [Cast(name, TextField()) for name in ("pk", *columns)]
    line = Concat(*texts, Value(";"), output_field=TextField())
    made = rows.order_by().aggregate(digest=MD5(StringAgg(line, delimiter="", order_by="pk")))
    return str(made["digest"])


def _write(site: Site, stands: Made, shall: str) -> None:
    new, old = _beside("new"), _beside("old")
    for left in (new, old):
        shutil.rmtree(left, ignore_errors=True)
    new.mkdir(parents=True)
    try:
        _Writing(site, new, stands, Made(shall)).all()
        if folder().exists():
            folder().rename(old)
        new.rename(folder())
    finally:
        shutil.rmtree(new, ignore_errors=True)
        shutil.rmtree(old, ignore_errors=True)


class _Writing:
    def __init__(self, site: Site, root: Path, stands: Made, made: Made) -> None:
        self.site, self.root, self.stands, self.made = site, root, stands, made
        self.files: set[str] = set()  # what could be written below `files/`
        self.sitemap: list[str] = []

    def all(self) -> None:
        found = copies()
        self._things()
        for copy in found:
            self._copy(copy)
        for number, language in enumerate(self.site.languages):
            with override(language):
                content = read_content(self.site, language, self.files, found)
                self._language(content, language)
                if number == 0:
                    self._front(content)
        addresses = [f"{self.site.address}/{quote(path)}" for path in self.sitemap]
        self._text("sitemap.xml", render_to_string("site/sitemap.xml", {"addresses": addresses}))
        self._text("robots.txt", f"User-agent: *\nAllow: /\nSitemap: {self.site.address}/sitemap.xml\n")
        self._text(MADE, json.dumps({"state": self.made.state, "papers": self.made.papers}))

    def _things(self) -> None:
        shutil.copyfile(STYLE, self.root / "site.css")
        image = finders.find("library/feed.png")
        if image:
            for name in ("feed.png", "favicon.ico"):
                shutil.copyfile(image, self.root / name)
        for paper in public_files():
            self._file(paper, f"files/{paper.pk}/{clean_name(paper.name)}")

    def _copy(self, copy: Copy) -> None:
        """PDF and IATI of a factsheet. A paper that says what the old one said is not set in type again."""
        content = on_paper(copy)
        digest = hashlib.sha256(repr((content, __version__)).encode()).hexdigest()
        made = _kept(copy.paper) if self.stands.papers.get(copy.paper) == digest else None
        for name, written in ((copy.paper, made or pdf(copy, content)), (copy.data, xml(copy))):
            if written is not None:
                self._bytes(name, written)
                self.files.add(name)
        if copy.paper in self.files:
            self.made.papers[copy.paper] = digest

    def _file(self, paper: Attachment, name: str) -> None:
        """A file that is damaged here is left out, and no page points to it."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with path.open("wb") as target:
                target.writelines(open_stream(paper))
        except StoreError:
            path.unlink(missing_ok=True)
            with suppress(OSError):
                path.parent.rmdir()
        else:
            self.files.add(name)

    def _language(self, content: Content, language: str) -> None:
        self._news(content, language)
        for story in content.stories:
            self._page(f"{language}/news/{story.key}.html", "item", content, story=story, base="../../")
        self._page(f"{language}/factsheets.html", "factsheets", content, here="factsheets", base="../")
        for sheet in content.sheets:
            name = f"{language}/factsheets/{sheet.name}.html"
            self._page(name, "factsheet", content, sheet=sheet, here="factsheets", base="../../")
        self._page(f"{language}/activities.html", "activities", content, here="activities", base="../")
        for activity in content.activities:
            name = f"{language}/activities/{activity.key}.html"
            self._page(name, "activity", content, activity=activity, here="activities", base="../../")
        self._feeds(content, language)

    def _news(self, content: Content, language: str) -> None:
        pages = [content.stories[first : first + PER_PAGE] for first in range(0, len(content.stories), PER_PAGE)] or [
            []
        ]
        names = ["index.html", *(f"news-{number}.html" for number in range(2, len(pages) + 1))]
        for number, (name, stories) in enumerate(zip(names, pages, strict=True)):
            later = names[number + 1] if number + 1 < len(names) else ""
            earlier = names[number - 1] if number else ""
            turn = {"earlier": earlier, "later": later, "stories": stories, "number": number + 1}
            self._page(f"{language}/{name}", "news", content, here="news", base="../", **turn)

    def _feeds(self, content: Content, language: str) -> None:
        entries = [story.entry(f"{self.site.address}/{language}/news/{story.key}.html") for story in content.stories]
        for name, kind in (("feed.rss", rss), ("feed.atom", atom)):
            channel = Channel(
                self.site.title,
                f"{self.site.address}/{language}/index.html",
                self.site.intro or self.site.title,
                tag(language),
                f"{self.site.address}/{language}/{name}",
                f"{self.site.address}/feed.png",
            )
            self._bytes(f"{language}/{name}", kind(entries, channel))

    def _front(self, content: Content) -> None:
        """The first page, in the first language, leads on to the language that the reader chooses."""
        turn = {"stories": content.stories[:PER_PAGE], "more": len(content.stories) > PER_PAGE}
        self._page("index.html", "news", content, here="news", base="", **turn)

    def _page(self, name: str, template: str, content: Content, *, base: str, **shown: object) -> None:
        shown = {"content": content, "base": base, "here": "", "page": name.partition("/")[2], **shown}
        self._text(name, render_to_string(f"site/{template}.html", shown))
        self.sitemap.append(name)

    def _text(self, name: str, text: str) -> None:
        self._bytes(name, text.encode())

    def _bytes(self, name: str, content: bytes) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _kept(name: str) -> bytes | None:
    """A file of the folder that stands now."""
    try:
        return (folder() / name).read_bytes()
    except OSError:
        return None
