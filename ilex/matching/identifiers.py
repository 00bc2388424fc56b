"""Numbers side by side: the same, the same but for one slip, or another; the rule of such numbers is only evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from rapidfuzz.distance import OSA

from ilex.matching.facts import Prepared
from ilex.words import identifiers

# Types that files often take for one another: the very same number counts under any of them.
MIXED = frozenset({"document", "national", "tax", "number"})
SHORTEST_MIXED = 6
SHORTEST_SLIP = 6  # shorter numbers are one sign away from too many others
PHONE_END = 8  # digits that stay when the code of country or network is written otherwise
LOOK_ALIKES = str.maketrans("OQDILZSBG", "000112586")
ORDER = ("same", "same_doubtful", "look_alike", "one_slip", "same_end", "one_slip_valid", "contradicts")
RANK = {code: place for place, code in enumerate(ORDER)}

Found = tuple[str, str, str, str]  # type, code, asked, held


def compare(asked: Prepared, held: Prepared) -> list[Found]:
    """For each type that was asked the most telling pair; types that the record does not have say nothing."""
    if not asked.identifiers or not held.identifiers:
        return []
    countries = {(type, text): country for type, text, country in _own(asked)}
    best: dict[str, Found] = {}
    for type, number in asked.identifiers:
        for found in _answers(type, number, held.identifiers, countries.get((type, number), "")):
            known = best.get(type)
            if known is None or RANK[found[1]] < RANK[known[1]]:
                best[type] = found
    return [best[type] for type in sorted(best)]


def _own(prepared: Prepared) -> Iterable[tuple[str, str, str]]:
    """Each identifier's compact form with the country that was given with it, if one was."""
    for type, text, country in prepared.facts.identifiers:
        if country and type in identifiers.TYPES:
            try:
                yield type, identifiers.clean(type, text, country), country
            except identifiers.Wrong:
                continue


def _answers(type: str, number: str, held: Sequence[tuple[str, str]], country: str) -> Iterable[Found]:
    for other_type, other in held:
        if type == other_type:
            yield type, code(type, number, other, country), number, other
        elif number == other and type in MIXED and other_type in MIXED and len(number) >= SHORTEST_MIXED:
            yield type, "same", number, other


@lru_cache(maxsize=20_000)
def code(type: str, asked: str, held: str, country: str = "") -> str:
    """How two numbers of one type differ, by a code of `reasons.IDENTIFIER`."""
    if asked == held:
        return "same_doubtful" if _doubtful(type, asked, country) else "same"
    if type == "phone" and asked[-PHONE_END:] == held[-PHONE_END:]:
        return "same_end"
    if min(len(asked), len(held)) < SHORTEST_SLIP or type in ("position", "url"):
        return "contradicts"
    if asked.translate(LOOK_ALIKES) == held.translate(LOOK_ALIKES):
        return "look_alike"
    if OSA.distance(asked, held, score_cutoff=1) > 1:
        return "contradicts"
    # A slip breaks the rule of a number that has one: where both keep it, they are rather two numbers.
    checked = type in identifiers.DOUBTS and bool(_doubtful(type, _broken(asked), country))
    both = checked and not _doubtful(type, asked, country) and not _doubtful(type, held, country)
    return "one_slip_valid" if both else "one_slip"


def _doubtful(type: str, number: str, country: str) -> bool:
    try:
        return bool(identifiers.warning(type, number, country))
    except (identifiers.Wrong, KeyError):
        return True


def _broken(number: str) -> str:
    """The number with its last digit changed: whether a rule exists that notices it."""
    last = number[-1]
    return number[:-1] + (str((int(last) + 1) % 10) if last.isdigit() and last.isascii() else "0")
