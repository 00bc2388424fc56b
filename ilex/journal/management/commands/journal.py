"""`ilex journal`: verify the log, show its head, give it to a collector of security logs."""

from __future__ import annotations

import base64
import os
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from ilex.journal import notes
from ilex.journal.actions import export
from ilex.journal.queries import Report, head_note, verify


class Command(BaseCommand):
    help = "Verify the journal, print its newest signed head, or export its lines."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", nargs="?", choices=["verify"], help="recompute the whole journal")
        parser.add_argument("--against", action="append", default=[], metavar="FILE", type=Path, help=AGAINST)
        parser.add_argument("--head", action="store_true", help="print the newest signed head")
        parser.add_argument("--export", metavar="FILE", type=Path, help="write the lines as JSON (ECS) to a new file")
        parser.add_argument("--reason", default="", help="why the journal is exported; it is logged")
        parser.add_argument("--after", type=int, default=-1, metavar="POSITION", help="export what stands behind it")

    def handle(self, *args: object, **options: Any) -> None:
        if not (options["what"] or options["head"] or options["export"]):
            raise CommandError(_("Say what to do: verify, --head or --export FILE."))
        if options["what"]:
            self.verify([_note(path) for path in options["against"]])
        if options["head"]:
            self.head()
        if options["export"]:
            self.export(options["export"], options["reason"].strip(), options["after"])

    def verify(self, known: list[str]) -> None:
        report = verify(known)
        if report.whole:
            self.stdout.write(_whole(report))
            return
        for fault in report.faults:
            self.stderr.write(str(fault))
        count = len(report.faults) + report.more
        raise CommandError(
            _("The journal is not whole. Faults: %(count)d, of which told above: %(listed)d.")
            % {"count": count, "listed": len(report.faults)}
        )

    def head(self) -> None:
        note = head_note()
        if not note:
            raise CommandError(_("The journal has no head yet."))
        self.stdout.write(note, ending="")

    def export(self, path: Path, reason: str, after: int) -> None:
        if not reason:
            raise CommandError(_("Say with --reason why the journal is exported."))
        if path.exists():
            raise CommandError(_("The file %s is there already.") % path)
        try:
            count = _export(path, reason, after)
        except OSError as error:
            raise CommandError(_("The file cannot be written: %s.") % (error.strerror or error)) from error
        self.stdout.write(_("Lines written to %(path)s: %(count)d.") % {"count": count, "path": path})


AGAINST = "a head of ours that a partner kept; may be given more than once"


def _note(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read(notes.LIMIT + 1)
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(_("The head in %s cannot be read.") % path) from error


def _whole(report: Report) -> str:
    return _(
        "The journal is whole at size %(size)d with root %(root)s"
        " (heads: %(heads)d, erased lines: %(erased)d, lines waiting for their position: %(waiting)d)."
    ) % {
        "size": report.size,
        "root": base64.b64encode(report.root).decode(),
        "heads": report.heads,
        "erased": report.erased,
        "waiting": report.waiting,
    }


def _export(path: Path, reason: str, after: int) -> int:
    """The file has its name only once the line about it is committed; readable by its owner alone."""
    handle, name = tempfile.mkstemp(dir=path.parent)
    try:
        with open(handle, "w", encoding="utf-8") as file:
            count = export(file, by=None, reason=reason, after=after)
            file.flush()
            os.fsync(handle)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
    return count
