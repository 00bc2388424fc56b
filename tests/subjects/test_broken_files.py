"""Thousands of rows and files that are wrong in every way: each is named, and nothing is half taken in."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from ilex.subjects.actions.importing import rehearse
from ilex.subjects.files.entries import LONGEST_ROW, MOST_FAULTS
from ilex.subjects.models import Subject
from ilex.units.models import Officer, Organisation, Role
from tests.exchange.conftest import officer
from tests.subjects import files
from tests.subjects.files import asked, counted, entity, ftm, refused, said, take

pytestmark = pytest.mark.django_db

ROWS = 1_000
MUTILATED = 350
SEED = 20261121
HEADER = ("id", "kind", "category", "name", "born", "nationality", "passport", "phone", "plate", "sex", "link:contact")
GOOD = ("p{}", "person", "suspect", "Ana Izmišljena", "1985-03", "RS", "AB{}", "+38164{:07}", "", "female", "")
LONG = ("id", "kind", "category", "property", "value", "handling", "since", "other")

# What a clerk, a broken program or an attacker writes into a cell, and the column that must be named for it.
CELLS: list[tuple[str, str]] = [
    ("id", "x" * 201),
    ("id", "a\0b"),
    ("kind", "ghost"),
    ("kind", "🚗"),
    ("category", "guilty"),
    ("category", ""),
    ("name", "a\0b"),
    ("name", "\x07"),
    ("name", "n" * 301),
    ("name", "n" * 20_001),
    ("born", "1985-13"),
    ("born", "yesterday"),
    ("born", "0000"),
    ("born", "1985-02-30"),
    ("born", "12/03/85"),
    ("nationality", "Serbia"),
    ("nationality", "QQ"),
    ("nationality", "R S"),
    ("passport", "ABCDEF"),
    ("passport", "1"),
    ("passport", "9" * 31),
    ("passport", "中文123"),
    ("phone", "hello"),
    ("phone", "064 123"),
    ("phone", "+381 1"),
    ("phone", "+" * 300),
    ("sex", "yes"),
    ("plate", "BG123AB"),  # a person has none
    ("link:contact", "nobody"),
    ("link:contact", "p{}"),  # itself
]


@pytest.fixture
def vesna(house: Organisation) -> Officer:
    return officer("vesna", [Role.HEAD], house)


def good(number: int) -> list[str]:
    return [cell.format(number) for cell in GOOD]


def broken_rows(chance: random.Random) -> tuple[list[list[str]], list[str]]:
    """Good rows with a wrong cell in each second one, and the columns that are wrong, in order."""
    rows, wrong = [], []
    for number in range(100_000, 100_000 + 2 * ROWS):
        row = good(number)
        if number % 2:
            column, cell = chance.choice(CELLS)
            row[HEADER.index(column)] = cell.format(number)
            wrong.append(column)
        rows.append(row)
    return rows, wrong


def test_a_thousand_wrong_rows_of_a_table_are_named_by_row_and_column(vesna: Officer) -> None:
    before = counted()
    rows, wrong = broken_rows(random.Random(SEED))  # noqa: S311
    report = refused(vesna, "csv", files.csv(HEADER, *rows), category="")
    assert len(report.faults) + report.more_faults >= ROWS == len(wrong)
    named = {fault.row: fault.column for fault in report.faults}
    for place, column in enumerate(wrong):
        row = 3 + 2 * place  # a header, then a good one before each wrong one
        if row in named and rows[row - 2][0]:
            assert named[row] == column, (rows[row - 2], named[row])
    assert {fault.row % 2 for fault in report.faults} == {1}
    assert all(fault.reason.endswith(".") for fault in report.faults)
    assert counted() == before


# What another program, or nobody's friend, writes as an entity: raw lines.
ENTITIES: list[Callable[[random.Random], bytes]] = [
    lambda chance: b"{",
    lambda chance: b"[]",
    lambda chance: b"null",
    lambda chance: b'"text"',
    lambda chance: bytes(chance.randrange(1, 256) for _ in range(30)).replace(b"\n", b"?").replace(b"\r", b"?"),
    lambda chance: b"[" * 10_000,
    lambda chance: b'{"a":' * 5_000,
    lambda chance: b'{"id": "x' + b"y" * LONGEST_ROW + b'"}',
    lambda chance: b'{"id": NaN, "schema": "Person", "properties": {}}',
    lambda chance: files.ftm({"schema": "Person", "properties": {"name": ["Ana"]}})[:-1],
    lambda chance: files.ftm({"id": 5, "schema": "Person", "properties": {"name": ["Ana"]}})[:-1],
    lambda chance: files.ftm({"id": "", "schema": "Person", "properties": {"name": ["Ana"]}})[:-1],
    lambda chance: files.ftm({"id": "k" * 201, "schema": "Person", "properties": {"name": ["Ana"]}})[:-1],
    lambda chance: files.ftm({"id": _key(chance), "properties": {"name": ["Ana"]}})[:-1],
    lambda chance: files.ftm(entity(_key(chance), "Ghost", name="Ana"))[:-1],
    lambda chance: files.ftm(entity(_key(chance), "Person", shoes="43"))[:-1],
    lambda chance: files.ftm(entity(_key(chance), "Person", name=5))[:-1],
    lambda chance: files.ftm(entity(_key(chance), "Person", name=[["Ana"]]))[:-1],
    lambda chance: files.ftm(entity(_key(chance), "Person", name={"a": "b"}))[:-1],
    lambda chance: files.ftm(entity(_key(chance), "Person", name="Ana", birthDate="1985-13"))[:-1],
    lambda chance: files.ftm(entity(_key(chance), "Person", name="Ana", gender="?"))[:-1],
    lambda chance: files.ftm(entity(_key(chance), "Person", name="Ana", nationality="qq"))[:-1],
    lambda chance: files.ftm(entity(_key(chance), "Person", name=["Ana"] * 501))[:-1],
    lambda chance: json.dumps(entity(_key(chance), "Person", name="\ud800")).encode(),
    lambda chance: files.ftm(entity(_key(chance), "Person", name="a\0b"))[:-1],
    lambda chance: files.ftm({"id": _key(chance), "schema": "Person", "properties": []})[:-1],
    lambda chance: files.ftm({"id": _key(chance), "schema": ["Person"], "properties": {}})[:-1],
    lambda chance: files.ftm(entity(_key(chance), "Ownership", owner="p1"))[:-1],
    lambda chance: files.ftm(entity(_key(chance), "Ownership", owner="p1", asset="p1"))[:-1],
    lambda chance: files.ftm(entity(_key(chance), "Family", person="p1", relative="v1"))[:-1],
    lambda chance: files.ftm(entity(_key(chance), "Family", person="p1", relative="p2", startDate="soon"))[:-1],
    lambda chance: files.ftm(entity(_key(chance), "Family", person="p1", relative="p2", shoes="43"))[:-1],
    lambda chance: _ours(chance, "x"),
    lambda chance: _ours(chance, {"kind": "ghost", "statements": []}),
    lambda chance: _ours(chance, {"kind": "person", "category": "suspect", "statements": [5]}),
    lambda chance: _ours(chance, {"kind": "person", "category": "suspect", "statements": [{"shoes": "43"}]}),
    lambda chance: _ours(chance, _statement(property="dna", value="1")),
    lambda chance: _ours(chance, _statement(handling="H9")),
    lambda chance: _ours(chance, _statement(handling="H3")),
    lambda chance: _ours(chance, _statement(owner="ilecu-nowhere")),
    lambda chance: _ours(chance, _statement(since="2020", until="2019")),
    lambda chance: _ours(chance, _statement(name_kind="ghost")),
    lambda chance: _ours(chance, _statement(language="?\t?")),
    lambda chance: _ours(chance, _statement(basis="rumour")),
    lambda chance: _ours(chance, {"link": "ghost", "one": "p1", "other": "p2"}),
    lambda chance: _ours(chance, {"link": "parent", "one": "p1"}),
    lambda chance: _ours(chance, {"link": "parent", "one": "p1", "other": "p2", "role": "r" * 201}),
]


def _key(chance: random.Random) -> str:
    return f"k{chance.getrandbits(60)}"


def _ours(chance: random.Random, said: Any) -> bytes:
    return files.ftm({"id": _key(chance), "schema": "Person", "properties": {}, "ilex": said})[:-1]


def _statement(**more: str) -> dict[str, Any]:
    return {"kind": "person", "category": "suspect", "statements": [{"property": "name", "value": "Ana"} | more]}


def test_a_thousand_wrong_entities_are_named_by_row(vesna: Officer) -> None:
    before = counted()
    chance = random.Random(SEED)  # noqa: S311
    fixed = ftm(entity("p1", "Person", name="A"), entity("p2", "Person", name="B"), entity("v1", "Vehicle", model="Y"))
    wrong = [chance.choice(ENTITIES)(chance) for _ in range(ROWS - len(ENTITIES))]
    wrong += [make(chance) for make in ENTITIES]
    report = refused(vesna, "ftm", fixed + b"\n".join(wrong) + b"\n", category="suspect")
    rows = {fault.row for fault in report.faults}
    assert report.more_faults or rows == set(range(4, 4 + len(wrong)))
    assert len(report.faults) + report.more_faults >= ROWS
    assert all(fault.reason.endswith(".") for fault in report.faults)
    assert counted() == before


@pytest.mark.parametrize("place", range(len(ENTITIES)))
def test_each_wrong_entity_alone_refuses_the_file(vesna: Officer, place: int) -> None:
    before = counted()
    fixed = ftm(entity("p1", "Person", name="A"), entity("p2", "Person", name="B"), entity("v1", "Vehicle", model="Y"))
    line = ENTITIES[place](random.Random(SEED))  # noqa: S311
    report = refused(vesna, "ftm", fixed + line + b"\n", category="suspect")
    assert {fault.row for fault in report.faults} == {4}
    assert counted() == before


def test_a_long_table_names_what_is_wrong_with_its_statements(vesna: Officer) -> None:
    rows = [
        ("1", "person", "suspect", "name", "Ana", "", "", ""),
        ("1", "vehicle", "suspect", "name", "Ana", "", "", ""),
        ("1", "person", "suspect", "shoes", "43", "", "", ""),
        ("1", "person", "suspect", "name", "", "", "", ""),
        ("1", "person", "suspect", "name", "Ana", "H9", "", ""),
        ("1", "person", "suspect", "name", "Ana", "", "soon", ""),
        ("", "person", "suspect", "name", "Ana", "", "", ""),
        ("2", "ghost", "", "name", "Ana", "", "", ""),
        ("3", "person", "suspect", "link:parent", "", "", "", ""),
        ("3", "person", "suspect", "link:ghost", "", "", "", "1"),
    ]
    report = refused(vesna, "csv", files.csv(LONG, *rows))
    assert {(fault.row, fault.column) for fault in report.faults} >= {
        (3, "kind"),
        (8, "id"),
        (9, "kind"),
        (10, "other"),
        (11, "property"),
    }
    assert Subject.objects.count() == 0


def test_the_last_row_of_many_batches_refuses_those_before(vesna: Officer) -> None:
    """The first rows are in the database already when the last one is read."""
    before = counted()
    rows = [("id", "name"), *((f"p{number}", "Ana Izmišljena") for number in range(4_500)), ("p0", "Ana")]
    report = refused(vesna, "csv", files.csv(*rows), kind="person")
    assert [(fault.row, fault.column) for fault in report.faults] == [(4_502, "id")]
    assert counted() == before
    assert len(said()) == 0


def test_faults_beyond_a_thousand_are_counted(vesna: Officer) -> None:
    rows = [("id", "born"), *((f"p{number}", "x") for number in range(MOST_FAULTS + 500))]
    report = refused(vesna, "csv", files.csv(*rows), kind="person")
    assert (len(report.faults), report.more_faults) == (MOST_FAULTS, 500)


def workbook(**parts: bytes) -> bytes:
    """A workbook of one row, with some of its parts replaced."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(files.xlsx(("id", "name"), ("1", "Ana")))) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            short = name.rpartition("/")[2].partition(".")[0]
            new.writestr(name, parts.get(short, old.read(name)))
        for short in parts.keys() - {name.rpartition("/")[2].partition(".")[0] for name in old.namelist()}:
            new.writestr(f"xl/{short}.xml", parts[short])
    return file.getvalue()


SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData></worksheet>'
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'
BROKEN_FILES: dict[str, tuple[str, bytes]] = {
    "empty csv": ("csv", b""),
    "blank csv": ("csv", b"\n\n"),
    "binary csv": ("csv", bytes(range(256)) * 4),
    "half of utf-16": ("csv", "id,name\n1,Ana\n".encode("utf-16")[:-1]),
    "latin-2 csv": ("csv", "id,name\n1,Šević\n".encode("iso-8859-2")),
    "one endless row": ("csv", b"a" * (LONGEST_ROW + 5)),
    "too many columns": ("csv", b",".join([b"name"] * 300)),
    "a quotation mark that never ends": ("csv", b'id,name\n1,"' + b"x\n" * 80_000),
    "a column twice": ("csv", b"id,id,name\n1,2,Ana"),
    "more cells than columns": ("csv", b"id,name\n1,Ana,Marija,x"),
    "csv that is a workbook": ("csv", workbook()),
    "xlsx that is text": ("xlsx", b"id,name\n1,Ana"),
    "empty xlsx": ("xlsx", b""),
    "cut xlsx": ("xlsx", workbook()[:-200]),
    "a zip of something else": ("xlsx", b"PK\x05\x06" + b"\0" * 18),
    "no sheet": ("xlsx", workbook(sheet1=b"")),
    "sheet that is not xml": ("xlsx", workbook(sheet1=b"\xff\xfe<not xml")),
    "sheet cut in the middle": ("xlsx", workbook(sheet1=SHEET[:60])),
    "laughs": ("xlsx", workbook(sheet1=LAUGHS)),
    "laughs in utf-16": ("xlsx", workbook(sheet1=LAUGHS.decode().encode("utf-16"))),
    "bomb": ("xlsx", workbook(sheet1=SHEET % (b" " * 50_000_000))),
    "bomb beside": ("xlsx", workbook(bomb=b" " * 50_000_000)),
    "a row far away": ("xlsx", workbook(sheet1=SHEET % b'<row r="99999999999"><c r="A1"><v>1</v></c></row>')),
    "a string that is not there": ("xlsx", workbook(sheet1=SHEET % b'<row r="1"><c r="A1" t="s"><v>999</v></c></row>')),
    "a date that is none": ("xlsx", workbook(sheet1=SHEET % b'<row r="1"><c r="A1" t="d"><v>soon</v></c></row>')),
    "a cell nowhere": ("xlsx", workbook(sheet1=SHEET % b'<row r="1"><c r="?"><v>1</v></c></row>')),
    "binary ftm": ("ftm", bytes(range(256)) * 4),
    "ftm in one line without end": ("ftm", b'{"id": "' + b"x" * (5 * LONGEST_ROW)),
    "ftm in utf-16": ("ftm", '{"id": "1", "schema": "Person"}'.encode("utf-16")),
}


