"""The machine-readable zone of travel documents: ICAO Doc 9303 parts 3 to 7, as it is pasted or comes from a scanner.

Nothing is guessed: a 0 read as O stays what was read, and the field's check digit is reported as failing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ilex.words.countries import alpha2
from ilex.words.dates import PartialDate
from ilex.words.identifiers.wrong import N_

Form = Literal["TD1", "TD2", "TD3", "MRV-A", "MRV-B"]

LONGEST = 2_000  # characters that are pasted
FILLERS = {"«": "<<", "‹": "<", "＜": "<", "〈": "<", "&LT;": "<", "≪": "<<"}
LINE = re.compile(r"[A-Z0-9<]+")
LIKELY = re.compile(r"[A-Z0-9<]{20,46}")
WIDTHS = {(3, 30): "TD1", (2, 36): "TD2", (2, 44): "TD3"}
WEIGHTS = (7, 3, 1)
SEXES = {"M": "male", "F": "female", "X": "other"}


class MrzError(ValueError):
    """This is no machine-readable zone: one sentence, to be shown through gettext."""


@dataclass(frozen=True)
class Mrz:
    """What the zone says; empty where it says nothing."""

    kind: Form
    document: str  # P, PD, ID, AC, V...: as printed
    issuer: str  # the code as printed, of up to three letters
    number: str
    surname: str
    forenames: str
    truncated: bool  # the name was too long for the zone
    nationality: str  # as printed
    born: PartialDate | None
    sex: str  # female, male, other, or empty
    expires: PartialDate | None
    optional: str
    lines: tuple[str, ...]
    wrong: tuple[str, ...]  # check digits that fail: number, born, expires, optional, whole

    @property
    def names(self) -> str:
        return f"{self.forenames} {self.surname}".strip()

    @property
    def issuer_country(self) -> str:
        """Two letters; empty for a code that is no country's."""
        return alpha2(self.issuer)

    @property
    def nationality_country(self) -> str:
        return alpha2(self.nationality)


def parse(text: str, today: date | None = None) -> Mrz:
    """Read a pasted zone. Raises MrzError when lines or columns are missing.

    Capital and small letters, blanks, other signs for the filler and missing fillers at the end of a line do not
    matter; a zone may stand among other text. `today` decides the century of a year.
    """
    lines = _lines(text)
    kind = WIDTHS[len(lines), len(lines[0])]
    today = today or date.today()
    if kind == "TD1":
        return _cards(lines, today)
    return _books(lines, today, visa=lines[0].startswith("V"))


def check_digit(field: str) -> str:
    """ICAO Doc 9303-3, 4.9: weights 7, 3, 1; letters count from A = 10, fillers nothing."""
    return str(sum(_worth(sign) * WEIGHTS[place % 3] for place, sign in enumerate(field)) % 10)


def _worth(sign: str) -> int:
    return 0 if sign == "<" else int(sign, 36)


def _books(lines: tuple[str, ...], today: date, *, visa: bool) -> Mrz:
    """TD3, TD2 and both visas: names above, everything else below."""
    first, second = lines
    wide = len(first) == 44
    end = len(second) if visa else len(second) - 1
    wrong = _failing({"born": (second[13:19], second[19]), "expires": (second[21:27], second[27])})
    optional = second[28:end]
    if wide and not visa:
        optional, sign = second[28:42], second[42]
        # An empty field may have a filler where its check digit would be.
        if not (sign == "<" and not optional.strip("<")):
            wrong |= _failing({"optional": (optional, sign)})
    number, optional, fails = _number(second[0:9], second[9], optional)
    if not visa and check_digit(second[0:10] + second[13:20] + second[21:end]) != second[end]:
        wrong |= {"whole"}
    kind: Form = ("MRV-A" if wide else "MRV-B") if visa else ("TD3" if wide else "TD2")
    return _made(kind, lines, first[5:], number, second[10:13], second[13:19], second[20], second[21:27], optional,
                 wrong | fails, today)  # fmt: skip


def _cards(lines: tuple[str, ...], today: date) -> Mrz:
    first, second, names = lines
    wrong = _failing({"born": (second[0:6], second[6]), "expires": (second[8:14], second[14])})
    number, optional, fails = _number(first[5:14], first[14], first[15:30])
    if check_digit(first[5:30] + second[0:7] + second[8:15] + second[18:29]) != second[29]:
        wrong |= {"whole"}
    more = f"{optional}<{second[18:29]}"
    return _made("TD1", lines, names, number, second[15:18], second[0:6], second[7], second[8:14], more, wrong | fails,
                 today)  # fmt: skip


