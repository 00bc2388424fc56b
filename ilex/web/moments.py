"""Moments and lengths of time in words. Pure: the moment that is "now" is handed in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext, ngettext, pgettext

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
KEPT = 4_096  # texts of each kind, which name nobody: a list that renews itself writes the same ones again and again
NEAR = 8 * HOUR  # the shortest legal limit: whatever is nearer than this wants an eye on it


def words_left(due: datetime, at: datetime, *, long: bool = False) -> str:
    """How far away a deadline is: "2 h 41 min left", "overdue by 3 d 4 h". `long` writes the units out."""
    length = due - at
    if timedelta(0) <= length < MINUTE:
        return gettext("due now")
    if length >= MINUTE:
        return gettext("%(length)s left") % {"length": words_of(length, long=long)}
    if -length < MINUTE:
        return gettext("overdue")
    return gettext("overdue by %(length)s") % {"length": words_of(-length, long=long)}


def words_of(length: timedelta, *, long: bool = False) -> str:
    """The two largest units of a length, cut and not rounded: nobody is shown more time than there is."""
    return _words(get_language(), length // MINUTE, long)


@lru_cache(KEPT)
def _words(_language: str | None, minutes: int, long: bool) -> str:
    """In the active language, which is told so that what is kept in one is not shown in another."""
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    name = _long if long else _short
    counted = [(days, "d"), (hours, "h")] if days else [(hours, "h"), (minutes, "min")]
    told = [name(number, unit) for number, unit in counted if number]
    return " ".join(told) or name(0, "min")


def nearness(due: datetime, at: datetime) -> str:
    """ "overdue", "near" or "far": which look and which list a deadline belongs to."""
    if due < at:
        return "overdue"
    return "near" if due - at <= NEAR else "far"


def moment_text(value: datetime) -> str:
    """Local time with its zone: "21 Nov 2026, 14:32 CET"."""
    here = localtime(value)
    return f"{_minute(here)} {here.tzname()}"


def utc_text(value: datetime) -> str:
    return f"{_minute(value.astimezone(UTC))} UTC"


def _minute(value: datetime) -> str:
    return _date_and_time(get_language(), value.replace(second=0, microsecond=0, tzinfo=None))


@lru_cache(KEPT)
def _date_and_time(_language: str | None, value: datetime) -> str:
    # Translators: PHP-style date pattern, day before month or as your language writes it; 24 hours.
    return date_format(value, pgettext("pattern of a moment", "j M Y, H:i"))


def _short(number: int, unit: str) -> str:
    if unit == "d":
        return pgettext("short for days", "%(number)d d") % {"number": number}
    if unit == "h":
        return pgettext("short for hours", "%(number)d h") % {"number": number}
    return pgettext("short for minutes", "%(number)d min") % {"number": number}


def _long(number: int, unit: str) -> str:
    if unit == "d":
        return ngettext("%(number)d day", "%(number)d days", number) % {"number": number}
    if unit == "h":
        return ngettext("%(number)d hour", "%(number)d hours", number) % {"number": number}
    return ngettext("%(number)d minute", "%(number)d minutes", number) % {"number": number}
