"""`ilex cases import FILE`: take in old cases from a CSV file, or only say what is wrong with it."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ilex.cases.actions import import_cases
from ilex.cases.files import KNOWN, LARGEST
from ilex.units.commands import officer_named

TOLD = 200  # faults; a file with more is wrong as a whole


class Command(BaseCommand):
    help = "Take in old cases from a CSV file: all rows, or none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="what", required=True, metavar="import")
        one = verbs.add_parser("import", help="take in a file", description="Columns: " + ", ".join(KNOWN))
        one.add_argument("file", type=Path, help="CSV in UTF-8, the first row names the columns")
        one.add_argument("--by", required=True, metavar="NAME", help="sign-in name of the officer who takes it in")
        one.add_argument("--dry-run", action="store_true", help="only say what is wrong, row by row")

    def handle(self, *args: object, file: Path, by: str, dry_run: bool, **options: Any) -> None:
        done = import_cases(officer_named(by), _bytes(file), name=file.name, dry_run=dry_run)
        for fault in done.faults[:TOLD]:
            self.stdout.write(str(fault))
        if done.faults:
            words = {"count": len(done.faults), "rows": done.rows}
            raise CommandError(_("Nothing was taken in. Faults: %(count)d; rows that are right: %(rows)d.") % words)
        if not done.rows:
            raise CommandError(_("The file holds no cases."))
        rows = ngettext("%(rows)d case", "%(rows)d cases", done.rows) % {"rows": done.rows}
        if dry_run:
            self.stdout.write(_("All is right: %(cases)s could be taken in.") % {"cases": rows})
        else:
            told = {"cases": rows, "first": done.first, "last": done.last}
            self.stdout.write(_("Taken in: %(cases)s, %(first)s to %(last)s.") % told)


def _bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(LARGEST + 1)
