"""`ilex stats`"""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import localtime

from ilex.exchange.statistics import BadYear, Statistics, yearly


class Command(BaseCommand):
    help = "Yearly statistics of Directive (EU) 2023/977 Art. 18, computed from the records."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", required=True, help="the calendar year, as in 2026")
        form = parser.add_mutually_exclusive_group()
        form.add_argument("--json", action="store_true", help="as JSON")
        form.add_argument("--csv", action="store_true", help="as CSV")

    def handle(self, *args: Any, **options: Any) -> None:
        figures = self._figures(str(options["year"]))
        if options["json"]:
            self.stdout.write(json.dumps(figures.as_dict(), ensure_ascii=False, indent=1))
        elif options["csv"]:
            text = StringIO()
            csv.writer(text, lineterminator="\n").writerows(figures.rows())
            self.stdout.write(text.getvalue(), ending="")
        else:
            self._print(figures)

    def _figures(self, year: str) -> Statistics:
        if not (year.isascii() and year.isdigit() and len(year) == 4):
            raise CommandError(f"{year!r} is not a year. Give four digits, as in --year 2026.")
        try:
            return yearly(int(year))
        except BadYear as error:
            raise CommandError(str(error)) from error

    def _print(self, figures: Statistics) -> None:
        made = localtime(figures.made_at).strftime("%d.%m.%Y %H:%M %Z")
        self.stdout.write(f"{figures.year}, computed {made} from a journal of {figures.journal_size} lines")
        for table in figures.tables:
            self.stdout.write(f"\n{table.title}")
            lines = [table.heads, *table.rows] if table.rows else [("-",)]
            widths = [max(len(str(line[column])) for line in lines) for column in range(len(lines[0]))]
            for line in lines:
                padded = (str(cell).ljust(width) for cell, width in zip(line, widths, strict=True))
                self.stdout.write("  " + "  ".join(padded).rstrip())
