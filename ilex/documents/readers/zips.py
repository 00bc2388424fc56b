"""Office files are zips of XML: opened with limits on members, size and growth, and without entities."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from defusedxml.ElementTree import iterparse

from ilex.documents.readers.extract import Extract, Text, Unreadable

MEMBERS = 5_000
INSIDE = 100 * 2**20  # unpacked bytes that are read in all
GROWTH = 200  # times its packed size; a bomb grows a thousandfold
SMALL = 2**20  # below this, growth is harmless

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
ODF_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
ODF_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


class Package:
    """One zip, read by name; what has been unpacked is counted over all members."""

    def __init__(self, content: bytes) -> None:
        try:
            self._file = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError, OverflowError) as error:
            raise Unreadable("broken") from error
        members = self._file.infolist()
        if len(members) > MEMBERS:
            raise Unreadable("bomb")
        self._members = {member.filename: member for member in members}
        self._left = INSIDE

    def names(self, pattern: str) -> list[str]:
        """Those that match, in the order of the numbers in them."""
        found = [name for name in self._members if re.fullmatch(pattern, name)]
        return sorted(found, key=lambda name: [int(part) if part.isdigit() else 0 for part in re.split(r"(\d+)", name)])

    def read(self, name: str) -> bytes:
        member = self._members.get(name)
        if member is None:
            raise Unreadable("broken")
        if member.file_size > SMALL and member.file_size > GROWTH * max(1, member.compress_size):
            raise Unreadable("bomb")
        try:
            with self._file.open(member) as stream:
                content = stream.read(self._left + 1)  # what the directory says of its size may be a lie
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError, ValueError) as error:
            raise Unreadable("encrypted" if "encrypted" in str(error) else "broken") from error
        except Exception as error:  # zlib's own, and whatever else a damaged stream brings forth
            raise Unreadable("broken") from error
        self._left -= len(content)
        if self._left < 0 or (len(content) > SMALL and len(content) > GROWTH * max(1, member.compress_size)):
            raise Unreadable("bomb")
        return content


def _events(content: bytes) -> Iterator[tuple[str, str, str]]:
    """("start" or "end", tag, text). Elements are thrown away as soon as they are read; entities are refused."""
    try:
        for event, element in iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True):
            text = (element.text or "") if event == "end" else element.get("t") or element.get("r") or ""
            yield event, element.tag, text
            if event == "end":
                element.clear()
    except Unreadable:
        raise
    except Exception as error:  # broken XML, a DTD, an entity, an encoding that is not one
        raise Unreadable("broken") from error


def docx(content: bytes) -> Extract:
    package, text = Package(content), Text()
    names = package.names(r"word/document\d*\.xml") or ["word/document.xml"]
    names += package.names(r"word/(header|footer|footnotes|endnotes|comments)\d*\.xml")
    for name in names:
        _paragraphs(package.read(name), W, text)
    return Extract(kind="docx", text=str(text), cut=text.full)


def pptx(content: bytes) -> Extract:
    package, text = Package(content), Text()
    slides = package.names(r"ppt/slides/slide\d+\.xml")
    for name in slides + package.names(r"ppt/notesSlides/notesSlide\d+\.xml"):
        _paragraphs(package.read(name), A, text)
    return Extract(kind="pptx", text=str(text), pages=len(slides) or None, cut=text.full)


def _paragraphs(content: bytes, space: str, text: Text) -> None:
    line: list[str] = []
    for event, tag, said in _events(content):
        if event != "end":
            continue
        if tag == f"{space}t":
            line.append(said)
        elif tag in {f"{space}tab", f"{space}br", f"{space}cr"}:
            line.append(" ")
        elif tag == f"{space}p":
            if not text.add("".join(line)):
                return
            line = []


def xlsx(content: bytes) -> Extract:
    """The sheets' texts and numbers, a line for each row. Formulas are not computed: their last result is read."""
    package, text = Package(content), Text()
    shared = _shared(package)
    sheets = package.names(r"xl/worksheets/sheet\d+\.xml")
    if not sheets:
        raise Unreadable("broken")
    for name in sheets:
        _rows(package.read(name), shared, text)
    return Extract(kind="xlsx", text=str(text), pages=len(sheets), cut=text.full)


def _shared(package: Package) -> list[str]:
    texts: list[str] = []
    line: list[str] = []
    for name in package.names(r"xl/sharedStrings\.xml"):
        for event, tag, said in _events(package.read(name)):
            if event != "end":
                continue
            if tag == f"{S}t":
                line.append(said)
            elif tag == f"{S}si":
                texts.append("".join(line))
                line = []
    return texts


def _rows(content: bytes, shared: list[str], text: Text) -> None:
    cells: list[str] = []
    kind = ""
    for event, tag, said in _events(content):
        if event == "start":
            kind = said if tag == f"{S}c" else kind
            if tag == f"{S}c" and said not in {"s", "str", "inlineStr", "b", "e", "n", "d"}:
                kind = ""
        elif tag in {f"{S}v", f"{S}t"} and said:
            cells.append(_cell(said, kind if tag == f"{S}v" else "", shared))
        elif tag == f"{S}row":
            if cells and not text.add("\t".join(cells)):
                return
            cells = []


def _cell(said: str, kind: str, shared: list[str]) -> str:
    if kind == "s" and said.isascii() and said.isdigit() and len(said) < 9 and int(said) < len(shared):
        return shared[int(said)]
    return said


def opendocument(content: bytes, kind: str) -> Extract:
    text = Text()
    line: list[str] = []
    for event, tag, said in _flow(Package(content).read("content.xml")):
        if event == "text":
            line.append(said)
        elif tag in {f"{ODF_TEXT}p", f"{ODF_TEXT}h"}:
            if not text.add("".join(line)):
                break
            line = []
    return Extract(kind=kind, text=str(text), cut=text.full)


def _flow(content: bytes) -> Iterator[tuple[str, str, str]]:
    """Texts and ends in the order of the page: OpenDocument mixes text and elements."""
    try:
        for event, element in iterparse(io.BytesIO(content), events=("start", "end"), forbid_dtd=True):
            if event == "end":
                if element.text:
                    yield "text", "", element.text
                yield "end", element.tag, ""
                if element.tail:
                    yield "text", "", element.tail
                element.clear()
    except Exception as error:
        raise Unreadable("broken") from error
