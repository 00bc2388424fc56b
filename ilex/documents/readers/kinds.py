"""What a file is by its content: its first bytes, and what lies inside when these tell only the family."""

from __future__ import annotations

import codecs
import io
import re
import zipfile

STARTS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"BM", "image"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"Rar!\x1a\x07", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"{\\rtf", "rtf"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"\xcf\xfa\xed\xfe", "program"),
    (b"#!", "program"),
    (b"ID3", "audio"),
    (b"OggS", "audio"),
    (b"fLaC", "audio"),
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Names in an OLE file's directory are UTF-16; finding one needs no parser.
IN_OLE = (
    ("__properties_version1.0", "msg"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("PowerPoint Document", "ppt"),
)
IN_ZIP = (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx"))
OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
HEADER = re.compile(
    rb"^(return-path|received|message-id|mime-version|from|to|cc|date|subject|delivered-to|reply-to|content-type"
    rb"|content-transfer-encoding|x-[a-z0-9-]+|dkim-signature|arc-[a-z-]+|authentication-results|sender|in-reply-to"
    rb"|references|thread-[a-z]+|user-agent|list-[a-z-]+|importance|organization|bcc|received-spf|content-language):",
    re.IGNORECASE,
)
TELLING = {b"from", b"received", b"message-id", b"return-path", b"mime-version", b"delivered-to", b"subject", b"date"}
MEMBERS = 10_000  # of a zip that are looked at


def kind_of(content: bytes) -> str:
    """One of rules.KINDS. Never raises, whatever the bytes are."""
    start = content[:4096]
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _in_zip(content)
    if start.startswith(OLE):
        return _in_ole(content)
    if b"%PDF-" in start[:1024] and not start.startswith(b"\xff\xd8\xff"):
        return "pdf"  # readers accept rubbish before it, so we must
    kind = next((kind for magic, kind in STARTS if start.startswith(magic)), "")
    if kind:
        return _really(kind, content)
    return _by_shape(start) or _text(content)


def _really(kind: str, content: bytes) -> str:
    """Two letters at the beginning are not enough: a text may begin with BM, MZ or #!."""
    if content.startswith((b"BM", b"MZ", b"BZh")) and _text(content) != "other":
        return "text"
    return kind


def _by_shape(start: bytes) -> str:
    if start[4:8] == b"ftyp":
        return "image" if start[8:12] in {b"heic", b"heix", b"mif1", b"avif"} else "video"
    if start[:4] == b"RIFF":
        return {b"WEBP": "image", b"WAVE": "audio", b"AVI ": "video"}.get(start[8:12], "other")
    if start[:4] == b"\x1aE\xdf\xa3":
        return "video"
    return "archive" if start[257:262] == b"ustar" else ""


def _in_zip(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            names = [member.filename for member in file.infolist()[:MEMBERS]]
            if "mimetype" in names and file.getinfo("mimetype").file_size < 200:
                return OPEN_DOCUMENT.get(file.read("mimetype")[:100], "archive")
    except Exception:  # a broken zip breaks its reader in many ways
        return "archive"
    if "[Content_Types].xml" not in names:
        return "archive"
    return next((kind for folder, kind in IN_ZIP if any(name.startswith(folder) for name in names)), "archive")


def _in_ole(content: bytes) -> str:
    return next((kind for name, kind in IN_OLE if name.encode("utf-16-le") in content), "ole")


def _text(content: bytes) -> str:
    start = content[:65536]
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "text"
    if not start.strip() or any(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in start):
        return "other"
    if _is_letter(start):
        return "eml"
    low = start[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if low.startswith((b"<!doctype html", b"<html", b"<svg", b"<head", b"<body")) or b"<html" in low[:1024]:
        return "html"
    return "text"


def _is_letter(start: bytes) -> bool:
    """Begins with a header, and has at least two that tell a letter."""
    lines = start.lstrip(b"\xef\xbb\xbf").splitlines()[:200]
    if lines and lines[0].startswith(b"From "):
        lines = lines[1:]
    if not lines or not HEADER.match(lines[0]):
        return False
    names = set()
    for line in lines:
        if not line.strip():
            break
        if found := HEADER.match(line):
            names.add(found[1].lower())
    return len(names & TELLING) >= 2
