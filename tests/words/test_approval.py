from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ilex.words import approval
from ilex.words.approval import Facts, may_go_alone, needed
from ilex.words.entries import LawError

HERE = (frozenset({"MK", "WB"}),)


def codes(facts: Facts) -> list[str]:
    return [rule.code for rule in needed(facts)]


@pytest.fixture
def own_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("ILEX_LAW", str(tmp_path))
    approval._read.cache_clear()
    yield tmp_path / "approval.toml"
    approval._read.cache_clear()


RULE = """
alone_after_minutes = 5
[[rules]]
code = "own"
text = "Everything to Skopje with three files"
units = ["ilecu-mk"]
papers_from = 3
source = "Order 7/2026 of the head of unit"
mark = "O"
"""


def test_plain_letter_needs_no_second_person() -> None:
    assert codes(Facts("answer", "H0", ("ilecu-mk",), HERE)) == []
    assert codes(Facts("answer", "H1", ("ilecu-mk",), HERE, ("fraud",), subjects=9)) == []


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (Facts("answer", "H2", places=HERE), "handling-h2"),
        (Facts("answer", "H1+H2", places=HERE), "handling-h2"),
        (Facts("request", "H3", places=HERE), "handling-h3"),
        (Facts("release", "H2", places=HERE), "handling-h2"),
        (Facts("information", places=(*HERE, frozenset({"US"}))), "outside"),
        (Facts("information", places=(frozenset(),)), "outside"),
        (Facts("request", places=HERE, offences=("fraud", "terrorism")), "terrorism"),
        (Facts("answer", places=HERE, special=True), "special-category"),
        (Facts("information", places=HERE, subjects=10), "many-subjects"),
    ],
)
def test_each_rule_asks_in_its_case(facts: Facts, code: str) -> None:
    assert codes(facts) == [code]


def test_a_member_state_is_inside_by_its_group() -> None:
    assert codes(Facts("request", places=(frozenset({"FI", "EU"}),))) == []


@pytest.mark.parametrize("kind", ["question", "delay", "refusal", "recall"])
def test_words_that_carry_no_information_go_by_one_person(kind: str) -> None:
    assert codes(Facts(kind, "H2", places=(frozenset({"US"}),), offences=("terrorism",))) == []


def test_every_rule_has_its_source_and_mark() -> None:
    for rule in approval.rules():
        assert rule.text
        assert rule.source
        assert rule.mark in "SKO"


def test_only_a_threat_to_life_lets_the_author_go_alone_and_never_with_many_subjects() -> None:
    assert may_go_alone(["handling-h2", "terrorism"], "U_B")
    assert not may_go_alone(["handling-h2"], "U_D")
    assert not may_go_alone(["handling-h2"], "")
    assert not may_go_alone(["handling-h2", "many-subjects"], "U_B")
    assert not may_go_alone(["a-rule-that-is-gone"], "U_B")
    assert not may_go_alone([], "U_B")


def test_a_unit_brings_its_own_rules(own_rules: Path) -> None:
    own_rules.write_text(RULE, encoding="utf-8")
    assert codes(Facts("question", "H3", ("ilecu-mk",), HERE, papers=3)) == ["own"]
    assert codes(Facts("question", "H3", ("ilecu-mk",), HERE, papers=2)) == []
    assert not may_go_alone(["own"], "U_B")
    assert approval.book().alone_after_minutes == 5


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ('handling = ["H9"]', "rules 'own': handling 'H9' is not on the list"),
        ('offences = ["jaywalking"]', "offences 'jaywalking' is not on the list"),
        ('alone_when_urgent = ["U_Z"]', "alone_when_urgent 'U_Z' is not on the list"),
        ("hurry = true", "'hurry' is not a known key"),
        ("subjects_from = -1", "'subjects_from' is not right"),
    ],
)
def test_a_rule_that_could_never_ask_is_refused_with_its_name(own_rules: Path, line: str, sentence: str) -> None:
    own_rules.write_text(RULE + line + "\n", encoding="utf-8")
    with pytest.raises(LawError, match=r"approval\.toml") as refused:
        approval.rules()
    assert sentence in str(refused.value)
