"""What is filed of every word and day that came, as rows of arrays: worked out when it comes first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from struct import Struct
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ilex.matching import keys, letters
from ilex.matching.facts import Part
from ilex.matching.parts import bears_anywhere, plain_of, reading
from ilex.matching.prepare import date_of
from ilex.matching.signature import BYTES, beginning_bits, date_bits, grams_bits
from ilex.matching.skeletons import KEPT

Value = TypeVar("Value")

NO_CODES = (0,) * KEPT
NOTHING = 0  # the row of what shows nowhere
UNUSUAL = -1  # a word whose part in a name depends on the others: a particle, an initial, half of a compound

# A row twice: as it is written, and as it is read in columns.
ROW = Struct(f"<{KEPT}QQ{BYTES}sHB?4x")
FIELDS = np.dtype(
    [
        ("codes", np.uint64, KEPT),
        ("beginning", np.uint64),
        ("bits", np.uint64, BYTES // 8),
        ("year", np.uint16),
        ("kept", np.uint8),
        ("bears", np.bool_),
        ("unused", np.uint32),
    ]
)


@dataclass(frozen=True)
class WordColumns:
    codes: NDArray[np.uint64]  # (n, KEPT), of its skeletons
    kept: NDArray[np.uint8]  # how many skeletons it has
    beginning: NDArray[np.uint64]  # the letter with which the first one begins
    bears: NDArray[np.bool_]  # whether it may be all that is known beside a first letter
    bits: NDArray[np.uint64]  # (n, 4), of the signature
    year: NDArray[np.uint16]  # of a date; 0 of a word


class Learned(dict[str, Value]):
    """Works out what is asked for the first time."""

    def __init__(self, learn: Callable[[str], Value]) -> None:
        super().__init__()
        self._learn = learn

    def __missing__(self, text: str) -> Value:
        value = self[text] = self._learn(text)
        return value


class FiledWords:
    """Gives each word and each day a row. Words that are usual and read alike share one."""

    def __init__(self) -> None:
        self.sounds: list[str] = []
        self.skeletons: dict[int, str] = {}  # by their codes
        self.usual = Learned(self._usual)  # rows of words as they are written
        self.days = Learned(self._day)  # rows of dates
        self._alike: dict[letters.Reading, int] = {}  # rows of usual words
        self._rows: dict[tuple[str, str, str], int] = {}
        self._table = bytearray()
        self._row("", (), " ", 0, bears=False)

    def __len__(self) -> int:
        return len(self.usual) + len(self.days) + len(self._rows)

    def columns(self) -> WordColumns:
        """As they are now. To be let go before the next word comes: the table cannot grow meanwhile."""
        table = np.frombuffer(self._table, FIELDS)
        return WordColumns(*(table[name] for name in ("codes", "kept", "beginning", "bears", "bits", "year")))

    def _usual(self, run: str) -> int:
        """The row of a word that bears a person's name whatever stands beside it; else UNUSUAL."""
        plain = plain_of(run)
        if not bears_anywhere(plain):
            return UNUSUAL
        read = reading(plain)
        found = self._alike.get(read)
        if found is None:
            found = self._alike[read] = self._new(read, "")
        return found

    def row(self, written: str, plain: str, role: str) -> int:
        found = self._rows.get((written, plain, role))
        if found is None:
            found = self._rows[written, plain, role] = self._new(reading(plain), role)
        return found

    def of(self, part: Part) -> int:
        """The row of a part that is read already."""
        found = self._rows.get((part.written, part.plain, part.role))
        if found is None:
            read = letters.Reading(part.sound, part.skeletons)
            found = self._rows[part.written, part.plain, part.role] = self._new(read, part.role)
        return found

    def _day(self, text: str) -> int:
        """NOTHING for what is no date."""
        date = date_of(text)
        return NOTHING if date is None else self._row("", (), " ", date_bits(date), bears=False, year=date.value.year)

    def _new(self, read: letters.Reading, role: str) -> int:
        sound, skeletons = read
        codes = [keys.code(skeleton) for skeleton in skeletons[:KEPT]]
        self.skeletons.update(zip(codes, skeletons, strict=False))
        bits = beginning_bits(sound) if role == "initial" else grams_bits(sound, skeletons[:2])
        return self._row(sound, codes, skeletons[0][0], bits, bears=role != "patronymic")

    def _row(self, sound: str, codes: Sequence[int], beginning: str, bits: int, *, bears: bool, year: int = 0) -> int:
        row, kept = len(self.sounds), len(codes)
        self.sounds.append(sound)
        shown = bits.to_bytes(BYTES, "little")
        self._table += ROW.pack(*codes, *NO_CODES[kept:], ord(beginning), shown, year, kept, bears)
        return row
