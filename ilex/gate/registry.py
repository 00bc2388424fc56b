"""The message types this node understands. Each room registers its own at start-up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from ilex.gate.errors import NotYet, Refuse
from ilex.gate.models import Attachment, Envelope, Receipt
from ilex.units.models import Organisation

__all__ = ["Arrived", "MessageType", "NotYet", "Refuse", "known", "of", "register"]


@dataclass(frozen=True)
class Arrived:
    """One message, checked by the gate and by its body's model, for the room that takes it in."""

    envelope: Envelope
    sender: Organisation
    here: Organisation  # our own unit
    body: Any  # an instance of the registered model
    attachments: list[Attachment]  # in the sender's order; their bytes may still be on the way


@dataclass(frozen=True)
class MessageType:
    """`take_in` runs in the transaction that marks the envelope as taken: its effect happens exactly once.

    It may raise NotYet (what it belongs to has not come) or Refuse (kept, but not taken in); anything else it
    raises leaves the envelope waiting. `on_receipt` runs once for each receipt of the partner.

    `take_in_many`, where a type has it, does the same for several messages in few statements. Whatever it raises,
    all of it is undone, and each message is then given to `take_in`.
    """

    name: str
    version: int
    body: type[BaseModel]
    take_in: Callable[[Arrived], None]
    on_receipt: Callable[[Envelope, Receipt], None] | None = None
    take_in_many: Callable[[Sequence[Arrived]], None] | None = None


_types: dict[tuple[str, int], MessageType] = {}


def register(message_type: MessageType) -> None:
    key = (message_type.name, message_type.version)
    if _types.get(key, message_type) is not message_type:
        raise ValueError(f"The message type {key} is registered already.")
    _types[key] = message_type


def of(name: str, version: int) -> MessageType | None:
    return _types.get((name, version))


def known() -> list[MessageType]:
    return [_types[key] for key in sorted(_types)]


def for_body(name: str, body: BaseModel) -> MessageType:
    """The registered type under this name that carries such a body. Raises ValueError when there is none."""
    for key in sorted(_types, reverse=True):
        if key[0] == name and isinstance(body, _types[key].body):
            return _types[key]
    raise ValueError(f"No message type {name} with a body of {type(body).__name__} is registered.")


def forget(message_type: MessageType) -> None:
    """Take a type out again: for tests that bring types of their own."""
    _types.pop((message_type.name, message_type.version), None)
