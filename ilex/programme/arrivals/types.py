"""Which message type is taken in by which verb, and who notes the partner's receipts of it."""

from __future__ import annotations

from collections.abc import Callable

from ilex.gate.models import Envelope, Receipt
from ilex.gate.registry import Arrived, MessageType, register
from ilex.programme.arrivals import activities, agreements, equipment, nominations
from ilex.programme.messages import BODIES, VERSION

ROOMS = (activities, nominations, agreements, equipment)
TAKEN_IN_BY: dict[str, Callable[[Arrived], None]] = {}
NOTED_BY: dict[str, Callable[[Envelope, Receipt], None]] = {}
for room in ROOMS:
    TAKEN_IN_BY |= room.TAKEN_IN_BY
    NOTED_BY |= room.NOTED_BY
TYPES = tuple(
    MessageType(name, VERSION, BODIES[name], take_in, NOTED_BY.get(name)) for name, take_in in TAKEN_IN_BY.items()
)


def register_types() -> None:
    for message_type in TYPES:
        register(message_type)
