"""Outlook's own e-mails (.msg): an OLE file whose streams are named by property, as [MS-OXMSG] lays down."""

from __future__ import annotations

import io
import struct
from datetime import UTC, datetime, timedelta
from email import message_from_string
from typing import Any

import olefile

from ilex.documents.readers.extract import PART_BYTES, PARTS, TEXT, Extract, Head, Part, Unreadable
from ilex.documents.readers.letters import head_of
from ilex.documents.readers.plain import decoded, of_html

STREAMS = 4_000
SUBJECT, SENDER_NAME, SENDER, SENDER_SMTP, TO = "0037", "0C1A", "0C1F", "5D01", "0E04"
BODY, HTML, HEADERS = "1000", "1013", "007D"
LONG_NAME, SHORT_NAME, CONTENT = "3707", "3704", "3701"
SUBMITTED, DELIVERED = 0x00390040, 0x0E060040
FIRST = datetime(1601, 1, 1, tzinfo=UTC)  # FILETIME counts from here


def read(content: bytes) -> Extract:
    try:
        with olefile.OleFileIO(io.BytesIO(content)) as file:
            return _Outlook(file).extract()
    except Unreadable:
        raise
    except Exception as error:  # a damaged file breaks its reader in many ways
        raise Unreadable("broken") from error


class _Outlook:
    def __init__(self, file: Any) -> None:
        self._file = file
        names = file.listdir(streams=True, storages=False)
        if len(names) > STREAMS:
            raise Unreadable("bomb")
        self._names = {"/".join(name).upper(): name for name in names}
        self._folders = sorted({name[0] for name in names if name[0].lower().startswith("__attach_version1.0_")})
        self._room = PART_BYTES

    def extract(self) -> Extract:
        head = self._head()
        body = self._text(BODY) or of_html(self._html())
        text = "\n".join(filter(None, [head.subject, head.sender, head.to, "", body]))[:TEXT]
        parts = [part for folder in self._folders[:PARTS] if (part := self._part(folder))]
        return Extract(kind="msg", text=text, parts=parts, head=head, cut=len(self._folders) > PARTS)

    def _head(self) -> Head:
        head = head_of(message_from_string(self._text(HEADERS)[:100_000]))
        times = self._times()
        address = self._text(SENDER_SMTP) or self._text(SENDER)
        name = self._text(SENDER_NAME)
        sender = f"{name} <{address}>" if "@" in address else name or address
        return Head(
            sender=head.sender or _line(sender),
            to=head.to or _line(self._text(TO)),
            subject=_line(self._text(SUBJECT)) or head.subject,
            sent=head.sent or times.get(SUBMITTED, ""),
            received=times.get(DELIVERED, "") or head.received,
        )

    def _text(self, code: str, folder: str = "") -> str:
        place = f"{folder}/" if folder else ""
        if stream := self._stream(f"{place}__substg1.0_{code}001F"):
            return stream.decode("utf-16-le", "replace").replace("\0", "")[:TEXT]
        return decoded(self._stream(f"{place}__substg1.0_{code}001E")).replace("\0", "")[:TEXT]

    def _html(self) -> str:
        return decoded(self._stream(f"__substg1.0_{HTML}0102"))[: 2 * TEXT] or self._text(HTML)

    def _stream(self, name: str) -> bytes:
        there = self._names.get(name.upper())
        if there is None:
            return b""
        with self._file.openstream(there) as stream:
            content = bytes(stream.read(self._room + 1))
        self._room -= len(content)
        if self._room < 0:
            raise Unreadable("bomb")
        return content

    def _times(self) -> dict[int, str]:
        """The moments among the fixed properties: 16 bytes each, after a head of 32."""
        said = self._stream("__properties_version1.0")[32:]
        found = {}
        for at in range(0, min(len(said), 16 * 2_000) - 15, 16):
            tag, _flags, value = struct.unpack_from("<IIQ", said, at)
            if tag in {SUBMITTED, DELIVERED} and 0 < value < 2**62:
                try:
                    found[tag] = (FIRST + timedelta(microseconds=value // 10)).isoformat()
                except OverflowError:
                    continue
        return found

    def _part(self, folder: str) -> Part | None:
        content = self._stream(f"{folder}/__substg1.0_{CONTENT}0102")
        if not content:
            return None  # a letter in a letter is a folder of its own here; its text stands in the quotation
        name = self._text(LONG_NAME, folder) or self._text(SHORT_NAME, folder) or "attachment"
        return Part(_line(name)[:200], content)


def _line(text: str) -> str:
    return " ".join("".join(letter for letter in text if letter.isprintable() or letter == " ").split())[:500]
