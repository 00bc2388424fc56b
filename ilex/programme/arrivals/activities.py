"""What a partner announces for the calendar of the network."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from ilex.gate.models import Envelope, Receipt
from ilex.gate.registry import Arrived
from ilex.journal.actions import write
from ilex.journal.models import Operation
from ilex.programme.actions.stepping import settle_days
from ilex.programme.messages import AnnouncedBody
from ilex.programme.telling import taken


def take_in_activity(arrived: Arrived) -> None:
    """Made, or changed by a higher version; the names of those we nominated then go on another day."""
    body = cast(AnnouncedBody, arrived.body).activity
    row = taken(body, arrived.sender)
    for invitation in row.invitations.select_related("activity"):
        settle_days(invitation)
    message = str(arrived.envelope.id)
    on = ("activity", str(row.pk))
    sender = arrived.sender.pk
    write(
        "activity.arrived", Operation.COLLECTION, by=None, on=on, sender=sender, message=message, version=body.version
    )


TAKEN_IN_BY: dict[str, Callable[[Arrived], None]] = {"programme.activity": take_in_activity}
NOTED_BY: dict[str, Callable[[Envelope, Receipt], None]] = {}
