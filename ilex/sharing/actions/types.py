"""Which message type is taken in by which verb."""

from __future__ import annotations

from collections.abc import Callable

from ilex.gate.registry import Arrived, MessageType, register
from ilex.sharing.actions.arrivals import take_in_release
from ilex.sharing.actions.consent_arrivals import take_in_asked, take_in_decided
from ilex.sharing.actions.recall_arrivals import take_in_recall
from ilex.sharing.actions.receipts import on_receipt
from ilex.sharing.messages import BODIES, VERSION

TAKEN_IN_BY: dict[str, Callable[[Arrived], None]] = {
    "sharing.release": take_in_release,
    "sharing.recall": take_in_recall,
    "sharing.consent-asked": take_in_asked,
    "sharing.consent-decided": take_in_decided,
}
TYPES = tuple(MessageType(name, VERSION, BODIES[name], take_in, on_receipt) for name, take_in in TAKEN_IN_BY.items())


def register_types() -> None:
    for message_type in TYPES:
        register(message_type)
