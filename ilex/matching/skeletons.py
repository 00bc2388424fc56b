"""Which parts of a name bear it, and what their skeletons become when parts are glued together or split."""

from __future__ import annotations

import re
from itertools import pairwise

from ilex.matching import letters
from ilex.matching.facts import Name, Part
from ilex.matching.letters.alphabet import LONGEST_SKELETON

KEPT = 3  # readings of a part under which a record is filed
CLASSES = "APFTKSLRMN"
SILENT = ("particle", "title", "initial", "number", "legal")
GLUED_PARTICLE = re.compile(r"[aeu]l|b[ei]n|abu|de[lr]?|d[iau]|la|va[nm]|fon")
SHORTEST_GLUED = 6  # letters of a word in which two parts may be hidden


def bearing(name: Name) -> list[Part]:
    """The parts that bear the name: without particles, titles, initials, numbers and words that many have."""
    parts = [part for part in name.parts if part.role not in SILENT]
    own = [part for part in parts if part.role != "generic"]
    return own if len(own) > 2 else parts


def initials(name: Name) -> list[Part]:
    return [part for part in name.parts if part.role == "initial"]


def joined(first: Part, second: Part) -> letters.Reading:
    """Two neighbours as one word; also as it sounds where two letters that now stand side by side are no pair: d h."""
    reading = letters.read(first.plain + second.plain)
    apart = first.skeletons[0] + second.skeletons[0].removeprefix("A")
    return letters.Reading(reading.sound, tuple(dict.fromkeys((reading.skeletons[0], apart[:LONGEST_SKELETON]))))


def glued_runs(name: Name) -> list[tuple[letters.Reading, list[Part]]]:
    """Each two neighbours as one word, and the parts that are left: El Haddad is Elhaddad, and Petro sian Petrosian."""
    parts = [part for part in name.parts if part.role not in ("title", "number", "legal")]
    found = []
    for first, second in pairwise(parts):
        if not first.role == second.role == "particle":
            found.append((joined(first, second), [part for part in bearing(name) if part not in (first, second)]))
    return found


def bare(part: Part) -> tuple[str, ...]:
    """The skeletons of what follows a particle that is glued to the part: Elhaddad is perhaps El Haddad."""
    glued = GLUED_PARTICLE.match(part.sound)
    if glued is None or len(part.sound) < SHORTEST_GLUED:
        return ()
    return letters.read(part.sound[glued.end() :]).skeletons[:2]


def halves(part: Part) -> list[tuple[str, str]]:
    """The skeletons of the two words that may be glued in one: a vowel may begin the second of them."""
    if len(part.plain) < SHORTEST_GLUED:
        return []
    found = []
    skeleton = part.skeletons[0]
    for at in range(1, len(skeleton)):
        first, second = skeleton[:at], skeleton[at:]
        if first != "A":
            found += [(first, second), (first, f"A{second}")]
    return found
