"""XLSX: the first sheet of a workbook, read row by row, and nothing of it is carried out."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from ilex.subjects.files import tables
from ilex.subjects.files.entries import MOST_ROWS, Drawn, DrawnLink, Entries, Fault, FileRefused
from ilex.subjects.files.tables import MOST_COLUMNS, Columns, Row

LARGEST_UNPACKED = 2**30  # of all parts together
MOST_PARTS = 1_000
MOST_PACKED = 200  # times: a sheet of text packs to a tenth, a bomb to a thousandth
SMALL_PART = 2**20  # whatever its ratio
DECLARED = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
UNREADABLE = (
    *(InvalidFileException, ParseError, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError),
    *(
        IndexError,
        EOFError,
        OSError,
        NotImplementedError,
        RuntimeError,
        AssertionError,
        StopIteration,
        OverflowError,
        zlib.error,
    ),
)
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def read(file: BinaryIO, columns: Columns, unpacked: int = LARGEST_UNPACKED) -> Entries:
    """Every subject and link. Raises FileRefused, also when all parts together unpack to more bytes than that."""
    _check(file, unpacked)
    yield from tables.read(_rows(file), columns)


def _rows(file: BinaryIO) -> Iterator[Row]:
    cells = _cells(file)
    while True:
        try:
            row = next(cells, None)
        except UNREADABLE:  # openpyxl raises what its parts raise
            raise FileRefused(_("This is not an XLSX workbook that can be read.")) from None
        if row is None:
            return
        yield row


def _cells(file: BinaryIO) -> Iterator[Row]:
    book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        header: Sequence[str] = ()
        for count, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True), 1):
            if count > MOST_ROWS:
                raise FileRefused(_("The file has more than %(limit)d rows.") % {"limit": MOST_ROWS})
            texts = _texts(count, cells, header)
            if count == 1 and not isinstance(texts, Fault):
                header = texts
            yield count, texts
    finally:
        book.close()


def _texts(row: int, cells: Iterable[Any], header: Sequence[str]) -> list[str] | Fault:
    texts: list[str] = []
    for place, cell in enumerate(cells):
        try:
            texts.append(_text(cell))
        except ValueError:
            column = (header[place].strip() if place < len(header) else "") or get_column_letter(place + 1)
            return Fault(row, column, _("A cell holds something that is neither text nor number nor date."))
    return texts


def _text(cell: Any) -> str:
    match cell:
        case None:
            return ""
        case str():
            if cell in ERROR_CODES:  # what a formula left: "#REF!" is nobody's name
                raise ValueError(cell)
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


def _check(file: BinaryIO, unpacked: int) -> None:
    """Look at the parts before anything is unpacked. Raises FileRefused."""
    try:
        with zipfile.ZipFile(file) as parts:
            listed = parts.infolist()
            if len(listed) > MOST_PARTS or sum(part.file_size for part in listed) > unpacked:
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


def write(file: BinaryIO, entries: Iterable[Drawn | DrawnLink]) -> None:
    """The long table on one sheet; each cell is text, so nothing is taken for a formula, number or date."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("subjects")
    sheet.append(list(tables.LONG))
    for entry in entries:
        rows = tables.written(entry) if isinstance(entry, Drawn) else [tables.written_link(entry)]
        for row in rows:
            sheet.append([_cell(sheet, value) for value in row])
    book.save(file)


def _cell(sheet: Any, value: str) -> Any:
    if not value:
        return None
    cell = WriteOnlyCell(sheet, UNWRITABLE.sub("\ufffd", value))
    cell.data_type = "s"
    return cell
