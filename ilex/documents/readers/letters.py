"""E-mails as servers pass them on (.eml): head, text and attached files."""

from __future__ import annotations

import email
import email.policy
from datetime import datetime
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime

from ilex.documents.readers.extract import PART_BYTES, PARTS, TEXT, Extract, Head, Part, Unreadable
from ilex.documents.readers.plain import decoded, of_html

HEADERS = 256 * 1024  # bytes of the head; a longer one is an attack
DEEP = 8  # letters in letters in letters
PIECES = 400  # of all kinds


def read(content: bytes) -> Extract:
    end = min((at for mark in (b"\n\n", b"\r\n\r\n") if (at := content.find(mark)) >= 0), default=len(content))
    if end > HEADERS:
        raise Unreadable("bomb")
    try:
        letter = email.message_from_bytes(content, policy=email.policy.compat32)
    except Exception as error:
        raise Unreadable("broken") from error
    head = head_of(letter)
    found = _Pieces()
    try:
        found.gather(letter, 0)
    except RecursionError as error:
        raise Unreadable("bomb") from error
    text = "\n".join(filter(None, [head.subject, head.sender, head.to, "", *found.texts]))[:TEXT]
    return Extract(kind="eml", text=text, parts=found.parts, head=head, cut=found.cut)


def head_of(letter: Message) -> Head:
    received = letter.get_all("Received") or []
    last = str(received[0]).rpartition(";")[2] if received else ""
    return Head(
        sender=_words(letter.get("From")),
        to=_words(letter.get("To")),
        subject=_words(letter.get("Subject")),
        sent=moment(letter.get("Date")),
        received=moment(last),
    )


def body_of(content: bytes) -> str:
    """The text of the letter without its head, to put into a form."""
    found = _Pieces()
    found.gather(email.message_from_bytes(content, policy=email.policy.compat32), 0)
    return "\n".join(found.texts)[:TEXT]


def moment(said: object) -> str:
    """A date of a head in ISO 8601; empty when it cannot be read, or has no zone."""
    try:
        when = parsedate_to_datetime(str(said))
    except (TypeError, ValueError, IndexError, OverflowError):
        return ""
    return when.isoformat() if isinstance(when, datetime) and when.tzinfo is not None else ""


def _words(said: object) -> str:
    if said is None:
        return ""
    try:
        words = str(make_header(decode_header(str(said)[:4000])))
    except Exception:  # a charset that does not exist, base64 that is none
        words = str(said)
    words = "".join(letter for letter in words if letter.isprintable() or letter == " ")
    return " ".join(words.split())[:500]


class _Pieces:
    def __init__(self) -> None:
        self.texts: list[str] = []
        self.parts: list[Part] = []
        self.cut = False
        self._count = 0
        self._bytes = 0
        self._room = TEXT

    def gather(self, piece: Message, deep: int) -> None:
        self._count += 1
        if self._count > PIECES or deep > DEEP:
            self.cut = True
            return
        kind = piece.get_content_type()
        if kind == "message/rfc822" and deep:
            self._letter(piece)
        elif piece.is_multipart():
            self._several(piece, kind, deep)
        elif kind in {"text/plain", "text/html"} and not _is_file(piece):
            self._text(piece, kind)
        else:
            self._file(piece)

    def _several(self, piece: Message, kind: str, deep: int) -> None:
        inner = [each for each in _payload(piece) if isinstance(each, Message)]
        if kind == "multipart/alternative":
            plain = [each for each in inner if each.get_content_type() == "text/plain"]
            # The same said twice: the plain one is enough; pictures and files stand beside it.
            inner = (
                [*plain, *(each for each in inner if not each.get_content_type().startswith("text/"))]
                if plain
                else inner
            )
        for each in inner:
            self.gather(each, deep + 1)

    def _text(self, piece: Message, kind: str) -> None:
        text = decoded(_bytes(piece), _charset(piece))
        text = (of_html(text) if kind == "text/html" else text)[: max(0, self._room)]
        self._room -= len(text)
        self.cut = self.cut or self._room <= 0
        if text.strip():
            self.texts.append(text.strip())

    def _letter(self, piece: Message) -> None:
        """A letter in a letter is a file of its own; it is read when its turn comes."""
        inner = _payload(piece)
        if inner and isinstance(inner[0], Message):
            try:
                content = inner[0].as_bytes()
            except Exception:
                content = str(inner[0].get_payload())[:TEXT].encode("utf-8", "replace")
            self._keep(_words(inner[0].get("Subject")) or "letter", content, ".eml")

    def _file(self, piece: Message) -> None:
        content = _bytes(piece)
        if content:
            self._keep(_name(piece), content, "")

    def _keep(self, name: str, content: bytes, ending: str) -> None:
        self._bytes += len(content)
        if len(self.parts) >= PARTS or self._bytes > PART_BYTES:
            self.cut = True
            return
        self.parts.append(Part((name[:200] or "attachment") + ending, content))


def _payload(piece: Message) -> list[object]:
    inner = piece.get_payload()
    return list(inner) if isinstance(inner, list) else []


def _bytes(piece: Message) -> bytes:
    try:
        content = piece.get_payload(decode=True)
    except Exception:
        return b""
    return content if isinstance(content, bytes) else b""


def _charset(piece: Message) -> str:
    try:
        return str(piece.get_content_charset() or "")
    except Exception:
        return ""


def _is_file(piece: Message) -> bool:
    return str(piece.get("Content-Disposition", "")).lower().lstrip().startswith("attachment") or bool(_name(piece))


def _name(piece: Message) -> str:
    try:
        return _words(piece.get_filename())
    except Exception:
        return ""
