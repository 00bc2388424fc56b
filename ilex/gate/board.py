"""The network board: each peer in one line, told in words, from a fixed number of queries."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum
from django.db.models.functions import Length
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ilex.gate import cards, queries
from ilex.gate.certificates import read_certificate
from ilex.gate.errors import GateError
from ilex.gate.models import BlobDelivery, Delivery, Peer, PeerKey
from ilex.journal.models import Witnessed

SILENT_AFTER = timedelta(minutes=2)
CERTIFICATE_WARNING = timedelta(days=30)
LOOK_BACK = timedelta(days=30)  # for what did not arrive


class Up(StrEnum):
    UP = "up"
    SILENT = "silent"
    FAILING = "failing"
    BY_HAND = "by-hand"  # a stick is carried: there is no line to be up
    CLOSED = "closed"  # offered, paused or removed


WORDS = {
    Up.UP: gettext_lazy("The line is up."),
    Up.SILENT: gettext_lazy("Nothing was heard lately."),
    Up.FAILING: gettext_lazy("The line fails."),
    Up.BY_HAND: gettext_lazy("Mail is carried by hand."),
}


@dataclass(frozen=True)
class Backlog:
    messages: int = 0
    bytes: int = 0  # of messages and attachments
    oldest: datetime | None = None


@dataclass(frozen=True)
class Heads:
    """What we know of the peer's journal."""

    proven: int = 0  # lines
    seen: int = 0  # lines of its newest head, proven or not
    alarms: int = 0  # forks and rollbacks that nobody has explained

    @property
    def words(self) -> str:
        if self.alarms:
            return _("The partner's journal contradicts itself. Call the unit.")
        if not self.seen:
            return _("No head of the partner's journal has come yet.")
        if self.proven < self.seen:
            return _("Proven to line %(proven)d; the proof for line %(seen)d is asked for.") % vars(self)
        return _("Proven to line %(proven)d.") % vars(self)


@dataclass(frozen=True)
class PeerLine:
    peer: Peer
    up: Up
    words: str  # the state of the line, with the cause when it fails
    backlog: Backlog
    heads: Heads
    fingerprint: str
    certificate_until: datetime | None
    certificate_ends_soon: bool
    median_answer: timedelta | None

    @property
    def last_receipt_at(self) -> datetime | None:
        return self.peer.last_receipt_at


_answers: Callable[[], Mapping[str, timedelta]] = dict


def measure_answers_with(medians: Callable[[], Mapping[str, timedelta]]) -> None:
    """The room that knows requests says, for each unit, the median time to its answers."""
    global _answers
    _answers = medians


def board(at: datetime | None = None) -> list[PeerLine]:
    """All peers but removed ones, those with trouble first."""
    at = at or timezone.now()
    peers = Peer.objects.exclude(state=Peer.State.REMOVED).select_related("unit").order_by("unit__name")
    ends, backlogs, heads, medians = _certificates(at), _backlogs(), _heads(), _answers()
    lines = []
    for peer in peers:
        up, until = up_of(peer, at), ends.get(peer.pk)
        lines.append(
            PeerLine(
                peer=peer,
                up=up,
                words=_words(peer, up),
                backlog=backlogs.get(peer.pk, Backlog()),
                heads=heads.get(peer.pk, Heads()),
                fingerprint=_fingerprint(peer),
                certificate_until=until,
                certificate_ends_soon=until is not None and until - at < CERTIFICATE_WARNING,
                median_answer=medians.get(peer.pk),
            )
        )
    return sorted(lines, key=lambda line: (line.up != Up.FAILING, not line.heads.alarms, line.up != Up.SILENT))


def undelivered(at: datetime | None = None) -> QuerySet[Delivery]:
    """What did not arrive in time, for the desk: late, expired or refused in the last 30 days, the newest first."""
    since = (at or timezone.now()) - LOOK_BACK
    late = Q(state=Delivery.State.WAITING, late_told_at__isnull=False)
    given_up = Q(state__in=(Delivery.State.EXPIRED, Delivery.State.REFUSED), envelope__at__gte=since)
    return Delivery.objects.filter(late | given_up).select_related("envelope", "peer__unit").order_by("-id")


def up_of(peer: Peer, at: datetime) -> Up:
    if peer.state != Peer.State.PAIRED:
        return Up.CLOSED
    if peer.carrier == Peer.Carrier.FILE:
        return Up.BY_HAND
    if peer.failing_since is not None:
        return Up.FAILING
    heard = peer.last_up_at is not None and at - peer.last_up_at < SILENT_AFTER
    return Up.UP if heard else Up.SILENT


def _words(peer: Peer, up: Up) -> str:
    if up == Up.CLOSED:
        return str(peer.get_state_display())
    if up == Up.FAILING:
        return f"{WORDS[up]} {peer.last_failure}".strip()
    return str(WORDS[up])


def _certificates(at: datetime) -> dict[str, datetime]:
    """When the certificate that each peer shows ends; during a renewal that of the newer one."""
    rows = PeerKey.objects.filter(queries.good(at), use=PeerKey.Use.TLS).order_by("since")
    return {peer: read_certificate(pem).not_valid_after_utc for peer, pem in rows.values_list("peer", "key")}


def _backlogs() -> dict[str, Backlog]:
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING).values("peer")
    mail = waiting.annotate(count=Count("pk"), bytes=Sum(Length("envelope__sealed")), oldest=Min("envelope__at"))
    open_states = (Delivery.State.WAITING, Delivery.State.STORED, Delivery.State.PROCESSED)
    blobs = BlobDelivery.objects.filter(done_at=None, delivery__state__in=open_states).values("delivery__peer")
    rests = dict(blobs.values_list("delivery__peer").annotate(rest=Sum(F("attachment__sealed_size") - F("sent"))))
    found = {row["peer"]: Backlog(row["count"], row["bytes"] or 0, row["oldest"]) for row in mail}
    for peer, rest in rests.items():
        known = found.get(peer, Backlog())
        found[peer] = Backlog(known.messages, known.bytes + rest, known.oldest)
    return found


def _heads() -> dict[str, Heads]:
    alarm = Q(state__in=(Witnessed.State.FORK, Witnessed.State.ROLLBACK), explained_at=None)
    rows = Witnessed.objects.values("origin").annotate(
        proven=Max("size", filter=Q(state=Witnessed.State.PROVEN)),
        seen=Max("size"),
        unexplained=Count("id", filter=alarm),
    )
    return {row["origin"]: Heads(row["proven"] or 0, row["seen"] or 0, row["unexplained"]) for row in rows}


def _fingerprint(peer: Peer) -> str:
    try:
        return _slow_fingerprint(cards.own_card(), peer.card)
    except GateError:
        return ""  # no keys of our own yet


@lru_cache(maxsize=256)
def _slow_fingerprint(ours: str, theirs: str) -> str:
    return cards.fingerprint(cards.read_card(ours), cards.read_card(theirs))
