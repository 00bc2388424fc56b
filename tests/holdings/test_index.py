"""The index in pieces: what is packed is found again, and joining pieces changes no answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import numpy as np
import psycopg
import pytest
from django.db import connection
from django.utils.timezone import now
from hypothesis import given
from hypothesis import strategies as some

from ilex.holdings import actions, jobs, origins
from ilex.holdings.errors import OtherFormat
from ilex.holdings.models import Bucket, Fresh, Gone, Leaf, LongList, Piece
from ilex.holdings.pieces import packing
from ilex.holdings.pieces.shelf import _opened, shelf
from ilex.holdings.pieces.sorting import Sorting, among
from ilex.holdings.pieces.vocabulary import Vocabulary
from ilex.holdings.queries import find
from ilex.matching.facts import Facts
from ilex.matching.keys import skeletons
from ilex.matching.prepare import prepare
from tests.holdings.files import FAMILY, found, ftm, people, person, take

LISTS = some.dictionaries(
    some.integers(0, 2**63 - 1), some.sets(some.integers(0, 2**32 - 1), min_size=1, max_size=400), max_size=60
)


@given(LISTS)
def test_every_list_is_found_again_as_it_was_packed(lists: dict[int, set[int]]) -> None:
    sorting = Sorting()
    for key, places in lists.items():
        keys = packing.spread(np.full(len(places), key, np.int64))
        sorting.add(keys, np.array(list(places), np.uint32))
    [(keys, entries)] = sorting.parts()
    packed = packing.packed(keys, entries, 7)
    assert packed.keys == len(lists)
    assert all(len(bucket) < 2_000 for bucket in packed.buckets)
    for key, places in lists.items():
        spread = packing.spread_one(key)
        at = int(np.array(packed.first, np.uint64).searchsorted(np.uint64(spread), side="right")) - 1
        count, held = packing.look_up(packed.buckets[at], spread)
        if isinstance(held, int):
            held = packed.long[held - 7]
        assert count == len(places)
        assert np.frombuffer(held, np.uint32).tolist() == sorted(places)
    whole = list(packing.all_of(packed.buckets, dict(enumerate(packed.long, 7))))
    assert sum(len(keys) for keys, _ in whole) == sum(map(len, lists.values()))


def test_what_does_not_fit_the_memory_comes_out_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    chance = np.random.default_rng(4)
    keys, places = (
        chance.integers(0, 2**20, 5_000).astype(np.uint64) << np.uint64(44),
        np.arange(5_000, dtype=np.uint32),
    )
    plain, spilled = Sorting(), Sorting()
    plain.add(keys, places)
    monkeypatch.setattr("ilex.holdings.pieces.sorting.IN_MEMORY", 700)
    for at in range(0, 5_000, 500):
        spilled.add(keys[at : at + 500], places[at : at + 500])
    parts = list(spilled.parts())
    assert len(parts) > 1
    [(all_keys, all_places)] = plain.parts()
    assert np.array_equal(np.concatenate([keys for keys, _ in parts]), all_keys)
    assert np.array_equal(np.concatenate([places for _, places in parts]), all_places)


def test_skeletons_one_letter_or_one_swap_away_are_near() -> None:
    vocabulary = Vocabulary(1, {"PTRF": 9, "PTLF": 3, "PTRFK": 1, "PRTF": 2, "TRF": 1, "SMN": 8, "PTR": 5})
    assert vocabulary.near("PTRF") == ["PTR", "PTLF", "PRTF", "PTRFK", "TRF"]
    assert vocabulary.near("PTRF", news=frozenset({"PTRX", "QQQQ"})) == ["PTR", "PTLF", "PRTF", "PTRFK", "TRF", "PTRX"]


@pytest.fixture
def origin() -> Iterator[dict[str, Facts]]:
    """A room with records of its own."""
    before, held = dict(origins._origins), dict[str, Facts]()
    origins.register(
        origins.Origin(
            "files",
            "Files",
            lambda keys: {key: held[key] for key in keys if key in held},
            lambda key: "",
            lambda _, keys: set(keys),
        )
    )
    yield held
    origins._origins.clear()
    origins._origins.update(before)


def answers() -> list[list[tuple[str, str, float]]]:
    names = ["Milutin Nepostojkovich", "Гордана Измислиц", "Kitaletova Zagorka", "Radomir Nebilovskij"]
    asked = [Facts("person", (name,)) for name in names]
    return [
        [(one.source, one.key, one.comparison.logit) for one in find(facts, harder=harder)]
        for facts in asked
        for harder in (False, True)
    ]


@pytest.mark.django_db
def test_joining_pieces_changes_no_answer() -> None:
    for number in range(6):
        take(ftm(people(60 + 20 * number, first=100 * number)), f"list-{number}")
    take(ftm(people(50, first=105)), "list-1")  # some change, some go
    before = answers()
    assert any(before)
    size = Piece.objects.filter(retired_at=None).count()
    while jobs.tidy():
        pass
    assert Piece.objects.filter(retired_at=None).count() < size
    assert answers() == before


@pytest.mark.django_db
def test_an_index_of_another_format_is_an_error_and_not_an_empty_answer() -> None:
    take(ftm(people(10)), "list")
    Piece.objects.update(format=packing.FORMAT - 1)
    with pytest.raises(OtherFormat, match="another version"):
        _opened(7, 7)


@pytest.mark.django_db
def test_the_vocabulary_counts_the_records_that_carry_a_word_however_they_came() -> None:
    for code in ("one", "two", "three", "four"):
        take(ftm(person(f"{code}-{number}", "Georgi Izmislen") for number in range(3)), code)
    counted = {word: shelf().vocabulary.count(word) for word in skeletons(prepare(Facts(names=("Georgi Izmislen",))))}
    assert set(counted.values()) == {12}
    while jobs.tidy(1):
        pass
    assert {word: shelf().vocabulary.count(word) for word in counted} == counted


@pytest.mark.django_db
def test_fresh_records_become_a_piece_and_stay_found(origin: dict[str, Facts]) -> None:
    for number in range(20):
        origin[str(number)] = Facts("person", (f"Spasoje Izmislic{chr(97 + number)}",))
        actions.index("files", str(number), origin[str(number)])
    before = found("Spasoje Izmislicc")
    assert "2" in before
    assert not jobs.tidy()  # few, and not for long
    assert jobs.tidy(at=now() + timedelta(hours=1))
    assert not Fresh.objects.exists()
    assert set(found("Spasoje Izmislicc")) == set(before)
    actions.index("files", "2", Facts("person", ("Vukosava Aravereli",)))
    origin["2"] = Facts("person", ("Vukosava Aravereli",))
    assert found("Vukosava Aravereli")[0] == "2"
    assert "2" not in found("Spasoje Izmislicc")


@pytest.mark.django_db
def test_a_mistyped_name_finds_a_fresh_record_with_a_word_nobody_had(origin: dict[str, Facts]) -> None:
    take(ftm(people(20)))
    origin["1"] = Facts("person", ("Vukosava Zbrkljanović",))
    actions.index("files", "1", origin["1"])
    assert found("Vukosava Zbkljanović")[0] == "1"


@pytest.mark.django_db
def test_what_is_gone_leaves_the_pieces_and_old_pieces_leave_the_database(origin: dict[str, Facts]) -> None:
    take(ftm(people(40)))
    take(ftm(people(20)))
    assert Gone.objects.count() == 20
    assert jobs.tidy()
    assert not Gone.objects.exists()
    assert [piece.records for piece in Piece.objects.filter(retired_at=None)] == [20]
    assert Piece.objects.exclude(retired_at=None).count() == 1  # for whoever still reads it
    jobs.tidy(at=now() + timedelta(hours=1))
    assert Piece.objects.count() == 1
    assert {row.pk >> 24 for model in (Bucket, LongList, Leaf) for row in model._base_manager.all()} == {
        Piece.objects.get().pk
    }


@pytest.mark.django_db
def test_erased_records_leave_the_pieces_within_days(origin: dict[str, Facts]) -> None:
    take(ftm(people(40)))
    take(ftm(people(39)))
    assert not jobs.tidy()
    jobs.tidy(at=now() + timedelta(days=8))
    assert [piece.records for piece in Piece.objects.filter(retired_at=None)] == [39]
    assert not Gone.objects.exists()


@pytest.mark.django_db
def test_looking_harder_finds_what_keys_do_not() -> None:
    take(ftm([person("a", "Aleksandra Vymyslenko"), *people(300)]))
    assert found("Aeksndra Vymylsnko", harder=True)[0] == "a"


@pytest.mark.django_db
def test_the_same_question_has_the_same_answer() -> None:
    take(ftm(people(500)))
    assert answers() == answers()


@pytest.mark.django_db
def test_of_many_with_one_name_none_is_hidden_by_a_wrong_date() -> None:
    same = [person(f"s{number}", "Milutin Izmislic", birthDate=f"19{40 + number}-01-02") for number in range(40)]
    take(ftm([*same, *people(200)]))
    got = found("Milutin Izmislic", "2001-12-31")
    assert {f"s{number}" for number in range(40)} <= set(got)
    assert found("Milutin Izmislic", "1951-01-02")[0] == "s11"


@pytest.mark.django_db
def test_who_is_far_behind_is_not_compared_but_whoever_bears_the_number_is() -> None:
    alike = [person(f"n{number}", f"Milutin Izmislic{'abcdefghij'[number]}ev") for number in range(10)]
    others = [person(f"m{number}", f"Milutin {FAMILY[number % 7]}{chr(97 + number)}") for number in range(20)]
    meant = person("meant", "Milutin Izmislic", passportNumber="P1234567")
    bearer = person("bearer", "Zagorka Hicyokoglu", passportNumber="P1234567")
    take(ftm([*alike, *others, meant, bearer, *people(100)]))
    asked = Facts("person", ("Milutin Izmislic",), identifiers=(("document", "P1234567", ""),))
    got = [one.key for one in find(asked)]
    assert got[0] == "meant"
    assert "bearer" in got
    assert len(got) < 32
    assert len(find(asked, harder=True)) == 50


PASSPORT = "P1234567"


@pytest.mark.django_db
@pytest.mark.parametrize("fresh", [False, True])
def test_no_crowd_of_namesakes_hides_whoever_bears_the_number(fresh: bool, origin: dict[str, Facts]) -> None:
    namesakes = [("Milutin Izmislic", f"{1900 + number // 2}-01-02", "") for number in range(150)]
    hold([*namesakes, ("Zagorka Hicyokoglu", "1985-03-12", PASSPORT)], origin if fresh else None)
    asked = Facts("person", ("Milutin Izmislic",), born=("1985-03-12",), identifiers=(("document", PASSPORT, ""),))
    assert find(asked)[0].key == "150"


@pytest.mark.django_db
@pytest.mark.parametrize("fresh", [False, True])
def test_number_that_very_many_bear_hides_no_namesake(fresh: bool, origin: dict[str, Facts]) -> None:
    many = [(f"Zagorka Hicyokoglu{'abcdefghij'[number % 10]}", "", PASSPORT) for number in range(150)]
    hold([*many, ("Milutin Izmislic", "", "")], origin if fresh else None)
    asked = Facts("person", ("Milutin Izmislic",), identifiers=(("document", PASSPORT, ""),))
    assert "150" in [one.key for one in find(asked, limit=200)]


def hold(records: Sequence[tuple[str, str, str]], origin: dict[str, Facts] | None) -> None:
    """Persons by name, birthday and passport, each under its place: of a list, or of another room and still fresh."""
    if origin is None:
        known = [{"birthDate": born, "passportNumber": number} for _, born, number in records]
        filled = [{name: value for name, value in one.items() if value} for one in known]
        take(
            ftm(
                person(str(at), name, **more) for at, ((name, *_), more) in enumerate(zip(records, filled, strict=True))
            )
        )
        return
    for at, (name, born, number) in enumerate(records):
        numbers = (("document", number, ""),) if number else ()
        origin[str(at)] = Facts("person", (name,), born=(born,) if born else (), identifiers=numbers)
        actions.index("files", str(at), origin[str(at)])


@pytest.mark.django_db
def test_kinds_sources_and_known_pairs_narrow_a_question() -> None:
    take(ftm([person("a", "Zagorka Izmislic"), person("v", "Zagorka Izmislic", schema="Vessel")]), "one")
    take(ftm([person("b", "Zagorka Izmislic")]), "two")
    assert set(found("Zagorka Izmislic")) == {"a", "b", "v"}
    assert set(found("Zagorka Izmislic", kinds=["person"])) == {"a", "b"}
    assert found("Zagorka Izmislic", sources=["two"]) == ["b"]
    assert found("Zagorka Izmislic", sources=["two"], harder=True) == ["b"]
    assert set(found("Zagorka Izmislic", exclude=[("one", "a")])) == {"b", "v"}
    assert found("Zagorka Izmislic", sources=[]) == []
    assert len(found("Zagorka Izmislic", limit=1)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["", " ", "\0", "a" * 10_000, "1 2 3 " * 500, "ـــ", "👮", "\ud800"])
def test_no_question_is_an_error(name: str) -> None:
    take(ftm(people(10)))
    assert isinstance(found(name, harder=True), list)


@pytest.mark.django_db(transaction=True)
def test_what_is_forgotten_while_a_piece_is_made_stands_in_no_piece(origin: dict[str, Facts]) -> None:
    for number in range(3):
        origin[str(number)] = Facts("person", (f"Spasoje Izmislic{chr(97 + number)}",))
        actions.index("files", str(number), origin[str(number)])
    first, *others = Fresh.objects.order_by("rid").values_list("rid", flat=True)
    with psycopg.connect(**connection.get_connection_params()) as elsewhere:
        elsewhere.execute("DELETE FROM holdings_fresh WHERE rid = %s", [first])
        elsewhere.execute("DELETE FROM holdings_record WHERE rid = %s", [first])
        assert jobs.tidy(at=now() + timedelta(hours=1))
    assert [piece.columns.rids.tolist() for piece in shelf().pieces] == [others]
    assert not Fresh.objects.exists()


def test_which_numbers_are_among_others() -> None:
    numbers = np.array([5, 1, 9, 7], np.int64)
    assert among(numbers, np.array([1, 2, 7], np.int64)).tolist() == [False, True, False, True]
    assert among(numbers, np.empty(0, np.int64)).tolist() == [False] * 4
    assert among(np.empty(0, np.int64), numbers).tolist() == []
