from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError

from ilex.config.keeping.export import export
from ilex.config.keeping.programme import export_programme

PROGRAMME = "programme"


class Command(BaseCommand):
    help = "Writes the unit's requests, or its programme and news, as JSON, one line each. Journalled."

    def add_arguments(self, parser: ArgumentParser) -> None:
        text = f"`{PROGRAMME}` for the programme and the news; a new file; standard output without one"
        parser.add_argument("words", nargs="*", metavar=f"[{PROGRAMME}] FILE", help=text)
        parser.add_argument("--year", type=int, help="only requests received in this year")
        parser.add_argument("--reason", required=True, help="why: it stands in the journal")

    def handle(self, *args: Any, **options: Any) -> None:
        what, files = _understood(options["words"])
        reason, year = options["reason"], options["year"]
        if len(files) > 1:
            raise CommandError("Name one file")
        if not reason.strip():
            raise CommandError("Say why the records are taken out: --reason")
        if year is not None and what == PROGRAMME:
            raise CommandError("--year is for requests only")
        write = partial(export_programme, reason=reason)
        if what != PROGRAMME:
            write = partial(export, reason=reason, year=year)
        if not files:
            write(sys.stdout)
            return
        count = _into(files[0], write)
        self.stdout.write(f"{files[0]}: {count} {'records' if what == PROGRAMME else 'requests'}.")


def _understood(words: list[str]) -> tuple[str, list[Path]]:
    """What is asked for, and the files named. A file of that very name is written as ./programme."""
    if words[:1] == [PROGRAMME]:
        return PROGRAMME, [Path(word) for word in words[1:]]
    return "requests", [Path(word) for word in words]


def _into(path: Path, write: Callable[[TextIO], int]) -> int:
    """Write a new file that only we can read; a file that cannot be finished does not stay."""
    try:
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise CommandError(f"{path} exists already; an export overwrites nothing") from error
    try:
        with os.fdopen(number, "w", encoding="utf-8") as file:
            return write(file)
    except BaseException:
        path.unlink()
        raise
