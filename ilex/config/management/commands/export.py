from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ilex.config.keeping.export import export


class Command(BaseCommand):
    help = "Writes the unit's requests as JSON, one line each, with everything said about them. Journalled."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, nargs="?", help="a new file; standard output without it")
        parser.add_argument("--year", type=int, help="only requests received in this year")
        parser.add_argument("--reason", required=True, help="why: it stands in the journal")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["reason"].strip():
            raise CommandError("Say why the records are taken out: --reason")
        if options["file"] is None:
            export(sys.stdout, options["reason"], options["year"])
            return
        try:
            number = os.open(options["file"], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            raise CommandError(f"{options['file']} exists already; an export overwrites nothing") from error
        try:
            with os.fdopen(number, "w", encoding="utf-8") as file:
                count = export(file, options["reason"], options["year"])
        except BaseException:
            options["file"].unlink()
            raise
        self.stdout.write(f"{options['file']}: {count} requests.")
