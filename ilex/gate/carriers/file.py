"""The stick: the same lines and blobs as on the line, written into a file that a person carries."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from ilex.gate.carriers import Failure
from ilex.gate.carriers.archive import ENVELOPES, RECEIPTS, StickWriter
from ilex.gate.models import Peer


class FileCarrier:
    """Nobody answers from a file: every call returns without answers, and everything stays waiting until the
    partner's receipts come back. Envelopes come first, then receipts, then blobs."""

    def __init__(self, writer: StickWriter) -> None:
        self._writer = writer

    def deliver(self, peer: Peer, lines: Sequence[bytes]) -> list[bytes]:
        self._writer.lines(ENVELOPES, lines)
        return []

    def receipts(self, peer: Peer, lines: Sequence[bytes]) -> list[bytes]:
        self._writer.lines(RECEIPTS, lines)
        return []

    def send_blob(self, peer: Peer, digest: str, path: Path, size: int, progress: Callable[[int], bool]) -> int:
        self._writer.file(f"blobs/{digest}", path)
        return 0

    def proof(self, peer: Peer, first: int, second: int) -> list[bytes] | None:
        raise Failure(_("A file cannot be asked."))

    def up(self, peer: Peer) -> None:
        raise Failure(_("A file cannot be asked."))

    def close(self) -> None:
        self._writer.abandon()
