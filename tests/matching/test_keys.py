"""A record is found by keys that the asked name shares with it, under every damage that people do to names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilex.matching.facts import Facts
from ilex.matching.keys import MOST_KEYS, NUMBER, SHIFT, WHOLE, questions, record_keys, skeletons
from ilex.matching.prepare import prepare
from ilex.matching.signature import BYTES, COUNT_AT, scan, signature
from ilex.matching.slips import slips


def person(name: str, *born: str) -> Facts:
    return Facts(kind="person", names=(name,), born=born)


def best_step(asked: Facts, held: Facts, vocabulary: Sequence[str] = ()) -> int | None:
    """The first step in which the record is found; None when it is not found at all."""
    keys = set(record_keys(prepare(held)))
    steps = [step for key, _, step in questions(prepare(asked), lambda skeleton: vocabulary) if key in keys]
    return min(steps, default=None)


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ("Ана Ђорђевић", "Djordjevic Ana"),  # order and script
        ("Abdul Rahman Haddad", "عبدالرحمن حداد"),
        ("Ana Marić Jovanović", "Ana Jovanovic"),  # a part more
        ("Ana Jovanovic", "Ana Marić-Jovanović"),  # compound
        ("Иванов Пётр", "Ivanov Petr Sergeevich"),  # no patronymic
        ("AnaMarić", "Ana Marić"),  # glued
        ("Petro sjan Ana", "Ana Petrosjan"),  # split
        ("Mohammad Hossein Karimi", "محمدحسین کریمی"),
        ("محمدحسین کریمی", "Mohammad Hossein Karimi"),
        ("A. Marić", "Ana Marić"),  # initial
        ("Saša Marić", "Aleksandar Marić"),  # everyday name
        ("Ana El Haddad", "Ana Elhaddad"),
        ("Ana Elhaddad", "Ana Haddad"),
        ("Marko Petrova", "Марко Петров"),
    ],
)
def test_record_is_found_by_exact_questions(asked: str, held: str) -> None:
    assert best_step(person(asked), person(held)) in (0, 1)
    assert best_step(person(held), person(asked)) is not None


def test_slip_is_found_through_the_vocabulary() -> None:
    held = person("Marko Petrosjan")
    near = sorted(skeletons(prepare(held)))
    assert best_step(person("Marko Petrosjam"), held, near) == 1


def test_wrong_date_never_hides_a_record_of_the_same_name() -> None:
    assert best_step(person("Ana Marić", "1960-01-01"), person("Ana Marić", "1985-03-12")) == 0


def test_right_year_finds_half_a_name() -> None:
    assert best_step(person("Ana Marić", "1985"), person("Ana Petrović", "1985-03-12")) == 2
    assert best_step(person("Marić"), person("Ana Marić")) == 2


def test_single_part_is_found_with_a_slip_too() -> None:
    held = person("Ana Petrosjan")
    near = sorted(skeletons(prepare(held)))
    assert best_step(person("Petrosjam"), held, near) == 2
    assert best_step(Facts(kind="organisation", names=("Gazella",)), Facts(names=("Gazela doo",)), near) is not None


@pytest.mark.parametrize("asked", ["AB123456", "A8123456", "AB12345", "AB1234567", "AB124356", "AB123457"])
def test_number_is_found_with_one_slip(asked: str) -> None:
    held = Facts(identifiers=(("document", "AB 123 456", "RS"),))
    assert best_step(Facts(identifiers=(("document", asked, ""),)), held) == (0 if asked == "AB123456" else 1)


def test_addresses_of_the_web_have_no_slips() -> None:
    assert list(slips("email", "ana@example.org")) == []


def test_keys_are_few_distinct_and_fit_a_bigint() -> None:
    for name in ("Ana Marić", "Иванов Пётр Сергеевич", "Maria del Carmen Garcia Jimenez"):
        keys = record_keys(prepare(person(name, "1985-03-12")))
        assert len(set(keys)) == len(keys)
        assert all(0 < key < 2**63 for key in keys)
    assert len(record_keys(prepare(person("Ana Marić", "1985-03-12")))) <= 10
    assert len(record_keys(prepare(person("Иванов Пётр Сергеевич", "1985-03-12")))) <= 18


def test_a_person_of_many_aliases_is_found_by_the_number_of_a_passport_and_by_each_whole_name() -> None:
    first, last = ["Ana", "Bojana", "Ceca", "Dragana", "Milena"], ["Marić", "Petrović", "Jovanović", "Ilić", "Savić"]
    names = tuple(f"{one} {middle} {other}" for one in first for middle in ("Vera", "Zora") for other in last)
    held = Facts(kind="person", names=names, born=("1985",), identifiers=(("document", "AB 123 456", "RS"),))
    numbered = Facts(identifiers=(("document", "AB123456", ""),))

    keys = record_keys(prepare(held))

    assert best_step(numbered, held) == 0
    for name in names:
        whole = {key for key, _, _ in questions(prepare(person(name)), lambda _: ()) if key >> SHIFT == WHOLE}
        assert whole & set(keys)
    assert sum(key >> SHIFT not in (WHOLE, NUMBER) for key in keys) == MOST_KEYS


def test_no_question_is_asked_twice_and_the_surest_come_first() -> None:
    near = ["MRK", "MRS", "MRST", "AN", "ANK"]
    asked = list(questions(prepare(person("Ana Marić", "1985")), lambda skeleton: near))
    assert len({key for key, _, _ in asked}) == len(asked)
    assert asked[0][2] == 0
    assert asked[-1][2] == 2


@given(st.text(max_size=40), st.text(max_size=40))
def test_same_name_is_always_found(first: str, second: str) -> None:
    held = person(f"{first} {second}")
    if prepare(held).names:
        assert best_step(held, held) is not None or not record_keys(prepare(held))


def test_signature_tells_the_likest() -> None:
    names = ["Ana Marić", "Ана Марић", "Ana Marič", "Bojan Petrović", "Ceca Jovanović"]
    block = np.frombuffer(b"".join(signature(prepare(person(name, "1985-03-12"))) for name in names), np.uint8)
    likeness = scan(signature(prepare(person("Anna Maritsch", "1985-12-03"))), block.reshape(-1, BYTES))
    assert set(np.argsort(-likeness)[:3].tolist()) == {0, 1, 2}


def test_scan_of_many_rows_is_that_of_each() -> None:
    rows = 70_000
    block = np.random.default_rng(4).integers(0, 256, (rows, BYTES), dtype=np.uint8)
    block[:, COUNT_AT] = np.bitwise_count(block[:, :COUNT_AT]).sum(axis=1)
    query = block[7].tobytes()
    whole = scan(query, block)
    assert whole[7] == whole.max() == pytest.approx(1)
    apart = np.concatenate([scan(query, block[at : at + 999]) for at in range(0, rows, 999)])
    assert np.array_equal(whole, apart)
    assert len(scan(query, block[:0])) == 0


def test_scan_counts_the_bits_in_common() -> None:
    counts: dict[float, int] = defaultdict(int)
    query = (0b1111).to_bytes(COUNT_AT, "little") + bytes([4])
    for bits in (0b1111, 0b0011, 0b110000):
        row = bits.to_bytes(COUNT_AT, "little") + bytes([bits.bit_count()])
        counts[float(scan(query, np.frombuffer(row, np.uint8).reshape(1, BYTES))[0])] = bits
    assert sorted(counts.values(), key=lambda bits: -bits.bit_count()) == [0b1111, 0b0011, 0b110000]
    assert max(counts) == pytest.approx(1)
    assert min(counts) == 0
