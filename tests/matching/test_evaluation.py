"""The set that the cross-check is measured on: always the same, its parts apart, and the measures honest."""

from __future__ import annotations

import random
from itertools import islice

import pytest

from evaluation import damage, names, persons
from evaluation.build import Query, _nobody_yet, build, fill
from evaluation.measure import Answer, alarms, calibration, quality, threshold
from evaluation.memory import Memory
from evaluation.peers.latin import ascii_name
from evaluation.quick import answered
from evaluation.romanise import cyrillic, latin, plain
from ilex.matching.facts import Facts


def test_the_same_numbers_make_the_same_set() -> None:
    first, second = build(3_000, queries=120, absent=30), build(3_000, queries=120, absent=30)
    assert first.queries == second.queries
    assert list(islice(first.everybody(), 500)) == list(islice(second.everybody(), 500))


def test_every_record_that_is_meant_is_held_once() -> None:
    made = build(3_000, queries=120, absent=30)
    keys = [key for key, _ in made.everybody()]
    assert len(keys) == len(set(keys)) == 3_000
    assert {query.meant for query in made.queries if query.meant} <= set(keys)


def test_slices_hold_what_is_planted_first_and_grow_to_each_size() -> None:
    made = build(3_000, queries=120, absent=30)
    slices = [[key for key, _ in rows] for rows in made.slices([1_500, 3_000])]
    assert [len(keys) for keys in slices] == [1_500, 1_500]
    assert {key for key, _ in made.planted} <= set(slices[0])


def test_no_attested_pair_is_in_both_halves() -> None:
    for code in ("ar", "ru"):
        parts: dict[str, set[str]] = {"train": set(), "test": set(), "apart": set()}
        for word in names.tokens(code):
            parts[persons.share(word.native)].add(word.native)
        assert not parts["train"] & parts["test"]
        assert min(map(len, parts.values())) > 1_000


def test_queries_of_two_parts_ask_for_other_people() -> None:
    asked = [
        {query.facts.names for query in build(3_000, part, queries=200, absent=0).queries if "attested" in query.strata}
        for part in ("train", "test")
    ]
    assert len(asked[0] & asked[1]) <= len(asked[0]) // 50  # Marko Jovanović is in every town


def test_absent_persons_have_near_misses_and_are_not_held() -> None:
    made = build(3_000, queries=0, absent=50)
    held = {key for key, _ in made.planted}
    assert all(not query.meant for query in made.queries)
    assert any(key.endswith("-near-0") for key in held)
    assert not any(key.removeprefix("absent-").isdigit() for key in held)


def test_names_without_dates_are_asked_for_with_nothing_else() -> None:
    query = build(3_000, queries=60, absent=0).queries[0]
    assert query.facts.born
    assert query.bare().facts == Facts(kind="person", names=query.facts.names)
    assert query.dated().facts == Facts(kind="person", names=query.facts.names, born=query.facts.born)


def test_fillers_are_persons_and_companies_with_names() -> None:
    rows = [facts for _, facts in islice(fill("train"), 400)]
    assert all(facts.names[0].strip() for facts in rows)
    assert {facts.kind for facts in rows} == {"person", "organisation"}


def test_schemes_spell_as_their_standards_say() -> None:
    assert latin("Ђорђе Његош", "sr") == "Đorđe Njegoš"
    assert latin("Щербак Євген", "uk") == "Shcherbak Yevhen"
    assert latin("Щукин", "ru", "german") == "Schtschukin"
    assert latin("Παπαδόπουλος", "el") == "Papadopoulos"
    assert latin("შევარდნაძე", "ka") == "Shevardnadze"
    assert cyrillic("Ljubica Džajić") == "Љубица Џајић"
    assert plain("Đurić Müller Łukasz") == "Djuric Muller Lukasz"


def test_every_kind_of_damage_changes_a_name_and_keeps_its_first_letter() -> None:
    words = ["Aleksandar", "Petar", "Djordjevic"]
    for rule in damage.SLIPS:
        hurt = rule(words, random.Random(3))  # noqa: S311 (which letter slips, no secret)
        assert hurt
        assert hurt != words
        assert hurt[0][0] == "A"


def test_who_is_absent_is_held_under_his_name_only_where_it_is_said() -> None:
    made = build(4_000, queries=150, absent=300)
    held = {ascii_name(name) for _, facts in made.everybody() for name in facts.names}
    nobody = [query for query in made.queries if not query.meant and not query.namesake]
    assert len(nobody) > 200
    assert not [query.facts.names for query in nobody if ascii_name(query.facts.names[0]) in held]


def test_people_of_a_small_source_are_used_up_and_the_others_stand_in() -> None:
    makers, chance = persons.makers("train"), persons.chances("1")
    one, other = (next(persons.endless(makers[name], chance)) for name in ("arabic people", "russian words"))
    small, large = (lambda _: one), (lambda _: other)
    assert _nobody_yet([small, large], persons.chances("2"), {one.words}) is other
    with pytest.raises(ValueError, match="not so many people"):
        _nobody_yet([small, large], persons.chances("2"), {one.words, other.words})


def test_peers_without_scripts_get_latin_letters() -> None:
    assert ascii_name("Ђорђе Шевић") == "djordje shevic"
    assert ascii_name("محمد") == "mhmd"


def test_what_is_asked_in_another_script_is_found_in_memory() -> None:
    memory = Memory([("1", Facts(kind="person", names=("Ђорђе Шевић",), born=("1985-03-12",)))])
    asked = Query("q", Facts(kind="person", names=("Djordje Sevic",), born=("1985-03-12",)), "1", ("region",))
    answer = answered(memory, asked)
    assert answer.place == 1
    assert answer.candidates == {"1"}
    assert [one.key for one in memory.find(asked.facts, harder=True)] == ["1"]


def test_measures_count_what_is_missed_and_who_alarms() -> None:
    true = Query("a", Facts(names=("A",)), "1", ("attested",))
    gone = Query("b", Facts(names=("B",)), "", ("absent",))
    answers = [Answer(true, [("2", 0.9), ("1", 0.8)]), Answer(gone, [("3", 0.5)]), Answer(gone, [("3", 0.85)])]
    bar = threshold(answers, 0.0, dated=True)
    assert bar == 0.85
    found = quality([answers[0]], bar, threshold(answers, 0.5, dated=True))
    assert (found.first, found.five, found.one, found.percent_five) == (0, 100, 100, 0)
    assert [(hits, true) for _, _, hits, _, true in calibration(answers) if true] == [(1, 1.0)]
    assert {least: alarmed for least, alarmed, _ in alarms(answers, dated=True)}[0.8] == 500