@pytest.mark.parametrize("what", BROKEN_FILES)
def test_a_file_that_cannot_be_read_is_refused_in_a_sentence(vesna: Officer, what: str) -> None:
    before = counted()
    form, content = BROKEN_FILES[what]
    report = refused(vesna, form, content, kind="" if form == "ftm" else "person")
    assert all(fault.reason.endswith(".") for fault in report.faults)
    assert counted() == before


@pytest.mark.parametrize("form", ["csv", "xlsx", "ftm"])
def test_hundreds_of_mutilated_files_never_half_load_and_never_break_the_program(vesna: Officer, form: str) -> None:
    """Bytes are changed, cut and doubled at random; a dry run then says what it makes of it."""
    chance = random.Random(SEED)  # noqa: S311
    whole = {
        "csv": files.csv(HEADER, *(good(number) for number in range(100_000, 100_003))),
        "xlsx": files.xlsx(HEADER, *(good(number) for number in range(100_000, 100_003))),
        "ftm": ftm(entity("p1", "Person", name="Ana", nationality="rs"), entity("v", "Vehicle", owner="p1", name="x")),
    }[form]
    before = counted()
    outcomes = set()
    for _round in range(MUTILATED):
        report = rehearse(vesna, io.BytesIO(_mutilated(chance, whole)), asked(form, category="suspect"))
        assert all(fault.reason.endswith(".") for fault in report.faults)
        outcomes.add(bool(report.faults))
    assert outcomes == {True, False} or form == "xlsx"
    assert counted() == before


def _mutilated(chance: random.Random, whole: bytes) -> bytes:
    content = bytearray(whole)
    for _change in range(chance.randrange(1, 4)):
        place = chance.randrange(len(content) or 1)
        match chance.randrange(4):
            case 0:
                content[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                del content[place : place + chance.randrange(1, 20)]
            case 2:
                content[place:place] = content[place : place + 30]
            case _:
                content = content[:place] if chance.random() < 0.2 else content
    return bytes(content)


def test_a_good_file_after_all_that_is_taken_in(vesna: Officer) -> None:
    report = take(vesna, "csv", files.csv(HEADER, *(good(number) for number in range(100_000, 100_010))))
    assert (report.subjects, report.faults) == (10, ())
