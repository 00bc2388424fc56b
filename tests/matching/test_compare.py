"""How likely a record is the one that was asked for, and whether the explanation says why."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

import pytest

from evaluation.build import build
from evaluation.memory import Memory
from ilex.matching import organisations, reasons
from ilex.matching.compare import Comparison, Rarity, compare, without
from ilex.matching.facts import Facts
from ilex.matching.prepare import prepare

PAIRS = 200
RARITY = Rarity()


def compared(asked: Facts, held: Facts) -> Comparison:
    return compare(prepare(asked), prepare(held), RARITY)


def person(name: str, born: str = "", **more: object) -> Facts:
    return Facts(kind="person", names=(name,), born=(born,) if born else (), **more)  # type: ignore[arg-type]


def pairs() -> Iterator[tuple[Facts, Facts]]:
    """Queries of the evaluation set beside the record that is meant, and beside near misses of it."""
    made = build(3_000, "test", queries=150, absent=10)
    records = dict(made.everybody())
    for query in made.queries:
        for key in (query.meant, f"{query.meant}-near-0"):
            if held := records.get(key):
                yield query.facts, held


def test_removing_what_the_explanation_calls_decisive_changes_the_score_by_what_it_says() -> None:
    checked = 0
    for asked, held in islice(pairs(), PAIRS):
        found = compared(asked, held)
        decisive = found.decisive
        assert decisive is not None

        less = compared(without(asked, decisive.field), held)

        assert found.logit - less.logit == pytest.approx(decisive.weight, abs=1e-9)
        assert less.score == pytest.approx(reasons.sigmoid(found.logit - decisive.weight), abs=1e-9)
        assert decisive.field not in {reason.field for reason in less.reasons}
        checked += 1
    assert checked == PAIRS


def test_every_field_can_be_removed_from_either_side_and_changes_the_score_by_what_its_reason_says() -> None:
    for asked, held in islice(pairs(), 40):
        found = compared(asked, held)
        for reason in found.reasons:
            for less in (compared(without(asked, reason.field), held), compared(asked, without(held, reason.field))):
                assert found.logit - less.logit == pytest.approx(reason.weight, abs=1e-9)


@pytest.mark.parametrize("name", ["Ana Anić", "Žetva Trejd d.o.o.", "M & S Ltd"])
@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ("person", "organisation"),
        ("", "organisation"),
        ("organisation", ""),
        ("organisation", "person"),
        ("", "vessel"),
    ],
)
def test_kinds_can_be_removed_from_what_was_asked_like_every_other_field(asked: str, held: str, name: str) -> None:
    one = Facts(kind=asked, names=(name,), born=("1985-03-12",), countries=("RS",))
    other = Facts(kind=held, names=(name, "Žetva Ltd"), born=("1985",), countries=("HR",))

    found = compared(one, other)

    assert ("kind" in {reason.field for reason in found.reasons}) == bool(asked and held)
    for reason in found.reasons:
        assert found.logit - compared(without(one, reason.field), other).logit == pytest.approx(reason.weight, abs=1e-9)


def test_a_record_of_no_kind_is_compared_as_what_was_asked_whatever_was_compared_before() -> None:
    asked = Facts(kind="organisation", names=("Abd al Rahman Trading Ltd",))
    held = replace(asked, kind="")
    first = compared(asked, held)
    organisations._firms.clear()

    assert compared(asked, held) == first
    assert compare(prepare(asked), prepare(held, kind="organisation"), RARITY) == first
    assert first.logit == compared(asked, asked).logit == compared(held, asked).logit
    organisations._firms.clear()
    compared(held, held)
    assert compared(asked, held) == first


def test_a_record_of_no_kind_has_the_same_score_in_the_index_of_the_evaluation() -> None:
    asked = Facts(kind="organisation", names=("Žetva Marine Trading Ltd",))
    memory = Memory([("none", replace(asked, kind="")), ("firm", asked)])

    firm, none = memory.find(asked)

    assert {firm.key, none.key} == {"firm", "none"}
    assert firm.comparison.logit == none.comparison.logit


def test_the_score_is_the_sum_of_what_the_reasons_say() -> None:
    found = compared(
        person("Ђорђе Анић", "1985-03-12", countries=("RS",), sex="m", places=("Нови Сад",)),
        person("Djordje Anic", "1985-12-03", countries=("HR",), sex="m", places=("Novi Sad",)),
    )

    assert found.logit == found.base + sum(reason.weight for reason in found.reasons)
    assert found.score == pytest.approx(1 / (1 + math.exp(-found.logit)))
    assert {reason.field: reason.code for reason in found.reasons} == {
        "name": "same_sound",
        "born": "swapped_day_month",
        "country": "contradicts",
        "sex": "same",
        "place": "same",
    }


def test_the_same_input_gives_the_same_comparison() -> None:
    asked, held = person("Ana Maria Orlova", "1985"), person("ORLOVA Ana", "1985-03-12")

    assert compared(asked, held) == compared(asked, held)


def test_a_reason_shows_both_names_as_written_and_in_latin() -> None:
    (reason,) = compared(person("Ђорђе Анић"), person("Djordje Anic")).reasons

    assert (reason.asked, reason.held) == ("Ђорђе Анић", "Djordje Anic")
    assert (reason.asked_latin, reason.held_latin) == ("Đorđe Anić", "Djordje Anic")
    assert [(part.asked, part.held, part.code) for part in reason.parts] == [
        ("Ђорђе", "Djordje", "same_sound"),
        ("Анић", "Anic", "same_sound"),
    ]


def test_a_wrong_date_speaks_against_but_leaves_the_name_its_weight() -> None:
    right, wrong, none = (
        compared(person("Ana Anić", born), person("Ana Anić", "1985-03-12"))
        for born in ("1985-03-12", "1969-07-26", "")
    )

    assert right.score > none.score > wrong.score
    assert wrong.decisive is not None
    assert next(reason for reason in wrong.reasons if reason.field == "born").against


def test_another_sex_speaks_against() -> None:
    same, other = (compared(person("Saša Anić", sex="f"), person("Saša Anić", sex=sex)) for sex in "fm")

    assert same.score > other.score


def test_a_state_that_came_from_another_is_no_contradiction() -> None:
    (found,) = (
        reason
        for reason in compared(person("Ana Anić", countries=("YU",)), person("Ana Anić", countries=("RS",))).reasons
        if reason.field == "country"
    )

    assert found.code == "successor"
    assert found.weight > 0


def test_a_person_is_hardly_a_firm() -> None:
    asked = person("Ana Anić")

    assert compared(asked, Facts(kind="organisation", names=("Ana Anić",))).score < compared(asked, asked).score / 2


def test_in_larger_holdings_the_same_name_says_less() -> None:
    asked = prepare(person("Ana Anić"))
    small, large = (compare(asked, asked, Rarity(size, lambda skeleton: 10)) for size in (1_000, 10_000_000))

    assert small.base > large.base


def test_scores_do_not_pile_up_at_one() -> None:
    rare, common = Rarity(100_000, lambda skeleton: 1), Rarity(100_000, lambda skeleton: 3_000)
    asked = prepare(person("Ana Anić", "1985-03-12"))

    assert compare(asked, asked, common).score < compare(asked, asked, rare).score < 1


def test_nothing_in_common_to_compare_gives_the_base_alone() -> None:
    found = compared(person("Ana Anić"), Facts(kind="person", born=("1985",)))

    assert found.reasons == ()
    assert found.logit == found.base


def test_every_code_has_its_sentence() -> None:
    for field, codes in reasons.SENTENCES.items():
        for code in codes:
            text = reasons.sentence(reasons.Reason(field, code, "Ana", "Ana", 0.0))
            assert text % {"asked": "Ana", "held": "Ana"}
    found = compared(person("Ana Maria Orlova", "1985-03-12"), person("Ceca Orlova", "1985-03-17"))
    for reason in found.reasons:
        assert reasons.sentence(reason)
        assert all(part.code in reasons.PARTS for part in reason.parts)
