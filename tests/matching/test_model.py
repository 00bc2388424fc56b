"""The file of weights fits what is measured, and the table of common words says what is common."""

from __future__ import annotations

import json

from ilex.matching import dates, firms, model, names, pairs, reasons
from ilex.matching.facts import Facts, Part
from ilex.matching.prepare import prepare
from ilex.matching.rarity import RAREST, Rarity


def part(text: str) -> Part:
    return prepare(Facts(kind="person", names=(text,))).names[0].parts[0]


def test_every_measure_has_its_weight_in_its_place() -> None:
    raw = json.loads(model.WEIGHTS.read_text(encoding="utf-8"))

    assert tuple(raw["person"]) == names.FEATURES
    assert tuple(raw["organisation"]) == firms.FEATURES
    for regime in ("same", "cross", "abjad"):
        assert tuple(raw["pairs"][regime][1]) == pairs.FEATURES
    assert set(raw["base"]) == set(model.KINDS)
    assert raw["version"]
    assert raw["fitted"]


def test_every_code_has_a_weight_and_a_sentence() -> None:
    weights = model.current()

    assert set(weights.born) == set(dates.ORDER) == set(reasons.BORN)
    assert set(weights.country) == set(reasons.COUNTRY)
    assert set(weights.sex) == set(reasons.SEX)
    assert set(weights.place) == set(reasons.PLACE)
    for codes in weights.identifiers.values():
        assert set(codes) <= set(reasons.IDENTIFIER)


def test_what_agrees_speaks_for_and_what_contradicts_speaks_against() -> None:
    weights = model.current()

    assert weights.born["same"] > weights.born["swapped_day_month"] > 0 > weights.born["other_year"]
    for type in weights.identifiers:
        assert weights.identifier(type, "same") > weights.identifier(type, "one_slip")
        assert weights.identifier(type, "contradicts") <= 0
    assert weights.person[names.FEATURES.index("agree")] > 0


def test_a_common_given_name_is_commoner_than_a_word_nobody_has() -> None:
    rarity = Rarity()

    assert rarity.share(part("Maria")) > 10 * rarity.share(part("Xyzzyqua"))
    assert rarity.share(part("Xyzzyqua")) >= RAREST


def test_large_holdings_tell_themselves_how_common_a_name_is() -> None:
    common = Rarity(1_000_000, lambda skeleton: 300_000)

    assert common.share(part("Xyzzyqua")) > 0.25
