"""The cells of one sheet of a workbook and the texts that cells share, in the order of the file, without a tree of it.

Values come out as openpyxl gives them, which reads the other parts; its own reading of cells takes five times as long.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import IO, Any, BinaryIO
from xml.parsers.expat import ParserCreate

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import from_excel, from_ISO8601
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

CHUNK = 2**16  # bytes that are unpacked at once
DIGITS = "0123456789"
DEEPEST = 64  # levels of elements; a sheet has six, and each costs memory until it ends
LAST_ROW = 1_048_576  # of any workbook
CELL, ROW, VALUE, INLINE, TEXT, PHONETIC, STRING = (
    f"{SHEET_MAIN_NS} {name}" for name in ("c", "row", "v", "is", "t", "rPh", "si")
)
Row = tuple[int, list[Any]]  # its number from 1, and its cells up to the last that is filled


@dataclass(frozen=True)
class Styles:
    """Of which cells a number is a date or a span of time, and from which day dates are counted."""

    epoch: datetime
    dates: Collection[int]
    spans: Collection[int]

    def read(self, number: float, style: int) -> Any:
        if style not in self.dates:
            return number
        try:
            return from_excel(number, self.epoch, timedelta=style in self.spans)
        except (OverflowError, ValueError):
            return "#VALUE!"


class _Part:
    """Hears what stands in a part. Texts of several runs are one; how they are spoken (`rPh`) is none."""

    def __init__(self) -> None:
        self.letters: list[str] = []  # since the last beginning of an element
        self.runs: list[str] = []
        self.spoken = False
        self.depth = 0
        self.parser = ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.CharacterDataHandler = self.letters.append
        self.parser.StartElementHandler = self.enter
        self.parser.EndElementHandler = self.leave

    def refuse(self, *_said: object) -> None:
        raise ValueError("no part of a workbook declares entities")

    def enter(self, name: str, said: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise ValueError("elements in elements in elements")
        self.start(name, said)

    def leave(self, name: str) -> None:
        self.depth -= 1
        self.end(name)

    def start(self, name: str, said: dict[str, str]) -> None:
        self.letters.clear()
        if name == PHONETIC:
            self.spoken = True
        elif name in (STRING, INLINE):
            self.runs.clear()

    def end(self, name: str) -> None:
        if name == TEXT and not self.spoken:
            self.runs.append("".join(self.letters))
        elif name == PHONETIC:
            self.spoken = False
        self.letters.clear()

    def hear(self, part: IO[bytes]) -> Iterator[None]:
        """Piece by piece: what was heard is taken away between."""
        while chunk := part.read(CHUNK):
            self.parser.Parse(chunk)
            yield
        self.parser.Parse(b"", True)
        yield


class _Strings(_Part):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def end(self, name: str) -> None:
        super().end(name)
        if name == STRING:
            self.found.append("".join(self.runs).replace("x005F_", ""))


class _Sheet(_Part):
    def __init__(self, columns: int, strings: Sequence[str], styles: Styles) -> None:
        super().__init__()
        self.columns, self.strings, self.styles = columns, strings, styles
        self.rows: list[Row] = []
        self.row: list[Any] = []
        self.number = self.column = 0
        self.kind = self.style = self.value = ""

    def start(self, name: str, said: dict[str, str]) -> None:
        if name == CELL:
            self.kind, self.style, self.value = said.get("t", "n"), said.get("s", ""), ""
            self.column = _column(said["r"].rstrip(DIGITS)) if said.get("r") else self.column + 1
        elif name == VALUE:
            self.letters.clear()
        elif name == ROW:
            self.row, self.column = [], 0
            self.number = _row_number(said["r"]) if "r" in said else self.number + 1
            if self.number > LAST_ROW:
                raise ValueError("a row that no workbook has")
        else:
            super().start(name, said)

    def end(self, name: str) -> None:
        if name == VALUE:
            self.value = self.value or "".join(self.letters)
        elif name == CELL:
            self._keep()
        elif name == ROW:
            self.rows.append((self.number, self.row))
        else:
            super().end(name)

    def _keep(self) -> None:
        read = self._inline() if self.kind == "inlineStr" else self._read() if self.value else None
        if read is None or self.column > self.columns:
            return
        missing = self.column - len(self.row)
        if missing > 0:
            self.row += [None] * missing
        self.row[self.column - 1] = read

    def _inline(self) -> str | None:
        read = "".join(self.runs)
        self.runs.clear()
        return read or None

    def _read(self) -> Any:
        match self.kind:
            case "s":
                return self.strings[int(self.value)]
            case "n":
                return self._number()
            case "b":
                return bool(int(self.value))
            case "d":
                return from_ISO8601(self.value)
            case _:  # the text that a formula gave, or the name of an error
                return self.value

    def _number(self) -> Any:
        text = self.value
        number = float(text) if "." in text or "E" in text or "e" in text else int(text)
        return self.styles.read(number, int(self.style or 0))


@lru_cache(maxsize=2**10)
def _column(letters: str) -> int:
    number: int = column_index_from_string(letters)
    return number


def _row_number(text: str) -> int:
    if not text.isdecimal() and not float(text).is_integer():
        raise ValueError(text)
    return int(text) if text.isdecimal() else int(float(text))


def strings(part: IO[bytes]) -> list[str]:
    """The texts that cells name by their place. Raises ExpatError and ValueError."""
    heard = _Strings()
    for _piece in heard.hear(part):
        pass
    return heard.found


def rows(part: IO[bytes], columns: int, shared: Sequence[str], styles: Styles) -> Iterator[Row]:
    """Every row that the sheet has, of each at most so many columns; a row that is missing comes as an empty one.

    Raises what its parts raise: ExpatError, ValueError, IndexError, KeyError.
    """
    heard = _Sheet(columns, shared, styles)
    following = 1
    for _piece in heard.hear(part):
        for number, cells in heard.rows:
            while following < number:
                yield following, []
                following += 1
            if number == following:
                yield number, cells
                following += 1
        heard.rows.clear()


class _Reader(ExcelReader):  # type: ignore[misc]  # openpyxl has no types
    """openpyxl's reader, of which only the parts are asked that say how the first sheet is to be read."""

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            with self.archive.open(part.PartName[1:]) as opened:
                self.shared_strings = strings(opened)

    def first_sheet(self) -> str:
        """The name of its part; empty when there is none."""
        found = (rel for _sheet, rel in self.parser.find_sheets() if rel.target in self.valid_files)
        name: str = next((rel.target for rel in found if "chartsheet" not in rel.Type), "")
        return name


def first_sheet(file: BinaryIO, columns: int) -> Iterator[Row]:
    """The rows of the first sheet of a workbook; raises whatever its parts and openpyxl raise."""
    reader = _Reader(file, read_only=True, data_only=True, keep_links=False)
    with reader.archive:
        reader.read_manifest()
        reader.read_strings()
        reader.read_workbook()
        apply_stylesheet(reader.archive, reader.wb)
        styles = Styles(reader.wb.epoch, reader.wb._date_formats, reader.wb._timedelta_formats)
        with reader.archive.open(reader.first_sheet()) as part:
            yield from rows(part, columns, reader.shared_strings, styles)
