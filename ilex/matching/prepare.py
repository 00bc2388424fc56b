"""Takes facts apart once: names into parts with their forms, dates and identifiers into what can be compared."""

from __future__ import annotations

from functools import lru_cache

from ilex.matching import organisations
from ilex.matching.facts import Facts, Name, Part, Prepared
from ilex.matching.parts import joined, part, runs, usual, words
from ilex.matching.roles import roles
from ilex.words import identifiers
from ilex.words.dates import PartialDate

MOST_NAMES = 50
MOST_PLACES = 20
MOST_DATES = 20
MOST_IDENTIFIERS = 100
PERSONS = ("", "person")


def prepare(facts: Facts, *, kind: str = "") -> Prepared:
    """Never raises for what a stranger wrote: what cannot be read is left out.

    Names are read as those of `kind` where it is given: of what the facts are compared with.
    """
    person = (kind or facts.kind) in PERSONS
    names = [name_of(text, person=person) for text in facts.names[:MOST_NAMES]]
    weak = facts.weak_names[: MOST_NAMES - len(names)]
    names += [name_of(text, person=person)._replace(weak=True) for text in weak]
    return Prepared(
        facts=facts,
        names=tuple(name for name in names if name.parts),
        born=tuple(found for text in facts.born[:MOST_DATES] if (found := date_of(text))),
        identifiers=tuple(numbers_of(facts)) if facts.identifiers else (),
        places=tuple(_name(text, person=False) for text in facts.places[:MOST_PLACES]),
        person=person,
    )


def name_of(text: str, *, person: bool) -> Name:
    """A name of a person, or of a firm or thing."""
    name = _name(text, person=person)
    return name if person or not name.parts else _of_firm(name)


def _name(text: str, *, person: bool) -> Name:
    if person and (parts := _of_usual(text)):
        return Name(text, parts)
    found = joined(words(text)) if person else words(text, person=False)
    doing = roles([word.plain for word in found], person=person)
    parts = tuple(part(word.written, word.plain, role) for word, role in zip(found, doing, strict=True))
    return Name(text, parts)


def _of_usual(text: str) -> tuple[Part, ...]:
    """The parts, where none of them depends on another: the same as the long way gives. Else none."""
    parts = []
    for run in runs(text):
        found = usual(run)
        if found is None:
            return ()
        parts.append(found)
    return tuple(parts)


def _of_firm(name: Name) -> Name:
    """Legal forms may be of several words, abbreviations of several letters: they are known only by the whole name."""
    return name._replace(parts=organisations.firm(name).parts)


@lru_cache(maxsize=2**15)
def date_of(text: str) -> PartialDate | None:
    try:
        return PartialDate.parse(text)
    except ValueError:
        return None


def numbers_of(facts: Facts) -> list[tuple[str, str]]:
    found = []
    for kind, text, country in facts.identifiers[:MOST_IDENTIFIERS]:
        try:
            found.append((kind, identifiers.clean(kind, text, country)))
        except (identifiers.Wrong, KeyError, ValueError):
            continue
    return list(dict.fromkeys(found))
