"""A workbook holds numbers, dates, times and errors besides texts: each wrong cell is named by row and column."""

from __future__ import annotations

import random
from datetime import datetime, time, timedelta
from typing import Any

import pytest

from ilex.subjects.files.entries import MOST_FAULTS
from ilex.units.models import Officer, Organisation, Role
from tests.exchange.conftest import officer
from tests.subjects import files
from tests.subjects.files import counted, refused
from tests.subjects.test_broken_files import CELLS, HEADER, ROWS, SEED, good

pytestmark = pytest.mark.django_db


@pytest.fixture
def vesna(house: Organisation) -> Officer:
    return officer("vesna", [Role.HEAD], house)


# A workbook cannot hold control signs, but it holds numbers, dates, times and errors.
IN_WORKBOOK: list[tuple[str, Any]] = [
    *(cell for cell in CELLS if "\0" not in cell[1] and "\x07" not in cell[1]),
    ("born", time(12, 30)),
    ("name", time(0, 0, 1)),
    ("phone", timedelta(days=3)),
    ("born", 31_000),  # a date that lost its format
    ("born", -1),
    ("born", True),
    ("born", 1e300),
    ("born", "#REF!"),
    ("kind", 7),
    ("category", False),
    ("nationality", 381),
    ("nationality", "#N/A"),
    ("passport", "#DIV/0!"),
    ("phone", 12.5),
    ("sex", datetime(2026, 1, 2, 3, 4)),
    ("link:contact", 0.25),
]


def test_a_thousand_wrong_rows_of_a_workbook_are_named_by_row_and_column(vesna: Officer) -> None:
    before = counted()
    chance = random.Random(SEED)  # noqa: S311
    rows: list[list[Any]] = []
    wrong: dict[int, str] = {}
    for number in range(100_000, 100_000 + 2 * ROWS + 2):
        row: list[Any] = list(good(number))
        if number % 2:
            column, cell = IN_WORKBOOK[len(wrong)] if len(wrong) < len(IN_WORKBOOK) else chance.choice(IN_WORKBOOK)
            row[HEADER.index(column)] = cell.format(number) if isinstance(cell, str) else cell
            wrong[len(rows) + 2] = column  # a header stands above
        rows.append(row)
    report = refused(vesna, "xlsx", files.xlsx(HEADER, *rows), category="")
    assert len(wrong) > ROWS
    assert len(report.faults) + report.more_faults >= len(wrong)
    assert len(report.faults) == MOST_FAULTS
    assert {fault.row for fault in report.faults} <= wrong.keys()
    for fault in report.faults:
        assert fault.column == wrong[fault.row], (rows[fault.row - 2], fault)
    assert {fault.column for fault in report.faults} == {column for column, _cell in IN_WORKBOOK}
    assert all(fault.reason.endswith(".") for fault in report.faults)
    assert counted() == before


@pytest.mark.parametrize("place", range(len(IN_WORKBOOK)))
def test_each_wrong_cell_alone_refuses_the_workbook(vesna: Officer, place: int) -> None:
    before = counted()
    column, cell = IN_WORKBOOK[place]
    rows: list[list[Any]] = [list(good(number)) for number in range(100_000, 100_003)]
    rows[1][HEADER.index(column)] = cell.format(100_001) if isinstance(cell, str) else cell
    report = refused(vesna, "xlsx", files.xlsx(HEADER, *rows), category="")
    assert {(fault.row, fault.column) for fault in report.faults} == {(3, column)}
    assert counted() == before
