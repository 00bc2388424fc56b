"""What is filed of many records together is what is filed of each alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from evaluation.build import build
from ilex.matching import filing
from ilex.matching.facts import Facts
from ilex.matching.filing import Filing
from ilex.matching.keys import MOST_KEYS, record_keys, skeletons
from ilex.matching.prepare import prepare
from ilex.matching.signature import signature

# Invented, of every form that names take.
ODD = (
    Facts("person", ("Ana Izmislić", "АНА ИЗМИСЛИЋ"), born=("1971-02-03", "1972", "1971"), weak_names=("Anka", "A.")),
    Facts("person", ("Ali Ali", "Ali ALI"), born=("no date",)),
    Facts("person", ("Abd al Rahman bin Izmišljeni", "Нур ад-Дин ибн Ахмед", "عبد الرحمن ابن مخترع")),
    Facts("person", ("Пётр Иванович Небиловский", "P. I. Nebilovski", "Dr. J. van der Izmislic")),
    Facts("person", ("Van Do", "Bin", "J. K.", "Mr. Dr.")),
    Facts("person", ("One Two Three Four Five Six Seven Eight",), born=("1960-01",)),
    Facts("", ("'", "", "123", "ガカ", "L1ubomir 4na", "Аnа")),
    Facts("organisation", ("Izmislic i sinovi d.o.o.", "A.B.C. Trade Intl", "ДОО Измислић 24")),
    Facts("vehicle", (), identifiers=(("plate", "BG 123-AB", "RS"), ("vin", "no", ""), ("document", "AB 123456", ""))),
    Facts("person"),
)


def alone(many: Sequence[Facts]) -> list[tuple[set[int], bytes]]:
    return [(set(record_keys(one)), signature(one)) for one in map(prepare, many)]


def together(many: Sequence[Facts], by: Filing | None = None) -> list[tuple[set[int], bytes]]:
    filed = (by or Filing()).filed(many)
    runs = np.split(filed.keys, np.cumsum(filed.counts)[:-1]) if many else []
    assert all(len(set(run.tolist())) == len(run) for run in runs)
    return [(set(run.tolist()), row.tobytes()) for run, row in zip(runs, filed.signatures, strict=True)]


def words(many: Sequence[Facts]) -> Counter[str]:
    return Counter(word for one in many for word in skeletons(prepare(one)))


def test_odd_records_are_filed_together_as_alone() -> None:
    assert together(ODD) == alone(ODD)
    assert Filing().filed(ODD).words == words(ODD)
    assert together(()) == []


def test_people_of_every_script_are_filed_together_as_alone() -> None:
    many = [facts for _, facts in build(3_000, "train", queries=600, absent=200).everybody()]
    by = Filing()
    assert [one for at in range(0, len(many), 700) for one in together(many[at : at + 700], by)] == alone(many)
    assert Filing().filed(many).words == words(many)


@settings(max_examples=50)
@given(some.lists(some.tuples(some.text(max_size=40), some.text(max_size=40), some.sampled_from(("person", "vessel")))))
def test_any_text_is_filed_together_as_alone(texts: list[tuple[str, str, str]]) -> None:
    many = [Facts(kind, (name, f"{other} {name}"), born=("1980-01-02",)) for name, other, kind in texts]
    assert together(many) == alone(many)
    assert Filing().filed(many).words == words(many)


def test_of_a_record_with_too_many_names_as_many_keys_are_kept() -> None:
    letters = "bdfgklmnprstvz"
    names = tuple(f"{one}a{other}o {other}u{one}ek" for one in letters for other in letters)
    many = [ODD[0], Facts("person", names, born=("1970", "1971")), ODD[3]]
    assert len(record_keys(prepare(many[1]))) > MOST_KEYS
    assert together(many) == alone(many)


def test_what_is_remembered_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filing, "MOST_WORDS", 5)
    by = Filing()
    for one in ODD:
        assert together([one], by) == alone([one])
