"""The first sheet of a stranger's XLSX workbook, row by row, and nothing of it is carried out."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, BinaryIO
from xml.parsers.expat import ExpatError

from ilex.words.identifiers.wrong import N_

MOST_PARTS = 1_000
MOST_PACKED = 200  # times: a sheet of text packs to a tenth, a bomb to a thousandth
SMALL_PART = 2**20  # whatever its ratio
ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})
DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
UNREADABLE = (  # openpyxl raises what its parts raise; a SyntaxError is one of XML
    *(SyntaxError, ExpatError, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError),
    *(IndexError, EOFError, OSError, NotImplementedError, RuntimeError, AssertionError, StopIteration),
    *(OverflowError, zlib.error),
)
TOO_LARGE = N_("The workbook is too large when it is unpacked.")
NO_WORKBOOK = N_("This is not an XLSX workbook that can be read.")
NO_TEXT = N_("A cell holds something that is neither text nor number nor date.")


class WorkbookRefused(Exception):
    """One sentence for the officer, to be shown through gettext."""


def rows(file: BinaryIO, columns: int, unpacked: int) -> Iterator[tuple[int, Sequence[Any]]]:
    """Each row with its number from 1, its cells as they are up to the last that is filled, at most so many columns.

    Raises WorkbookRefused, also when all parts together unpack to more bytes than `unpacked`.
    """
    from ilex.words.sheet import first_sheet  # late: it brings openpyxl, nine MiB that most processes never need

    _check(file, unpacked)
    cells = first_sheet(file, columns)
    while True:
        try:
            row = next(cells, None)
        except UNREADABLE:
            raise WorkbookRefused(NO_WORKBOOK) from None
        if row is None:
            return
        yield row


def text_of(cell: Any) -> str:
    """A cell as a person would have typed it. Raises ValueError for what is no text, number or date."""
    match cell:
        case str():
            if cell in ERRORS:  # what a formula left: "#REF!" is nobody's name
                raise ValueError(cell)
            return cell
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case int():
            return str(cell)
        case float():
            # A number of up to fifteen digits is exact: telephone numbers are often kept so.
            return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
        case date():
            return cell.isoformat()
        case _:
            raise ValueError


def _check(file: BinaryIO, unpacked: int) -> None:
    """Look at the parts before anything is unpacked."""
    try:
        with zipfile.ZipFile(file) as parts:
            listed = parts.infolist()
            if len(listed) > MOST_PARTS or sum(part.file_size for part in listed) > unpacked:
                raise WorkbookRefused(TOO_LARGE)
            for part in listed:
                _check_part(parts, part)
    except UNREADABLE:
        raise WorkbookRefused(NO_WORKBOOK) from None
    file.seek(0)


def _check_part(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    if part.file_size > SMALL_PART and part.file_size > MOST_PACKED * max(part.compress_size, 1):
        raise WorkbookRefused(TOO_LARGE)
    if part.filename.endswith((".xml", ".rels")):
        with parts.open(part) as opened:
            start = opened.read(8_192).replace(b"\0", b"")  # also in UTF-16
        if DECLARED.search(start):
            raise WorkbookRefused(NO_WORKBOOK)
