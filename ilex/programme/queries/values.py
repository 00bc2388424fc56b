"""Amounts, quantities, lengths of time and values of claims in the words of the active language."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import get_language, gettext, ngettext, pgettext

from ilex.programme.kinds import ActionStatus
from ilex.programme.queries.people import Named, Names, in_words
from ilex.programme.rules.themes import funding_name
from ilex.words import amounts
from ilex.words.periods import Duration
from ilex.words.quantities import Comparator, Quantity

NAME_OF = "name-of:"


def language() -> str:
    return get_language() or "en"


def not_stated() -> str:
    """Said for what no source states: never zero, never a dash alone."""
    return gettext("not stated")


def money(value: Decimal | None, currency: str) -> str:
    """EUR 154,894.95 as the language writes it; “not stated” for an unknown one."""
    if value is None:
        return not_stated()
    return f"{currency} {number_format(value, 2, use_l10n=True, force_grouping=True)}"


def total_words(total: amounts.Total) -> str:
    """EUR 1,000.00 and CHF 2.00; not stated for 1 more. Empty where there is nothing to add up."""
    known = gettext(" and ").join(money(value, currency) for currency, value in sorted(total.sums.items()))
    if not total.unknown:
        return known
    rest = ngettext("not stated for %(count)d", "not stated for %(count)d", total.unknown) % {"count": total.unknown}
    return f"{known}; {rest}" if known else rest


def quantity(text: str) -> str:
    """>70 people as “over 70 people”. Empty for none."""
    if not text:
        return ""
    read = Quantity.parse(text)
    places = -int(read.value.as_tuple().exponent)
    number = number_format(read.value, max(places, 0), use_l10n=True, force_grouping=True)
    return _comparing()[read.comparator] % {"number": f"{number} {read.unit}".rstrip()}


def _comparing() -> Mapping[Comparator, str]:
    return {
        Comparator.EXACTLY: "%(number)s",
        Comparator.ABOUT: pgettext("quantity", "about %(number)s"),
        Comparator.NEARLY: pgettext("quantity", "nearly %(number)s"),
        Comparator.OVER: pgettext("quantity", "over %(number)s"),
        Comparator.AT_LEAST: pgettext("quantity", "at least %(number)s"),
        Comparator.UNDER: pgettext("quantity", "under %(number)s"),
        Comparator.UP_TO: pgettext("quantity", "up to %(number)s"),
    }


def duration(text: str) -> str:
    """P8M as “8 months”. Empty for none."""
    if not text:
        return ""
    read = Duration.parse(text)
    words = {
        "day": ngettext("%(count)d day", "%(count)d days", read.count),
        "week": ngettext("%(count)d week", "%(count)d weeks", read.count),
        "month": ngettext("%(count)d month", "%(count)d months", read.count),
        "year": ngettext("%(count)d year", "%(count)d years", read.count),
    }
    return words[read.unit] % {"count": read.count}


def field_name(field: str, names: Names) -> str:
    """What a claim is about: Budget, Period, Name of North Macedonia."""
    if field.startswith(NAME_OF):
        return gettext("Name of %(name)s") % {"name": _named(field.removeprefix(NAME_OF), names).text}
    return fields().get(field, field)


def fields() -> dict[str, str]:
    """The fields on which sources may differ, as people call them."""
    return {
        "title": pgettext("heading", "Title"),
        "when": gettext("Period"),
        "place": gettext("Place"),
        "budget": gettext("Budget"),
        "funding-line": gettext("Funding line"),
        "capacity": gettext("Places for participants"),
        "status": gettext("Status"),
    }


def claimed(field: str, value: str, names: Names) -> str:
    """The value of a claim as people read it; one that cannot be read stays as it is."""
    try:
        match field:
            case "when":
                return in_words(value, names.language)
            case "place":
                return names.place(value).text
            case "budget":
                read = amounts.read(value)
                return money(read.value, read.currency)
            case "funding-line":
                return funding_name(value)
            case "status":
                return str(ActionStatus(value).label)
            case "capacity":
                return quantity(value)
    except ValueError:
        pass
    return value


def _named(code: str, names: Names) -> Named:
    return names.place(code) if code in names.places else names.organisation(code)
