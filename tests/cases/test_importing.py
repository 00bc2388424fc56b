"""Old cases from a CSV file: each fault with row, column and reason; all or nothing."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from ilex.cases import actions, files, queries
from ilex.cases.models import Case, CaseCounter, Step
from ilex.journal.models import Line
from ilex.units.models import Officer

TODAY = date(2026, 11, 21)
GOOD = {
    "reference": "OLD-2019-7",
    "title": "Blue lorry",
    "summary": "Марија возила плави камион",
    "area": "stolen-vehicles",
    "state": "closed",
    "owner": "",
    "references": "MK-77|HU 8",
    "opened": "2019-04-30",
    "closed": "2019-06-01",
    "outcome": "result",
    "outcome_text": "found",
    "wake": "",
    "wake_why": "",
    "note": "Seen at Tabanovce",
}


def sheet(*rows: dict[str, str], delimiter: str = ",") -> bytes:
    text = io.StringIO()
    out = csv.DictWriter(text, list(GOOD), delimiter=delimiter)
    out.writeheader()
    out.writerows(rows)
    return text.getvalue().encode()


@pytest.fixture
def hana(head: Officer) -> Officer:
    return head


@pytest.mark.django_db
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_good_file_is_taken_in_whole(hana: Officer, delimiter: str) -> None:
    other = {**GOOD, "reference": "OLD-2019-8", "state": "open", "closed": "", "outcome": "", "outcome_text": ""}
    raw = sheet(GOOD, other, delimiter=delimiter)
    assert actions.import_cases(hana, raw, dry_run=True).faults == ()
    assert not Case.objects.exists()
    done = actions.import_cases(hana, raw)
    assert (done.rows, done.faults) == (2, ())
    case = Case.objects.get(number=done.first)
    assert (case.state, case.outcome, case.references) == ("closed", "result", ["OLD-2019-7", "MK-77", "HU 8"])
    assert case.opened_at.date() == date(2019, 4, 30)
    assert case.steps.get(kind=Step.Kind.NOTE).text == "Seen at Tabanovce"
    for text in ("Tabanovce", "марија", "MK-77", "HU 8", "OLD-2019-7"):
        assert done.first in [row.number for row in queries.search(hana, text).rows], text
    assert Line.objects.filter(act="case.added").count() == 2


@pytest.mark.django_db
def test_file_that_was_taken_in_is_not_taken_in_again(hana: Officer) -> None:
    raw = sheet(GOOD)
    actions.import_cases(hana, raw)
    [fault] = actions.import_cases(hana, raw).faults
    assert (fault.row, fault.column) == (2, "reference")
    assert Case.objects.count() == CaseCounter.objects.get(series="C").last == 1


@pytest.mark.django_db
def test_owner_must_work_on_cases_here(hana: Officer, ana: Officer) -> None:
    assert actions.import_cases(hana, sheet({**GOOD, "owner": "ANA"}), dry_run=True).faults == ()
    [fault] = actions.import_cases(hana, sheet({**GOOD, "owner": "nobody"})).faults
    assert (fault.row, fault.column) == (2, "owner")


@pytest.mark.django_db
def test_only_who_may_takes_in_files(ana: Officer) -> None:
    with pytest.raises(PermissionDenied):
        actions.import_cases(ana, sheet(GOOD))


@pytest.mark.django_db
def test_command_tells_each_fault_and_takes_in_nothing(
    hana: Officer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "old.csv"
    path.write_bytes(sheet(GOOD, {**GOOD, "reference": "B", "area": "witchcraft"}))
    with pytest.raises(CommandError, match="Nothing was taken in"):
        call_command("cases", "import", str(path), "--by", hana.sign_in)
    assert "row 3, area" in capsys.readouterr().out
    assert not Case.objects.exists()
    path.write_bytes(sheet(GOOD))
    call_command("cases", "import", str(path), "--by", hana.sign_in, "--dry-run")
    assert not Case.objects.exists()
    call_command("cases", "import", str(path), "--by", hana.sign_in)
    assert Case.objects.count() == 1


# One thing wrong in a good row, and the column that is blamed.
WRONG: list[tuple[dict[str, str], str]] = [
    ({"reference": ""}, "reference"),
    ({"reference": "---"}, "reference"),
    ({"reference": "R" * 81}, "reference"),
    ({"title": "  "}, "title"),
    ({"title": "one\ntwo"}, "title"),
    ({"title": "T" * 301}, "title"),
    ({"area": "witchcraft"}, "area"),
    ({"state": "sleeping"}, "state"),
    ({"outcome": "victory"}, "outcome"),
    ({"outcome": ""}, "outcome"),
    ({"state": "open", "closed": ""}, "outcome"),
    ({"state": "open", "outcome": "", "outcome_text": ""}, "closed"),
    ({"opened": "30.4.2019"}, "opened"),
    ({"opened": "2019-02-30"}, "opened"),
    ({"opened": "2999-01-01"}, "opened"),
    ({"opened": "1066-10-14"}, "opened"),
    ({"opened": "20190430"}, "opened"),
    ({"closed": "2019-04-29"}, "closed"),
    ({"wake": "2019-01-01", "wake_why": "x"}, "wake"),
    ({"wake": "2999-01-01", "wake_why": "x"}, "wake"),
    ({"wake_why": "x"}, "wake_why"),
    ({"references": "MK-77|--"}, "references"),
    ({"references": "|".join(f"R{n}" for n in range(50))}, "references"),
    ({"note": "x" * 40_001}, "note"),
]


@pytest.mark.parametrize(("change", "column"), WRONG)
def test_fault_names_row_column_and_reason(change: dict[str, str], column: str) -> None:
    cases, faults = files.read(sheet(GOOD, {**GOOD, "reference": "B", **change}), TODAY)
    assert [case.row for case in cases] == [2]
    assert {(fault.row, fault.column) for fault in faults} == {(3, column)}
    assert all(fault.reason.endswith(".") for fault in faults)


def test_thousand_malformed_rows_are_each_told() -> None:
    chance = random.Random(11)  # noqa: S311
    rows, wanted = [], set()
    for number in range(1_200):
        change, column = chance.choice(WRONG) if number % 6 else ({}, "")
        row = {**GOOD, "reference": f"OLD-{number}", **change}
        rows.append(row)
        if column:
            wanted.add((number + 2, column))
    cases, faults = files.read(sheet(*rows), TODAY)
    assert {(fault.row, fault.column) for fault in faults} == wanted
    assert len(wanted) == 1_000
    assert len(cases) == 200


def test_reference_that_stands_twice_is_told_with_the_other_row() -> None:
    _cases, [fault] = files.read(sheet(GOOD, {**GOOD, "title": "Other", "reference": "old 2019/7"}), TODAY)
    assert (fault.row, fault.column) == (3, "reference")
    assert "2" in fault.reason


def _cut(chance: random.Random, raw: bytes) -> bytes:
    return raw[: chance.randrange(len(raw))]


def _flip(chance: random.Random, raw: bytes) -> bytes:
    changed = bytearray(raw)
    for _ in range(chance.randrange(1, 40)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _noise(chance: random.Random, raw: bytes) -> bytes:
    return chance.randbytes(chance.randrange(2_000))


def _insert(chance: random.Random, raw: bytes) -> bytes:
    place = chance.randrange(len(raw))
    return raw[:place] + chance.choice([b'"', b"\0", b"\r", b",,,,", b"\xff\xfe", b'"\n', b"\n\n"]) + raw[place:]


def _shuffle(chance: random.Random, raw: bytes) -> bytes:
    lines = raw.split(b"\n")
    chance.shuffle(lines)
    return b"\n".join(lines)


def _utf16(chance: random.Random, raw: bytes) -> bytes:
    return raw.decode().encode("utf-16")


def test_thousand_malformed_files_are_answered_by_row_column_and_reason() -> None:
    chance = random.Random(12)  # noqa: S311
    raw = sheet(*({**GOOD, "reference": f"OLD-{number}"} for number in range(5)))
    ways: list[Callable[[random.Random, bytes], bytes]] = [_cut, _flip, _noise, _insert, _shuffle, _utf16]
    refused = 0
    for number in range(1_200):
        spoilt = ways[number % len(ways)](chance, raw)
        cases, faults = files.read(spoilt, TODAY)
        assert all(fault.row >= 0 and fault.reason for fault in faults)
        assert all(case.reference and case.title and "\0" not in f"{case.title}{case.summary}" for case in cases)
        assert cases or faults or number % len(ways) == 0  # what was cut behind its first line holds no rows
        refused += bool(faults)
    assert refused > 800


@pytest.mark.django_db
def test_nothing_of_a_spoilt_file_is_taken_in(hana: Officer) -> None:
    chance = random.Random(13)  # noqa: S311
    raw = sheet(*({**GOOD, "reference": f"OLD-{number}"} for number in range(5)))
    for _ in range(60):
        spoilt = _insert(chance, raw)
        done = actions.import_cases(hana, spoilt, dry_run=True)
        if done.faults:
            assert actions.import_cases(hana, spoilt).faults == done.faults
    assert not Case.objects.exists()
