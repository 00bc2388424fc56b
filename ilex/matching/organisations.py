"""Names of firms taken apart: what is their own, the legal form, words that many firms have, numbers."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby, takewhile
from pathlib import Path

from ilex.matching.facts import Name, Part
from ilex.matching.parts import part
from ilex.matching.roles import roles

WORDS = Path(__file__).parent / "data" / "organisations.toml"
LONGEST_FORM = 6  # words
REMEMBERED = 50_000
STROKES = str.maketrans("łøđħŧıßæœ", "lodhtisao")


@dataclass(frozen=True, slots=True)
class Firm:
    """A name of a firm. Of words that many firms have the meaning is kept: "international" for Intl and интернешнл."""

    parts: tuple[Part, ...]  # all in their order, each with what it does: legal, generic, number, or empty for own
    own: tuple[Part, ...]  # particles and titles among them say so: they are not compared
    generic: tuple[tuple[str, Part], ...] = ()
    numbers: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()
    form_words: str = ""


@dataclass(frozen=True, slots=True)
class _Words:
    forms: Mapping[tuple[str, ...], str]
    generic: Mapping[str, str]
    numbers: Mapping[str, str]


_firms: dict[tuple[tuple[str, str], ...], Firm] = {}


def firm(name: Name) -> Firm:
    """Take the name apart; remembered by its words. The same for a name of the parts that this gives."""
    key = _key(name.parts)
    found = _firms.get(key)
    if found is None:
        if len(_firms) >= REMEMBERED:
            _firms.clear()
        found = _apart(name.parts)
        _firms[key] = _firms[_key(found.parts)] = found
    return found


def _key(parts: Sequence[Part]) -> tuple[tuple[str, str], ...]:
    return tuple((part.plain, part.written) for part in parts)


def _apart(parts: Sequence[Part]) -> Firm:
    taken, forms = _legal(parts)
    words = _abbreviations(parts, taken)
    form_words = " ".join(parts[at].written for at in sorted(taken))
    own: list[Part] = []
    generic: list[tuple[str, Part]] = []
    numbers: set[str] = set()
    doing: list[str] = []
    for at, one in words:
        role, meaning = ("legal", "") if at in taken else _role(one)
        doing.append(role)
        if role == "":
            own.append(one)
        elif role == "generic":
            generic.append((meaning, one))
        elif role == "number":
            numbers.add(meaning)
    found = tuple(_doing(one, role) for (_, one), role in zip(words, doing, strict=True))
    return Firm(found, tuple(own), tuple(generic), frozenset(numbers), frozenset(forms - {"any"}), form_words)


def _role(one: Part) -> tuple[str, str]:
    """What a word that is no legal form does, and what it means."""
    words = _words()
    # As written: the letters of 1st were mended to look like a word.
    word = folded(one.written) if one.written[:1].isdigit() else folded(one.plain)
    if word.isdigit():
        return "number", word.lstrip("0") or "0"
    if word in words.numbers:
        return "number", words.numbers[word]
    return ("generic", words.generic[word]) if word in words.generic else ("", "")


def _abbreviations(parts: Sequence[Part], taken: Collection[int]) -> list[tuple[int, Part]]:
    """The words with their first places. Letters that stand alone beside one another are one word: A.B.C. is ABC."""
    found = [(at, parts[at]) for at in taken]
    left = [(at, one) for at, one in enumerate(parts) if at not in taken]
    for single, run in groupby(left, key=lambda word: _single(word[1])):
        letters = list(run)
        found += [(letters[0][0], _one([one for _, one in letters]))] if single else letters
    found.sort(key=lambda word: word[0])
    silent = roles([one.plain for _, one in found], person=False)
    return [(at, _doing(one, role)) for (at, one), role in zip(found, silent, strict=True)]


def _single(one: Part) -> bool:
    return len(one.plain) == 1 and not one.plain.isdigit()


def _one(letters: Sequence[Part]) -> Part:
    """Read as one word, not letter by letter."""
    if len(letters) == 1:
        return letters[0]
    return part(" ".join(one.written for one in letters), "".join(one.plain for one in letters))


def _doing(one: Part, role: str) -> Part:
    return one if one.role == role else part(one.written, one.plain, role)


def _legal(parts: Sequence[Part]) -> tuple[set[int], set[str]]:
    """The places of the words of legal forms, and the classes of these. The longest form wins."""
    plain = [folded(one.plain) for one in parts]
    found: list[tuple[range, str]] = []
    at = 0
    while at < len(plain):
        for size in range(min(LONGEST_FORM, len(plain) - at), 0, -1):
            form = _form(parts, plain, at, size)
            if form and _may_stand(plain, at, size, form):
                found.append((range(at, at + size), form))
                at += size - 1
                break
        at += 1
    if sum(len(places) for places, _ in found) == len(plain):
        found = found[1:]  # a firm that is called Limited, and A & B Ltd
    return {at for places, _ in found for at in places}, {form for _, form in found}


def _form(parts: Sequence[Part], plain: Sequence[str], at: int, size: int) -> str:
    """The class of the legal form that these words are; letters that stand apart may spell one: d o o is doo."""
    words = tuple(plain[at : at + size])
    form = _words().forms.get(words, "")
    if any(len(word) > 1 for word in words):
        return form
    spelled = form if size == 1 else _words().forms.get(("".join(words),), "")
    before, behind = _beside(parts, at, size)
    if not before and not behind:
        return form or spelled
    # Beside other letters only what is usual stands, behind them: X.Y.Z. d.o.o., A.B.C. S.A., but not U.S.A.
    return form if size > 2 or (size == 2 and before > 1 and not behind) else ""


def _beside(parts: Sequence[Part], at: int, size: int) -> tuple[int, int]:
    """How many single letters, capitals or small ones like these, stand before and behind."""
    great = parts[at].written.isupper()
    before, behind = (
        sum(1 for _ in takewhile(lambda one: _single(one) and one.written.isupper() == great, others))
        for others in (reversed(parts[:at]), parts[at + size :])
    )
    return before, behind


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
