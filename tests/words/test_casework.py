"""The file of templates, outcomes and shares: what it must hold, and the sentence when it does not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilex.words import casework, law
from ilex.words.law import LawError

OURS = (law.OURS / casework.NAME).read_text(encoding="utf-8")
AT = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    yield
    casework._read.cache_clear()


@given(st.timedeltas(min_value=timedelta(seconds=1), max_value=timedelta(days=400)))
def test_task_is_due_inside_the_legal_time_and_leaves_the_unit_its_share(left: timedelta) -> None:
    due = casework.due(AT, AT + left)
    assert AT < due.at <= AT + left
    assert (AT + left) - due.at >= left * 0.29


def test_title_of_a_case_opened_by_hand_leaves_out_what_is_not_there() -> None:
    one = casework.template("vehicle")
    assert casework.title(one, partner="HU", reference="RS-2026-000001") == "Vehicle, HU RS-2026-000001"
    assert casework.title(one, partner="", reference="") == "Vehicle"


def test_every_template_names_a_listed_area_and_has_something_to_check() -> None:
    areas = {offence.code for offence in law.offences()}
    for one in casework.templates():
        assert not one.area or one.area in areas
        assert one.checks


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('area = "stolen-vehicles"', 'area = "witchcraft"', "witchcraft"),
        ("Vehicle, {partner}", "Vehicle, {unit}", "the pattern knows only"),
        ("percent = 70", "percent = 170", "from 1 to 100"),
        ("least = 72", "least = 0", "from the most hours to the least"),
        ('code = "passed"', 'code = "late"', "passed"),
        ('code = "answered"', 'code = "result"', "stands twice"),
        ("hours = 336", 'hours = "many"', "'hours' is not right"),
    ],
)
def test_file_of_a_unit_that_is_wrong_is_refused_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str, after: str, said: str
) -> None:
    assert before in OURS
    (tmp_path / casework.NAME).write_text(OURS.replace(before, after, 1), encoding="utf-8")
    monkeypatch.setenv("ILEX_LAW", str(tmp_path))
    with pytest.raises(LawError, match=said):
        casework.templates()
