"""The network board, and pairing with another unit while its officer is on the telephone."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ilex.gate import actions
from ilex.gate.board import board, undelivered
from ilex.gate.errors import GateError
from ilex.gate.models import Peer
from ilex.gate.notices import notices
from ilex.units.models import Officer
from ilex.units.rules import check, may

LONGEST_CARD = 64 * 1024  # characters; a card has about two thousand
SHOWN = 50
CHANGES: dict[str, Callable[[str, Officer], object]] = {
    "pause": actions.pause,
    "resume": actions.resume,
}


def officer(request: HttpRequest) -> Officer:
    return cast(Officer, request.user)


@require_GET
def network(request: HttpRequest) -> HttpResponse:
    """Which partners can be reached, by which line, and how long they take."""
    check(request.user, "board.read")
    shown = {
        "lines": board(),
        "undelivered": undelivered()[:SHOWN],
        "notices": notices(),
        "may_pair": may(request.user, "peer.pair"),
    }
    return render(request, "gate/board.html", shown)


@require_GET
def card(request: HttpRequest) -> HttpResponse:
    check(request.user, "peer.pair")
    return HttpResponse(
        actions.offer_card(by=officer(request)),
        content_type="application/jose; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="card.jws"'},
    )


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Take another unit's card. Nothing passes until the fingerprints were compared."""
    check(request.user, "peer.pair")
    text = request.POST.get("card", "").strip()
    if not text or len(text) > LONGEST_CARD:
        messages.error(request, _("Paste the whole card of the other unit."))
        return redirect("board")
    return told(request, lambda: actions.take_card(text, by=officer(request)), _("The card is kept. Now compare."))


@require_POST
def confirm(request: HttpRequest, unit: str) -> HttpResponse:
    check(request.user, "peer.pair")
    typed = request.POST.get("fingerprint", "")[:200]
    return told(request, lambda: actions.confirm(unit, typed, by=officer(request)), _("The two nodes are paired."))


@require_POST
def change(request: HttpRequest, unit: str, what: str) -> HttpResponse:
    check(request.user, "peer.pair")
    if not Peer.objects.filter(pk=unit).exists():
        raise Http404
    return told(request, lambda: CHANGES[what](unit, officer(request)), _("Done."))


def told(request: HttpRequest, verb: Callable[[], object], word: str) -> HttpResponse:
    try:
        verb()
    except GateError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, word)
    return redirect("board")
