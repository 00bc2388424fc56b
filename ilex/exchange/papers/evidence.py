"""What a statement of exchange holds: words that were sent and received, and what proves each of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from ilex.exchange.papers.fields import Authority, Code, Count, Digest, Line, Part

RECORD_NAME = "ilex-statement.json"
Signed = Annotated[str, StringConstraints(max_length=16 * 1024)]  # a receipt as it was signed; the gate's own bound


class Word(Part):
    """A signed receipt: what its giver said about one message, and when."""

    kind: Code
    by: Line
    at: AwareDatetime
    code: Code = ""  # of a refusal
    sha256: Digest
    signed: Signed = ""


class Journalled(Part):
    """A line of our journal; with the proof, once the tree has grown over it."""

    act: Code
    at: AwareDatetime
    leaf: Digest
    position: Count | None = None  # none: it still waits for its place
    size: Count | None = None  # of the tree whose signed head the proof leads to
    proof: tuple[Digest, ...] = ()


class Exchanged(Part):
    """One thing said between the two units."""

    kind: Code
    way: Literal["in", "out"]
    at: AwareDatetime
    channel: Code
    reached_at: AwareDatetime | None = None
    corrected_at: AwareDatetime | None = None
    recalled_at: AwareDatetime | None = None
    message: Line = ""  # the message's number; empty on other channels
    sha256: Digest = ""  # of the message as signed: what the receipts name
    receipts: tuple[Word, ...] = ()
    journal: tuple[Journalled, ...] = ()


class Statement(Part):
    version: Literal[1] = 1
    made_at: AwareDatetime
    handling: Code = "H0"
    handling_note: Line = ""
    ours: Authority
    theirs: Authority
    our_ref: Line
    their_ref: Line = ""
    state: Code
    received_at: AwareDatetime | None = None
    due_at: AwareDatetime | None = None
    due_reason: Line = ""
    settled_at: AwareDatetime | None = None
    exchanged: tuple[Exchanged, ...] = Field(default=(), max_length=2000)
    journal: tuple[Journalled, ...] = ()  # of the request itself: recorded, taken, answered, closed
    head: Signed = ""  # the newest signed head of our journal
