"""XLSX: the first sheet of a workbook, row by row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from ilex.holdings.errors import FileRefused
from ilex.holdings.files.bounds import Fault
from ilex.holdings.files.columns import MOST_COLUMNS
from ilex.holdings.files.csv import Cells
from ilex.words import workbook

LARGEST_UNPACKED = 2**31  # of all parts together


def rows(file: BinaryIO) -> Iterator[Cells]:
    """Every row, the header first. Raises FileRefused."""
    try:
        for line, cells in workbook.rows(file, MOST_COLUMNS + 1, LARGEST_UNPACKED):
            yield line, _texts(line, cells)
    except workbook.WorkbookRefused as refused:
        raise FileRefused(_(str(refused))) from None


def _texts(line: int, cells: Iterable[Any]) -> list[str] | Fault:
    try:
        found = [workbook.text_of(cell) for cell in cells]
    except ValueError:
        return Fault(line, "", workbook.NO_TEXT)
    while found and not found[-1]:
        found.pop()
    return found
