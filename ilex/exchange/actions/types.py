"""Which message type is taken in by which verb."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ilex.exchange.actions import arrivals, incoming
from ilex.exchange.actions.receipts import on_receipt
from ilex.exchange.messages import BODIES, VERSION
from ilex.gate.registry import Arrived, MessageType, register

TAKEN_IN_BY: dict[str, Callable[[Arrived], None]] = {
    "exchange.request": incoming.take_in_request,
    "exchange.information": incoming.take_in_information,
    "exchange.acknowledgement": arrivals.take_in_acknowledgement,
    "exchange.question": arrivals.take_in_question,
    "exchange.clarification": arrivals.take_in_clarification,
    "exchange.delay": arrivals.take_in_delay,
    "exchange.answer": arrivals.take_in_answer,
    "exchange.refusal": arrivals.take_in_refusal,
    "exchange.outcome": arrivals.take_in_outcome,
    "exchange.correction": arrivals.take_in_correction,
    "exchange.recall": arrivals.take_in_recall,
}
# What begins nothing that others of the same batch could belong to, and so may be taken in with them.
TAKEN_IN_TOGETHER: dict[str, Callable[[Sequence[Arrived]], None]] = {
    "exchange.information": incoming.take_in_much_information,
}
TYPES = tuple(
    MessageType(name, VERSION, BODIES[name], take_in, on_receipt, TAKEN_IN_TOGETHER.get(name))
    for name, take_in in TAKEN_IN_BY.items()
)


def register_types() -> None:
    for message_type in TYPES:
        register(message_type)
