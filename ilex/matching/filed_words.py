"""What is filed of every word and day that came, as rows of arrays: worked out when it comes first."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ilex.matching import keys, letters
from ilex.matching.compounds import may_be_compound
from ilex.matching.facts import Part
from ilex.matching.parts import plain_of, reading
from ilex.matching.prepare import date_of
from ilex.matching.roles import PATRONYMIC, role_of
from ilex.matching.signature import BYTES, beginning_bits, date_bits, grams_bits
from ilex.matching.skeletons import KEPT

Value = TypeVar("Value")

NO_CODES = (0,) * KEPT
NOTHING = 0  # the row of what shows nowhere
UNUSUAL = -1  # a word whose part in a name depends on the others: a particle, an initial, half of a compound


@dataclass(frozen=True)
class WordColumns:
    codes: NDArray[np.uint64]  # (n, KEPT), of its skeletons
    kept: NDArray[np.uint8]  # how many skeletons it has
    beginning: NDArray[np.uint64]  # the letter with which the first one begins
    bears: NDArray[np.bool_]  # whether it may be all that is known beside a first letter
    bits: NDArray[np.uint64]  # (n, 4), of the signature


class Learned(dict[str, Value]):
    """Works out what is asked for the first time."""

    def __init__(self, learn: Callable[[str], Value]) -> None:
        super().__init__()
        self._learn = learn

    def __missing__(self, text: str) -> Value:
        value = self[text] = self._learn(text)
        return value


class FiledWords:
    """Gives each word and each day a row."""

    def __init__(self) -> None:
        self.sounds: list[str] = []
        self.skeletons: dict[int, str] = {}  # by their codes
        self.usual = Learned(self._usual)  # rows of words as they are written
        self.days = Learned(self._day)  # rows and years of dates
        self._rows: dict[tuple[str, str, str], int] = {}
        self._codes, self._beginning, self._bits = array("Q"), array("Q"), array("Q")
        self._kept, self._bears = bytearray(), bytearray()
        self._row("", (), " ", 0, bears=False)

    def __len__(self) -> int:
        return len(self.usual) + len(self.days) + len(self._rows)

    def columns(self) -> WordColumns:
        """As they are now. To be let go before the next word comes: the arrays cannot grow meanwhile."""
        return WordColumns(
            np.frombuffer(self._codes, np.uint64).reshape(-1, KEPT),
            np.frombuffer(self._kept, np.uint8),
            np.frombuffer(self._beginning, np.uint64),
            np.frombuffer(self._bears, np.bool_),
            np.frombuffer(self._bits, np.uint64).reshape(-1, BYTES // 8),
        )

    def _usual(self, run: str) -> int:
        """The row of a word that bears a person's name whatever stands beside it; else UNUSUAL."""
        plain = plain_of(run)
        other = not plain or role_of(plain) or may_be_compound(plain) or PATRONYMIC.fullmatch(plain)
        return UNUSUAL if other else self._new(reading(plain), "")

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

    def _day(self, text: str) -> tuple[int, int]:
        """NOTHING and no year for what is no date."""
        date = date_of(text)
        if date is None:
            return NOTHING, 0
        return self._row("", (), " ", date_bits(date), bears=False), date.value.year

    def _new(self, read: letters.Reading, role: str) -> int:
        sound, skeletons = read.sound, read.skeletons
        codes = [keys.code(skeleton) for skeleton in skeletons[:KEPT]]
        self.skeletons.update(zip(codes, skeletons, strict=False))
        bits = beginning_bits(sound) if role == "initial" else grams_bits(sound, skeletons[:2])
        return self._row(sound, codes, skeletons[0][0], bits, bears=role != "patronymic")

    def _row(self, sound: str, codes: Sequence[int], beginning: str, bits: int, *, bears: bool) -> int:
        row = len(self.sounds)
        self.sounds.append(sound)
        self._codes.extend((*codes, *NO_CODES[len(codes) :]))
        self._kept.append(len(codes))
        self._beginning.append(ord(beginning))
        self._bears.append(bears)
        self._bits.frombytes(bits.to_bytes(BYTES, "little"))
        return row
