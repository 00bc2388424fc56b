"""ilex open FILE [--out REPLY]: take in a partner's stick, and write what goes back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from ilex.gate.errors import GateError
from ilex.gate.stick import open_stick, seal_stick


class Command(BaseCommand):
    help = "Take in a file that a partner sealed, and with --out write the receipts for the way back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help=_("the file from the stick"))
        parser.add_argument("--out", type=Path, metavar="REPLY", help=_("the file to write for the way back"))

    def handle(self, *args: Any, file: Path, out: Path | None, **options: Any) -> None:
        if out is not None and out.exists():
            raise CommandError(_("%(path)s exists already. Choose another name.") % {"path": out})
        try:
            opened = open_stick(file)
            written = seal_stick(opened.sender, out) if out else None
        except GateError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _("%(path)s: %(envelopes)s messages, %(receipts)s receipts, %(blobs)s attachments from %(sender)s.")
            % {"path": file, **vars(opened)}
        )
        for code, count in sorted(opened.turned_away.items()):
            self.stdout.write(_("Not kept: %(count)s (%(code)s).") % {"count": count, "code": code})
        if written:
            self.stdout.write(_("For the way back: %(path)s.") % {"path": out})
