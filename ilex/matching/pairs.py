"""Two words of names side by side: whether they are the same name, how sure that is, and why."""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA, JaroWinkler

from ilex.matching import model
from ilex.matching.equivalents import families
from ilex.matching.facts import Part

REMEMBERED = 100_000  # pairs; about 15 MB
VOWELS = str.maketrans("", "", "aeiou")
ABJADS = frozenset({"Arab", "Hebr"})  # scripts that leave vowels out
SHORTEST_FORM = 3  # letters of a shortened word


class Likeness(NamedTuple):
    """How alike two words are: by a code of `reasons.PARTS`, and how many times likelier than of two names (log)."""

    code: str
    value: float


# What decides how alike a word is to others: its letters, which tell its readings; but words that are joined may have
# the letters of another one without its readings.
_Form = str | tuple[str, str, tuple[str, ...]]

SAME = Likeness("same", 12.0)
FAR = Likeness("contradicts", -4.0)  # of two names, so far as words can tell
FAR_SOUND, FAR_SKELETON = 0.6, 0.5
_known: dict[tuple[_Form, _Form], Likeness] = {}


def likeness(one: Part, other: Part) -> Likeness:
    """Compare two words; remembered. The same whichever comes first."""
    mine, theirs = one.plain, other.plain
    if mine == theirs:
        return SAME
    key: tuple[_Form, _Form] = (
        mine if one.role != "joined" else one[1:4],
        theirs if other.role != "joined" else other[1:4],
    )
    found = _known.get(key)
    if found is None:
        if len(_known) >= REMEMBERED:
            _known.clear()
        found = _known[key] = _likeness(one, other)
    return found


def _likeness(one: Part, other: Part) -> Likeness:
    weights = model.current()
    initial = _initial(one, other)
    if initial is not None:
        return Likeness("initial", weights.initial) if initial else Likeness("contradicts", weights.initial_contradicts)
    related = not one.classes.isdisjoint(other.classes)
    if not related and _far_apart(one, other):
        return FAR
    seen = features(one, other)
    value = max(min(weights.pair(seen.regime, seen.values), SAME.value), -SAME.value)
    if one.sound == other.sound:
        return Likeness("same_sound", value)
    if related:
        return Likeness("equivalent", max(value, weights.equivalent))
    if feminine(one.sound, other.sound):
        return Likeness("feminine", max(value, weights.feminine))
    return Likeness(_code(one, other, seen, value), value)


def _far_apart(one: Part, other: Part) -> bool:
    """Whether nothing speaks for one name, so that measuring them closely would change nothing."""
    if OSA.normalized_distance(one.sound, other.sound) <= FAR_SOUND:
        return False
    if not set(one.skeletons).isdisjoint(other.skeletons):
        return False
    return OSA.normalized_distance(one.skeletons[0], other.skeletons[0]) > FAR_SKELETON


class Seen(NamedTuple):
    """What is measured of two words."""

    regime: str  # same: one script; cross: two scripts that write vowels; abjad: one that does not
    values: tuple[float, ...]  # in the order of FEATURES


FEATURES = (
    *("same_sound", "sound", "sound_low", "sound_edits", "consonants", "consonants_low", "consonant_edits", "skeleton"),
    *("skeletons_differ", "skeletons_low", "skeleton_length", "winkler", "winkler_square", "first_letter", "length"),
    *("prefix", "last_vowel", "plain", "plain_low", "plain_edits", "edit_in_short"),
)
LOW = 0.34  # beyond a third of the letters it matters little how many more differ


def features(one: Part, other: Part) -> Seen:
    a, b = one.sound, other.sound
    one_script, other_script = script(one), script(other)
    shortest, longest = sorted((len(a), len(b)))
    edits = OSA.distance(a, b)
    sound = edits / max(longest, 1)
    bare_a, bare_b = _consonants(a), _consonants(b)
    bare_edits = OSA.distance(bare_a, bare_b)
    consonants = bare_edits / max(len(bare_a), len(bare_b), 1)
    shared = not set(one.skeletons).isdisjoint(other.skeletons)
    apart = 0.0 if shared else _skeletons_apart(one, other)
    plain_edits = OSA.distance(one.plain, other.plain) if one_script == other_script else 0
    plain = plain_edits / max(len(one.plain), len(other.plain), 1)
    winkler = JaroWinkler.similarity(a, b)
    length = math.log(max(shortest, 1))
    abjad = (one_script in ABJADS) != (other_script in ABJADS)
    return Seen(
        "abjad" if abjad else "same" if one_script == other_script else "cross",
        (
            float(a == b),
            sound,
            min(sound, LOW),
            min(edits, 4.0),
            consonants,
            min(consonants, LOW),
            min(bare_edits, 3.0),
            float(shared),
            apart,
            min(apart, LOW),
            length if shared else 0.0,
            winkler,
            winkler * winkler,
            float(a[:1] == b[:1]),
            length,
            float(is_prefix(a, b)),
            float(a != b and a.rstrip("aeiou") == b.rstrip("aeiou")),
            plain,
            min(plain, LOW),
            min(plain_edits, 4.0),
            float(edits == 1 and longest <= 4),
        ),
    )


@lru_cache(maxsize=2**14)
def _consonants(sound: str) -> str:
    return sound.translate(VOWELS)


def is_prefix(a: str, b: str) -> bool:
    return a != b and min(len(a), len(b)) >= SHORTEST_FORM and (a.startswith(b) or b.startswith(a))


def feminine(a: str, b: str) -> bool:
    """Whether these sounds are a man's and a woman's form of one family name."""
    return not families(a).isdisjoint(families(b))


def script(part: Part) -> str:
    """The script of its first letter, roughly: enough to know whether both write vowels."""
    code = ord(part.plain[0]) if part.plain else 0
    if code < 0x0370:
        return "Latn"
    if code < 0x0400:
        return "Grek"
    if code < 0x0530:
        return "Cyrl"
    if code < 0x0590:
        return "Armn"
    if code < 0x0600:
        return "Hebr"
    if code < 0x0900:
        return "Arab"
    return "Geor" if 0x10A0 <= code <= 0x10FF or 0x1C90 <= code <= 0x1CBF else "Latn" if code < 0x2000 else "Zzzz"


def _skeletons_apart(one: Part, other: Part) -> float:
    """The share of consonant classes that differ between the nearest readings of both."""
    best = 1.0
    for mine in one.skeletons[:2]:
        for theirs in other.skeletons[:2]:
            best = min(best, OSA.normalized_distance(mine, theirs))
    return best


def _initial(one: Part, other: Part) -> bool | None:
    """Whether a single letter is the first one of the other word; None when neither is a single letter."""
    short = one.role == "initial" or len(one.plain) == 1
    other_short = other.role == "initial" or len(other.plain) == 1
    if not short and not other_short:
        return None
    if one.plain[:1] == other.plain[:1] or (one.sound and one.sound[:1] == other.sound[:1]):
        return True
    return any(mine[:1] == theirs[:1] for mine in one.skeletons for theirs in other.skeletons)


def _code(one: Part, other: Part, seen: Seen, value: float) -> str:
    if value < 0:
        return "contradicts"
    if is_prefix(one.sound, other.sound) and abs(len(one.sound) - len(other.sound)) > 1:
        return "short_form"
    return "one_letter" if seen.regime == "same" and OSA.distance(one.plain, other.plain) == 1 else "similar"
