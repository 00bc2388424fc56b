"""Who takes part, and when it is, in words: the one place for all pages, papers and feeds."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_interval, format_skeleton
from django.utils.translation import get_supported_language_variant, gettext, override

from ilex.programme.models import Involvement
from ilex.units.models import Organisation, OrganisationName, PlaceName
from ilex.units.queries import place_names
from ilex.words.dates import PartialDate
from ilex.words.edtf import Edge, When

THIN = "\u2009"  # round the dash of a span: searched and read back as a plain blank
DAY_IN_PATTERN = re.compile(r"'[^']*'|d+")


@dataclass(frozen=True)
class Named:
    """Somebody or some place. What the sheet printed goes first; our own name and its footnote stand beside it."""

    text: str  # our name
    printed: str = ""
    footnote: str = ""  # ours, on the name of the place
    code: str = ""  # of the place or organisation; a person has none

    @property
    def shown(self) -> str:
        return self.printed or self.text

    @property
    def ours(self) -> str:
        """Our name where the sheet printed another."""
        return self.text if self.printed and self.printed != self.text else ""


@dataclass(frozen=True)
class Names:
    """Names of places and organisations in one language, read once for all that stands on a page."""

    language: str
    places: Mapping[str, PlaceName]
    organisations: Mapping[str, str]

    @classmethod
    def read(cls, language: str, organisations: Iterable[str] = (), places: Collection[str] | None = None) -> Names:
        """The names of all places, or of these, and of these organisations: three statements."""
        ids = set(organisations)
        names = dict(Organisation.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}
        own = OrganisationName.objects.filter(organisation__in=ids, language=language) if ids else ()
        names |= {one.organisation_id: one.text for one in own}
        return cls(language, place_names(language, codes=places), names)

    @classmethod
    def of(
        cls,
        involvements: Iterable[Involvement],
        language: str,
        organisations: Iterable[str] = (),
        places: Iterable[str | None] | None = None,
    ) -> Names:
        """For `who` of each of these; their persons must be loaded, or each costs a statement. With `places` no others
        are read than these and those of the involvements."""
        persons = [one.person for one in involvements if one.person]
        ids = {
            *organisations,
            *(one.organisation_id for one in involvements),
            *(one.organisation_id for one in persons),
        }
        codes = [one.place_id for one in involvements] + [one.place_id for one in persons]
        wanted = None if places is None else {code for code in (*codes, *places) if code}
        return cls.read(language, filter(None, ids), wanted)

    def place(self, code: str) -> Named:
        name = self.places.get(code)
        return Named(name.text if name else code, footnote=name.footnote if name else "", code=code)

    def organisation(self, id: str) -> Named:
        return Named(self.organisations.get(id, id), code=id)

    def who(self, involvement: Involvement) -> Named:
        """A person is named by function, and with what he belongs to; never by name."""
        one = self._who(involvement)
        return Named(one.text, involvement.printed, one.footnote, one.code)

    def _who(self, involvement: Involvement) -> Named:
        person = involvement.person
        if person is None:
            if involvement.place_id:
                return self.place(involvement.place_id)
            return self.organisation(involvement.organisation_id or "")
        of = self.organisation(person.organisation_id) if person.organisation_id else None
        at = self.place(person.place_id) if person.place_id else None
        parts = [person.function, *(one.text for one in (of, at) if one)]
        return Named(", ".join(parts), footnote=at.footnote if at else "")


def who(involvement: Involvement, language: str) -> Named:
    """For one alone; a page asks `Names.of` once for all its rows."""
    return Names.of([involvement], language).who(involvement)


@lru_cache(4096)
def in_words(when: str, language: str) -> str:
    """An EDTF date or span as people of this language read it: September 2017 to April 2018. Empty when not known.

    Raises ValueError for what is not EDTF.
    """
    read = When.parse(when)
    if not read.known:
        return ""
    page, locale = _tongue(language)
    with override(page):
        if read.end is None:
            return _edge(read.start, locale)
        return _span(read.start, read.end, locale)


def _tongue(language: str) -> tuple[str, Locale]:
    """The page language nearest to this one, and its way to write dates: day before month, also in English."""
    try:
        page = get_supported_language_variant(language)
    except LookupError:
        page = "en"
    special = {"en": "en_GB", "sr": "sr_Cyrl", "sr-latn": "sr_Latn"}
    return page, Locale.parse(special.get(page, page.replace("-", "_")))


def _span(start: Edge, end: Edge, locale: Locale) -> str:
    first, last = _edge(start, locale), _edge(end, locale)
    if start.date is None:
        pattern = gettext("until %(date)s") if start.open else gettext("until %(date)s; its beginning is not known")
        return pattern % {"date": last}
    if end.date is None:
        pattern = gettext("since %(date)s") if end.open else gettext("from %(date)s; its end is not known")
        return pattern % {"date": first}
    if not (start.sureness or end.sureness) and (short := _near(start.date, end.date, locale)):
        return short
    return gettext("%(first)s to %(last)s") % {"first": first, "last": last}


def _near(start: PartialDate, end: PartialDate, locale: Locale) -> str:
    """Two days of one month, or two months of one year, without saying twice what they share."""
    one, other = start.value, end.value
    if start == end:
        return _date(start, locale)
    if start.precision == end.precision == "day" and (one.year, one.month) == (other.year, other.month):
        pattern = DAY_IN_PATTERN.sub(
            lambda found: found[0] if found[0].startswith("'") else f"'{one.day}–'{found[0]}",
            locale.date_formats["long"].pattern,
        )
        return format_date(other, pattern, locale)
    if start.precision == end.precision == "month" and one.year == other.year:
        return format_interval(one, other, "yMMMM", locale=locale).replace(THIN, " ")
    return ""


def _edge(edge: Edge, locale: Locale) -> str:
    if edge.date is None:
        return ""
    patterns = {
        "": "%(date)s",
        "~": gettext("about %(date)s"),
        "?": gettext("perhaps %(date)s"),
        "%": gettext("perhaps about %(date)s"),
    }
    return patterns[edge.sureness] % {"date": _date(edge.date, locale)}


def _date(date: PartialDate, locale: Locale) -> str:
    if date.precision == "year":
        return f"{date.value.year:04d}"
    if date.precision == "month":
        return format_skeleton("yMMMM", date.value, locale=locale)
    return format_date(date.value, "long", locale)
