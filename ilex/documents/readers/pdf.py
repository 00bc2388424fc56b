"""PDF: the text of its pages, and of scanned ones what optical recognition makes of their pictures."""

from __future__ import annotations

import io
from typing import Any

from pypdf import PdfReader

from ilex.documents.readers import pictures
from ilex.documents.readers.extract import Extract, Text, Unreadable

PAGES = 2_000
SCANNED = 12  # pages of a scan that are recognised
SMALLEST = 2_000  # bytes or dots of a picture that may hold text
DOTS = 60_000_000  # of one picture
INVERTED = bytes(255 - byte for byte in range(256))
LITTLE = 20  # letters on a page below which it is taken for a picture


def read(content: bytes, languages: str) -> Extract:
    reader = _opened(content)
    try:
        pages = len(reader.pages)
    except Exception as error:
        raise Unreadable("broken") from error
    text, bare, failed = Text(), [], 0
    for number in range(min(pages, PAGES)):
        try:
            said = reader.pages[number].extract_text() or ""
        except Exception:  # one bad page leaves the others
            failed += 1
            continue
        if len(said.strip()) < LITTLE:
            bare.append(number)
        if said.strip() and not text.add(said):
            break
    extract = Extract(kind="pdf", text=str(text), pages=pages, cut=text.full or pages > PAGES)
    if bare and not text.full:
        _recognise(reader, bare[:SCANNED], languages, extract)
    if not extract.text.strip() and failed == pages and pages:
        raise Unreadable("broken")
    return extract


def _opened(content: bytes) -> PdfReader:
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("encrypted")
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable("broken") from error
    return reader


def _recognise(reader: PdfReader, numbers: list[int], languages: str, extract: Extract) -> None:
    found = [picture for number in numbers for picture in _pictures(reader, number)]
    if not found:
        return
    if not pictures.can():
        extract.why = "no-ocr"
        return
    said = [text for picture in found[:SCANNED] if (text := pictures.recognise(picture, languages))]
    if said:
        extract.text = "\n".join(filter(None, [extract.text, *said]))
        extract.ocr = True


def _pictures(reader: PdfReader, number: int) -> list[bytes]:
    """The pictures of a page in a form that the recogniser reads: a scanner puts one on each."""
    try:
        resources = reader.pages[number].get("/Resources", {}).get_object()
        objects = resources.get("/XObject", {}).get_object()
        streams = [objects[name].get_object() for name in list(objects)[:20]]
        return [picture for stream in streams if (picture := _picture(stream))]
    except Exception:
        return []


def _picture(stream: Any) -> bytes:
    """A JPEG as it stands in the file; plain dots with the head of a portable bitmap before them. Others: nothing."""
    if stream.get("/Subtype") != "/Image":
        return b""
    filters = stream.get("/Filter", "")
    filters = list(filters) if isinstance(filters, list) else [filters]
    if filters == ["/DCTDecode"]:
        return bytes(stream._data) if len(stream._data) > SMALLEST else b""
    wide, high = int(stream.get("/Width", 0)), int(stream.get("/Height", 0))
    if filters != ["/FlateDecode"] or not SMALLEST < wide * high < DOTS:
        return b""
    dots: bytes = stream.get_data()
    if len(dots) == wide * high * 3:
        return b"P6 %d %d 255\n" % (wide, high) + dots
    if len(dots) == wide * high:
        return b"P5 %d %d 255\n" % (wide, high) + dots
    if len(dots) == (wide + 7) // 8 * high:
        return b"P4 %d %d\n" % (wide, high) + dots.translate(INVERTED)  # here 1 is black, there it is white
    return b""
