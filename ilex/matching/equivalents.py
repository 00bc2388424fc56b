"""Names that stand for each other: one name in several languages, short forms, women's forms of family names.

Two tables: `data/equivalents.txt.xz`, made by `tools/name_tables.py` from public data, and `data/nicknames.txt`,
kept by hand. Both are read when a name is first looked up, and kept as one run of bytes of about six megabytes.
"""

from __future__ import annotations

import lzma
import re
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from zlib import crc32

import numpy as np

from ilex.matching import letters

FOLDER = Path(__file__).parent / "data"
EQUIVALENTS = FOLDER / "equivalents.txt.xz"
NICKNAMES = FOLDER / "nicknames.txt"
NONE: frozenset[int] = frozenset()
MOST_RELATIVES = 24  # skeletons of equivalent names that are asked for
REMEMBERED = 2**14


class Table:
    """Groups of sounds, a line each; a group is known by where its line begins. The first `kept` bytes are ours."""

    def __init__(self, kept: Sequence[str], made: Sequence[str]) -> None:
        lines = [line.encode() for line in (*kept, *made)]
        ends = np.cumsum([len(line) + 1 for line in lines], dtype=np.uint64)
        self.kept = int(ends[len(kept) - 1]) if kept else 0
        self._text = b"".join(line + b"\n" for line in lines)
        begins = np.repeat(np.append(np.uint64(0), ends[:-1]), [line.count(b" ") + 1 for line in lines])
        checksums = np.array(list(map(crc32, self._text.split())), np.uint64)
        marks = np.sort(checksums << np.uint64(32) | begins)
        self._marks = array("Q", marks.tobytes())  # of each sound its checksum, and where the line begins

    def groups(self, sound: str) -> frozenset[int]:
        word = sound.encode()
        checksum = crc32(word)
        at = bisect_left(self._marks, checksum << 32)
        end = bisect_left(self._marks, checksum + 1 << 32, at)
        if at == end:
            return NONE
        found = [mark & 0xFFFFFFFF for mark in self._marks[at:end]]
        return frozenset([group for group in found if word in self._line(group)])

    def sounds(self, group: int) -> list[str]:
        return [word.decode() for word in self._line(group)]

    def _line(self, group: int) -> list[bytes]:
        return self._text[group : self._text.index(b"\n", group)].split()


def classes(sound: str) -> frozenset[int]:
    """The groups of names that this sound is in; two parts that share one may be one name."""
    return _table().groups(sound)


@lru_cache(maxsize=REMEMBERED)
def relatives(groups: frozenset[int]) -> tuple[str, ...]:
    """The skeletons of all names of these groups: those kept by hand first, then the small ones, which say most."""
    table = _table()
    lines = sorted((group >= table.kept, len(table.sounds(group)), group) for group in groups)
    found = dict.fromkeys(letters.skeleton_of_sound(sound) for *_, group in lines for sound in table.sounds(group))
    return tuple(sorted(found, key=lambda skeleton: not skeleton.isascii())[:MOST_RELATIVES])


FAMILIES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<=[kc])(?:aia|a|ii|i|ei|oi)$",  # -skaja, -ska, -skij, -ski
        r"(?:(?<=[eioa]v)|(?<=in))a$",  # Petrova, Nikitina
        r"(?:(?<=opul)|(?<=.id)|(?<=iad)|(?<=.ak)|(?<=oglu))(?:os|is|as|u|i)$",  # Papadopoulou, Georgakis
        r"(?<=...)(?:aitis|aite|iene|iute|ite|as|is|us)$",  # Lithuanian
    )
)
OWN_FEMININE = re.compile(r"(?:ov|ev|iov)(?:a|na)$")  # Czech, Slovak and Polish women add it whole: Nováková, Nowakówna
SHORTEST_FAMILY = 5


@lru_cache(maxsize=REMEMBERED)
def families(sound: str) -> frozenset[str]:
    """What is left of the sound of a family name without what tells man from woman: Petrova and Petrov share one."""
    if len(sound) < SHORTEST_FAMILY:
        return frozenset({sound})
    for pattern in FAMILIES:
        changed, count = pattern.subn("", sound)
        if count:
            return frozenset({changed, OWN_FEMININE.sub("", sound)})
    return frozenset({sound})


@cache
def _table() -> Table:
    return Table(_kept(), _made())


def _made() -> list[str]:
    if not EQUIVALENTS.exists():
        return []
    return [line for line in lzma.decompress(EQUIVALENTS.read_bytes()).decode().splitlines() if line[:1] != "#"]


def _kept() -> list[str]:
    lines = NICKNAMES.read_text(encoding="utf-8").splitlines()
    groups = ([letters.read(word).sound for word in line.split()] for line in lines if line[:1] != "#")
    return [" ".join(dict.fromkeys(group)) for group in groups if group]
