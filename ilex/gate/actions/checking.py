"""What a sealed line is, before the database is asked whether it is new: opened, and by whom it was sealed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ilex.gate import queries
from ilex.gate.codes import Code, Refused
from ilex.gate.header import Content
from ilex.gate.keys import KeyRing
from ilex.gate.models import Peer, PeerKey
from ilex.gate.seal import check, digest_of, open_sealed, sealed_by
from ilex.gate.signing import key_of


@dataclass(frozen=True)
class Letter:
    """A message whose seal holds and whose sender is who it says."""

    signed: str
    digest: bytes
    content: Content
    peer: Peer

    @property
    def name(self) -> tuple[str, str]:
        """An id is unique for its sender only."""
        return self.content.sender, str(self.content.id)


@dataclass(frozen=True)
class Line:
    """Where the messages come in: the peer whose certificate was shown, or a file that nobody stands behind."""

    certificate: str | None
    peer: Peer | None

    @property
    def open_to_all(self) -> bool:
        return self.certificate is None


def line_of(certificate: str | None, at: datetime) -> Line:
    return Line(certificate, queries.on_line(certificate, at) if certificate is not None else None)


def checked(lines: Iterable[bytes], line: Line, ring: KeyRing, at: datetime) -> list[Letter | Refused]:
    """For each line the letter in it or why it is refused, in their order."""
    opened = [_opened(text, ring) for text in lines]
    sealers = queries.sealers({one[1] for one in opened if not isinstance(one, Refused)}, at)
    return [
        one if isinstance(one, Refused) else _letter(one[0], sealers.get(one[1]), line, ring.unit) for one in opened
    ]


def _opened(text: bytes, ring: KeyRing) -> tuple[str, str] | Refused:
    """The signed text, and the name of the key that it claims to be signed with."""
    try:
        signed = open_sealed(text, ring)
        return signed, sealed_by(signed)
    except Refused as refusal:
        return refusal


def _letter(signed: str, sealer: PeerKey | None, line: Line, unit: str) -> Letter | Refused:
    if sealer is None or not (line.open_to_all or line.peer):
        return Refused(Code.UNKNOWN_SENDER)
    try:
        content = check(signed, key_of(sealer.key))
    except Refused as refusal:
        return Refused(refusal.code, sender=sealer.peer_id)
    letter = Letter(signed, digest_of(signed), content, sealer.peer)
    code = _wrong(letter, line, unit)
    return Refused(code, str(content.id), sealer.peer_id) if code else letter


def _wrong(letter: Letter, line: Line, unit: str) -> Code | None:
    """The unit named as the sender owns the seal and, where there is a line, stands on it; and means us."""
    if letter.content.sender != letter.peer.pk:
        return Code.WRONG_LINE
    if line.peer is not None and line.peer.pk != letter.peer.pk:
        return Code.WRONG_LINE
    if letter.peer.state == Peer.State.PAUSED:
        return Code.PAUSED
    if letter.peer.state != Peer.State.PAIRED:
        return Code.UNKNOWN_SENDER
    return None if unit in letter.content.recipients else Code.NOT_FOR_US
