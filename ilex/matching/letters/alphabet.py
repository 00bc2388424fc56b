"""The form of the letter tables: a grapheme, its sound, and the consonant classes it may stand for.

A table is text, one grapheme a line: a pattern, the sound in plain Latin letters (`-` for none) and the classes of
its readings, the likeliest first, separated by strokes (`.` for a vowel or a silent letter):

    ch    c   S/K

The classes: P = b p, F = f v w, T = d t, K = g k q h kh gh, S = all sibilants and affricates, L, R, M, N; a vowel at
the beginning of a word is A.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from operator import eq
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


Rules = tuple[re.Pattern[str] | None, tuple[Grapheme, ...]]


@dataclass(frozen=True)
class Alphabet:
    """Reads words of one script. `vowelled` is False where short vowels are not written."""

    # By the letter with which a grapheme begins: few are tried at a place, and none where but the letter itself can be.
    rules: Mapping[str, Rules]
    vowelled: bool = True

    def read(self, word: str) -> Reading:
        found = self._graphemes(word)
        sound = even("".join([grapheme.sound for _, grapheme in found]))
        readings = skeletons(found, merge=self.vowelled)
        if not self.vowelled and len(readings) < MOST_READINGS:
            # Nobody can see whether a short vowel stands between two letters of one class.
            readings = tuple(dict.fromkeys((*readings, *skeletons(found, merge=True))))[:MOST_READINGS]
        return Reading(sound, readings)

    def _graphemes(self, word: str) -> list[tuple[str, Grapheme]]:
        """Letters of no rule are passed over."""
        found, at, end = [], 0, len(word)
        while at < end:
            letter = word[at]
            pattern, graphemes = self.rules.get(letter, NO_RULES)
            if pattern is None:
                at += 1
                found.append((letter, graphemes[0]))
            elif match := pattern.match(word, at):
                at = match.end()
                found.append((match[0], graphemes[(match.lastindex or 1) - 1]))
            else:
                at += 1
        return found


NO_RULES: Rules = (re.compile(r"(?!)"), ())
LOOKING_AHEAD = re.compile(r"\(\?[=!].*?\)")
ONE_LETTER = re.compile(r"\[\w*\]|\w")
BEGINNING = re.compile(r"\[(.*?)\]|(.)")


def alphabet(*tables: str, vowelled: bool = True) -> Alphabet:
    """Of the graphemes that fit at a place the first one of the tables is taken."""
    by_letter: dict[str, list[tuple[str, Grapheme]]] = defaultdict(list)
    for line in "\n".join(tables).splitlines():
        if line.strip():
            pattern, sound, classes = line.split()
            readings = tuple("" if one == "." else one for one in classes.split("/"))
            for letter in _beginnings(pattern):
                by_letter[letter].append((pattern, Grapheme(sound.replace("-", ""), readings)))
    return Alphabet({letter: _rules(lines) for letter, lines in by_letter.items()}, vowelled)


def _rules(lines: Sequence[tuple[str, Grapheme]]) -> Rules:
    if ONE_LETTER.fullmatch(lines[0][0]):
        return None, (lines[0][1],)
    return re.compile("|".join(f"({pattern})" for pattern, _ in lines)), tuple(grapheme for _, grapheme in lines)


def _beginnings(pattern: str) -> dict[str, None]:
    """The letters with which it may begin. What is optional stands at the beginning of no pattern."""
    ways = LOOKING_AHEAD.sub("", pattern).replace("(?:", "").replace(")", "").split("|")
    first = [BEGINNING.match(way.lstrip("^")) for way in ways]
    return dict.fromkeys(letter for found in first if found for letter in found[1] or found[2])


DOUBLED = re.compile(r"(.)\1+")  # Anna and Ana, Iuliia and Julia
GLIDE = re.compile(r"^i(?=e)|(?<=[aeou])i(?=e)")  # Jelena and Elena, Nikolayev and Nikolaev


def even(sound: str) -> str:
    """Take away what spellings of the same sound add."""
    if True in map(eq, sound, sound[1:]):  # most have none, and the pattern is slow
        sound = DOUBLED.sub(r"\1", sound)
    return GLIDE.sub("", sound) if "ie" in sound else sound


def skeletons(found: list[tuple[str, Grapheme]], *, merge: bool) -> tuple[str, ...]:
    """All readings of the word, the likeliest first. One grapheme is read alike wherever it stands in the word."""
    likeliest = [grapheme.classes[0] for _, grapheme in found]
    open_ones: dict[tuple[str, Grapheme], list[int]] = {}  # where each stands
    for at, one in enumerate(found):
        if len(one[1].classes) > 1 and (one in open_ones or len(open_ones) < MOST_OPEN):
            open_ones.setdefault(one, []).append(at)
    if not open_ones:
        return (_skeleton(likeliest, merge=merge),)
    readings: dict[str, None] = {}
    for choice in _choices(tuple([len(grapheme.classes) for _, grapheme in open_ones])):
        classes = likeliest.copy()
        for ((_, grapheme), places), reading in zip(open_ones.items(), choice, strict=True):
            for at in places:
                classes[at] = grapheme.classes[reading]
        readings[_skeleton(classes, merge=merge)] = None
        if len(readings) == MOST_READINGS:
            break
    return tuple(readings)


@lru_cache(maxsize=2**10)
def _choices(counts: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Every choice of one reading each, those first that take the likeliest ones."""
    return sorted(product(*map(range, counts)), key=sum)


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
