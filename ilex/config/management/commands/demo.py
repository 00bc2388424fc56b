from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from ilex.config.demo import show
from ilex.config.demo.nodes import NUMBERS

UNITS = [code for code in NUMBERS if code != "PRACTICE"]


class Command(BaseCommand):
    help = "Runs a small real network on this machine: units of several countries, paired, with a practice partner."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--units", type=_units, default=["RS", "MK", "HU"], help=f"some of {' '.join(UNITS)}")
        parser.add_argument("--folder", type=Path, default=Path(".ilex/demo"), help="where it lies (.ilex/demo)")
        parser.add_argument("--reset", action="store_true", help="begin anew, with everything made before deleted")

    def handle(self, *args: Any, **options: Any) -> None:
        show.show(options["folder"].resolve(), options["units"], reset=options["reset"])


def _units(text: str) -> list[str]:
    codes = list(dict.fromkeys(text.replace(",", " ").upper().split()))
    if unknown := [code for code in codes if code not in UNITS]:
        raise ArgumentTypeError(f"{', '.join(unknown)}: the demonstration has the units {', '.join(UNITS)}")
    if len(codes) < 2:
        raise ArgumentTypeError("a network has two units at least, as in --units RS,MK")
    return codes
