"""When an activity is, on the clock of its place and on the officer's own."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

from ilex.programme.models import Activity
from ilex.programme.rules.hours import on_the_clock


def zone_of(activity: Activity) -> str:
    """Whose clock it goes by: its own, or that of its place, or ours."""
    return activity.zone or (activity.place.zone if activity.place else "") or settings.TIME_ZONE


def hours_there(activity: Activity) -> str:
    """09:00–17:00 EET (Europe/Chisinau). Empty where no hours are known."""
    return span(activity.starts_at, activity.ends_at, zone_of(activity), named=True)


def hours_here(activity: Activity) -> str:
    """The same on our clock; empty where it shows the same, or no hours are known."""
    begins = activity.starts_at
    if begins is None or not _differ(begins, zone_of(activity)):
        return ""
    words = span(begins, activity.ends_at, settings.TIME_ZONE)
    return gettext("%(hours)s on our clock") % {"hours": words}


def hours_on(activity: Activity, day: date) -> str:
    """What of its hours lies on this day, on both clocks: from 09:00 EET · from 08:00 CET."""
    zone = zone_of(activity)
    if activity.starts_at is None or activity.ends_at is None:
        return ""
    words = [_part_on(activity.starts_at, activity.ends_at, zone, day)]
    if words[0] and _differ(activity.starts_at, zone):
        words.append(_part_on(activity.starts_at, activity.ends_at, settings.TIME_ZONE, day))
    return " · ".join(filter(None, words))


def _part_on(begins: datetime, ends: datetime, zone: str, day: date) -> str:
    first, last = on_the_clock(begins, zone), on_the_clock(ends, zone)
    if first.date() == day == last.date():
        return span(begins, ends, zone)
    if first.date() == day:
        return gettext("from %(hour)s") % {"hour": f"{first:%H:%M} {_abbreviation(first)}"}
    if last.date() == day:
        return gettext("until %(hour)s") % {"hour": f"{last:%H:%M} {_abbreviation(last)}"}
    return ""


def span(begins: datetime | None, ends: datetime | None, zone: str, *, named: bool = False) -> str:
    """Hours on the clock of a zone; with their days where it ends on another day than it begins."""
    if begins is None:
        return ""
    first = on_the_clock(begins, zone)
    last = on_the_clock(ends, zone) if ends else first
    if last.date() == first.date():
        text = f"{first:%H:%M}–{last:%H:%M} {_abbreviation(last)}" if ends else f"{first:%H:%M} {_abbreviation(first)}"
    else:
        # Translators: PHP-style date pattern, day before month or as your language writes it; 24 hours.
        pattern = pgettext("pattern of a moment", "j M Y, H:i")
        text = (
            f"{date_format(first, pattern)} {_abbreviation(first)} – {date_format(last, pattern)} {_abbreviation(last)}"
        )
    return f"{text} ({zone})" if named else text


def _abbreviation(at: datetime) -> str:
    """EET; a zone without letters of its own is named by how far it is from UTC."""
    name = at.strftime("%Z")
    return f"UTC{name}" if name[:1] in "+-" else name


def _differ(at: datetime, zone: str) -> bool:
    return at.astimezone(ZoneInfo(zone)).utcoffset() != at.astimezone(ZoneInfo(settings.TIME_ZONE)).utcoffset()
