"""What the verbs of nominations share: a locked invitation, steps by the table, and messages in its conversation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from ilex.exchange.messages import Body
from ilex.gate import actions as gate
from ilex.gate.errors import GateError
from ilex.gate.models import Envelope, Peer
from ilex.gate.queries import LISTENED_TO
from ilex.programme.models import Invitation, Nomination, NominationStep
from ilex.programme.rules.errors import NotNow, somebody_was_faster
from ilex.programme.rules.nominations import MAY, erase_day
from ilex.units import queries as units
from ilex.units.models import Officer


def locked(invitation: Invitation) -> Invitation:
    """The row as it is now; whoever else changes it or its nominations waits until the transaction ends."""
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("activity__place", "organiser")
    return rows.get(pk=invitation.pk)


def is_ours(invitation: Invitation) -> bool:
    """Whether we are the organiser."""
    return invitation.way == Invitation.Way.OUT


def must_organise(invitation: Invitation) -> None:
    if not is_ours(invitation):
        raise NotNow(_("Only the unit that invited can do this."))


def must_be_open(invitation: Invitation) -> None:
    if invitation.state != Invitation.State.OPEN:
        raise NotNow(_("This invitation is not open."))


def must_not_be_cancelled(invitation: Invitation) -> None:
    if invitation.state == Invitation.State.CANCELLED:
        raise NotNow(_("The invitation is cancelled."))


def take_step(
    rows: Sequence[Nomination], step: str, by: Officer | None, text: str = "", **columns: Any
) -> Sequence[Nomination]:
    """All of them or none. Raises NotNow when one is in another state by now."""
    of, to = MAY[step]
    at = now()
    waiting = Nomination.objects.filter(pk__in=[row.pk for row in rows], state__in=of, erased_at=None)
    if waiting.update(state=to, changed_at=at, **columns) != len(rows):
        raise somebody_was_faster()
    note(rows, to, by, text)
    for row in rows:
        row.state = to
    return rows


def note(rows: Iterable[Nomination], state: str, by: Officer | None, text: str = "") -> None:
    """A line in the history of each; it names nobody."""
    at = now()
    NominationStep.objects.bulk_create(
        [NominationStep(nomination=row, state=state, at=at, by=by, text=text[:300]) for row in rows]
    )


def settle_days(invitation: Invitation) -> None:
    """When the names of its nominations go: it follows the activity, whose days may have changed."""
    invitation.nominations.filter(erased_at=None).update(erase_on=day_of(invitation))


def day_of(invitation: Invitation) -> date:
    last = invitation.activity.last or invitation.activity.first
    otherwise = invitation.answer_by.date() if invitation.answer_by else localdate(invitation.made_at)
    return erase_day(invitation.keep_days, last, otherwise)


def post(
    type: str, body: Body, invitation: Invitation, to: Sequence[str], by: Officer | None, *, paused: bool = False
) -> Envelope | None:
    """To these units besides ourselves, in the invitation's conversation. Raises NotNow when one cannot be reached."""
    here = units.here().pk
    others = [unit for unit in dict.fromkeys(to) if unit != here]
    if not others:
        return None
    try:
        return gate.post(
            type,
            body,
            to=others,
            conversation=invitation.conversation,
            language=invitation.language,
            by=by,
            paused=paused or by is None,
        )
    except GateError as error:
        raise NotNow(str(error)) from error


def post_reached(type: str, body: Body, invitation: Invitation, to: Sequence[str], by: Officer | None) -> list[str]:
    """As `post`, to those who can still be told, and which they are.

    The organiser's word on people does not hang on a unit that is no longer paired; for a paused one it waits.
    """
    here = units.here().pk
    listen = Peer.objects.filter(unit__in=to, state__in=LISTENED_TO).values_list("unit", flat=True)
    told = [unit for unit in dict.fromkeys(to) if unit in {here, *listen}]
    post(type, body, invitation, told, by, paused=True)
    return told


def by_unit(rows: Iterable[Nomination]) -> dict[str, list[Nomination]]:
    """Apart for each unit: none is told of the people of another."""
    found: dict[str, list[Nomination]] = {}
    for row in rows:
        found.setdefault(row.unit_id, []).append(row)
    return found


def agent(officer: Officer | None) -> str:
    """The function under which an officer writes, never the name."""
    return officer.function if officer else ""
