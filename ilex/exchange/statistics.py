"""The yearly statistics of Directive (EU) 2023/977 Art. 18, and what a head of unit wants to know besides.

Computed from the records alone: the same records give the same figures. A request that a person judged to be the
same as an earlier one counts once; information sent unasked is no request.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ilex.exchange.models import Way
from ilex.exchange.queries.reading import channel_name
from ilex.units import queries as units
from ilex.units.models import Organisation

FIRST_YEAR, LAST_YEAR = 2000, 2100


class BadYear(ValueError):
    """One sentence: for this year nothing can be counted."""


@dataclass(frozen=True)
class Submitted:
    """Art. 18(a)"""

    unit: str
    name: str
    requests: int
    inquiries: int  # one inquiry to three units is three requests


@dataclass(frozen=True)
class Dealt:
    """Art. 18(b): requests received and requests answered in the year, by requesting state."""

    state: str
    received_urgent: int
    received_other: int
    answered_urgent: int
    answered_other: int


@dataclass(frozen=True)
class RefusedBy:
    """Art. 18(c): requests in which this ground was used, as a whole and in part."""

    state: str
    ground: str
    whole: int
    part: int


@dataclass(frozen=True)
class Exceeded:
    """Art. 18(d): the limit was exceeded because a judicial authorisation was awaited."""

    state: str
    requests: int


@dataclass(frozen=True)
class Speed:
    """Our own measure: how fast we settled what came in, how fast others settled what we asked."""

    way: str
    channel: str
    partner: str
    settled: int
    on_time: int
    median_seconds: float | None

    @property
    def share(self) -> int:
        """On time, in per cent, rounded down."""
        return self.on_time * 100 // self.settled if self.settled else 0


@dataclass(frozen=True)
class Table:
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]


@dataclass(frozen=True)
class Statistics:
    year: int
    zone: str
    made_at: datetime
    journal_size: int  # lines of the journal at that moment
    left_out: int  # received requests judged to be the same as earlier ones
    submitted: tuple[Submitted, ...]
    dealt: tuple[Dealt, ...]
    refused: tuple[RefusedBy, ...]
    exceeded: tuple[Exceeded, ...]
    speed: tuple[Speed, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        names = _names()
        return (
            Table(
                _("Requests submitted (a)"),
                (_("Submitted by"), _("Requests"), _("Inquiries")),
                tuple((one.name, one.requests, one.inquiries) for one in self.submitted),
            ),
            Table(
                _("Requests received and answered (b)"),
                (
                    _("Requesting state"),
                    _("Received, urgent"),
                    _("Received, not urgent"),
                    _("Answered, urgent"),
                    _("Answered, not urgent"),
                ),
                tuple(
                    (
                        names.get(one.state, one.state),
                        one.received_urgent,
                        one.received_other,
                        one.answered_urgent,
                        one.answered_other,
                    )
                    for one in self.dealt
                ),
            ),
            Table(
                _("Requests refused (c)"),
                (_("Requesting state"), _("Ground"), _("Whole"), _("In part")),
                tuple((names.get(one.state, one.state), one.ground, one.whole, one.part) for one in self.refused),
            ),
            Table(
                _("Limit exceeded because of judicial authorisation (d)"),
                (_("Requesting state"), _("Requests")),
                tuple((names.get(one.state, one.state), one.requests) for one in self.exceeded),
            ),
            Table(
                _("Time to settle"),
                (
                    _("Direction"),
                    _("Channel"),
                    _("Partner"),
                    _("Settled"),
                    _("On time"),
                    _("On time, per cent"),
                    _("Median hours"),
                ),
                tuple(
                    (
                        str(Way(one.way).label),
                        channel_name(one.channel) if one.channel else "",
                        names.get(one.partner, ""),
                        one.settled,
                        one.on_time,
                        one.share,
                        _hours(one.median_seconds),
                    )
                    for one in self.speed
                ),
            ),
        )

    def rows(self) -> Iterable[Sequence[str | int]]:
        """All tables one below the other, for a CSV file."""
        yield ("year", self.year, "computed", self.made_at.astimezone(UTC).isoformat(timespec="seconds"))
        yield ("journal lines", self.journal_size, "left out as duplicates", self.left_out)
        for table in self.tables:
            yield ()
            yield (table.title,)
            yield table.heads
            yield from table.rows

    def as_dict(self) -> dict[str, Any]:
        """For JSON: the same figures under fixed English names."""
        found = asdict(self)
        found["made_at"] = self.made_at.astimezone(UTC).isoformat(timespec="seconds")
        for one, speed in zip(found["speed"], self.speed, strict=True):
            one["median_seconds"] = None if speed.median_seconds is None else round(speed.median_seconds)
            one["on_time_percent"] = speed.share
        found["source"] = "Directive (EU) 2023/977 Art. 18"
        return found


def _hours(seconds: float | None) -> str:
    return "" if seconds is None else f"{seconds / 3600:.1f}"


def _names() -> dict[str, str]:
    """Of states in the reader's language, and of organisations: a partner without a state stands for itself."""
    places = units.place_names(get_language() or "en")
    organisations = dict(Organisation.objects.values_list("pk", "name"))
    return {**organisations, **{code: name.text for code, name in places.items()}}


