"""Opening a request: the reading that leaves its line, and tells the partner that it was read."""

from __future__ import annotations

from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.exchange.models import Entry, Request, Way
from ilex.exchange.queries.access import justification, needs_reason
from ilex.exchange.rules import HALF, LATE, MISSED, Invalid
from ilex.gate import actions as gate
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Officer, Role
from ilex.words import law


def consult(officer: Officer, request: Request, reason: str = "") -> None:
    """Write that this officer opens the request, and send `read` receipts for what nobody had opened yet.

    A reading to supervise needs a typed reason and marks nothing as read: the partner learns when the request is
    handled, not when it is audited. Raises Invalid("reason").
    """
    supervising = needs_reason(officer, request)
    if supervising and not reason.strip():
        raise Invalid({"reason": _("Type a reason first: your role reads requests to supervise.")})
    why = reason.strip() or justification(officer, request)
    with act("request.opened", Operation.CONSULTATION, by=officer, on=("request", str(request.pk)), reason=why):
        if not supervising:
            _mark_read(officer, request)


def _mark_read(officer: Officer, request: Request) -> None:
    unread = request.entries.filter(way=Way.IN, read_at=None).select_for_update(of=("self",))
    for entry in unread.select_related("envelope"):
        if entry.envelope is not None and entry.channel == "node":
            gate.read(entry.envelope, officer)
        Entry.objects.filter(pk=entry.pk).update(read_at=now())
    if request.unread_since is not None:
        Request.objects.filter(pk=request.pk).update(unread_since=None)
    warnings = request.clock_moves.filter(kind__in=_told_to(officer), seen_at=None)
    warnings.update(seen_by=officer, seen_at=now())


def _told_to(officer: Officer) -> list[str]:
    """Whoever handles the request has seen its warnings; that a deadline was missed the head has to see."""
    return [HALF, LATE, MISSED] if Role.HEAD in officer.roles else [HALF, LATE]


def preview(officer: Officer, request: Request) -> None:
    """A look from the desk: journalled, but not a reading that the partner hears of. Raises Invalid("reason")."""
    if needs_reason(officer, request):
        raise Invalid({"reason": _("Open the page and type a reason first.")})
    with_reason = justification(officer, request)
    with act(
        "request.previewed", Operation.CONSULTATION, by=officer, on=("request", str(request.pk)), reason=with_reason
    ):
        pass


def channel_name(code: str) -> str:
    """The channel in the words of the page."""
    return next((_(channel.text) for channel in law.channels() if channel.code == code), code)


def channel_sign(code: str) -> str:
    """The channel as officers say it for short, for a narrow column."""
    signs = {
        "node": "Ilex",
        "siena": "SIENA",
        "interpol": "I-24/7",
        "selec": "SELEC",
        "enu-elo": "ENU",
        "sirene": "SIRENE",
        "guam": "GUAM",
        "frontex": "Frontex",
        "pcc-bilateral": _("PCC"),
        "customs": _("Customs"),
        "liaison": _("Liaison"),
        "post": _("Post"),
        "other": _("Other"),
    }
    return signs.get(code, code)


def desk_channels() -> list[tuple[str, str]]:
    """Code and words of every channel, for a filter."""
    return [(channel.code, _(channel.text)) for channel in law.channels()]
