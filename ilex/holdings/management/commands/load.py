"""`ilex load FILE`: have a source hold what a file holds, or only say what would change."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from ilex.holdings.actions.loading import SourceSpec, load
from ilex.holdings.errors import FileRefused, Invalid
from ilex.holdings.files.bounds import Fault
from ilex.holdings.files.chunks import FORMS, opened
from ilex.holdings.files.columns import Mapped, mapped
from ilex.holdings.files.private import private
from ilex.holdings.taking import Report
from ilex.holdings.workers import WorkerEnded
from ilex.units.commands import officer_if_named
from ilex.units.models import Officer

TOLD = 20  # bad rows on the screen; the dead-letter file has all
EVERY = 1.0  # seconds between two lines of progress
LARGEST_MAPPING = 2**20  # bytes


class Command(BaseCommand):
    help = "Take in a list, register's extract or old file: FollowTheMoney, CSV or XLSX."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="FollowTheMoney JSON lines (also OpenSanctions'), CSV or XLSX")
        parser.add_argument("--source", required=True, metavar="CODE", help="of the list; its next file replaces it")
        parser.add_argument("--mapping", type=Path, metavar="TOML", help="what the columns of a table hold")
        parser.add_argument("--form", choices=sorted(set(FORMS.values())), help="where the file's name does not tell")
        parser.add_argument("--dry-run", action="store_true", help="only say what would change")
        parser.add_argument("--anew", action="store_true", help="index again what is the same, after an update of Ilex")
        parser.add_argument("--dead-letters", type=Path, metavar="FILE", help="bad rows with line and reason, as JSON")
        parser.add_argument("--by", metavar="NAME", help="sign-in name of the officer who takes it in")
        parser.add_argument("--title", default="", help="what officers call the list")
        parser.add_argument("--purpose", default="", help="for what it is held; it stands in the journal")
        parser.add_argument("--legal", default="", metavar="TEXT", help="on which legal basis")
        parser.add_argument("--handling", default="", metavar="CODE", help="handling code of its records (H0)")
        parser.add_argument("--handling-note", default="", metavar="TEXT", help="the restriction in words, for H3")
        parser.add_argument("--review-on", type=_day, metavar="DAY", help="when to ask whether it is still needed")
        parser.add_argument("--ends-on", type=_day, metavar="DAY", help="from which day it may not be searched")
        parser.add_argument("--processes", type=int, default=2, metavar="N", help="that make keys (2)")

    def handle(self, *args: object, **options: Any) -> None:
        path: Path = options["file"]
        form = options["form"] or FORMS.get(path.suffix.lower())
        if form is None:
            raise CommandError(_("Say with --form what the file is: ftm, csv or xlsx."))
        source = SourceSpec(
            options["source"],
            **{name: options[name] for name in ("title", "purpose", "legal", "handling", "handling_note")},
            **{name: options[name] for name in ("review_on", "ends_on")},
        )
        by = officer_if_named(options["by"])
        try:
            with path.open("rb") as file, _letters(options["dead_letters"]) as letters:
                letters_told = _Letters(self.stdout, letters)
                report = self._load(file, form, path.name, source, by, letters_told, options)
        except (Invalid, FileRefused) as wrong:
            raise CommandError(str(wrong)) from None
        except WorkerEnded:
            raise CommandError(_("A process that makes keys ended early. Nothing was changed.")) from None
        self._tell(report, letters_told)

    def _load(
        self,
        file: BinaryIO,
        form: str,
        name: str,
        source: SourceSpec,
        by: Officer | None,
        letters: _Letters,
        options: dict[str, Any],
    ) -> Report:
        digest = _digest(file)
        read = opened(file, form, _mapped(options["mapping"]))
        size = os.fstat(file.fileno()).st_size
        return load(
            source,
            read.chunks,
            by=by,
            dry_run=options["dry_run"],
            anew=options["anew"],
            columns=read.columns,
            name=name,
            digest=digest,
            form=form,
            tell=letters.tell,
            progress=_Shown(size, file),
            processes=max(0, min(options["processes"], 16)),
        )

    def _tell(self, report: Report, letters: _Letters) -> None:
        if letters.more:
            self.stdout.write(_("… and %(count)d bad rows more") % {"count": letters.more})
        for what, count in report.left_out.most_common():
            self.stdout.write(_("left out: %(what)s, %(count)d times") % {"what": what, "count": count})
        counts = {name: getattr(report, name) for name in ("new", "changed", "gone", "same", "bad")}
        told = (
            _("Taken in: %(new)d new, %(changed)d changed, %(gone)d gone, %(same)d the same, %(bad)d bad rows.")
            if report.written
            else _("Would be: %(new)d new, %(changed)d changed, %(gone)d gone, %(same)d the same, %(bad)d bad rows.")
        )
        self.stdout.write(told % counts)
        speed = {"seconds": report.seconds, "speed": report.rows / max(report.seconds, 0.001)}
        self.stdout.write(_("%(seconds).1f s, %(speed).0f rows a second.") % speed)


class _Letters:
    """Bad rows: all into the file, the first on the screen without what they hold."""

    def __init__(self, screen: Any, file: TextIO | None) -> None:
        self.screen, self.file, self.told, self.more = screen, file, 0, 0

    def tell(self, fault: Fault) -> None:
        reason = _(fault.sentence) % fault.values
        if self.file is not None:
            line = {"line": fault.line, "column": fault.column, "reason": reason, "row": fault.row}
            self.file.write(json.dumps(line, ensure_ascii=False).encode("utf-8", "replace").decode() + "\n")
        if self.told >= TOLD:
            self.more += 1
            return
        self.told += 1
        where = _("line %(line)d") % {"line": fault.line}
        self.screen.write(f"{where}, {fault.column}: {reason}" if fault.column else f"{where}: {reason}")


class _Shown:
    """How far it is, on a terminal once a second."""

    def __init__(self, size: int, file: BinaryIO) -> None:
        self.size, self.file, self.next = size, file, time.monotonic() + EVERY
        self.began = time.monotonic()

    def __call__(self, report: Report) -> None:
        now = time.monotonic()
        if now < self.next or not sys.stderr.isatty():
            return
        self.next = now + EVERY
        share = 0 if self.file.closed else 100 * self.file.tell() / max(self.size, 1)
        told = {"rows": report.rows, "share": share, "speed": report.rows / (now - self.began)}
        print("\r" + _("%(rows)d rows, %(share).0f %%, %(speed).0f a second") % told, end="", file=sys.stderr)


@contextmanager
def _letters(path: Path | None) -> Iterator[TextIO | None]:
    """For this user's eyes only: bad rows are about people too."""
    if path is None:
        yield None
        return
    with private(path) as file:
        yield file


def _digest(file: BinaryIO) -> bytes:
    digest = hashlib.sha256()
    while chunk := file.read(2**20):
        digest.update(chunk)
    file.seek(0)
    return digest.digest()


def _mapped(path: Path | None) -> Mapped:
    if path is None:
        return Mapped()
    with path.open("rb") as file:
        content = file.read(LARGEST_MAPPING)
    try:
        return mapped(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise FileRefused(_("The mapping file is not in UTF-8.")) from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError(_("Write the day as 2027-01-31.")) from None
