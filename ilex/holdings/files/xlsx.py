"""XLSX: the first sheet of a workbook, read row by row, and nothing of it is carried out."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from ilex.holdings.errors import FileRefused
from ilex.holdings.files.bounds import NO_CELL, Fault
from ilex.holdings.files.columns import MOST_COLUMNS
from ilex.holdings.files.csv import Cells

LARGEST_UNPACKED = 2**31  # of all parts together
MOST_PARTS = 1_000
MOST_PACKED = 200  # times: a sheet of text packs to a tenth, a bomb to a thousandth
SMALL_PART = 2**20  # whatever its ratio
DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
UNREADABLE = (
    *(InvalidFileException, ParseError, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError),
    *(IndexError, EOFError, OSError, NotImplementedError, RuntimeError, AssertionError, StopIteration),
    *(OverflowError, zlib.error),
)


def rows(file: BinaryIO) -> Iterator[Cells]:
    """Every row, the header first. Raises FileRefused."""
    _check(file)
    cells = _cells(file)
    while True:
        try:
            row = next(cells, None)
        except UNREADABLE:  # openpyxl raises what its parts raise
            raise FileRefused(_("This is not an XLSX workbook that can be read.")) from None
        if row is None:
            return
        yield row


def _cells(file: BinaryIO) -> Iterator[Cells]:
    book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        for line, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True), 1):
            yield line, _texts(line, cells)
    finally:
        book.close()


def _texts(line: int, cells: Iterable[Any]) -> list[str] | Fault:
    try:
        found = [_text(cell) for cell in cells]
    except ValueError:
        return Fault(line, "", NO_CELL)
    while found and not found[-1]:
        found.pop()
    return found


def _text(cell: Any) -> str:
    match cell:
        case None:
            return ""
        case str():
            return cell
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


def _check(file: BinaryIO) -> None:
    """Look at the parts before anything is unpacked. Raises FileRefused."""
    try:
        with zipfile.ZipFile(file) as parts:
            listed = parts.infolist()
            if len(listed) > MOST_PARTS or sum(part.file_size for part in listed) > LARGEST_UNPACKED:
                raise FileRefused(_("The workbook is too large when it is unpacked."))
            for part in listed:
                _check_part(parts, part)
    except UNREADABLE:
        raise FileRefused(_("This is not an XLSX workbook that can be read.")) from None
    file.seek(0)


def _check_part(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    if part.file_size > SMALL_PART and part.file_size > MOST_PACKED * max(part.compress_size, 1):
        raise FileRefused(_("The workbook is too large when it is unpacked."))
    if part.filename.endswith((".xml", ".rels")):
        with parts.open(part) as opened:
            start = opened.read(8_192).replace(b"\0", b"")  # also in UTF-16
        if DECLARED.search(start):
            raise FileRefused(_("This is not an XLSX workbook that can be read."))
