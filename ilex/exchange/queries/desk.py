"""The rows and counts of the desk: one statement for the rows and one each for subjects, receipts and counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ilex.exchange import index
from ilex.exchange.models import BY_TIME_LEFT, OPEN, ClockMove, Entry, Request, State, Subject, Twin, Way
from ilex.exchange.queries.access import visible_requests
from ilex.exchange.queries.reading import channel_sign
from ilex.exchange.queries.steps import NextStep, allowed, awaiting_outcome, next_step
from ilex.exchange.queries.timeline import delivery_words
from ilex.exchange.rules import HALF, LATE, MISSED
from ilex.gate.models import Delivery
from ilex.units.models import Officer, Organisation

SHOWS = (
    *("open", "overdue", "hours", "days", "ours", "theirs", "stopped", "information", "alarms", "unread"),
    *("twins", "mine", "settled"),
)
READ = (  # of a request for its row: its long texts and its words for the search stay where they are
    *("our_ref", "their_ref", "kind", "way", "state", "urgency", "handling", "channel", "submitted_by"),
    *("received_at", "due_at", "stopped_at", "settled_at", "unread_since", "alarm"),
    *("partner__name", "partner__acronym", "partner__place", "owner__name"),
)
MOST = 200  # rows of one page
FARTHEST = 5_000  # nobody pages deeper than this; a filter serves better


@dataclass(frozen=True)
class DeskRow:
    pk: UUID
    ref: str
    their_ref: str
    url: str
    way: str
    urgent: bool
    urgency: str
    partner: str
    partner_name: str
    channel: str
    subject: str
    handling: str
    state: str
    state_text: str
    owner: str
    mine: bool
    due_at: datetime | None
    received_at: datetime | None
    stopped_at: datetime | None
    stopped_by: str
    stopped_reason: str
    settled_at: datetime | None
    delivery: str
    alarm: str
    unread: bool
    next_step: NextStep | None


def desk_rows(
    officer: Officer,
    *,
    show: str = "open",
    partner: str = "",
    channel: str = "",
    search: str = "",
    first: int = 0,
    count: int = 50,
    at: datetime | None = None,
) -> list[DeskRow]:
    """Running clocks by time left, overdue ones first, then those that stand.

    One row more than `count` tells that there are more. Raises ValueError for a `show` that is not one of SHOWS.
    """
    chosen = shown(officer, show, at or now())
    if partner:
        chosen = chosen.filter(partner=partner)
    if channel:
        chosen = chosen.filter(channel=channel)
    if search:
        chosen = chosen.filter(matching(search))
    first, count = max(0, min(first, FARTHEST)), max(1, min(count, MOST))
    order = ["-made_at", "-id"] if show == "settled" else BY_TIME_LEFT
    page = chosen.order_by(*order)[first : first + count + 1]
    return rows_of(page.select_related("partner", "owner").only(*READ), officer, at or now())


def matching(text: str) -> Q:
    wanted = index.query(text)
    return Q(search__holds=wanted) if wanted else Q(our_ref__startswith=text.strip().upper()[:40])


def shown(officer: Officer, show: str, at: datetime) -> QuerySet[Request]:
    if show not in SHOWS:
        raise ValueError(f"The desk cannot show {show!r}.")
    found = visible_requests(officer)
    if show == "settled":
        return found.filter(state__in=(State.ANSWERED, State.REFUSED, State.RECALLED, State.CLOSED))
    if show == "unread":
        return found.filter(unread_since__isnull=False)
    return found.filter(filters(officer, at)[show], state__in=OPEN)


def filters(officer: Officer, at: datetime) -> dict[str, Q]:
    """What each tile of the desk counts, among open requests."""
    runs = Q(stopped_at=None, kind=Request.Kind.REQUEST)
    ours, theirs = Q(way=Way.IN), Q(way=Way.OUT)
    waits_for_them = Q(state=State.CLARIFYING)
    asked = Q(kind=Request.Kind.REQUEST)
    return {
        "open": Q(),
        "overdue": runs & Q(due_at__lte=at),
        "hours": runs & Q(due_at__gt=at, due_at__lte=at + timedelta(hours=8)),
        "days": runs & Q(due_at__gt=at, due_at__lte=at + timedelta(days=3)),
        "ours": asked & ((ours & ~waits_for_them) | (theirs & waits_for_them)),
        "theirs": asked & ((theirs & ~waits_for_them) | (ours & waits_for_them)),
        "stopped": Q(stopped_at__isnull=False),
        "information": Q(kind=Request.Kind.INFORMATION, way=Way.IN, unread_since__isnull=False),
        "alarms": Q(pk__in=unseen_warnings().values("request")),
        "twins": Q(pk__in=Twin.objects.filter(judgement=Twin.Judgement.NONE).values("request")),
        "mine": Q(owner=officer.pk),
    }


def unseen_warnings() -> QuerySet[ClockMove]:
    return ClockMove.objects.filter(kind__in=(HALF, LATE, MISSED), seen_at=None)


COUNTED = ("open", "overdue", "hours", "days", "ours", "theirs", "stopped", "information", "alarms", "mine")


def desk_counts(officer: Officer, at: datetime | None = None) -> dict[str, int]:
    """One number for each tile, in one statement over the open requests."""
    found = filters(officer, at or now())
    counts = {name: Count("pk", filter=found[name] or None) for name in COUNTED}
    return visible_requests(officer).filter(state__in=OPEN).aggregate(**counts)


def desk_partners(officer: Officer) -> list[tuple[str, str]]:
    """Partners with open requests, for the filter."""
    asked = visible_requests(officer).filter(state__in=OPEN).order_by().values("partner")
    return list(Organisation.objects.filter(pk__in=asked).order_by("name", "pk").values_list("pk", "name"))


def desk_row(request: Request, officer: Officer, at: datetime | None = None) -> DeskRow:
    return rows_of([request], officer, at or now())[0]


# --- from requests to rows ---


def rows_of(requests: Iterable[Request], officer: Officer, at: datetime) -> list[DeskRow]:
    page = list(requests)
    beside = Beside(
        subject_words(page),
        _delivery_words(page),
        awaiting_outcome([request.pk for request in page if allowed("report_outcome", request, officer)]),
    )
    return [_row(request, officer, at, beside) for request in page]


@dataclass(frozen=True)
class Beside:
    """What stands in other tables, read once for all rows of a page."""

    subjects: dict[UUID, str]
    deliveries: dict[UUID, str]
    awaited: set[UUID]


def _row(request: Request, officer: Officer, at: datetime, beside: Beside) -> DeskRow:
    partner = request.partner
    return DeskRow(
        pk=request.pk,
        ref=request.our_ref,
        their_ref=request.their_ref,
        url=reverse("request", args=[request.our_ref]),
        way=request.way,
        urgent=bool(request.urgency),
        urgency=_("Urgent") if request.urgency else "",
        partner=partner.place_id or partner.acronym or partner.name[:8],
        partner_name=partner.name,
        channel=channel_sign(request.channel),
        subject=beside.subjects.get(request.pk, ""),
        handling=request.handling,
        state=request.state,
        state_text=str(State(request.state).label),
        owner=request.owner.name if request.owner else "",
        mine=request.owner_id == officer.pk,
        due_at=request.due_at,
        received_at=request.received_at,
        stopped_at=request.stopped_at,
        stopped_by=_stopped_by(request),
        stopped_reason=request.stopped_reason,
        settled_at=request.settled_at,
        delivery=beside.deliveries.get(request.pk, ""),
        alarm=alarm_of(request, at),
        unread=request.unread_since is not None,
        next_step=next_step(request, officer, awaited=request.pk in beside.awaited),
    )


def _stopped_by(request: Request) -> str:
    if not request.stopped_at:
        return ""
    return _("us") if request.way == Way.IN else (request.partner.place_id or request.partner.name)


def alarm_of(request: Request, at: datetime) -> str:
    """How far the clock has come, from what is told next: nothing, half, late or missed."""
    if request.due_at is None or request.state not in OPEN:
        return ""
    if (request.stopped_at or at) >= request.due_at:
        return MISSED
    return {LATE: HALF, MISSED: LATE, "": MISSED}.get(request.alarm, "") if request.received_at else ""


def subject_words(requests: Sequence[Request]) -> dict[UUID, str]:
    """What each letter names, without names: "2 persons, 1 vehicle"."""
    found = Subject.objects.filter(request__in=[request.pk for request in requests])
    counts: dict[UUID, Counter[str]] = {}
    for pk, kind, number in found.order_by().values_list("request", "kind").annotate(number=Count("pk")):
        counts.setdefault(pk, Counter())[kind] = number
    return {pk: masked(counter) for pk, counter in counts.items()}


def masked(counts: Counter[str]) -> str:
    return " + ".join(_numbered(counts))


def _numbered(counts: Counter[str]) -> Iterator[str]:
    """Words are looked up only for what is there: every row of the desk asks."""
    if n := counts[Subject.Kind.PERSON]:
        yield ngettext("%(n)d person", "%(n)d persons", n) % {"n": n}
    if n := counts[Subject.Kind.ORGANISATION]:
        yield ngettext("%(n)d organisation", "%(n)d organisations", n) % {"n": n}
    if n := counts[Subject.Kind.VEHICLE]:
        yield ngettext("%(n)d vehicle", "%(n)d vehicles", n) % {"n": n}
    if n := counts[Subject.Kind.DOCUMENT]:
        yield ngettext("%(n)d document", "%(n)d documents", n) % {"n": n}
    if n := counts[Subject.Kind.OTHER]:
        yield ngettext("%(n)d thing", "%(n)d things", n) % {"n": n}


def _delivery_words(requests: Sequence[Request]) -> dict[UUID, str]:
    """For each request of ours: how far its letter has come."""
    ours = [request.pk for request in requests if request.way == Way.OUT]
    if not ours:
        return {}
    kinds = (Entry.Kind.REQUEST, Entry.Kind.INFORMATION)
    letters = Entry.objects.filter(request__in=ours, kind__in=kinds, envelope__isnull=False)
    found = Delivery.objects.filter(envelope__entries__in=letters, peer=F("envelope__entries__request__partner"))
    rows = found.annotate(request_id=F("envelope__entries__request")).distinct()
    return {row.request_id: delivery_words(row) for row in rows}
