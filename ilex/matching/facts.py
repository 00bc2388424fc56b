"""What is known of one record or asked in one query, and the same taken apart for comparing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from ilex.words.dates import PartialDate


@dataclass(frozen=True, slots=True)
class Facts:
    """What can be compared, as it was written. Holds nothing that only identifies the record."""

    kind: str = ""  # of ilex.words.kinds: person, organisation, vehicle, ...; empty: not known
    names: tuple[str, ...] = ()  # the best first
    weak_names: tuple[str, ...] = ()  # nicknames and aliases of low worth: find, and weigh less
    born: tuple[str, ...] = ()  # partial dates; of an organisation when it was founded
    countries: tuple[str, ...] = ()  # ISO 3166-1 of two letters: nationality, registration
    sex: str = ""  # "m", "f", or empty
    places: tuple[str, ...] = ()  # of birth, of seat, addresses: as written
    identifiers: tuple[tuple[str, str, str], ...] = ()  # (type of ilex.words.identifiers, as written, country or "")


class Part(NamedTuple):
    """One word of a name with all the forms by which it is found and compared."""

    written: str  # NFC, as it stood
    plain: str  # lower-case, look-alike letters repaired, its own script
    sound: str  # Latin letters of one spelling; vowels stay
    skeletons: tuple[str, ...]  # consonant classes, the likeliest reading first
    classes: frozenset[int]  # equivalents of the name tables: Aleksandar, Saša, Oleksandr
    role: str = ""  # "", particle, initial, patronymic, title, number, joined; of organisations legal (form), generic


class Name(NamedTuple):
    written: str
    parts: tuple[Part, ...]
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Prepared:
    """Facts taken apart once; then compared and looked up many times."""

    facts: Facts
    names: tuple[Name, ...]
    born: tuple[PartialDate, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()  # (type, compact form); what cannot be of its type is left out
    places: tuple[Name, ...] = field(default=())
    person: bool = True  # names were read as those of a person, not of a firm or thing