def _made(
    kind: Form,
    lines: tuple[str, ...],
    names: str,
    number: str,
    nationality: str,
    born: str,
    sex: str,
    expires: str,
    optional: str,
    wrong: set[str],
    today: date,
) -> Mrz:
    surname, _, forenames = names.partition("<<")
    birth, wrong = _date(born, "born", today, wrong)
    end, wrong = _date(expires, "expires", today, wrong)
    return Mrz(
        kind=kind,
        document=lines[0][0:2].strip("<"),
        issuer=lines[0][2:5].strip("<"),
        number=number,
        surname=_words(surname),
        forenames=_words(forenames),
        truncated=not names.endswith("<"),
        nationality=nationality.strip("<"),
        born=birth,
        sex=SEXES.get(sex, ""),
        expires=end,
        optional=_words(optional),
        lines=lines,
        wrong=tuple(name for name in ("number", "born", "expires", "optional", "whole") if name in wrong),
    )


def _number(field: str, sign: str, optional: str) -> tuple[str, str, set[str]]:
    """A number of more than nine places goes on in the optional field, its check digit last (Doc 9303-5, 4.2.2)."""
    rest, filler, more = optional.partition("<")
    if sign == "<" and "<" not in field and len(rest) > 1:
        whole, sign = field + rest[:-1], rest[-1]
        return whole, more if filler else "", _failing({"number": (whole, sign)})
    return field.replace("<", ""), optional, _failing({"number": (field, sign)})


def _failing(fields: dict[str, tuple[str, str]]) -> set[str]:
    return {name for name, (field, sign) in fields.items() if not _fits(field, sign)}


def _fits(field: str, sign: str) -> bool:
    """A field of nothing but fillers may have a filler for its check digit."""
    return check_digit(field) == sign or (sign == "<" and not field.strip("<"))


def _date(field: str, name: str, today: date, wrong: set[str]) -> tuple[PartialDate | None, set[str]]:
    """Month or day may be unknown. What is no date is reported as its check digit failing, and stays in `lines`."""
    known = field.rstrip("<")
    if not known:
        return None, wrong
    if not re.fullmatch(r"[0-9]{2}([0-9]{2}([0-9]{2})?)?", known):
        return None, wrong | {name}
    parts = [part for part in (known[2:4], known[4:6]) if part not in ("", "00")]
    # Nobody is born tomorrow; no document is valid for fifty years.
    latest = today if name == "born" else today.replace(year=today.year + 50, day=min(today.day, 28))
    try:
        return _latest(int(known[:2]), parts, latest), wrong
    except ValueError:
        return None, wrong | {name}


def _latest(year: int, parts: Sequence[str], latest: date) -> PartialDate:
    """The last such date that is not after `latest`. Raises ValueError; 29 February decides the century too."""
    centuries = range(latest.year - latest.year % 100, 1799, -100)
    found = [one for century in centuries if (one := _known("-".join([f"{century + year:04}", *parts]))) is not None]
    return next((one for one in found if one.first <= latest), None) or PartialDate.parse("")


def _known(text: str) -> PartialDate | None:
    try:
        return PartialDate.parse(text)
    except ValueError:
        return None


def _words(field: str) -> str:
    return " ".join(field.replace("<", " ").split())


def _lines(text: str) -> tuple[str, ...]:
    if len(text) > LONGEST:
        raise MrzError(N_("This is too long for a machine-readable zone."))
    raw = [line for line in _plain(text).splitlines() if line.strip()]
    likely = [line for line in raw if LIKELY.fullmatch(_tight(line)) and "<" in line]
    whole = _tight("".join(likely or raw))
    if len(likely or raw) == 1 and len(whole) in (72, 88, 90):
        size = 30 if len(whole) == 90 else len(whole) // 2
        raw, likely = [whole[at : at + size] for at in range(0, len(whole), size)], []
    chosen = likely if len(likely) in (2, 3) else raw
    if len(chosen) not in (2, 3):
        raise MrzError(N_("A machine-readable zone has two or three lines: paste all of them."))
    for width in (30,) if len(chosen) == 3 else (44, 36):
        if (fitted := _fitted(chosen, width)) is not None:
            return fitted
    raise MrzError(N_("A line is too short or too long: 30, 36 or 44 letters, digits and < are needed."))


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).upper()
    for sign, filler in FILLERS.items():
        text = text.replace(sign, filler)
    return text


def _tight(line: str) -> str:
    return re.sub(r"\s", "", line)


def _fitted(lines: Sequence[str], width: int) -> tuple[str, ...] | None:
    """The lines in this width, which at least one of them must have by itself."""
    full = [_full(line, width) for line in lines]
    if not any(full):
        return None
    fitted = [line or _grown(lines, place, width) for place, line in enumerate(full)]
    return tuple(fitted) if all(fitted) else None


def _full(line: str, width: int) -> str:
    """Without blanks, or with blanks that stand for fillers; empty when neither fits."""
    for way in (_tight(line), re.sub(r"\s", "<", line.strip())):
        if len(way) == width and LINE.fullmatch(way):
            return way
    return ""


def _grown(lines: Sequence[str], place: int, width: int) -> str:
    """Fillers at the end may be missing, but not before a check digit that must stand last."""
    if place == 1 and not lines[0].lstrip().startswith("V"):
        return ""
    line = lines[place].strip()
    way = _tight(line) if "<" in line else re.sub(r"\s", "<", line)
    return way.ljust(width, "<") if len(way) < width and LINE.fullmatch(way) else ""
