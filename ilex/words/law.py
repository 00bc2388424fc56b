"""The law as data: profiles and code lists, read once from the files that lawyers keep, each entry with its source.

ILEX_LAW may name a folder laid out like `ilex/words/data`; a file of the same name there replaces ours, a new one
under `profiles/` or `kinds/` adds one.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from itertools import product
from pathlib import Path

from ilex.words import tables
from ilex.words.clock import Warnings, deadline, warnings
from ilex.words.entries import (
    MARKS,
    Access,
    Channel,
    Delay,
    Entry,
    Grade,
    Handling,
    LawError,
    Limit,
    Point,
    Profile,
    Review,
    find,
)

__all__ = [
    "MARKS",
    "Access",
    "Channel",
    "Delay",
    "Entry",
    "Grade",
    "Handling",
    "LawError",
    "Limit",
    "Point",
    "Profile",
    "Review",
    "Warnings",
    "channels",
    "deadline",
    "files",
    "handling",
    "handling_codes",
    "information_grades",
    "offences",
    "profile",
    "profiles",
    "source_grades",
    "use_conditions",
    "use_restrictions",
    "warnings",
]

OURS = Path(__file__).parent / "data"
THEIRS = (Path("profiles"), Path("kinds"))  # folders to which a unit may add files
BUILT_IN = ("eu-2023-977", "fd-2006-960", "bilateral")  # shown first, in this order


@dataclass(frozen=True)
class HandlingList:
    __pydantic_config__ = tables.STRICT
    handling: tuple[Handling, ...]


@dataclass(frozen=True)
class EvaluationList:
    __pydantic_config__ = tables.STRICT
    source: tuple[Grade, ...]
    information: tuple[Grade, ...]


@dataclass(frozen=True)
class OffenceList:
    __pydantic_config__ = tables.STRICT
    offences: tuple[Entry, ...]


@dataclass(frozen=True)
class ChannelList:
    __pydantic_config__ = tables.STRICT
    channels: tuple[Channel, ...]


@dataclass(frozen=True)
class Shelf:
    """All the files as they were read."""

    profiles: Mapping[str, Profile]
    handling: tuple[Handling, ...]
    sources: tuple[Grade, ...]
    information: tuple[Grade, ...]
    offences: tuple[Entry, ...]
    channels: tuple[Channel, ...]


def profile(code: str) -> Profile:
    try:
        return _shelf().profiles[code]
    except KeyError:
        raise LawError(f"There is no legal profile {code!r}.") from None


def profiles() -> tuple[Profile, ...]:
    return tuple(_shelf().profiles.values())


def handling_codes() -> tuple[Handling, ...]:
    return _shelf().handling


def handling(text: str) -> tuple[Handling, ...]:
    """The codes of a handling marking: "H1+H2" is both. Raises LawError for one that is not on the list."""
    return tuple(find(handling_codes(), code, "handling") for code in text.split("+"))


def source_grades() -> tuple[Grade, ...]:
    return _shelf().sources


def information_grades() -> tuple[Grade, ...]:
    return _shelf().information


def offences() -> tuple[Entry, ...]:
    return _shelf().offences


def channels() -> tuple[Channel, ...]:
    return _shelf().channels


def use_conditions() -> tuple[Entry, ...]:
    """Form A, point 7: what the receiver may do with what is supplied."""
    return profile("fd-2006-960").use_conditions


def use_restrictions() -> tuple[Entry, ...]:
    """Form B, part IV: what the requested unit may do with what the request itself says."""
    return profile("fd-2006-960").use_restrictions


def _shelf() -> Shelf:
    return _read_all(os.environ.get("ILEX_LAW", ""))


@cache
def _read_all(theirs: str) -> Shelf:
    found = files(Path(theirs) if theirs else None)

    def read(name: str, form: type[tables.Form]) -> tables.Form:
        return tables.read(found[name], form, name=name, error=LawError)

    evaluation = read("evaluation.toml", EvaluationList)
    shelf = Shelf(
        profiles={name.stem: read(str(name), Profile) for name in _profile_names(found)},
        handling=read("handling.toml", HandlingList).handling,
        sources=evaluation.source,
        information=evaluation.information,
        offences=read("offences.toml", OffenceList).offences,
        channels=read("channels.toml", ChannelList).channels,
    )
    _check(shelf)
    return shelf


def files(theirs: Path | None) -> dict[str, Path]:
    """Which file is read under which name; those of the unit's own folder go before ours."""
    found = {str(path.relative_to(OURS)): path for path in OURS.rglob("*.toml")}
    if theirs is None:
        return found
    if not theirs.is_dir():
        raise LawError(f"ILEX_LAW names {theirs}, which is not a folder.")
    for path in sorted(theirs.rglob("*.toml")):
        name = path.relative_to(theirs)
        if str(name) not in found and name.parent not in THEIRS:
            raise LawError(f"{name} in ILEX_LAW is not a file that Ilex reads.")
        found[str(name)] = path
    return found


def _profile_names(files: dict[str, Path]) -> list[Path]:
    names = [Path(name) for name in files if name.startswith("profiles/")]
    order = {code: place for place, code in enumerate(BUILT_IN)}
    return sorted(names, key=lambda name: (order.get(name.stem, len(order)), name.stem))


def _check(shelf: Shelf) -> None:
    channel_codes = {channel.code for channel in shelf.channels}
    for stem, one in shelf.profiles.items():
        name = f"profiles/{stem}.toml"
        if one.code != stem:
            raise LawError(f"{name}: the code is {one.code!r}; it must be the name of the file.")
        if one.default_channel not in channel_codes:
            raise LawError(f"{name}: the default channel {one.default_channel!r} is not in channels.toml.")
        _check_limits(name, one)
        for what, entries in _lists(one):
            tables.once(name, what, (entry.code for entry in entries), LawError)
    for item in ("handling", "sources", "information", "offences", "channels"):
        tables.once(f"{item}.toml", "the code", (entry.code for entry in getattr(shelf, item)), LawError)


def _check_limits(name: str, one: Profile) -> None:
    for limit in one.limits:
        if bool(limit.hours) == bool(limit.days):
            raise LawError(f"{name}, limits {limit.code!r}: give either 'hours' or 'days'.")
    accesses: tuple[Access, ...] = ("direct", "indirect")
    for urgent, access, listed in product((True, False), accesses, (True, False)):
        if not any(limit.fits(urgent=urgent, access=access, listed=listed) for limit in one.limits):
            raise LawError(f"{name}: no limit for urgent={urgent}, access={access}, listed={listed}.")


def _lists(one: Profile) -> Iterator[tuple[str, tuple[Entry, ...]]]:
    for field in fields(one):
        value = getattr(one, field.name)
        if isinstance(value, tuple):
            yield field.name, value
