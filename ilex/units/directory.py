"""Reads the directory's files and checks what no single entry can answer. Nothing is written here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import NoReturn
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ilex.units.entries import AgreementRow, DirectoryError, DirectoryFile, Members, Names, OrganisationRow, PlaceRow
from ilex.units.kinds import NameStyle, OrganisationKind, PlaceKind
from ilex.words import law, tables

__all__ = ["OURS", "Directory", "DirectoryError", "known_units", "read_directory"]

OURS = Path(__file__).parent / "data"

Fail = Callable[[str], NoReturn]


@dataclass(frozen=True)
class Directory:
    """All entries by their codes, and the file in which each stands."""

    places: dict[str, PlaceRow] = field(default_factory=dict)
    organisations: dict[str, OrganisationRow] = field(default_factory=dict)
    agreements: dict[str, AgreementRow] = field(default_factory=dict)
    files: dict[tuple[str, str], str] = field(default_factory=dict)

    def fail(self, what: str, code: str, sentence: str) -> NoReturn:
        raise DirectoryError(f"{self.files[what, code]}, {what} {code!r}: {sentence}")


def read_directory(folder: Path = OURS) -> Directory:
    """Read and check the whole directory. Raises DirectoryError for the first thing that is wrong."""
    directory = Directory()
    paths = sorted(folder.rglob("*.toml"))
    if not paths:
        raise DirectoryError(f"There are no directory files in {folder}.")
    for path in paths:
        _take(directory, path, str(path.relative_to(folder)))
    for place in directory.places.values():
        _check_place(directory, place)
    for organisation in directory.organisations.values():
        _check_organisation(directory, organisation)
    for agreement in directory.agreements.values():
        _check_agreement(directory, agreement)
    return directory


def known_units() -> dict[str, str]:
    """The id of every unit in the shipped directory and its time zone ("" without a place). Needs no database."""
    directory = read_directory()
    return {
        one.id: directory.places[one.place].zone if one.place else ""
        for one in directory.organisations.values()
        if one.kind == OrganisationKind.UNIT
    }


def _take(directory: Directory, path: Path, name: str) -> None:
    file = tables.read(path, DirectoryFile, name=name, error=DirectoryError)
    for place in file.places:
        _note(directory, "place", place.code, name)
        directory.places[place.code] = place
    for organisation in file.organisations:
        _note(directory, "organisation", organisation.id, name)
        directory.organisations[organisation.id] = organisation
    for agreement in file.agreements:
        _note(directory, "agreement", agreement.id, name)
        directory.agreements[agreement.id] = agreement


def _note(directory: Directory, what: str, code: str, name: str) -> None:
    if (what, code) in directory.files:
        directory.fail(what, code, f"stands again in {name}.")
    directory.files[what, code] = name


def _check_once(keys: Iterable[tuple[object, ...]], fail: Fail) -> None:
    seen = set[tuple[object, ...]]()
    for key in keys:
        if key in seen:
            fail(f"{', '.join(str(part) for part in key if part)} stands twice.")
        seen.add(key)


def _check_place(directory: Directory, place: PlaceRow) -> None:
    def fail(sentence: str) -> NoReturn:
        directory.fail("place", place.code, sentence)

    if place.parent is not None and place.parent not in directory.places:
        fail(f"the parent {place.parent!r} is not in the directory.")
    if place.kind == PlaceKind.GROUP:
        if place.zone:
            fail("a group has no time zone.")
    elif not _is_zone(place.zone):
        fail(f"the time zone {place.zone!r} is not known.")
    elif place.members:
        fail("only a group has members.")
    for rows in place.members:
        for member in rows.places:
            if member not in directory.places:
                fail(f"the member {member!r} is not in the directory.")
        _check_days(rows, fail)
    for names in place.names:
        _check_days(names, fail)
    _check_once(((member, rows.since) for rows in place.members for member in rows.places), fail)
    _check_names(place, fail)


def _check_names(place: PlaceRow, fail: Fail) -> None:
    lasting = [names for names in place.names if names.style == NameStyle.SHORT and names.until is None]
    if not any("en" in names.texts for names in lasting):
        fail("there is no short English name of today.")
    texts = ((rows, *name) for rows in place.names for name in rows.texts.items())
    _check_once(((rows.style.value, language, text, rows.since) for rows, language, text in texts), fail)
    for one, other in combinations(place.names, 2):
        twice = one.texts.keys() & other.texts.keys()
        if twice and one.style == other.style != NameStyle.PRINTED and _overlap(one, other):
            fail(f"two {one.style.value} names in {min(twice)!r} hold on the same day.")


def _overlap(one: Names, other: Names) -> bool:
    return (one.since or date.min) < (other.until or date.max) and (other.since or date.min) < (one.until or date.max)


def _check_organisation(directory: Directory, organisation: OrganisationRow) -> None:
    def fail(sentence: str) -> NoReturn:
        directory.fail("organisation", organisation.id, sentence)

    if organisation.place is not None and organisation.place not in directory.places:
        fail(f"the place {organisation.place!r} is not in the directory.")
    for channel in organisation.channels:
        if channel not in {known.code for known in law.channels()}:
            fail(f"the channel {channel!r} is not known.")
    _check_once(((contact.kind.value, contact.value) for contact in organisation.contacts), fail)
    above = set[str]()
    parent = organisation.parent
    while parent is not None:
        if parent not in directory.organisations:
            fail(f"the parent {parent!r} is not in the directory.")
        if parent in above:
            fail("it stands above itself.")
        above.add(parent)
        parent = directory.organisations[parent].parent


def _check_agreement(directory: Directory, agreement: AgreementRow) -> None:
    def fail(sentence: str) -> NoReturn:
        directory.fail("agreement", agreement.id, sentence)

    for party in agreement.parties:
        if party not in directory.places:
            fail(f"the party {party!r} is not in the directory.")
    _check_once(((party,) for party in agreement.parties), fail)
    if agreement.profile not in {profile.code for profile in law.profiles()}:
        fail(f"there is no legal profile {agreement.profile!r}.")
    _check_days(agreement, fail)


def _check_days(row: Names | Members | AgreementRow, fail: Fail) -> None:
    if row.since and row.until and row.since >= row.until:
        fail(f"{row.since} is not before {row.until}.")


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
