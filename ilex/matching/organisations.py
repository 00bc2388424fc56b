"""Names of firms taken apart: what is their own, the legal form, words that many firms have, numbers."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path

from ilex.matching.facts import Name, Part
from ilex.matching.joining import joined

WORDS = Path(__file__).parent / "data" / "organisations.toml"
LONGEST_FORM = 6  # words
REMEMBERED = 50_000
STROKES = str.maketrans("łøđħŧıßæœ", "lodhtisao")


@dataclass(frozen=True, slots=True)
class Firm:
    """A name of a firm. Of words that many firms have the meaning is kept: "international" for Intl and интернешнл."""

    own: tuple[Part, ...]
    generic: tuple[tuple[str, Part], ...] = ()
    numbers: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()
    form_words: str = ""


@dataclass(frozen=True, slots=True)
class _Words:
    forms: Mapping[tuple[str, ...], str]
    generic: Mapping[str, str]
    numbers: Mapping[str, str]


_firms: dict[str, Firm] = {}


def firm(name: Name) -> Firm:
    """Take the name apart; remembered by its letters."""
    key = name.written
    found = _firms.get(key)
    if found is None:
        if len(_firms) >= REMEMBERED:
            _firms.clear()
        found = _firms[key] = _apart(name.parts)
    return found


def role_of(plain: str) -> str:
    """What a single word is in names of firms: legal, generic, number, or empty for a word of its own."""
    word = folded(plain)
    if word.isdigit() or word in _words().numbers:
        return "number"
    if (word,) in _words().forms and len(word) > 1:
        return "legal"
    return "generic" if word in _words().generic else ""


def _apart(parts: Sequence[Part]) -> Firm:
    plain = [folded(part.plain) for part in parts]
    taken, forms = _legal(plain)
    own: list[Part] = []
    generic: list[tuple[str, Part]] = []
    numbers: set[str] = set()
    words = _words()
    for at, part in enumerate(parts):
        if at in taken:
            continue
        # As written: the letters of 1st were mended to look like a word.
        word = folded(part.written) if part.written[:1].isdigit() else plain[at]
        if word.isdigit():
            numbers.add(word.lstrip("0") or "0")
        elif word in words.numbers:
            numbers.add(words.numbers[word])
        elif word in words.generic:
            generic.append((words.generic[word], part))
        else:
            own.append(part)
    if not own and not generic and not numbers:
        own = list(parts)  # a firm that is called Limited
    own = _abbreviations(own)
    said = " ".join(parts[at].written for at in sorted(taken))
    return Firm(tuple(own), tuple(generic), frozenset(numbers), frozenset(forms - {"any"}), said)


def _abbreviations(own: Sequence[Part]) -> list[Part]:
    """Letters that stand alone beside one another are one word: A.B.C. is ABC."""
    found: list[Part] = []
    for single, run in groupby(own, key=lambda part: len(part.plain) == 1):
        letters = list(run)
        found += [joined(letters)] if single and len(letters) > 1 else letters
    return found


def _legal(plain: Sequence[str]) -> tuple[set[int], set[str]]:
    """The places of the words of legal forms, and the classes of these. The longest form wins."""
    forms = _words().forms
    taken: set[int] = set()
    found: set[str] = set()
    at = 0
    while at < len(plain):
        for size in range(min(LONGEST_FORM, len(plain) - at), 0, -1):
            form = forms.get(tuple(plain[at : at + size])) or _spelled(plain[at : at + size])
            if form and _may_stand(plain, at, size, form):
                taken.update(range(at, at + size))
                found.add(form)
                at += size - 1
                break
        at += 1
    if len(taken) == len(plain):
        return set(), set()
    return taken, found


def _spelled(words: Sequence[str]) -> str:
    """The class of letters that stand apart: d o o is doo."""
    if len(words) < 2 or any(len(word) > 1 for word in words):
        return ""
    return _words().forms.get(("".join(words),), "")


def _may_stand(plain: Sequence[str], at: int, size: int, form: str) -> bool:
    """Short forms are words of other languages too: they count only at the ends of a name."""
    letters = sum(map(len, plain[at : at + size]))
    if form == "any":
        return len(plain) > 1
    return letters > 2 or at == 0 or at + size == len(plain)


@lru_cache(maxsize=50_000)
def folded(plain: str) -> str:
    """Small letters without accents, dots and strokes, in their own script."""
    apart = unicodedata.normalize("NFKD", plain.casefold())
    letters = "".join(letter for letter in apart if letter.isalnum())
    # Й and ї are letters of their own, not letters with marks: put together again.
    if not letters.isascii() and any("\u0400" <= letter <= "\u04ff" for letter in letters):
        composed = unicodedata.normalize("NFC", plain.casefold())
        letters = "".join(letter for letter in composed if letter.isalnum())
    return letters.translate(STROKES)


@cache
def _words() -> _Words:
    raw = tomllib.loads(WORDS.read_text(encoding="utf-8"))
    forms = {
        tuple(folded(word) for word in text.split()): form for form, texts in raw["forms"].items() for text in texts
    }
    generic = {folded(word): meaning for meaning, words in raw["generic"].items() for word in words}
    numbers = {folded(word): number for number, words in raw["numbers"].items() for word in words}
    return _Words(forms, generic, numbers)
