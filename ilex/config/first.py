"""The part of `ilex init` that comes before there are settings: what was wished for, written into the folder."""

from __future__ import annotations

import os
import tomllib
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

import psycopg
from django.core.management.base import CommandParser

from ilex import units
from ilex.config import foundation, node
from ilex.config.node import NodeError

DIRECTORY = Path(units.__file__).parent / "data"
STANDARD = {"language": "en", "pages": "127.0.0.1:8000", "door": "127.0.0.1:9000"}


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--unit", required=True, help="id of the unit in the directory, as in ilecu-rs")
    parser.add_argument("--zone", help="time zone (the unit's own)")
    parser.add_argument("--language", help="language of the pages before an officer signs in (en)")
    parser.add_argument("--pages", help="where the pages listen (127.0.0.1:8000)")
    parser.add_argument("--door", help="where the peers' door listens (127.0.0.1:9000)")
    parser.add_argument("--endpoint", help="how peers reach the door, as in https://ilex.example.org:9000")
    parser.add_argument("--public", help="how officers reach the pages, when a proxy stands before them")
    parser.add_argument("--practice", action="store_true", default=None, help="the program answers by itself")


NAMES = ("unit", "zone", "language", "pages", "door", "endpoint", "public", "practice")


def make(words: Sequence[str]) -> None:
    """Write down the node that the words of the command ask for. An error leaves everything as it was."""
    parser = CommandParser(prog="ilex init")
    arguments(parser)
    options = vars(parser.parse_args(words))
    given = {name: options[name] for name in NAMES if options[name] is not None}
    zones = known_units()
    if given["unit"] not in zones:
        raise NodeError(f"the directory knows no unit {given['unit']!r}. It knows: {', '.join(sorted(zones))}.")
    folder = node.here().folder  # reads the environment, and says what is wrong with it
    _reach_database()
    foundation.make(folder, given, {**STANDARD, "zone": zones[given["unit"]] or "UTC"})


def known_units() -> dict[str, str]:
    """Every unit of the directory with its time zone.

    Read from the files as they are: the directory's own reader needs Django, and there are no settings yet.
    """
    zones: dict[str, str] = {}
    units: dict[str, str] = {}
    for path in sorted(DIRECTORY.rglob("*.toml")):
        file = tomllib.loads(path.read_text(encoding="utf-8"))
        zones |= {place["code"]: place.get("zone", "") for place in file.get("places", [])}
        units |= {one["id"]: one.get("place", "") for one in file.get("organisations", []) if one["kind"] == "unit"}
    return {unit: zones.get(place, "") for unit, place in units.items()}


def _reach_database() -> None:
    if url := os.environ.get("DATABASE_URL"):
        try:
            psycopg.connect(url, connect_timeout=10).close()
        except psycopg.OperationalError as error:
            raise NodeError(f"the database does not answer: {str(error).splitlines()[0]}") from error
