"""How words of every script sound, and the skeletons of their consonants."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path

from ilex.matching.letters import latin
from ilex.matching.letters.alphabet import LONGEST_SKELETON, Reading
from ilex.matching.letters.arabic import ARABIC
from ilex.matching.letters.armenian import ARMENIAN
from ilex.matching.letters.cyrillic import CYRILLIC
from ilex.matching.letters.georgian import GEORGIAN
from ilex.matching.letters.greek import GREEK
from ilex.matching.letters.hebrew import HEBREW
from ilex.matching.letters.latin import LATIN

__all__ = ["Reading", "mark", "read", "script", "script_of", "skeleton_of_sound"]

ALPHABETS = {
    "Latn": LATIN,
    "Cyrl": CYRILLIC,
    "Grek": GREEK,
    "Geor": GEORGIAN,
    "Armn": ARMENIAN,
    "Arab": ARABIC,
    "Hebr": HEBREW,
}
# First and last letter of each script's blocks, and how ISO 15924 calls it.
BLOCKS = (
    (0x0041, 0x024F, "Latn"),
    (0x0250, 0x02AF, "Latn"),
    (0x0370, 0x03FF, "Grek"),
    (0x0400, 0x052F, "Cyrl"),
    (0x0531, 0x058F, "Armn"),
    (0x0591, 0x05F4, "Hebr"),
    (0x0600, 0x06FF, "Arab"),
    (0x0750, 0x077F, "Arab"),
    (0x08A0, 0x08FF, "Arab"),
    (0x10A0, 0x10FF, "Geor"),
    (0x1C90, 0x1CBF, "Geor"),
    (0x1E00, 0x1EFF, "Latn"),
    (0x1F00, 0x1FFF, "Grek"),
    (0x2D00, 0x2D2F, "Geor"),
    (0xFB13, 0xFB17, "Armn"),
)


ARTICLE = "ال"
VOWEL = "-"
CLASSES = str.maketrans("bpdtfvgkhcszjlrmnaeiou", f"PPTTFFKKKSSSSLRMN{VOWEL * 5}")
OPENING = re.compile(rf"^{VOWEL}")
SHORT_WORD = 4  # letters of words in which it is more likely a part of the word itself


@lru_cache(maxsize=2**12)
def script(letter: str) -> str:
    """The script of one letter, as ISO 15924 names it; empty for one that we cannot read."""
    code = ord(letter)
    return next((name for first, last, name in BLOCKS if first <= code <= last), "")


@lru_cache(maxsize=2**16)
def script_of(word: str) -> str:
    """The script of the first letter that we can read."""
    return next(filter(None, map(script, word)), "")


def read(word: str) -> Reading:
    """Its sound in plain Latin letters and its skeletons. The word is in small letters and of one script."""
    name = script_of(word)
    if not name:
        return _read_strange(word)
    if name == "Latn":
        word = latin.plain(word)
    elif name == "Grek":
        word = _without_accents(word)
    reading = ALPHABETS[name].read(word)
    if name == "Arab" and word.startswith(ARTICLE) and len(word) > SHORT_WORD:
        bare = ARABIC.read(word.removeprefix(ARTICLE))
        reading = Reading(bare.sound, tuple(dict.fromkeys((bare.skeletons[0], reading.skeletons[0], *bare.skeletons))))
    return reading if reading.skeletons[0] else Reading(reading.sound or word, ("A",))


def skeleton_of_sound(sound: str) -> str:
    """The skeleton of what `read` gave as a sound. Sounds have one reading only."""
    skeleton = OPENING.sub("A", sound.translate(CLASSES)).replace(VOWEL, "")
    return skeleton[:LONGEST_SKELETON]


@cache
def mark() -> str:
    """Tells whether tables of sounds were made by these letter tables."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return blake2b(b"".join(file.read_bytes() for file in files), digest_size=6).hexdigest()


def _without_accents(word: str) -> str:
    bare = (
        mark for mark in unicodedata.normalize("NFD", word) if unicodedata.category(mark) != "Mn" or mark == "\u0308"
    )
    return unicodedata.normalize("NFC", "".join(bare))


def _read_strange(word: str) -> Reading:
    """Of scripts without a table the letters' own names tell the sound: HIRAGANA LETTER KA, HANGUL SYLLABLE GIM."""
    if word.isdecimal():
        digits = "".join(str(unicodedata.digit(digit)) for digit in word)
        return Reading(digits, (digits,))
    spelled = "".join(map(_named, word))
    return LATIN.read(spelled) if spelled else Reading(word, (word[:12],))


def _named(letter: str) -> str:
    name = unicodedata.name(letter, "")
    if " LETTER " in name or " SYLLABLE " in name or " CHARACTER " in name or "VOWEL SIGN" in name:
        return name.rpartition(" ")[2].lower()
    return ""
