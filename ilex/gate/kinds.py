"""What a file is, told by its first bytes and not by its name; and a name that is safe to show and to save."""

from __future__ import annotations

import unicodedata
from codecs import getincrementaldecoder
from pathlib import PurePosixPath

UNKNOWN = "application/octet-stream"
NAME_LIMIT = 255  # bytes in UTF-8: the limit of most file systems
OFFICE = "application/vnd.openxmlformats-officedocument"

# First bytes → kind.
STARTS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x1f\x8b", "application/gzip"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"{\\rtf", "application/rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),  # the older office files, .msg
    (b"ID3", "audio/mpeg"),
)
LETTER_STARTS = (b"Return-Path:", b"Received:", b"Message-ID:", b"MIME-Version:", b"From:", b"Delivered-To:")
# Where the bytes tell only the family, the sender's word may name the member.
MEMBERS = {
    "text/plain": {"text/csv", "application/json", "application/geo+json", "text/vcard", "text/calendar"},
    "application/zip": {
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    },
    "application/x-ole-storage": {
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-outlook",
    },
}


def media_of(start: bytes, claimed: str = "") -> str:
    """The media type of a file that begins with `start`. The first 4 KiB tell it."""
    kind = _kind(start[:4096])
    return claimed if claimed in MEMBERS.get(kind, ()) else kind


def _kind(start: bytes) -> str:
    kind = next((kind for magic, kind in STARTS if start.startswith(magic)), "")
    if kind == "application/zip":
        return _office(start) or kind
    if kind:
        return kind
    if start[4:8] == b"ftyp":
        return "video/mp4"
    if start[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(start[8:12], UNKNOWN)
    return _text(start)


def _office(start: bytes) -> str:
    if b"[Content_Types].xml" not in start:
        return ""
    if b"word/" in start:
        return f"{OFFICE}.wordprocessingml.document"
    return f"{OFFICE}.spreadsheetml.sheet" if b"xl/" in start else ""


def _text(start: bytes) -> str:
    if not start or any(byte < 32 and byte not in b"\t\n\r\f" for byte in start):
        return UNKNOWN
    try:
        getincrementaldecoder("utf-8")().decode(start)  # the last letter may be cut in half
    except UnicodeDecodeError:
        return UNKNOWN
    return "message/rfc822" if start.startswith(LETTER_STARTS) else "text/plain"


def clean_name(text: str) -> str:
    """A file name without path, control or direction-changing characters, of at most 255 bytes.

    `annex\\u202efdp.exe` shows as `annexexe.pdf` otherwise.
    """
    name = text.replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(letter for letter in unicodedata.normalize("NFC", name) if _harmless(letter))
    name = " ".join(name.split()).strip(". ")
    return _shortened(name) or "attachment"


def _harmless(letter: str) -> bool:
    # Cc control, Cf format (direction, zero width), Cs lone surrogates, Co private use, Zl/Zp line breaks
    return unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def _shortened(name: str) -> str:
    if len(name.encode()) <= NAME_LIMIT:
        return name
    ending = PurePosixPath(name).suffix
    if len(ending.encode()) > 20:
        ending = ""
    room = NAME_LIMIT - len(ending.encode())
    stem = name[: len(name) - len(ending)] if ending else name
    return stem.encode()[:room].decode(errors="ignore") + ending
