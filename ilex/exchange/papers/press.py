"""Sets a sheet in type: Typst, our own fonts, and nothing else of this machine.

Whatever people wrote reaches Typst as JSON data, never as markup, and the template opens no file. The result is
PDF/A-3a (kept for long, may carry a file) and PDF/UA-1 (can be read aloud) at the same time.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from ilex.exchange.papers.fields import FormError
from ilex.exchange.papers.sheet import Sheet

if TYPE_CHECKING:
    import typst

FOLDER = Path(__file__).resolve().parent
TEMPLATE = FOLDER / "paper.typ"
FONTS = FOLDER / "fonts"
RECORD_LIMIT = 256 * 1024  # bytes of the record inside a paper, for writing as for reading
STANDARDS: list[typst.PDFStandard] = ["a-3a", "ua-1"]

LINES_LIMIT = 5000  # of one paper; beyond it line ends are strokes: empty lines must not make ten thousand pages
MARKS_LIMIT = 8  # on one letter; a longer pile makes the typesetter stumble

UNPRINTABLE = "\N{REPLACEMENT CHARACTER}"
# Marks that turn the order of letters round could make a name read as another one: the paper leaves them out.
TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
SELECTORS = re.compile("[\ufe00-\ufe0f\u200b\u2060\ufeff]")
JOINERS = "\u200c\u200d"
LONG_WORD = re.compile(r"\S{29,}")
WORD_PIECE = 24  # characters after which a word without an end may be broken


def to_pdf(sheet: Sheet, record: bytes, made_at: datetime) -> bytes:
    """The sheet as PDF with the record attached. The same sheet, record and moment give the same bytes.

    A record over the limit stays behind, and the paper says so: nobody could read it back, but the paper is needed.
    """
    if len(record) > RECORD_LIMIT:
        sheet, record = dataclasses.replace(sheet, record_name="", colophon=sheet.colophon_alone), b""
    moment = made_at.astimezone(UTC)
    content = typeable({**dataclasses.asdict(sheet), "made": list(moment.timetuple())[:6]})
    content["record_note"] += f" {digest_note(record)}"
    return set_in_type(TEMPLATE, {"sheet": json.dumps(content), "record": record.decode()}, moment)


def typeable(content: dict[str, Any]) -> dict[str, Any]:
    """What a template gets: the content with printable texts only, and the families of our `fonts`."""
    too_many = sum(text.count("\n") for text in _texts(content)) > LINES_LIMIT
    made: dict[str, Any] = _printable({**content, "fonts": _families()}, " / " if too_many else "\n")
    return made


def digest_note(record: bytes) -> str:
    """Stands in the description of the attached record: readers of PDF mend damaged streams, and we must notice."""
    return f"SHA-256: {hashlib.sha256(record).hexdigest()}"


def set_in_type(template: Path, inputs: dict[str, str], made_at: datetime) -> bytes:
    """PDF/A-3a and PDF/UA-1 of a Typst template that reads its `inputs` and no file. Raises FormError."""
    import typst  # late: six MiB that the door and the relay never need

    compiler = typst.Compiler(
        template, root=template.parent, font_paths=_fonts(), ignore_system_fonts=True, sys_inputs=inputs
    )
    try:
        made = compiler.compile(format="pdf", pdf_standards=STANDARDS, timestamp=int(made_at.timestamp()))
    except typst.TypstError as error:
        raise FormError(_unprintable()) from error
    except BaseException as error:
        # A fault inside Typst comes as a PanicException, which is no Exception and would end the whole worker.
        if type(error).__name__ != "PanicException":
            raise
        raise FormError(_unprintable()) from error
    if not isinstance(made, bytes):
        raise FormError(_unprintable())
    return made


def _unprintable() -> str:
    return gettext("This paper could not be printed. Nothing in the record was changed.")


def printable(text: str) -> str:
    """The text with only such characters as our fonts hold; others stand as one sign. Long words may break.

    PDF/A has no place for a character without a glyph. The record inside the paper keeps the text as it was.
    """
    text = SELECTORS.sub("", TURNING.sub("", unicodedata.normalize("NFC", text)))
    return LONG_WORD.sub(_breakable, _covered(text))


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict | list | tuple):
        for value in content.values() if isinstance(content, dict) else content:
            yield from _texts(value)


def _printable(content: Any, line_end: str) -> Any:
    if isinstance(content, str):
        return printable(content.replace("\n", line_end))
    if isinstance(content, dict):
        return {key: _printable(value, line_end) for key, value in content.items()}
    if isinstance(content, list | tuple):
        return [_printable(value, line_end) for value in content]
    return content


def _covered(text: str) -> str:
    """A letter and its marks must come from one font: a mark that its letter's font lacks is not printable."""
    holders = _holders()
    made: list[str] = []
    common, marks = 0, 0
    for character in text:
        fonts = holders.get(character, 0)
        marks = marks + 1 if _belongs_to_letter(character) else 0
        if marks > MARKS_LIMIT:
            continue
        if marks:
            fonts &= common
        if fonts or character in "\n\t":
            made.append(character)
        elif made[-1:] != [UNPRINTABLE]:
            made.append(UNPRINTABLE)
        common = fonts
    return "".join(made)


def _belongs_to_letter(character: str) -> bool:
    return unicodedata.category(character).startswith("M") or character in JOINERS


def _breakable(match: re.Match[str]) -> str:
    """A zero-width space now and then, never between a letter and its mark."""
    word, pieces, start = match.group(), [], 0
    while len(word) - start > WORD_PIECE:
        end = start + WORD_PIECE
        while end < len(word) and unicodedata.combining(word[end]):
            end += 1
        pieces.append(word[start:end])
        start = end
    return "\u200b".join([*pieces, word[start:]])


@cache
def _fonts() -> typst.Fonts:
    import typst  # late, as above

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


@cache
def _catalogue() -> list[dict[str, str]]:
    fonts: list[dict[str, str]] = tomllib.loads((FONTS / "fonts.toml").read_text(encoding="utf-8"))["font"]
    return fonts


@cache
def _families() -> list[str]:
    return list(dict.fromkeys(font["family"] for font in _catalogue()))


@cache
def _holders() -> dict[str, int]:
    """Each character we can print, with one bit for each family that holds it in every style."""
    holders: dict[str, int] = {}
    for bit, family in enumerate(_families()):
        styles = [_characters(font["characters"]) for font in _catalogue() if font["family"] == family]
        for character in frozenset.intersection(*styles):
            holders[character] = holders.get(character, 0) | 1 << bit
    return holders


def _characters(ranges: str) -> frozenset[str]:
    spans = [span.split("-") for span in ranges.split()]
    return frozenset(chr(point) for span in spans for point in range(int(span[0], 16), int(span[-1], 16) + 1))
