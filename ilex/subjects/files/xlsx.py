"""XLSX: the first sheet of a workbook, row by row, and our own table as one.

openpyxl is imported where it is used: nine MiB in each process of a node, of which most never see a workbook.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from ilex.subjects.files import tables
from ilex.subjects.files.entries import MOST_ROWS, Drawn, DrawnLink, Entries, Fault, FileRefused
from ilex.subjects.files.tables import MOST_COLUMNS, Columns, Row
from ilex.words import workbook

LARGEST_UNPACKED = 2**30  # of all parts together
UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def read(file: BinaryIO, columns: Columns, unpacked: int = LARGEST_UNPACKED) -> Entries:
    """Every subject and link. Raises FileRefused, also when all parts together unpack to more bytes than that."""
    yield from tables.read(_rows(file, unpacked), columns)


def _rows(file: BinaryIO, unpacked: int) -> Iterator[Row]:
    header: Sequence[str] = ()
    try:
        for count, cells in workbook.rows(file, MOST_COLUMNS + 1, unpacked):
            if count > MOST_ROWS:
                raise FileRefused(_("The file has more than %(limit)d rows.") % {"limit": MOST_ROWS})
            texts = _texts(count, cells, header)
            if count == 1 and not isinstance(texts, Fault):
                header = texts
            yield count, texts
    except workbook.WorkbookRefused as refused:
        raise FileRefused(_(str(refused))) from None


def _texts(row: int, cells: Iterable[Any], header: Sequence[str]) -> list[str] | Fault:
    texts: list[str] = []
    try:
        for cell in cells:
            texts.append(workbook.text_of(cell))  # how many were read tells which is wrong
    except ValueError:
        from openpyxl.utils import get_column_letter

        place = len(texts)
        column = (header[place].strip() if place < len(header) else "") or get_column_letter(place + 1)
        return Fault(row, column, _(workbook.NO_TEXT))
    return texts


def write(file: BinaryIO, entries: Iterable[Drawn | DrawnLink]) -> None:
    """The long table on one sheet; each cell is text, so nothing is taken for a formula, number or date."""
    from openpyxl import Workbook

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
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(sheet, UNWRITABLE.sub("\ufffd", value))
    cell.data_type = "s"
    return cell
