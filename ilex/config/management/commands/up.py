from __future__ import annotations

import os
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from ilex.config.up import PARTS, up


class Command(BaseCommand):
    help = "Runs the node: database, pages, peers' door, relay and clock, until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--only", type=_parts, default=PARTS, help="some of pages,door,relay,clock,site")
        parser.add_argument("--workers", type=_workers, default=_cores(), help="processes for the pages")

    def handle(self, *args: Any, **options: Any) -> None:
        up(settings.NODE, options["only"], options["workers"])


def _parts(text: str) -> tuple[str, ...]:
    wanted = tuple(text.split(","))
    if unknown := set(wanted) - set(PARTS):
        raise ArgumentTypeError(f"{', '.join(sorted(unknown))} is no part of a node; the parts are {', '.join(PARTS)}")
    return wanted


def _workers(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= 64:
        raise ArgumentTypeError(f"{text!r} is not a number from 1 to 64")
    return int(text)


def _cores() -> int:
    return min(len(os.sched_getaffinity(0)), 8)
