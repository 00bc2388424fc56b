"""The form of the letter tables: a grapheme, its sound, and the consonant classes it may stand for.

A table is text, one grapheme a line: a pattern, the sound in plain Latin letters (`-` for none) and the classes of
its readings, the likeliest first, separated by strokes (`.` for a vowel or a silent letter):

    ch    c   S/K

The classes: P = b p, F = f v w, T = d t, K = g k q h kh gh, S = all sibilants and affricates, L, R, M, N; a vowel at
the beginning of a word is A.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

MOST_READINGS = 6  # of one word; more would fill the index with what nobody writes
MOST_OPEN = 4  # graphemes of one word that are taken in all their readings
LONGEST_SKELETON = 12


class Grapheme(NamedTuple):
    sound: str
    classes: tuple[str, ...]


class Reading(NamedTuple):
    sound: str
    skeletons: tuple[str, ...]


@dataclass(frozen=True)
class Alphabet:
    """Reads words of one script. `vowelled` is False where short vowels are not written."""

    pattern: re.Pattern[str]
    graphemes: tuple[Grapheme, ...]
    vowelled: bool = True

    def read(self, word: str) -> Reading:
        found = [(match[0], self.graphemes[(match.lastindex or 1) - 1]) for match in self.pattern.finditer(word)]
        sound = even("".join(grapheme.sound for _, grapheme in found))
        readings = skeletons(found, merge=self.vowelled)
        if not self.vowelled and len(readings) < MOST_READINGS:
            # Nobody can see whether a short vowel stands between two letters of one class.
            readings = tuple(dict.fromkeys((*readings, *skeletons(found, merge=True))))[:MOST_READINGS]
        return Reading(sound, readings)


def alphabet(*tables: str, vowelled: bool = True) -> Alphabet:
    """Of the graphemes that fit at a place the first one of the tables is taken."""
    lines = [line.split() for table in tables for line in table.splitlines() if line.strip()]
    pattern = "|".join(f"({line[0]})" for line in lines)
    graphemes = tuple(
        Grapheme(sound.replace("-", ""), tuple("" if one == "." else one for one in classes.split("/")))
        for _, sound, classes in lines
    )
    return Alphabet(re.compile(pattern), graphemes, vowelled)


SMOOTHING = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"(.)\1+", r"\1"),  # Anna and Ana, Iuliia and Julia
        (r"^i(?=[aeou])(?=e)", ""),  # Jelena and Elena
        (r"(?<=[aeou])i(?=e)", ""),  # Nikolayev and Nikolaev
    )
]


def even(sound: str) -> str:
    """Take away what spellings of the same sound add."""
    for pattern, spelling in SMOOTHING:
        sound = pattern.sub(spelling, sound)
    return sound


def skeletons(found: list[tuple[str, Grapheme]], *, merge: bool) -> tuple[str, ...]:
    """All readings of the word, the likeliest first. One grapheme is read alike wherever it stands in the word."""
    open_ones: dict[tuple[str, Grapheme], int] = {}
    for one in found:
        if len(one[1].classes) > 1 and one not in open_ones and len(open_ones) < MOST_OPEN:
            open_ones[one] = len(one[1].classes)
    choices = sorted(product(*map(range, open_ones.values())), key=sum)
    readings: dict[str, None] = {}
    for choice in choices:
        chosen = dict(zip(open_ones, choice, strict=True))
        skeleton = _skeleton([one[1].classes[chosen.get(one, 0)] for one in found], merge=merge)
        readings[skeleton] = None
        if len(readings) == MOST_READINGS:
            break
    return tuple(readings)


def _skeleton(classes: list[str], *, merge: bool) -> str:
    """Equal neighbours are one, as doubled letters are, where vowels would stand between two of them."""
    skeleton = "" if not classes or classes[0] else "A"
    before = ""
    for one in classes:
        if not (merge and one and one[0] == before):
            skeleton += one
        else:
            skeleton += one[1:]
        before = one[-1:]
    return skeleton[:LONGEST_SKELETON]
