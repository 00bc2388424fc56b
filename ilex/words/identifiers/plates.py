"""Registration plates: one spelling for every script, and whether a plate looks as its state makes them."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ilex.words import law, tables
from ilex.words.entries import Entry, LawError
from ilex.words.identifiers.letters import compact
from ilex.words.identifiers.wrong import N_, Wrong


@dataclass(frozen=True, kw_only=True)
class PlateForm(Entry):
    """How the plates of a state look; the code is the state's."""

    forms: tuple[str, ...]  # regular expressions of the compact form
    examples: tuple[str, ...]


@dataclass(frozen=True)
class PlateList:
    __pydantic_config__ = tables.STRICT
    plates: tuple[PlateForm, ...]


def plate(text: str, country: str = "") -> str:
    found = compact(text, country)
    if not 2 <= len(found) <= 12:
        raise Wrong(N_("A plate has 2 to 12 letters and digits."))
    return found


def plate_doubt(found: str, country: str = "") -> str:
    """Diplomats', soldiers', temporary and chosen plates look otherwise too: a doubt, no more."""
    form = _forms(os.environ.get("ILEX_LAW", "")).get(country)
    if form is None or any(one.fullmatch(found) for one in form):
        return ""
    return N_("Ordinary plates of this country look otherwise.")


@cache
def _forms(theirs: str) -> dict[str, tuple[re.Pattern[str], ...]]:
    path = law.files(Path(theirs) if theirs else None)["plates.toml"]
    lines = tables.read(path, PlateList, name="plates.toml", error=LawError).plates
    tables.once("plates.toml", "the state", (line.code for line in lines), LawError)
    return {line.code: tuple(re.compile(form, re.ASCII) for form in line.forms) for line in lines}
