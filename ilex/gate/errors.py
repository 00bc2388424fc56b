"""What the gate raises. Each carries one clear sentence for the person or program that asked."""

from __future__ import annotations


class GateError(Exception):
    """Something the gate was asked for cannot be done; nothing was changed."""


class Unreachable(GateError):
    """A message was to go to a unit that is not a paired peer."""


class BadCard(GateError):
    """A card that is not well made, not signed as it must be, or older than the one we have."""


class BadKeys(GateError):
    """The node's own keys are missing or not as they must be."""


class NotYet(Exception):
    """Raised by a room: the message is fine, but what it belongs to has not come. It stays waiting."""


class Refuse(Exception):
    """Raised by a room: the message is kept but not taken in. The partner reads the code, our log the sentence."""

    def __init__(self, code: str, sentence: str = "") -> None:
        super().__init__(sentence or code)
        self.code = code
        self.sentence = sentence