def yearly(year: int, zone: str = "", at: datetime | None = None) -> Statistics:
    """The figures of one calendar year in `zone` (else the unit's own). Raises BadYear."""
    at = at or now()
    if not FIRST_YEAR <= year <= LAST_YEAR or year > at.year + 1:
        raise BadYear(_("There are no statistics for the year %(year)s.") % {"year": year})
    here = units.here()
    zone = zone or (here.place.zone if here.place and here.place.zone else "UTC")
    found = _figures(since=_begin(year, zone), until=_begin(year + 1, zone), at=at)
    return Statistics(
        year=year,
        zone=zone,
        made_at=at,
        journal_size=found["journal_size"],
        left_out=found["left_out"],
        submitted=tuple(Submitted(**row) for row in found["submitted"]),
        dealt=tuple(Dealt(**row) for row in found["dealt"]),
        refused=tuple(RefusedBy(**row) for row in found["refused"]),
        exceeded=tuple(Exceeded(**row) for row in found["exceeded"]),
        speed=tuple(Speed(**row) for row in found["speed"]),
    )


def _begin(year: int, zone: str) -> datetime:
    return datetime(year, 1, 1, tzinfo=ZoneInfo(zone))


def _figures(**facts: datetime) -> dict[str, Any]:
    """All figures from one statement: they stem from one state of the records."""
    tables = ", ".join(f"'{name}', ({_as_list(query)})" for name, query in TABLES.items())
    counts = ", ".join(f"'{name}', ({query})" for name, query in COUNTS.items())
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {RECEIVED} SELECT json_build_object({tables}, {counts})", facts)
        (found,) = cursor.fetchone()
    return cast(dict[str, Any], json.loads(found) if isinstance(found, str) else found)


def _as_list(query: str) -> str:
    return f"SELECT coalesce(json_agg(row_to_json(figures)), '[]') FROM ({query}) AS figures"  # noqa: S608


