"""Two names of firms side by side: their own words decide, common words weigh little, numbers must agree."""

from __future__ import annotations

from collections.abc import Sequence

from ilex.matching import model, names, organisations
from ilex.matching.facts import Name, Part
from ilex.matching.joining import joined
from ilex.matching.names import Aligned, Met
from ilex.matching.organisations import Firm
from ilex.matching.pairs import likeness
from ilex.matching.rarity import Rarity

FEWEST_ABBREVIATED = 3  # words
ABBREVIATED = 2.5
BARE = 6.0  # likeness of two words of one meaning, where both firms have only such words
MUCH = 12.0  # agreement beyond which more of it says little
SLIP = 2.0  # likeness from which a strange word is a common one with a slip in it
# What is measured of two firms; `model` has a weight for each.
FEATURES = (
    *("agree", "against", "worst", "only_asked", "only_held", "much", "whole", "weak"),
    *("generic_same", "generic_apart", "generic_only", "number_same", "number_apart", "number_only"),
    *("form_same", "form_apart"),
)


def weighed(asked: Name, held: Name, rarity: Rarity) -> Aligned:
    weights = model.current()
    mine, theirs = organisations.firm(asked), organisations.firm(held)
    met = _abbreviated(mine, theirs) or names.align(_named(asked, mine), _named(held, theirs))
    met, common = _with_common(met, mine, theirs)
    bare = [one for one in common if one.value]
    worth = [names.worth(one, rarity, weights.other) for one in met]
    values = _measured(
        met,
        [*worth, *(names.worth(one, rarity, weights.other) for one in bare)],
        common,
        mine,
        theirs,
        weak=asked.weak or held.weak,
    )
    weight = sum(map(float.__mul__, weights.organisation, values))
    more = [*common, *_numbers(mine, theirs), *_forms(mine, theirs)]
    return Aligned(asked, held, (*met, *more), values, weight, (*worth, *[0.0] * len(more)))


def _named(name: Name, firm: Firm) -> Name:
    return Name(name.written, firm.own)


def _abbreviated(mine: Firm, theirs: Firm) -> list[Met]:
    """One word that is the first letters of the other's words: PLA and People's Liberation Army."""
    for short, long, asked in ((mine, theirs, True), (theirs, mine, False)):
        words = [*long.own, *(part for _, part in long.generic)]
        if len(short.own) == 1 and len(words) >= FEWEST_ABBREVIATED:
            one = short.own[0]
            if one.plain == "".join(part.plain[0] for part in long.own):
                whole = joined(long.own)
                return [
                    Met(one, whole, "short_form", ABBREVIATED) if asked else Met(whole, one, "short_form", ABBREVIATED)
                ]
    return []


def _with_common(met: Sequence[Met], mine: Firm, theirs: Firm) -> tuple[list[Met], list[Met]]:
    """Common words of one meaning side by side; a word of its own left over may be a common one with a slip."""
    here, there = dict(mine.generic), dict(theirs.generic)
    # Where nobody has a word of his own the common ones must do.
    value = BARE if not mine.own and not theirs.own else 0.0
    common = [Met(here.pop(word), there.pop(word), "generic", value) for word in list(here) if word in there]
    own: list[Met] = []
    for one in met:
        match one:
            case Met(asked=Part() as part, held=None) if word := _slipped(part, there):
                common.append(Met(part, there.pop(word), "generic", 0.0))
            case Met(asked=None, held=Part() as part) if word := _slipped(part, here):
                common.append(Met(here.pop(word), part, "generic", 0.0))
            case _:
                own.append(one)
    common += [Met(part, None, "only_asked", 0.0) for part in here.values()]
    common += [Met(None, part, "only_held", 0.0) for part in there.values()]
    return own, common


def _slipped(part: Part, among: dict[str, Part]) -> str:
    return next((word for word, other in among.items() if likeness(part, other).value >= SLIP), "")


def _measured(
    met: Sequence[Met], worth: Sequence[float], common: Sequence[Met], mine: Firm, theirs: Firm, *, weak: bool
) -> tuple[float, ...]:
    agree = sum(log_odds for log_odds in worth if log_odds > 0)
    same = sum(one.code == "generic" for one in common)
    asked = sum(one.code == "only_asked" for one in common)
    held = sum(one.code == "only_held" for one in common)
    both = bool(mine.numbers and theirs.numbers)
    return (
        agree,
        sum(log_odds for log_odds in worth if log_odds < 0),
        min(0.0, *worth) if worth else 0.0,
        float(sum(one.code in ("only_asked", "patronymic_only") and one.held is None for one in met)),
        float(sum(one.code in ("only_held", "patronymic_only") and one.asked is None for one in met)),
        max(agree - MUCH, 0.0),
        float(all(one.code in ("same", "same_sound") for one in met)),
        float(weak),
        float(same),
        float(min(asked, held)),
        float(abs(asked - held)),
        float(both and mine.numbers == theirs.numbers),
        float(both and mine.numbers != theirs.numbers),
        float(bool(mine.numbers) != bool(theirs.numbers)),
        float(bool(mine.forms & theirs.forms)),
        float(bool(mine.forms and theirs.forms) and not mine.forms & theirs.forms),
    )


def _numbers(mine: Firm, theirs: Firm) -> list[Met]:
    if not mine.numbers and not theirs.numbers:
        return []
    code = "number" if mine.numbers == theirs.numbers else "number_contradicts"
    if not mine.numbers or not theirs.numbers:
        code = "only_asked" if mine.numbers else "only_held"
    return [Met(_said(" ".join(sorted(mine.numbers))), _said(" ".join(sorted(theirs.numbers))), code, 0.0)]


def _forms(mine: Firm, theirs: Firm) -> list[Met]:
    if not mine.forms or not theirs.forms:
        return []
    code = "legal" if mine.forms & theirs.forms else "legal_contradicts"
    return [Met(_said(mine.form_words), _said(theirs.form_words), code, 0.0)]


def _said(words: str) -> Part | None:
    return Part(words, words, "", (), frozenset()) if words else None
