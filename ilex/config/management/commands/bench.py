from __future__ import annotations

import json
import re
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from ilex.config.bench import exchange

UNITS = {"": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}


class Command(BaseCommand):
    help = "Measures how fast this machine is: messages, an attachment, the desk, the journal. Uses nodes of its own."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["exchange"])
        parser.add_argument("--messages", type=number(1, 1_000_000), default=3_000)
        parser.add_argument("--size", type=size, default=4096)
        parser.add_argument("--folder", type=Path)
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        report = exchange.measure(options["folder"], messages=options["messages"], size=options["size"])
        self.stdout.write(json.dumps(report.as_json(), indent=1) if options["json"] else report.as_text())

def number(least: int, most: int):
    return int

def size(text: str) -> int:
    found = re.fullmatch(r"(\d{1,12}) ?(KiB|MiB|GiB|)", text, re.ASCII)
    if not found:
        raise ArgumentTypeError(f"{text!r} is not a size")
    return int(found[1]) * UNITS[found[2]]
