"""`ilex check --in queries.jsonl --out results.jsonl`: ask the holdings about every entity of a file."""

from __future__ import annotations

import hashlib
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from ilex.holdings.checking import PROCESSES, Line, Wish, answers
from ilex.holdings.files.bounds import LONGEST_ROW
from ilex.holdings.files.private import private
from ilex.holdings.queries.asking import HARDER
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.matching.cut import KEPT
from ilex.units.commands import officer_if_named
from ilex.units.rules import check

MOST = KEPT + HARDER  # candidates of one question


class Command(BaseCommand):
    help = "Check persons and things of a file against the holdings."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--in", dest="asked", type=Path, required=True, metavar="FILE",
                            help="questions: one FollowTheMoney entity a line")  # fmt: skip
        parser.add_argument("--out", type=Path, required=True, metavar="FILE",
                            help="answers: for each its ranked candidates with score and why")  # fmt: skip
        parser.add_argument("--limit", type=int, default=50, metavar="N", help="at most so many of each question (50)")
        parser.add_argument("--harder", action="store_true", help="look through all records, not only by keys")
        parser.add_argument("--by", metavar="NAME", help="sign-in name of the officer who asks; without it only loaded "
                            "sources are searched, and no cases or requests")  # fmt: skip
        parser.add_argument("--reason", default="", help="why; it stands in the journal")
        parser.add_argument("--processes", type=int, default=PROCESSES, metavar="N", help="that answer (2)")

    def handle(self, *args: object, asked: Path, out: Path, **options: Any) -> None:
        by = officer_if_named(options["by"])
        if by is not None:
            check(by, "crosscheck.look")
        if not 0 < options["limit"] <= MOST:
            raise CommandError(_("Ask for 1 to %(most)d candidates.") % {"most": MOST})
        wish = Wish(options["limit"], options["harder"], by)
        part = out.with_name(f"{out.name}.part")
        line: dict[str, Any] = {"by": by, "on": ("file", asked.name[:80]), "harder": wish.harder}
        line["reason"] = options["reason"] or _("Cross-check of a file.")
        try:
            with asked.open("rb") as questions:
                with act("holding.check-begun", Operation.CONSULTATION, **line):
                    pass  # before the first answer: whoever ends it early has looked all the same
                counts = self._answer(questions, part, wish, max(1, min(options["processes"], 16)))
            with act("holding.checked", Operation.CONSULTATION, **line, **counts):
                part.replace(out)
        finally:
            part.unlink(missing_ok=True)
        self._tell(counts)

    def _answer(self, questions: BinaryIO, part: Path, wish: Wish, processes: int) -> dict[str, Any]:
        counts: dict[str, Any] = {"queries": 0, "found": 0, "refused": 0, "ms": 0}
        read, began = _Lines(questions), time.monotonic()
        with private(part) as file:
            for answer in answers(read, wish, processes):
                file.write(f"{answer.text}\n")
                counts["queries"] += 1
                counts["found"] += answer.found
                counts["refused"] += answer.fault
        counts["ms"] = round(1000 * (time.monotonic() - began))
        return {**counts, "sha256": read.digest.hexdigest()}

    def _tell(self, counts: dict[str, Any]) -> None:
        seconds = max(counts["ms"], 1) / 1000
        told = {**counts, "seconds": seconds, "speed": counts["queries"] / seconds}
        self.stdout.write(
            _("%(queries)d questions, %(found)d candidates; %(seconds).1f s, %(speed).0f questions a second.") % told
        )
        if counts["refused"]:
            raise CommandError(
                _("%(refused)d questions could not be read; the answers say why. The others are answered.") % counts
            )


class _Lines:
    """The lines of a file with their numbers, none longer than shows that it is too long."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.digest = file, hashlib.sha256()

    def __iter__(self) -> Iterator[Line]:
        number = 0
        while raw := self.file.readline(LONGEST_ROW + 2):
            number += 1
            self.digest.update(raw)
            rest = raw
            while not rest.endswith(b"\n") and (rest := self.file.readline(LONGEST_ROW)):
                self.digest.update(rest)
            yield number, raw
