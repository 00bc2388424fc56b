"""How sealed lines and sealed blobs get to a peer. The bytes are the same whatever carries them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from ilex.gate.models import Peer


class Failure(Exception):
    """The carrier could not do it. One sentence names the real cause."""


class BlobRefused(Exception):
    """The peer did not take a piece of a blob. The code is one of `arrivals.Turned`, or of a newer version."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Carrier(Protocol):
    """What the relay asks of a carrier. Every call raises Failure when nothing came of it."""

    def deliver(self, peer: Peer, lines: Sequence[bytes]) -> list[bytes]:
        """Carry envelopes; returns an answer line for each, in order. Fewer answers: the rest is not known."""

    def receipts(self, peer: Peer, lines: Sequence[bytes]) -> list[bytes]:
        """Carry our receipts; returns an answer line for each, in order."""

    def send_blob(self, peer: Peer, digest: str, path: Path, size: int, progress: Callable[[int], bool]) -> int:
        """Carry what the peer lacks of a blob; returns how many bytes it has now.

        `progress` hears after each piece how much the peer has, and says whether to go on.
        """

    def proof(self, peer: Peer, first: int, second: int) -> list[bytes] | None:
        """The proof that the peer's journal of size `second` begins with that of size `first`; None: none."""

    def up(self, peer: Peer) -> None:
        """Ask whether the peer is there."""

    def close(self) -> None:
        """Let go of connections and files."""
