"""Which code asks for which use, and who is a third state: read from the files that lawyers keep."""

from __future__ import annotations

from pathlib import Path

import pytest

from ilex.sharing.models import Use
from ilex.words import law, uses
from ilex.words.entries import LawError


def test_each_use_has_its_source_and_each_code_asks_for_a_known_use() -> None:
    codes = {use.code for use in uses.uses()}
    assert codes == set(Use.values)
    assert all(use.source for use in uses.uses())
    assert {one for code in law.handling_codes() for one in code.permission_for} <= codes


def test_codes_ask_for_what_they_forbid() -> None:
    asking = {(handling, use): uses.that_asks(handling, use) for handling in ("H0", "H1", "H2") for use in Use.values}
    assert {key for key, code in asking.items() if code} == {("H1", "court"), ("H2", "forward")}
    found = uses.that_asks("H1+H2", "forward")
    assert found is not None
    assert found.code == "H2"
    with pytest.raises(LawError):
        uses.that_asks("H9", "forward")


def test_several_things_together_carry_every_code() -> None:
    assert uses.strictest(["H0", "H2", "H1+H3"]) == "H1+H2+H3"
    assert uses.strictest(["H0"]) == uses.strictest([]) == "H0"


def test_third_is_whoever_is_outside() -> None:
    assert uses.is_outside("third", ["MK"])
    assert not uses.is_outside("third", ["HU", "EU"])
    assert not uses.is_outside("third", ["NO"])
    assert uses.is_outside("third", [])  # an organisation of no state


def test_a_unit_draws_the_line_by_a_file_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (law.OURS / uses.NAME).read_text(encoding="utf-8").replace('"EU", ', '"EU", "WB", ')
    (tmp_path / uses.NAME).write_text(text, encoding="utf-8")
    monkeypatch.setenv("ILEX_LAW", str(tmp_path))

    assert not uses.is_outside("third", ["MK", "WB"])
