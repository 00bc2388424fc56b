"""Thousands of rows that are wrong in every way: each is told with line and reason, and the good ones come in."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import pytest
from django.utils.translation import gettext

from ilex.holdings.errors import FileRefused
from ilex.holdings.files.bounds import LONGEST_ROW, LONGEST_TOLD, MOST_VALUES, Fault
from ilex.holdings.files.columns import Mapped
from ilex.holdings.models import Record, Source
from tests.holdings import files
from tests.holdings.files import person, take

pytestmark = pytest.mark.django_db

ROWS = 1_000
MUTILATED = 300
SEED = 20261122
HEADER = ("id", "kind", "name", "born", "country", "sex", "id:document")
GOOD = ("p{}", "person", "Gordana Izmislic", "1971-02", "RS", "f", "AB{}")

# What a clerk, a broken program or an attacker writes into a cell, and the column that must be named for it.
CELLS: list[tuple[str, str]] = [
    ("id", "x" * 201),
    ("kind", "ghost"),
    ("kind", "🚗"),
    ("name", "n" * 2_001),
    ("name", "a\x07"),
    ("name", "a\0b"),
    ("born", "1985-13"),
    ("born", "yesterday"),
    ("born", "0000"),
    ("born", "1985-02-30"),
    ("born", "12/03/85"),
    ("country", "Ruritania"),
    ("country", "QQ"),
    ("country", "R S"),
    ("sex", "perhaps"),
]


def rows(chance: random.Random, *, plain: bool) -> tuple[list[Sequence[str]], list[str]]:
    """Good rows with a wrong cell in each second one, and the columns that are wrong, in order."""
    made: list[Sequence[str]] = []
    wrong: list[str] = []
    cells = [(column, cell) for column, cell in CELLS if not plain or cell.isprintable()]
    for number in range(2 * ROWS):
        row = [cell.format(number) for cell in GOOD]
        if number % 2:
            column, cell = chance.choice(cells)
            row[HEADER.index(column)] = cell
            wrong.append(column)
        made.append(row)
    return made, wrong


def told(faults: list[Fault]) -> list[str]:
    return [gettext(fault.sentence) % fault.values for fault in faults]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_thousand_wrong_rows_of_a_table_are_told_by_line_and_column(form: str) -> None:
    made, wrong = rows(random.Random(SEED), plain=form == "xlsx")  # noqa: S311
    faults: list[Fault] = []
    file = files.csv(HEADER, *made) if form == "csv" else files.xlsx(HEADER, *made)
    report = take(file, form=form, faults=faults)
    assert [(fault.line, fault.column) for fault in faults] == [(3 + 2 * at, column) for at, column in enumerate(wrong)]
    assert all(sentence.endswith(".") for sentence in told(faults))
    assert (report.new, report.bad, Record.objects.count()) == (ROWS, ROWS, ROWS)


def ftm_line(key: Any = "k", schema: Any = "Person", **properties: Any) -> bytes:
    return json.dumps({"id": key, "schema": schema, "properties": properties}).encode()


# What another program, or nobody's friend, writes as an entity.
ENTITIES: list[Callable[[random.Random], bytes]] = [
    lambda chance: b"{",
    lambda chance: b"[]",
    lambda chance: b"null",
    lambda chance: b'"text"',
    lambda chance: b"\xff\xfe{}",
    lambda chance: bytes(chance.randrange(1, 256) for _ in range(30)).replace(b"\n", b"?") + b"?",
    lambda chance: b"[" * 10_000,
    lambda chance: b'{"a":' * 5_000,
    lambda chance: b'{"id": NaN, "schema": "Person", "properties": {}}',
    lambda chance: b'{"schema": "Person", "properties": {"name": ["Ana"]}}',
    lambda chance: b'{"id": "a", "schema": "Person"}',
    lambda chance: b'{"id": "a", "properties": {"name": ["Ana"]}}',
    lambda chance: ftm_line(5, name=["Ana"]),
    lambda chance: ftm_line("", name=["Ana"]),
    lambda chance: ftm_line(["a"], name=["Ana"]),
    lambda chance: ftm_line("k" * 201, name=["Ana"]),
    lambda chance: ftm_line("a\0b", name=["Ana"]),
    lambda chance: ftm_line(schema="Ghost", name=["Ana"]),
    lambda chance: ftm_line(schema=["Person"], name=["Ana"]),
    lambda chance: ftm_line(name=5),
    lambda chance: ftm_line(name=[["Ana"]]),
    lambda chance: ftm_line(name=[None]),
    lambda chance: ftm_line(name=[]),
    lambda chance: ftm_line(name=["  "]),
    lambda chance: ftm_line(name=["a\0b"]),
    lambda chance: ftm_line(name=["\ud800"]),
    lambda chance: ftm_line(name=["n" * 2_001]),
    lambda chance: ftm_line(name=["Ana"], alias=["b"] * (MOST_VALUES + 1)),
    lambda chance: ftm_line(name=["Ana"], birthDate=["1985-13"]),
    lambda chance: ftm_line(name=["Ana"], birthDate=["soon"]),
    lambda chance: ftm_line(name=["Ana"], gender=["?"]),
    lambda chance: ftm_line(name=["Ana"], nationality=["qq"]),
    lambda chance: json.dumps({"id": "a", "schema": "Person", "properties": ["name"]}).encode(),
]


def test_a_thousand_wrong_entities_are_told_by_line() -> None:
    chance = random.Random(SEED)  # noqa: S311
    lines: list[bytes] = []
    for number in range(2 * ROWS):
        good = json.dumps(person(f"p{number}", "Gordana Izmislic")).encode()
        lines.append(ENTITIES[number // 2 % len(ENTITIES)](chance) if number % 2 else good)
    faults: list[Fault] = []
    report = take(io.BytesIO(b"\n".join(lines)), faults=faults)
    assert [fault.line for fault in faults] == list(range(2, 2 * ROWS + 1, 2))
    assert all(sentence.endswith(".") for sentence in told(faults))
    assert all(len(fault.row) <= 20_000 for fault in faults)
    assert (report.new, report.bad, Record.objects.count()) == (ROWS, ROWS, ROWS)


def test_a_line_without_end_does_not_fill_the_memory_and_hides_no_other() -> None:
    faults: list[Fault] = []
    good = json.dumps(person("a", "Ana Izmislic")).encode()
    endless = b'{"id": "' + b"y" * (5 * LONGEST_ROW) + b'"}'
    report = take(io.BytesIO(b"\n".join([good, endless, good.replace(b'"a"', b'"b"'), endless])), faults=faults)
    assert [fault.line for fault in faults] == [2, 4]
    assert report.new == 2


def mutilated(content: bytes, chance: random.Random) -> bytes:
    """The same with some bytes changed, cut out or put in, or cut short."""
    changed = bytearray(content)
    for _ in range(chance.randrange(1, 8)):
        at = chance.randrange(len(changed))
        match chance.randrange(4):
            case 0:
                changed[at] = chance.randrange(256)
            case 1:
                del changed[at : at + chance.randrange(1, 20)]
            case 2:
                changed[at:at] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 20)))
            case 3:
                changed = changed[: max(1, at)]
        changed = changed or bytearray(b" ")
    return bytes(changed)


@pytest.mark.parametrize("form", ["ftm", "csv", "xlsx"])
def test_no_mutilated_file_is_an_error_of_the_program(form: str) -> None:
    chance = random.Random(SEED)  # noqa: S311
    made, _wrong = rows(chance, plain=True)
    content = {
        "ftm": lambda: files.ftm(files.people(12)),
        "csv": lambda: files.csv(HEADER, *made[:20:2]),
        "xlsx": lambda: files.xlsx(HEADER, *made[:20:2]),
    }[form]().read()
    for number in range(MUTILATED):
        faults: list[Fault] = []
        with suppress(FileRefused):
            take(io.BytesIO(mutilated(content, chance)), form=form, faults=faults, dry_run=number % 10 != 0)
        assert all(fault.line for fault in faults)


@pytest.mark.parametrize(
    ("form", "content"),
    [
        ("csv", b""),
        ("csv", b"\n"),
        ("csv", b"shoes,size\n1,2\n"),
        ("csv", b"id,id,name\n1,2,Ana\n"),
        ("csv", b"id,kind\n1,person\n"),
        ("csv", b"name," * 300),
        ("csv", "name\nЂорђе\n".encode("windows-1251")),
        ("csv", b'name\n"' + b"x" * (LONGEST_ROW + 10)),
        ("csv", b"name\n" + b"x" * (LONGEST_ROW + 10)),
        ("csv", b"name\n" + b'"x\n",' * (LONGEST_ROW // 4)),  # one row of short lines
        ("xlsx", b""),
        ("xlsx", b"PK\x03\x04"),
        ("xlsx", b"name\nAna\n"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(form: str, content: bytes) -> None:
    with pytest.raises(FileRefused) as refused:
        take(io.BytesIO(content), form=form)
    assert str(refused.value).endswith(".")
    assert not Source.objects.exists()


def test_a_workbook_that_is_a_bomb_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    file.seek(0)
    with pytest.raises(FileRefused):
        take(file, form="xlsx")


def test_a_named_encoding_that_does_not_fit_is_told() -> None:
    with pytest.raises(FileRefused, match="ascii"):
        take(files.csv(("name",), ("Ђорђе",)), form="csv", mapped=Mapped(encoding="ascii"))


def test_many_short_rows_are_no_long_one() -> None:
    rows = [("id", "name"), *((f"p{number}", "Ana\nIzmislic") for number in range(LONGEST_ROW // 2_000))]
    padded = [*rows[:1], *((key, name + " " * 1_950 + "x") for key, name in rows[1:])]
    assert take(files.csv(*padded), form="csv").new == len(rows) - 1


def test_of_a_wrong_row_of_long_cells_no_more_is_kept_than_is_told() -> None:
    faults: list[Fault] = []
    take(files.xlsx(("id", "name"), ("a", "Ana Izmislic"), ("b", "n" * 30_000)), form="xlsx", faults=faults)
    assert [(fault.column, len(fault.row)) for fault in faults] == [("name", LONGEST_TOLD)]
