"""What is checked of a statement of a file before it is a row: as when it is typed, but by the hundred thousand."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache

from django.utils.translation import gettext as _

from ilex.subjects.files.entries import Drawn, Fault, Line
from ilex.subjects.rules import Invalid, checked_value
from ilex.words import kinds

COUNTRIES = ("country", "flag")  # properties of things that say by whose rules their number is read
LANGUAGE_LONGEST = 12
REMEMBERED = 100_000


class Checks:
    """The checks of one import, which remembers as long as it lasts: countries, dates and makes come again."""

    def __init__(self, *, exact: bool) -> None:
        self.exact = exact
        self.kind = cache(kinds.kind)
        self.value_of = lru_cache(maxsize=REMEMBERED)(self._value_of)
        self._name_kinds = {"", *(line.code for line in kinds.name_kinds())}

    def _value_of(
        self, kind: str, category: str, name: str, value: str, name_kind: str, country: str
    ) -> tuple[str, str, str, str]:
        """Special category, value, key and kind of name. Raises Invalid."""
        one, kept, key = checked_value(self.kind(kind), category, name, value, exact=self.exact, country=country)
        if not one.is_name:
            return one.special, kept, key, ""
        if name_kind not in self._name_kinds:
            raise Invalid({"name_kind": _("Choose one from the list.")})
        return one.special, kept, key, name_kind


def check_language(language: str) -> None:
    if not (len(language) <= LANGUAGE_LONGEST and language.replace("-", "").isalnum()):
        raise Invalid({"language": _("Write the language as its code, like sr or ka.")})


def twice(drawn: Drawn, kind: kinds.Kind) -> list[Fault]:
    """Fields that can be filled once and are filled again by the same source."""
    names = [line.property for line in drawn.lines]
    if len(set(names)) == len(names):
        return []
    seen: set[str] = set()
    faults = []
    for line in drawn.lines:
        one = kind.properties.get(line.property)
        if one is None or one.many:
            continue
        if line.property in seen:
            sentence = _("“%(field)s” can be filled once.") % {"field": _(one.text)}
            faults.append(Fault(drawn.row, line.column, sentence))
        seen.add(line.property)
    return faults


def country_of(lines: Iterable[Line]) -> str:
    found = next((line.value for line in lines if line.property in COUNTRIES), "")
    return found.upper() if len(found) == 2 else ""


def column_of(line: Line, name: str) -> str:
    return line.column if name in ("value", "property") else name
