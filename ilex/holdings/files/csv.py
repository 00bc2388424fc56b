"""CSV, parted by commas, semicolons, tabs or bars; UTF-8 or UTF-16, or the encoding that the mapping file names."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import BinaryIO, TextIO

from django.utils.translation import gettext as _

from ilex.holdings.errors import FileRefused
from ilex.holdings.files.bounds import BROKEN_ROW, LONGEST_ROW, Fault

Cells = tuple[int, Sequence[str] | Fault]  # line in the file, and the cells or why they cannot be read

SIGNS = ",;\t|"
FORMULA = re.compile(r"'[=+\-@\t\r]")  # how spreadsheets mark a text that is no formula


def rows(file: BinaryIO, encoding: str = "") -> Iterator[Cells]:
    """Every row, the header first. Raises FileRefused."""
    opened = io.TextIOWrapper(file, encoding=encoding or _encoding(file), newline="")
    try:
        sign, lines = _sign(opened), _Lines(opened)
        yield from _read(csv.reader(lines, delimiter=sign, strict=True), lines)
    except UnicodeError:
        sentence = _("The file is not in %(encoding)s. Name its encoding in a mapping file, or save it as UTF-8.")
        raise FileRefused(sentence % {"encoding": opened.encoding}) from None
    finally:
        if not file.closed:
            opened.detach()  # the file stays its owner's


def _read(reader: Iterator[list[str]], lines: _Lines) -> Iterator[Cells]:
    line = 1
    while True:
        lines.row = 0
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield line, Fault(line, "", BROKEN_ROW)
        else:
            yield line, [cell[1:] if cell[:1] == "'" and FORMULA.match(cell) else cell for cell in cells]
        line = getattr(reader, "line_num", line) + 1


class _Lines:
    """The lines, as long as no row of them is longer than fits: neither a file without any line end nor one row
    of quoted line ends may fill the memory."""

    def __init__(self, opened: TextIO) -> None:
        self._opened = opened
        self.row = 0  # characters since the last row ended, which the reader says

    def __iter__(self) -> Iterator[str]:
        while line := self._opened.readline(LONGEST_ROW):
            self.row += len(line)
            if self.row >= LONGEST_ROW:
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
