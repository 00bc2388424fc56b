"""What a file says of one record, gathered value by value into facts."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date as day
from functools import lru_cache
from itertools import islice, product

from ilex.holdings.files.bounds import MOST_KEPT, NO_COUNTRY, NO_DATE, NO_SEX, NOTHING, Bad
from ilex.matching.facts import Facts
from ilex.words.countries import alpha2
from ilex.words.dates import PartialDate

ONE_NAME = ("given", "second", "father", "family")  # in the order of writing; put together where no whole name is
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]", re.ASCII)
WRITTEN = re.compile(r"([0-9]{1,4})[./\- ]+([0-9]{1,2})[./\- ]+([0-9]{1,4})\.?", re.ASCII)
PUT_TOGETHER = 4  # names of one record
SEXES = {"m": "m", "male": "m", "f": "f", "female": "f", "other": "", "": ""}
# Codes that lists write for "several" or "nobody's".
NO_STATE = frozenset({"ZZ", "XX", "XXA", "XXB", "XXC", "XXX", "GLOBAL", "QO", "UTO"})


class Said:
    """Fields: name, weak, given, second, father, family, born, country, sex, place, and `id:` with a type."""

    def __init__(self, kind: str = "") -> None:
        self.kind = kind
        self.sex = ""
        self._said: dict[str, dict[str, None]] = defaultdict(dict)
        self._numbers: dict[tuple[str, str], None] = {}

    def add(self, field: str, value: str, column: str, order: str = "") -> None:
        """Take a value that is text already. Raises Bad."""
        if not value:
            return
        if field.startswith("id:"):
            self._numbers[field[3:], value] = None
            return
        match field:
            case "born":
                value = date(value, column, order)
            case "country":
                value = country(value, column)
            case "sex":
                self.sex = sex(value, column) or self.sex
                return
        if value:
            self._said[field][value] = None

    def facts(self) -> Facts:
        """Raises Bad when nothing is said by which it could be found."""
        said = {field: tuple(values)[:MOST_KEPT] for field, values in self._said.items()}
        names = said.get("name") or self._put_together()
        weak, countries = said.get("weak", ()), said.get("country", ())
        numbers = tuple(self._numbers)[:MOST_KEPT]
        if not names and not weak and not numbers:
            raise Bad("", NOTHING)
        near = countries[0] if len(countries) == 1 else ""
        return Facts(
            kind=self.kind,
            names=names,
            weak_names=tuple([name for name in weak if name not in names]) if weak else (),
            born=said.get("born", ()),
            countries=countries,
            sex=self.sex,
            places=said.get("place", ()),
            identifiers=tuple([(type, number, near) for type, number in numbers]) if numbers else (),
        )

    def _put_together(self) -> tuple[str, ...]:
        """Names of their parts, where no whole name is said; each part may be written in several ways."""
        parts = [list(self._said[field]) for field in ONE_NAME if field in self._said]
        if not parts or not {"given", "family"} & self._said.keys():
            return ()
        if len({len(ways) for ways in parts}) == 1:
            return tuple(dict.fromkeys(" ".join(one) for one in zip(*parts, strict=True)))
        return tuple(" ".join(one) for one in islice(product(*parts), PUT_TOGETHER))


@lru_cache(maxsize=50_000)
def date(value: str, column: str, order: str = "") -> str:
    """A partial date in its own writing; `order` (day-month-year or month-day-year) reads others. Raises Bad."""
    if _is_day(value):
        return value
    if MOMENT.match(value):
        value = value[:10]
    if order and (found := WRITTEN.fullmatch(value)):
        value = _ordered(found.groups(), order)
    try:
        return str(PartialDate.parse(value))
    except ValueError:
        raise Bad(column, NO_DATE) from None


def _is_day(value: str) -> bool:
    """Whether it is a date as most are written, and as they are kept."""
    try:
        return day.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _ordered(numbers: tuple[str, ...], order: str) -> str:
    if len(numbers[0]) == 4:
        year, month, day = numbers
    elif order == "month-day-year":
        month, day, year = numbers
    else:
        day, month, year = numbers
    return f"{year:0>4}-{month:0>2}-{day:0>2}" if len(year) == 4 else ""


@lru_cache(maxsize=5_000)
def country(value: str, column: str) -> str:
    """The code of two letters; empty for those that lists write for nobody's. Raises Bad."""
    if value.upper() in NO_STATE:
        return ""
    found = alpha2(value)
    if not found:
        raise Bad(column, NO_COUNTRY, code=value[:40])
    return found


def sex(value: str, column: str) -> str:
    found = SEXES.get(value.lower())
    if found is None:
        raise Bad(column, NO_SEX)
    return found
