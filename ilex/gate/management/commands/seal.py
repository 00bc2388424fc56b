"""ilex seal --to UNIT --out FILE: everything that waits for a partner, into a file for a stick."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from ilex.gate.errors import GateError
from ilex.gate.stick import seal_stick


class Command(BaseCommand):
    help = "Write everything that waits for a partner into a file that can be carried by hand."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", required=True, metavar="UNIT", help=_("the partner's id, as ilecu-mk"))
        parser.add_argument("--out", required=True, type=Path, metavar="FILE", help=_("the file to write"))

    def handle(self, *args: Any, to: str, out: Path, **options: Any) -> None:
        try:
            written = seal_stick(to, out)
        except GateError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _("%(path)s: %(envelopes)s messages, %(receipts)s receipts, %(blobs)s attachments for %(unit)s.")
            % {"path": out, "unit": to, **vars(written)}
        )
