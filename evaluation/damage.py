"""What happens to a name on its way into a file: each rule is one way in which clerks, keyboards and scanners err.

A rule gets the words of a name and a source of chance, and gives the words back, or nothing where it cannot apply.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from evaluation.romanise import plain

Words = list[str]
Rule = Callable[[Words, random.Random], Words | None]

ROWS = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "йцукенгшщзх",
    "фывапролджэ",
    "ячсмитьбю",
    "љњертзуиопш",
    "асдфгхјклчћ",
    "џцвбнм",
)
KEYS = {one: other for row in reversed(ROWS) for one, other in zip(row, row[1:] + row[-2], strict=True)}  # beside it
SCANNED = {"rn": "m", "m": "rn", "l": "i", "i": "l", "h": "b", "e": "c", "u": "v", "n": "h", "cl": "d", "о": "с"}
ALIKE = dict(zip("АВЕКМНОРСТХаеорсху", "ABEKMHOPCTXaeopcxy", strict=True))
SOUNDS = {
    "i": "y",
    "y": "i",
    "k": "c",
    "c": "k",
    "z": "s",
    "v": "w",
    "w": "v",
    "f": "ph",
    "ss": "s",
    "ll": "l",
    "nn": "n",
}


def dropped(words: Words, chance: random.Random) -> Words | None:
    """A letter is left out."""
    return _in_a_word(words, chance, lambda word, at: word[:at] + word[at + 1 :])


def doubled(words: Words, chance: random.Random) -> Words | None:
    """A letter is struck twice."""
    return _in_a_word(words, chance, lambda word, at: word[:at] + word[at] + word[at:])


def exchanged(words: Words, chance: random.Random) -> Words | None:
    """Two neighbouring letters change places."""
    return _in_a_word(words, chance, lambda word, at: word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :])


def mistyped(words: Words, chance: random.Random) -> Words | None:
    """The key beside the right one."""
    return _in_a_word(
        words, chance, lambda word, at: word[:at] + _cased(KEYS.get(word[at].lower(), "e"), word[at]) + word[at + 1 :]
    )


def misread(words: Words, chance: random.Random) -> Words | None:
    """A scanner takes one shape for another."""
    return _replaced(words, chance, SCANNED)


def misheard(words: Words, chance: random.Random) -> Words | None:
    """Written down by ear in Latin letters."""
    return _replaced(words, chance, SOUNDS)


def look_alike(words: Words, chance: random.Random) -> Words | None:
    """A Cyrillic name in which some letters are the Latin ones that look the same."""
    text = " ".join(words)
    found = [at for at, letter in enumerate(text) if letter in ALIKE]
    if not found:
        return None
    turned = set(chance.sample(found, max(1, len(found) // 2)))
    return "".join(ALIKE[letter] if at in turned else letter for at, letter in enumerate(text)).split()


def turned(words: Words, chance: random.Random) -> Words | None:
    """The family name stands first, with or without a comma, loud or not."""
    if len(words) < 2:
        return None
    form = chance.randrange(3)
    family = words[-1].upper() if form == 2 else words[-1]
    return [family + ("," if form == 1 else ""), *words[:-1]]


def initial(words: Words, chance: random.Random) -> Words | None:
    """Of the given name only the first letter."""
    if len(words) < 2 or len(words[0]) < 3 or len(words[-1]) < 5:
        return None
    return [words[0][0] + chance.choice(("", ".")), *words[1:]]


def glued(words: Words, chance: random.Random) -> Words | None:
    """Two words written as one."""
    if len(words) < 2:
        return None
    at = chance.randrange(len(words) - 1)
    return [*words[:at], words[at] + words[at + 1].lower(), *words[at + 2 :]]


def split(words: Words, chance: random.Random) -> Words | None:
    """One long word written as two."""
    long = [at for at, word in enumerate(words) if len(word) > 7]
    if not long:
        return None
    at = chance.choice(long)
    middle = chance.randrange(3, len(words[at]) - 3)
    return [*words[:at], words[at][:middle], words[at][middle:].capitalize(), *words[at + 1 :]]


def more(words: Words, chance: random.Random) -> Words | None:
    """A second given name that the other file does not know."""
    return [words[0], chance.choice(SECOND[_alphabet(words)]), *words[1:]] if len(words) > 1 else None


def fewer(words: Words, chance: random.Random) -> Words | None:
    """Of three or more words one in the middle is missing."""
    return [*words[:1], *words[2:]] if len(words) > 2 else None


def loud(words: Words, chance: random.Random) -> Words | None:
    """Capitals without marks, as machines of old write."""
    text = " ".join(words)
    return (plain(text) if _alphabet(words) == "latin" else text).upper().split()


def twice(words: Words, chance: random.Random) -> Words | None:
    """Two slips in one name."""
    once = chance.choice(SLIPS)(words, chance)
    return chance.choice(SLIPS)(once, chance) if once else None


SLIPS: Sequence[Rule] = (dropped, doubled, exchanged, mistyped, misread, misheard)
SECOND = {
    "latin": ("Maria", "Jan", "Ali", "Anna", "Peter", "Jose", "Michael", "Ion"),
    "cyrillic": ("Марија", "Петар", "Иван", "Анна", "Михаил"),
    "other": ("Maria", "Jan", "Ali"),
}


def _alphabet(words: Words) -> str:
    text = "".join(words)
    if re.search(r"[\u0400-\u052f]", text):
        return "cyrillic"
    return "latin" if text.isascii() or re.search(r"[a-z]", text, re.I) else "other"


def _in_a_word(words: Words, chance: random.Random, slip: Callable[[str, int], str]) -> Words | None:
    """A slip never falls on the first letter of a word: people look at it twice."""
    long = [at for at, word in enumerate(words) if len(word) > 3]
    if not long:
        return None
    at = chance.choice(long)
    slipped = slip(words[at], chance.randrange(2, len(words[at])))
    return [*words[:at], slipped, *words[at + 1 :]] if slipped != words[at] else None


def _replaced(words: Words, chance: random.Random, table: dict[str, str]) -> Words | None:
    text = " ".join(words)
    found = [(at, old) for old in table for at in range(1, len(text)) if text.startswith(old, at)]
    if not found:
        return None
    at, old = chance.choice(sorted(found))
    return (text[:at] + table[old] + text[at + len(old) :]).split()


def _cased(letter: str, like: str) -> str:
    return letter.upper() if like.isupper() else letter
