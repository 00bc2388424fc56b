"""CSV in UTF-8 or UTF-16, parted by commas, semicolons, tabs or bars."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO, TextIO

from django.utils.translation import gettext as _

from ilex.subjects.files import tables
from ilex.subjects.files.entries import LONGEST_ROW, MOST_ROWS, Drawn, DrawnLink, Entries, Fault, FileRefused
from ilex.subjects.files.tables import Columns, Row

SIGNS = ",;\t|"
# A spreadsheet takes what begins so for a formula, and a formula can do harm: such a cell is written with an
# apostrophe before it, which reading takes away again.
FORMULA = re.compile(r"'*[=+\-@\t\r]")


def read(file: BinaryIO, columns: Columns) -> Entries:
    """Every subject and link. Raises FileRefused."""
    yield from tables.read(_rows(file), columns)


def _rows(file: BinaryIO) -> Iterator[Row]:
    opened = io.TextIOWrapper(file, encoding=_encoding(file), newline="")
    try:
        reader = csv.reader(_bounded(opened), delimiter=_sign(opened), strict=True)
        yield from _read(reader)
    except UnicodeError:
        raise FileRefused(_("The file is not in UTF-8. Save it as “CSV UTF-8” and try again.")) from None
    finally:
        if not file.closed:
            opened.detach()  # the file stays its owner's


def _read(reader: Iterator[list[str]]) -> Iterator[Row]:
    for count in range(1, MOST_ROWS + 2):
        if count > MOST_ROWS:
            raise FileRefused(_("The file has more than %(limit)d rows.") % {"limit": MOST_ROWS})
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield count, Fault(count, "", _("The row is broken: a quotation mark is missing, or a cell is too long."))
        else:
            yield count, [_bare(cell) if cell[:1] == "'" else cell for cell in cells]


def _bare(cell: str) -> str:
    return cell[1:] if FORMULA.match(cell) else cell


def _bounded(opened: TextIO) -> Iterator[str]:
    """The lines, none longer than fits: a file without any line end must not fill the memory."""
    while line := opened.readline(LONGEST_ROW):
        if len(line) >= LONGEST_ROW:
            raise FileRefused(_("A row is longer than %(limit)d characters.") % {"limit": LONGEST_ROW})
        yield line


def _encoding(file: BinaryIO) -> str:
    start = file.read(4)
    file.seek(0)
    return "utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"


def _sign(opened: TextIO) -> str:
    """The sign that parts the cells of the header: the one that stands there most."""
    header = opened.readline(LONGEST_ROW)
    opened.seek(0)
    return max(SIGNS, key=lambda sign: (header.count(sign), -SIGNS.index(sign)))


def write(file: BinaryIO, entries: Iterable[Drawn | DrawnLink]) -> None:
    """The long table: everything, and readable again."""
    opened = io.TextIOWrapper(file, encoding="utf-8-sig", newline="")
    writer = csv.writer(opened)
    writer.writerow(tables.LONG)
    for entry in entries:
        rows = tables.written(entry) if isinstance(entry, Drawn) else [tables.written_link(entry)]
        for row in rows:
            writer.writerow([f"'{cell}" if FORMULA.match(cell) else cell for cell in row])
    opened.flush()
    opened.detach()
