"""What Ilex reads of a sheet is what openpyxl reads of it."""

from __future__ import annotations

import io
import random
import re
import zipfile
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from ilex.words import workbook
from ilex.words.workbook import NO_WORKBOOK, WorkbookRefused

UNPACKED = 2**26
COLUMNS = 12
CELLS: tuple[Any, ...] = (
    *(None, "", "Ана <&> Измишљена", "line\nend\tand tab ", "_x005F_x000D_ a", "=1+1", "#REF!", True, False),
    *(7, -5, 10**17, 0.5, 1e300, 172.0, date(1985, 3, 12), datetime(1990, 1, 2, 3, 4, 5), time(12, 30)),
    *(timedelta(days=3, seconds=5), date(1900, 1, 5)),
)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
FIRST, SHARED, TYPES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "[Content_Types].xml"
STRINGS = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
SHEET = f'<worksheet xmlns="{MAIN}"><sheetData>%s</sheetData></worksheet>'


def filled(cells: Any) -> list[Any]:
    kept = list(cells)
    while kept and kept[-1] is None:
        kept.pop()
    return kept


def read(content: bytes) -> list[tuple[int, list[Any]]]:
    return [(number, filled(cells)) for number, cells in workbook.rows(io.BytesIO(content), COLUMNS, UNPACKED)]


def by_openpyxl(content: bytes) -> list[tuple[int, list[Any]]]:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()
    rows = enumerate(sheet.iter_rows(max_col=COLUMNS, values_only=True), 1)
    return [(number, filled(cells)) for number, cells in rows]


def made(chance: random.Random, *, streamed: bool) -> bytes:
    """Texts stand in their cells; rows and cells are missing unless it is streamed."""
    book = Workbook(write_only=streamed)
    book.epoch = datetime(1904, 1, 1) if chance.random() < 0.3 else book.epoch
    sheet = book.create_sheet("one") if streamed else book.active
    for _row in range(chance.randrange(30)):
        sheet.append(chance.choices(CELLS, k=chance.randrange(COLUMNS + 3)))
    if not streamed:
        sheet.cell(chance.randrange(1, 60), chance.randrange(1, 20)).value = "far away"
        sheet.merge_cells("A1:C2")
        book.create_sheet("two").append(["not this one"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def with_parts(content: bytes, parts: dict[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w") as new:
        for name in old.namelist():
            new.writestr(name, parts.get(name, old.read(name)))
        for name in parts.keys() - set(old.namelist()):
            new.writestr(name, parts[name])
    return file.getvalue()


def shared(content: bytes) -> bytes:
    """The same workbook as Excel writes it: texts stand in a part of their own, and cells name them by their place."""
    texts: list[str] = []

    def place(found: re.Match[str]) -> str:
        texts.append(found[1])
        return f't="s"><v>{len(texts) - 1}</v>'

    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheet, types = (parts.read(name).decode() for name in (FIRST, TYPES))
    sheet = re.sub(r't="inlineStr"><is>(.*?)</is>', place, sheet, flags=re.DOTALL)
    listed = "".join(f"<si>{text}</si>" for text in texts)
    types = types.replace("</Types>", f'<Override PartName="/{SHARED}" ContentType="{STRINGS}"/></Types>')
    return with_parts(content, {FIRST: sheet, TYPES: types, SHARED: f'<sst xmlns="{MAIN}">{listed}</sst>'})


def sheet_of(rows: str) -> bytes:
    return with_parts(made(random.Random(1), streamed=False), {FIRST: SHEET % rows})  # noqa: S311


@pytest.mark.filterwarnings("ignore:Cell .* is marked as a date")
@pytest.mark.parametrize("streamed", [True, False])
def test_every_kind_of_cell_is_read_as_openpyxl_reads_it(streamed: bool) -> None:
    chance = random.Random(5)  # noqa: S311
    for _book in range(40):
        content = made(chance, streamed=streamed)
        assert read(content) == by_openpyxl(content)
        assert read(shared(content)) == by_openpyxl(shared(content))


def test_runs_of_a_text_are_one_and_how_it_is_spoken_is_none() -> None:
    text = "<r><t>Ана </t></r><r><rPr><b/></rPr><t>Измишљена</t></r><rPh sb='0' eb='1'><t>ana</t></rPh>"
    content = sheet_of(f"<row><c t='inlineStr'><is>{text}</is></c><c><v>7</v></c></row>")
    assert read(content) == by_openpyxl(content) == [(1, ["Ана Измишљена", 7])]
    content = shared(sheet_of(f'<row><c t="inlineStr"><is>{text}</is></c><c><v>7</v></c></row>'))
    assert read(content) == by_openpyxl(content) == [(1, ["Ана Измишљена", 7])]


def test_number_is_a_date_where_dates_are_what_cells_are_unless_they_say_otherwise() -> None:
    with zipfile.ZipFile(io.BytesIO(sheet_of("<row><c><v>43831</v></c></row>"))) as parts:
        styles = parts.read("xl/styles.xml").decode()
    before, cells, after = styles.partition("<cellXfs")
    content = with_parts(
        sheet_of("<row><c><v>43831</v></c></row>"),
        {"xl/styles.xml": before + cells + after.replace('numFmtId="0"', 'numFmtId="14"', 1)},
    )
    assert read(content) == by_openpyxl(content)
    assert [type(cell) for _number, cells in read(content) for cell in cells] == [datetime]


def test_rows_and_cells_that_are_missing_are_empty() -> None:
    content = sheet_of("<row r='2'><c r='C2'><v>1</v></c></row><row/><row r='5'><c><v>2</v></c></row>")
    assert read(content) == by_openpyxl(content)
    assert read(content) == [(1, []), (2, [None, None, 1]), (3, []), (4, []), (5, [2])]


def test_a_row_far_away_and_a_cell_far_away_fill_no_memory() -> None:
    content = sheet_of("<row r='1048576'><c r='ZZZ1'><v>1</v></c></row>")
    rows = workbook.rows(io.BytesIO(content), COLUMNS, UNPACKED)
    assert list(islice(rows, 1_000)) == [(number, []) for number in range(1, 1_001)]
    assert read(sheet_of("<row><c r='ZZZ1'><v>1</v></c></row>")) == [(1, [])]


@pytest.mark.parametrize(
    "rows",
    [
        *("<row><c t='s'><v>99999</v></c></row>", "<row><c r='?'><v>1</v></c></row>", "<row r='x'/>", "<row>"),
        *("<row r='1048577'/>", "<row r='1048576'/><row/>", "<a>" * 100 + "</a>" * 100),
        *("<row><c><v>seven</v></c></row>", "<row><c t='d'><v>soon</v></c></row>", "<row><c t='b'><v>x</v></c></row>"),
    ],
)
def test_a_sheet_that_breaks_its_form_is_refused_in_a_sentence(rows: str) -> None:
    with pytest.raises(WorkbookRefused, match=NO_WORKBOOK[:20]):
        read(sheet_of(rows))


@pytest.mark.parametrize("part", [FIRST, SHARED])
def test_entities_are_refused_however_late_they_are_declared(part: str) -> None:
    late = f"<!--{'x' * 9_000}--><!DOCTYPE x [<!ENTITY a 'ha'>]><worksheet xmlns='{MAIN}'>&a;</worksheet>"
    with pytest.raises(WorkbookRefused):
        read(with_parts(shared(made(random.Random(1), streamed=False)), {part: late}))  # noqa: S311
