"""What the verbs of needs, assets, hand-overs and agreements share: steps by the table, and sealed messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from ilex.exchange.messages import Body
from ilex.gate import actions as gate
from ilex.gate.errors import GateError
from ilex.gate.models import Envelope
from ilex.programme.models import Asset, AssetStep
from ilex.programme.queries.equipment import delivery_of, is_lost, said
from ilex.programme.rules.assets import MAY
from ilex.programme.rules.errors import Invalid, NotNow, somebody_was_faster
from ilex.units.models import Officer, Organisation


def take_step(
    rows: Sequence[Asset],
    step: str,
    day: date,
    unit: Organisation,
    by: Officer | None,
    *,
    condition: str = "",
    text: str = "",
    **columns: Any,
) -> None:
    """All of them or none. Raises NotNow when one is in another state by now. `unit` is who did it."""
    of, to = MAY[step]
    at = now()
    waiting = Asset.objects.filter(pk__in=[row.pk for row in rows], state__in=of)
    if waiting.update(state=to, changed_at=at, **columns) != len(rows):
        raise somebody_was_faster()
    note(rows, step, day, unit, by, condition=condition, text=text)
    for row in rows:
        row.state = to


def note(
    rows: Sequence[Asset],
    kind: str,
    day: date,
    unit: Organisation,
    by: Officer | None,
    *,
    condition: str = "",
    text: str = "",
) -> None:
    """A line in the life of each."""
    at = now()
    AssetStep.objects.bulk_create(
        AssetStep(asset=row, kind=kind, day=day, at=at, unit=unit, by=by, condition=condition, text=text)
        for row in rows
    )


def past(field: str, day: date) -> date:
    """Raises Invalid for a day that is still to come."""
    if day > localdate():
        raise Invalid({field: _("This day is still to come.")})
    return day


def post(type: str, body: Body, to: Sequence[str], conversation: UUID, by: Officer | None) -> Envelope:
    """Raises NotNow when one of the units cannot be reached."""
    try:
        return gate.post(type, body, to=to, conversation=conversation, by=by, paused=by is None)
    except GateError as error:
        raise NotNow(str(error)) from error


def post_again(envelope: Envelope | None, by: Officer) -> Envelope:
    """What was lost on its way, word for word, as a new message. Raises NotNow when it was not lost."""
    if envelope is None or not is_lost(delivery_of(envelope)):
        raise NotNow(_("The message was delivered, or may still be."))
    return post(envelope.type, said(envelope), envelope.recipients, envelope.conversation, by)


def turned_away(code: str) -> str:
    """What officers read when the partner's node did not take a message in."""
    return _("Their node did not take it in (%(code)s).") % {"code": code or "refused"}