# Nothing below takes text from outside: the moments are parameters.
RECEIVED = """
    received AS (
        SELECT request.*, coalesce(requesting_place_id, partner_id) AS state_code
        FROM exchange_request AS request
        WHERE kind = 'request' AND way = 'in' AND NOT EXISTS (
            SELECT FROM exchange_twin WHERE request_id = request.id AND judgement = 'same'
        )
    )
"""
COUNTS = {
    "journal_size": "SELECT count(*) FROM journal_line",
    "left_out": """
        SELECT count(DISTINCT request.id) FROM exchange_request AS request
        JOIN exchange_twin AS twin ON twin.request_id = request.id AND twin.judgement = 'same'
        WHERE way = 'in' AND received_at >= %(since)s AND received_at < %(until)s
    """,
}
TABLES = {
    "submitted": """
        SELECT submitted_by_id AS unit, name, count(*) AS requests, count(DISTINCT inquiry) AS inquiries
        FROM exchange_request AS request JOIN units_organisation AS unit ON unit.id = submitted_by_id
        WHERE request.kind = 'request' AND way = 'out' AND made_at >= %(since)s AND made_at < %(until)s
        GROUP BY submitted_by_id, name ORDER BY submitted_by_id
    """,
    "dealt": """
        SELECT state_code AS state,
            count(*) FILTER (WHERE came AND urgency <> '') AS received_urgent,
            count(*) FILTER (WHERE came AND urgency = '') AS received_other,
            count(*) FILTER (WHERE answered AND urgency <> '') AS answered_urgent,
            count(*) FILTER (WHERE answered AND urgency = '') AS answered_other
        FROM (
            SELECT state_code, urgency,
                received_at >= %(since)s AND received_at < %(until)s AS came,
                coalesce(settled_as = 'answered' AND settled_at >= %(since)s AND settled_at < %(until)s, false)
                    AS answered
            FROM received
        ) AS counted
        WHERE came OR answered GROUP BY state_code ORDER BY state_code
    """,
    "refused": """
        SELECT state_code AS state, ground,
            count(DISTINCT received.id) FILTER (WHERE refused_part = '') AS whole,
            count(DISTINCT received.id) FILTER (WHERE refused_part <> '') AS part
        FROM received
        JOIN exchange_entry AS entry ON entry.request_id = received.id
        CROSS JOIN LATERAL unnest(grounds) AS ground
        WHERE entry.way = 'out' AND entry.recalled_at IS NULL AND entry.kind IN ('refusal', 'answer')
            AND entry.at >= %(since)s AND entry.at < %(until)s
        GROUP BY state_code, ground ORDER BY state_code, ground
    """,
    "exceeded": """
        SELECT state_code AS state, count(*) AS requests FROM received
        WHERE judicial_until IS NOT NULL
            AND limit_at >= %(since)s AND limit_at < %(until)s
            AND coalesce(settled_at, recalled_at, closed_at, %(at)s) > limit_at
        GROUP BY state_code ORDER BY state_code
    """,
    "speed": """
        SELECT way, coalesce(channel, '') AS channel, coalesce(partner_id, '') AS partner, count(*) AS settled,
            count(*) FILTER (WHERE settled_at <= due_at) AS on_time,
            percentile_cont(0.5) WITHIN GROUP (
                ORDER BY extract(epoch FROM settled_at - coalesce(received_at, made_at) - suspended)
            ) AS median_seconds
        FROM (
            SELECT way, channel, partner_id, settled_at, due_at, received_at, made_at, suspended FROM received
            UNION ALL
            SELECT way, channel, partner_id, settled_at, due_at, received_at, made_at, suspended
            FROM exchange_request WHERE kind = 'request' AND way = 'out'
        ) AS dealt_with
        WHERE settled_at >= %(since)s AND settled_at < %(until)s
        GROUP BY GROUPING SETS ((way), (way, channel, partner_id))
        ORDER BY way, channel NULLS FIRST, partner_id NULLS FIRST
    """,
}


def median_answer_times(at: datetime | None = None, days: int = 90) -> dict[str, timedelta]:
    """For each partner, how long its answers to our requests took lately: what the network board shows."""
    since = (at or now()) - timedelta(days=days)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT partner_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY settled_at - received_at - suspended)"
            " FROM exchange_request WHERE kind = 'request' AND way = 'out' AND received_at >= %s"
            " AND settled_at IS NOT NULL GROUP BY partner_id",
            [since],
        )
        return dict(cursor.fetchall())
