"""What a reader gives back, bounded: text, parts of e-mails, and the head of a letter."""

from __future__ import annotations

from dataclasses import dataclass, field

TEXT = 1_000_000  # characters that are kept of one document
PARTS = 60  # files of one e-mail
PART_BYTES = 64 * 2**20  # of all parts together


class Unreadable(Exception):
    """Why, as a code of `WHY`: the sentence is made where the reader's language is known."""


@dataclass
class Part:
    name: str
    content: bytes


@dataclass
class Head:
    """What stands over a letter."""

    sender: str = ""
    to: str = ""
    subject: str = ""
    sent: str = ""  # ISO 8601, in the sender's own zone; empty when it cannot be read
    received: str = ""  # as the last server that passed it on says


@dataclass
class Extract:
    kind: str = "other"
    text: str = ""
    pages: int | None = None
    parts: list[Part] = field(default_factory=list)
    head: Head | None = None
    ocr: bool = False  # the text was guessed from pictures
    why: str = ""  # a code, when there is no text and there might have been
    cut: bool = False  # more was there than is kept


class Text:
    """Gathers text up to the limit."""

    def __init__(self, limit: int = TEXT) -> None:
        self._room = limit
        self._pieces: list[str] = []

    def add(self, piece: str) -> bool:
        """Whether there is room for more."""
        piece = piece[: self._room]
        self._pieces.append(piece)
        self._room -= len(piece) + 1
        return self._room > 0

    @property
    def full(self) -> bool:
        return self._room <= 0

    def __str__(self) -> str:
        return "\n".join(self._pieces)
