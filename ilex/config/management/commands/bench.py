from __future__ import annotations

import json
import re
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from ilex.config.bench import attachment, cases, desk, exchange, journal, programme
from ilex.config.bench.report import Report
from ilex.config.node import NodeError

UNITS = {"": 1, "B": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}
LARGEST_BODY, LARGEST_FILE = 32 * 2**10, 2 * 2**30
PEERS = ("rapidfuzz", "pg_trgm", "logic-v2")
FILLED = ("subjects", "cases", "documents", "actions", "activities", "involvements")
CROSSCHECK = ("records", "queries", "part", "peers", "peer_queries")


def _crosscheck(folder: Path | None, **known: Any) -> Report:
    """The names to measure with stand beside the package, not in it."""
    try:
        from ilex.config.bench import crosscheck
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] != "evaluation":
            raise
        raise NodeError("The folder `evaluation` is not here: measure in the project's own tree.") from None
    return crosscheck.measure(folder, **known)


BENCHES: dict[str, Callable[..., Report]] = {
    "exchange": exchange.measure,
    "attachment": attachment.measure,
    "desk": desk.measure,
    "cases": cases.measure,
    "programme": programme.measure,
    "journal": journal.measure,
    "crosscheck": _crosscheck,
}


class Command(BaseCommand):
    help = "Measures how fast this machine is: messages, attachments, the desk, cases, programme, journal, cross-check."

    def add_arguments(self, parser: ArgumentParser) -> None:
        whats = parser.add_subparsers(
            dest="what", required=True, metavar="exchange|attachment|desk|cases|programme|journal|crosscheck"
        )
        one = _command(whats, "exchange", "messages between two nodes, with durable commits")
        one.add_argument("--messages", type=_number(1, 1_000_000), default=3_000, help="how many (3000)")
        one.add_argument("--size", type=_size(LARGEST_BODY), default=4_096, help="of each body (4KiB)")
        one.add_argument("--batch", type=_number(1, 100), default=100, help="messages in one transaction (100)")
        one = _command(whats, "attachment", "a large file between two nodes, over a line that is cut")
        one.add_argument("--size", type=_size(LARGEST_FILE), default=2**30, help="of the file (1GiB)")
        one.add_argument("--cuts", type=_number(0, 100), default=4, help="how often the line is cut (4)")
        one = _command(whats, "desk", "the pages of an officer with very much on file")
        one.add_argument("--requests", type=_number(1, 5_000_000), default=200_000, help="on file (200000)")
        one.add_argument("--rounds", type=_number(1, 10_000), default=100, help="pages of each kind (100)")
        one = _command(whats, "cases", "subjects, cases and documents with very much on file")
        one.add_argument("--subjects", type=_number(1, 5_000_000), default=1_000_000, help="on file (1000000)")
        one.add_argument("--cases", type=_number(100, 5_000_000), default=200_000, help="on file (200000)")
        one.add_argument("--documents", type=_number(1, 5_000_000), default=500_000, help="on file (500000)")
        one.add_argument("--rounds", type=_number(1, 10_000), default=100, help="pages of each kind (100)")
        one = _command(whats, "programme", "the pages of actions with very much on file")
        one.add_argument("--actions", type=_number(100, 1_000_000), default=10_000, help="on file (10000)")
        one.add_argument("--activities", type=_number(100, 5_000_000), default=100_000, help="on file (100000)")
        one.add_argument("--involvements", type=_number(100, 20_000_000), default=1_000_000, help="parts (1000000)")
        one.add_argument("--rounds", type=_number(1, 10_000), default=100, help="pages of each kind (100)")
        one = _command(whats, "journal", "writing, growing, proving and verifying")
        one.add_argument("--lines", type=_number(1, 10_000_000), default=50_000, help="how many (50000)")

        one = _command(whats, "crosscheck", "what the cross-check finds, how fast, beside the tools in use today")
        one.add_argument("--records", type=_number(1_000, 20_000_000), default=100_000, help="held (100000)")
        one.add_argument(
            "--queries", type=_number(100, 20_000), default=2_000, help="a quarter of absent persons (2000)"
        )
        one.add_argument("--part", choices=("train", "test", "apart"), default="test", help="of the set (test)")
        one.add_argument("--peers", nargs="*", choices=PEERS, default=PEERS, help="all that can be had here")
        one.add_argument("--peer-queries", type=_number(0, 20_000), default=0, help="about so many for peers (all)")

    def handle(self, *args: Any, what: str, folder: Path | None, **options: Any) -> None:
        known = {
            name: options[name]
            for name in ("messages", "size", "batch", "cuts", "requests", "rounds", "lines", *FILLED, *CROSSCHECK)
            if name in options
        }
        report = BENCHES[what](folder, **known)
        self.stdout.write(json.dumps(report.as_json(), indent=1) if options["json"] else report.as_text())


def _command(whats: Any, name: str, summary: str) -> ArgumentParser:
    parser: ArgumentParser = whats.add_parser(name, help=summary, description=f"Measures {summary}.")
    parser.add_argument("--folder", type=Path, help="where the nodes lie while they are measured: the disk counts")
    parser.add_argument("--json", action="store_true", help="for a program")
    return parser


def _number(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"\d{1,12}", text, re.ASCII) or not least <= int(text) <= most:
            raise ArgumentTypeError(f"{text!r} is not a number from {least} to {most:,}")
        return int(text)

    return read


def _size(most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        found = re.fullmatch(r"(\d{1,12})(B|KiB|MiB|GiB|)", text, re.ASCII)
        if not found or not 0 < (size := int(found[1]) * UNITS[found[2]]) <= most:
            raise ArgumentTypeError(f"{text!r} is not a size up to {most // 2**10:,}KiB, as in 4096, 4KiB or 1GiB")
        return size

    return read
