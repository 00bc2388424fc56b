"""A file in chunks of some hundred rows, cut without being read: that is done where the keys are made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

from django.utils.translation import gettext as _

from ilex.holdings.errors import FileRefused
from ilex.holdings.files import csv, xlsx
from ilex.holdings.files.bounds import LONGEST_ROW, Fault
from ilex.holdings.files.columns import Columns, Mapped, columns
from ilex.holdings.files.csv import Cells

BLOCK = 2**19  # bytes of lines in one chunk
ROWS = 1_500  # of a table in one chunk
FORMS = {".json": "ftm", ".jsonl": "ftm", ".ndjson": "ftm", ".ijson": "ftm", ".ftm": "ftm", ".csv": "csv",
         ".tsv": "csv", ".txt": "csv", ".xlsx": "xlsx"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chunk:
    """Lines of FollowTheMoney as bytes, or rows of a table."""

    line: int  # of the first
    lines: bytes = b""
    rows: Sequence[Cells] = ()


@dataclass(frozen=True)
class Opened:
    """A file that is being read. `columns` is nothing for FollowTheMoney."""

    chunks: Iterator[Chunk]
    columns: Columns | None = None


def opened(file: BinaryIO, form: str, mapped: Mapped) -> Opened:
    """Raises FileRefused, also while the chunks are read."""
    if form == "ftm":
        return Opened(_lines(file))
    table = csv.rows(file, mapped.encoding) if form == "csv" else xlsx.rows(file)
    first = next(table, None)
    if first is None:
        raise FileRefused(_("The file is empty."))
    if isinstance(first[1], Fault):
        raise FileRefused(_("The first row, with the names of the columns, cannot be read."))
    return Opened(_rows(table), columns(first[1], mapped))


def _lines(file: BinaryIO) -> Iterator[Chunk]:
    line = 1
    while block := file.read(BLOCK):
        if not block.endswith(b"\n"):
            block += _rest(file, len(block) - block.rfind(b"\n") - 1)
        yield Chunk(line, lines=block)
        line += block.count(b"\n")


def _rest(file: BinaryIO, held: int) -> bytes:
    """The rest of the last line; of one that is too long no more than shows it."""
    rest = file.readline(2 * LONGEST_ROW)
    while not rest.endswith(b"\n") and len(rest) + held > LONGEST_ROW and (more := file.readline(LONGEST_ROW)):
        rest = rest[: 2 * LONGEST_ROW] + (b"\n" if more.endswith(b"\n") else b"")
    return rest


def _rows(table: Iterator[Cells]) -> Iterator[Chunk]:
    while some := list(islice(table, ROWS)):
        yield Chunk(some[0][0], rows=some)
