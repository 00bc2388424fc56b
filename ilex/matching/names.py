"""Two names side by side: which word answers which, what is left out, what contradicts, and what that is worth."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from operator import itemgetter, mul
from typing import NamedTuple

from ilex.matching import model
from ilex.matching.facts import Name, Part
from ilex.matching.joining import joined
from ilex.matching.pairs import Likeness, likeness
from ilex.matching.rarity import Rarity
from ilex.matching.reasons import PartPair

SILENT = frozenset({"particle", "title"})
MOST_PARTS = 10  # words of one name that are aligned
MOST_NAMES = 12  # names of one side that are compared
AGREES = 0.0  # likeness from which two words answer one another
SURE = 4.0  # likeness of words that need no other partner
JOINED = 2.0
SLIPS_JOINED = 3  # letters that joined words may be longer or shorter than what answers them
MUCH = 16.0  # agreement beyond which more of it says little: long names share their beginnings with brothers
SON_OF = frozenset({"bin", "ben", "ibn", "bn", "binti", "bint"})
# What is measured of two aligned names; `model` has a weight for each.
FEATURES = (
    *(
        "agree",
        "against",
        "worst",
        "only_asked",
        "only_held",
        "patronymic_only",
        "single",
        "contradictions",
        "initials",
    ),
    *("whole", "weak", "much", "order"),
)


class Met(NamedTuple):
    """A word of each side, or one with its own side empty; joined words are one."""

    asked: Part | None
    held: Part | None
    code: str
    value: float


class Aligned(NamedTuple):
    asked: Name
    held: Name
    met: tuple[Met, ...]
    values: tuple[float, ...]  # of FEATURES
    weight: float
    worth: tuple[float, ...]  # of each of `met`, log odds before calibration

    @property
    def code(self) -> str:
        return summary([met.code for met in self.met])

    @property
    def parts(self) -> tuple[PartPair, ...]:
        return tuple(
            [
                PartPair(asked.written if asked else "", held.written if held else "", code, round(worth, 3))
                for (asked, held, code, _), worth in zip(self.met, self.worth, strict=True)
            ]
        )


def compare(
    asked: Sequence[Name], held: Sequence[Name], rarity: Rarity, weighed: Callable[[Name, Name, Rarity], Aligned]
) -> Aligned | None:
    """The pair of names that speaks most for being the same, as `weighed` has it; of equals the first."""
    best: Aligned | None = None
    for one in asked[:MOST_NAMES]:
        for other in held[:MOST_NAMES]:
            found = weighed(one, other, rarity)
            if best is None or found.weight > best.weight:
                best = found
    return best


def weighed(asked: Name, held: Name, rarity: Rarity) -> Aligned:
    weights = model.current()
    met = align(asked, held)
    worths = tuple([worth(one, rarity, weights.other) for one in met])
    values = measured(met, worths, weak=asked.weak or held.weak, order=_order(asked, held, met))
    weight = sum(map(mul, weights.person, values))
    return Aligned(asked, held, tuple(met), values, weight, worths)


def measured(met: Sequence[Met], worths: Sequence[float], *, weak: bool, order: bool) -> tuple[float, ...]:
    """The values of FEATURES."""
    agree = against = worst = 0.0
    only_asked = only_held = patronymic = contradictions = initials = full = 0
    whole = True
    for (_, _, code, _), log_odds in zip(met, worths, strict=True):
        if code not in WHOLE:
            whole = False
        if code == "only_asked":
            only_asked += 1
        elif code == "only_held":
            only_held += 1
        elif code == "patronymic_only":
            patronymic += 1
        else:
            if log_odds > 0:
                agree += log_odds
            else:
                against += log_odds
                worst = min(worst, log_odds)
            if code in CONTRADICTS:
                contradictions += 1
            elif code == "initial":
                initials += 1
            else:
                full += 1
    return (
        agree,
        against,
        worst,
        float(only_asked),
        float(only_held),
        float(patronymic),
        float(full <= 1),
        float(contradictions),
        float(initials),
        float(whole),
        float(weak),
        max(agree - MUCH, 0.0),
        float(order),
    )


def _order(asked: Name, held: Name, met: Sequence[Met]) -> bool:
    """Whether father and son have changed places: Salman bin Muhammad is not Muhammad bin Salman."""
    if not (_filial(asked) and _filial(held)):
        return False
    places = [(asked.parts.index(one.asked), held.parts.index(one.held)) for one in met if _stands(one, asked, held)]
    at = [place for _, place in sorted(places)]
    return at != sorted(at)


def _filial(name: Name) -> bool:
    return not SON_OF.isdisjoint([part.sound for part in name.parts if part.role == "particle"])


def _stands(met: Met, asked: Name, held: Name) -> bool:
    return met.asked in asked.parts and met.held in held.parts


def worth(met: Met, rarity: Rarity, other: float) -> float:
    """How much likelier this is of one person than of two (log): never more than the word is rare."""
    asked, held, _, value = met
    if asked is None or held is None:
        return 0.0
    share = max(rarity.share(asked), rarity.share(held))
    times = math.exp(value)
    return math.log(((1 - other) * times + other) / (share * times + 1 - share))


# --- which word answers which


def align(asked: Name, held: Name) -> list[Met]:
    """Each word of both names once: first those that are alike, then joined ones, then what is left."""
    mine, theirs = _bearing(asked), _bearing(held)
    pairs = _greedy(mine, theirs)
    met = [Met(mine[i], theirs[j], *like) for i, j, like in pairs]
    if len(pairs) == len(mine) == len(theirs):
        return met
    left, over = list(mine), list(theirs)
    for i, _, _ in sorted(pairs, key=itemgetter(0), reverse=True):
        del left[i]
    for _, j, _ in sorted(pairs, key=itemgetter(1), reverse=True):
        del over[j]
    met, left, over = _join(asked, held, met, left, over)
    return met + _leftovers(left, over)


def _bearing(name: Name) -> Sequence[Part]:
    found = [part for part in name.parts if part.role not in SILENT]
    return (found or name.parts)[:MOST_PARTS]


def _greedy(mine: Sequence[Part], theirs: Sequence[Part]) -> list[tuple[int, int, Likeness]]:
    cells = []
    for i, part in enumerate(mine):
        for j, other in enumerate(theirs):
            like = likeness(part, other)
            if like.value > AGREES:
                cells.append((-like.value, abs(i - j), i, j, like))
    if len(cells) < 2:
        return [cell[2:] for cell in cells]
    cells.sort()
    found = []
    rows: set[int] = set()
    columns: set[int] = set()
    for _, _, i, j, like in cells:
        if i not in rows and j not in columns:
            rows.add(i)
            columns.add(j)
            found.append((i, j, like))
    return sorted(found)


def _join(
    asked: Name, held: Name, met: list[Met], left: list[Part], over: list[Part]
) -> tuple[list[Met], list[Part], list[Part]]:
    """Two neighbouring words of one side may be one of the other: Abd al Rahman, Abdulrahman."""
    sure = sum([one.value >= SURE for one in met])
    for name, single, mine in ((asked, over, True), (held, left, False)):
        if len(name.parts) < sure + 2:
            continue
        weak = [one.held if mine else one.asked for one in met if one.value < SURE]
        targets = [*single, *filter(None, weak)]
        if not targets or _shorter(targets, name.parts):
            continue
        for run, near in _runs(name.parts, targets):
            if _surely_met(met, run, mine=mine):
                continue
            both = joined(run)
            value, best = max(((likeness(both, part).value, part) for part in near), key=itemgetter(0))
            if value < JOINED:
                continue
            met, left, over = _taken(met, left, over, (*run, best))
            met.append(Met(both, best, "joined", value) if mine else Met(best, both, "joined", value))
            return met, left, over
    return met, left, over


def _shorter(targets: Sequence[Part], parts: Sequence[Part]) -> bool:
    """Whether each of these words is too short for any two neighbours."""
    most = max([len(part.sound) for part in targets]) + SLIPS_JOINED
    return min([len(one.sound) + len(other.sound) for one, other in pairwise(parts)]) > most


def _runs(parts: tuple[Part, ...], targets: Sequence[Part]) -> Iterator[tuple[tuple[Part, ...], list[Part]]]:
    """Two and three neighbouring words, each with those targets that have about as many letters as they together."""
    lengths = [len(part.sound) for part in targets]
    most = max(lengths) + SLIPS_JOINED
    letters = [len(part.sound) for part in parts]
    for size in (2, 3):
        for at in range(len(letters) - size + 1):
            together = sum(letters[at : at + size])
            if together > most:
                continue
            near = [part for part, one in zip(targets, lengths, strict=True) if abs(one - together) <= SLIPS_JOINED]
            if near:
                yield parts[at : at + size], near


def _surely_met(met: Sequence[Met], run: Sequence[Part], *, mine: bool) -> bool:
    return any(one.value >= SURE and (one.asked if mine else one.held) in run for one in met)


def _taken(
    met: list[Met], left: list[Part], over: list[Part], words: Sequence[Part]
) -> tuple[list[Met], list[Part], list[Part]]:
    """Without these words; partners that lose theirs are left over again."""
    kept: list[Met] = []
    left, over = list(left), list(over)
    for one in met:
        if one.asked in words or one.held in words:
            if one.asked is not None and one.asked not in words:
                left.append(one.asked)
            if one.held is not None and one.held not in words:
                over.append(one.held)
        else:
            kept.append(one)
    return kept, [part for part in left if part not in words], [part for part in over if part not in words]


def _leftovers(left: list[Part], over: list[Part]) -> list[Met]:
    """What both sides have left contradicts, the likest beside one another; what only one has is left out."""
    found: list[Met] = []
    left, over = list(left), list(over)
    while left and over and (pair := _likest(left, over)):
        one, other = left.pop(pair[0]), over.pop(pair[1])
        father = one.role == other.role == "patronymic"
        code = "patronymic_contradicts" if father else "contradicts"
        found.append(Met(one, other, code, likeness(one, other).value))
    found += [Met(part, None, _only(part, "only_asked"), 0.0) for part in left]
    found += [Met(None, part, _only(part, "only_held"), 0.0) for part in over]
    return found


def _likest(left: Sequence[Part], over: Sequence[Part]) -> tuple[int, int] | None:
    """The places of the two words that come nearest to one another; None where only words of other roles are left."""
    pairs = [(i, j) for i in range(len(left)) for j in range(len(over)) if not _other_role(left[i], over[j])]
    if len(pairs) < 2:
        return pairs[0] if pairs else None
    return max(pairs, key=lambda at: likeness(left[at[0]], over[at[1]]).value)


def _other_role(one: Part, other: Part) -> bool:
    """A father's name does not contradict a family's."""
    return (one.role == "patronymic") != (other.role == "patronymic")


def _only(part: Part, code: str) -> str:
    return "patronymic_only" if part.role == "patronymic" else code


# --- the name in one word

WHOLE = frozenset({"same", "same_sound"})
CONTRADICTS = frozenset({"contradicts", "patronymic_contradicts", "number_contradicts"})
SEVERITY = (
    *("contradicts", "number_contradicts", "patronymic_contradicts", "legal_contradicts", "only_asked", "only_held"),
    *("short_form", "initial", "feminine", "similar", "one_letter", "equivalent", "patronymic_only", "joined"),
    *("generic", "particle_only", "same_sound", "legal", "number", "same"),
)
SUMMARY = {
    "only_asked": "omitted",
    "only_held": "omitted",
    "patronymic_only": "omitted",
    "legal_contradicts": "form_contradicts",
    "feminine": "similar",
    "joined": "same_sound",
    "generic": "same",
    "particle_only": "same",
    "legal": "same",
    "number": "same",
}


def summary(codes: Sequence[str]) -> str:
    """The code of the whole name: that of its worst part; different where nothing agrees."""
    if all(code in CONTRADICTS or code.startswith("only") for code in codes):
        return "different"
    worst = min(codes, key=SEVERITY.index)
    return SUMMARY.get(worst, worst)
