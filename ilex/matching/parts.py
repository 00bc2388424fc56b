"""The words of a name: where they part, letters of a wrong script put right."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from ilex.matching import compounds, equivalents, letters
from ilex.matching.facts import Part
from ilex.matching.letters import arabic
from ilex.matching.roles import PATRONYMIC, role_of
from ilex.words.scripts import APOSTROPHES

LONGEST_NAME = 300  # characters that are read of one name
MOST_PARTS = 24
REMEMBERED = 2**16  # parts; ten million records hold half a million different ones

GERESH = "'"
APOSTROPHE = re.compile(f"[{APOSTROPHES}]")
# The points of Arabic and Hebrew are seldom written; the vowel signs of Indian scripts, which come behind, stay.
LOOSE_MARKS = "".join(letter for letter in map(chr, range(0x0900)) if unicodedata.category(letter)[0] == "M")
MARK = re.compile(f"[{APOSTROPHES}{LOOSE_MARKS}]")
FALLING = re.compile(f"(?<![גזצץתדט])[{APOSTROPHES}]|[{LOOSE_MARKS}]")
WORD = re.compile(r"[^\W_]+(?:'[^\W_]*)*")
MTAVRULI = {code: code - 0x1C90 + 0x10D0 for code in range(0x1C90, 0x1CC0)}
OLD_GEORGIAN = {0x10A0 + step: 0x10D0 + step for step in range(0x26)} | {
    0x2D00 + step: 0x10D0 + step for step in range(0x26)
}
GEORGIAN_HANDS = {**MTAVRULI, **OLD_GEORGIAN}

# Letters of two scripts that look alike, in small letters; only by these can a word have slipped into another script.
CYRILLIC_LIKE_LATIN = dict(zip("авеѕікмнорстухјһ", "abesikmhopctyxjh", strict=True)) | {"ё": "ë", "ї": "ï", "ґ": "r"}
LATIN_LIKE_CYRILLIC = dict(zip("abeikmhopctyxjusnrëïg", "авеікмнорстухјиѕпгёїд", strict=True))
LATIN_LIKE_GREEK = dict(zip("abeziklmhnoptyxuvw", "αβεζικλμηνορτυχυνω", strict=True))
GREEK_LIKE_LATIN = dict(zip("αβεζηικμνορτυχ", "abezhikmnoptyx", strict=True))
CYRILLIC_LIKE_GREEK = dict(zip("авекмнорстухф", "αβεκμηορστυχφ", strict=True))
TO = {
    ("Cyrl", "Latn"): CYRILLIC_LIKE_LATIN,
    ("Latn", "Cyrl"): LATIN_LIKE_CYRILLIC,
    ("Latn", "Grek"): LATIN_LIKE_GREEK,
    ("Grek", "Latn"): GREEK_LIKE_LATIN,
    ("Cyrl", "Grek"): CYRILLIC_LIKE_GREEK,
}
DIGITS = str.maketrans("013456789", "oleasbtbg")
CYRILLIC_DIGITS = str.maketrans("03468", "озчбв")


class Word(NamedTuple):
    written: str
    plain: str  # letters of a wrong script put right


def words(text: str, *, person: bool = True) -> list[Word]:
    """The words of a name in their order. Never more than MOST_PARTS of them."""
    return [word for run in runs(text) if (word := _word(run, person)).plain]


def runs(text: str) -> list[str]:
    """The words as they are written."""
    return WORD.findall(_marked(unicodedata.normalize("NFKC", text[:LONGEST_NAME])))[:MOST_PARTS]


def _marked(text: str) -> str:
    """Apostrophes fall, only the geresh that makes another Hebrew sound stays; so do most marks that are no letters."""
    if not MARK.search(text):
        return text
    return APOSTROPHE.sub(GERESH, FALLING.sub("", text))


@lru_cache(maxsize=REMEMBERED)
def _word(written: str, person: bool) -> Word:
    return Word(written, mend(small(written), digits=person))


def plain_of(written: str) -> str:
    """The letters of a word of a person's name, put right."""
    return mend(small(written))


def small(text: str) -> str:
    """Small letters of one hand: İ, ẞ and Mtavruli have their own ways."""
    if text.isascii():
        return text.lower()
    text = text.replace("İ", "i").translate(GEORGIAN_HANDS).lower().translate(arabic.SAME)
    return unicodedata.normalize("NFC", text.replace("i\u0307", "i"))


def mend(word: str, *, digits: bool = True) -> str:
    """Letters of another script that look alike, and digits between letters, become what they were meant to be."""
    if not (word.isascii() and word.isalpha()):
        scripts = {script for letter in word if (script := letters.script(letter))}
        if len(scripts) > 1:
            word = _one_script(word, scripts)
        if digits and sum(map(str.isalpha, word)) >= 2 and 1 <= sum(map(str.isdigit, word)) <= 2:
            word = _without_digits(word)
    return word


def _one_script(word: str, scripts: set[str]) -> str:
    best = max(sorted(scripts), key=lambda script: _fit(word, script))
    return "".join(_moved(letter, best) for letter in word)


def _fit(word: str, script: str) -> tuple[int, int]:
    """How many letters would be of this script: those that are or could be, then those that are."""
    own = sum(letters.script(letter) == script for letter in word)
    return sum(bool(letters.script(_moved(letter, script)) == script) for letter in word), own


def _moved(letter: str, script: str) -> str:
    return TO.get((letters.script(letter), script), {}).get(letter, letter)


def _without_digits(word: str) -> str:
    cyrillic = any(letters.script(letter) == "Cyrl" for letter in word)
    return word.translate(CYRILLIC_DIGITS if cyrillic else DIGITS)


def _part(written: str, plain: str, role: str = "") -> Part:
    read = reading(plain)
    return Part(written, plain, read.sound, read.skeletons, equivalents.classes(read.sound), role)


part = lru_cache(maxsize=REMEMBERED)(_part)  # words that `usual` remembers need not stand here too


@lru_cache(maxsize=REMEMBERED)
def usual(written: str) -> Part | None:
    """A word that bears a person's name whatever stands beside it, as most do."""
    plain = plain_of(written)
    return _part(written, plain) if bears_anywhere(plain) else None


def bears_anywhere(plain: str) -> bool:
    """Whether it is a name beside any neighbours: no particle, no initial, no half of a compound, no father's name."""
    return bool(plain) and not (role_of(plain) or compounds.may_be_compound(plain) or PATRONYMIC.fullmatch(plain))


@lru_cache(maxsize=REMEMBERED)
def reading(plain: str) -> letters.Reading:
    return letters.read(compounds.without_article(plain))


def joined(found: list[Word]) -> list[Word]:
    """Names of two words that are one become one word."""
    plain = [word.plain for word in found]
    if not any(map(compounds.may_be_compound, plain)):
        return found
    sizes = compounds.runs(plain)
    ends = list(accumulate(sizes))
    return [_one(found[end - size : end]) for size, end in zip(sizes, ends, strict=True)]


def _one(several: list[Word]) -> Word:
    if len(several) == 1:
        return several[0]
    written = " ".join(word.written for word in several)
    return Word(written, "".join(word.plain for word in several))
