from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ilex.programme.models import Invitation, Nomination
from ilex.programme.queries.nominations import visible_invitations, visible_nominations
from ilex.units import queries as units
from ilex.units.models import Officer
from ilex.units.rules import may
from ilex.web.tiles import Tile

State = Nomination.State


def nominations_tiles(officer: Officer) -> Iterator[Tile]:
    if not may(officer, "nomination.propose"):
        return
    page = reverse("nominations")
    unread = visible_invitations(officer).filter(way=Invitation.Way.IN, read_at=None).distinct().count()
    if unread:
        yield Tile("invitations", _("Invitations to read"), unread, page, "near", 70)
    if may(officer, "nomination.choose"):
        yield from _choosing(officer, page)


def _choosing(officer: Officer, page: str) -> Iterator[Tile]:
    rows = visible_nominations(officer).filter(invitation__state=Invitation.State.OPEN, unit=units.here().pk)
    waiting = rows.filter(state__in=[State.PROPOSED, State.CHOSEN]).count()
    if waiting:
        yield Tile("to-choose", _("People to choose or send"), waiting, page, "near", 71)
    out = visible_nominations(officer).filter(invitation__way=Invitation.Way.OUT, state=State.SENT)
    if count := out.exclude(invitation__state=Invitation.State.CANCELLED).count():
        yield Tile("to-decide", _("Nominations to decide"), count, f"{page}?show=ours", "near", 72)
