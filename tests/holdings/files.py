"""Files of invented records, as lists and registers write them."""

from __future__ import annotations

import csv as python_csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

from openpyxl import Workbook

from ilex.holdings.actions import SourceSpec, load
from ilex.holdings.files.bounds import Fault
from ilex.holdings.files.chunks import opened
from ilex.holdings.files.columns import Mapped
from ilex.holdings.queries import find
from ilex.holdings.taking import Report
from ilex.matching.facts import Facts
from ilex.units.models import Officer

# Invented: nobody real is on a list.
GIVEN = ("Gordana", "Milutin", "Spasoje", "Vukosava", "Radomir", "Zagorka", "Ljubomir", "Stanojka")
FAMILY = ("Izmislic", "Nepostojkovic", "Vymyslenko", "Kitaletov", "Nebilovski", "Hicyokoglu", "Aravereli")


def person(key: str, *names: str, schema: str = "Person", **properties: Any) -> dict[str, Any]:
    listed = {name: value if isinstance(value, list) else [value] for name, value in properties.items()}
    return {"id": key, "schema": schema, "properties": {"name": list(names), **listed}}


def people(count: int, first: int = 0) -> list[dict[str, Any]]:
    """As many as wished, each of another name."""
    return [
        person(
            f"p{number}",
            f"{GIVEN[number % 8]} {FAMILY[number % 7]}{chr(97 + number % 26)}{chr(97 + number // 26 % 26)}",
            birthDate=f"{1940 + number % 60}-0{1 + number % 9}-1{number % 10}",
        )
        for number in range(first, first + count)
    ]


def ftm(entities: Iterable[Any]) -> BinaryIO:
    return io.BytesIO(b"".join(one if isinstance(one, bytes) else json.dumps(one).encode() + b"\n" for one in entities))


def csv(*rows: Sequence[str], encoding: str = "utf-8") -> BinaryIO:
    text = io.StringIO()
    python_csv.writer(text).writerows(rows)
    return io.BytesIO(text.getvalue().encode(encoding))


def xlsx(*rows: Sequence[Any]) -> BinaryIO:
    book, file = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet("list")
    for row in rows:
        sheet.append(list(row))
    book.save(file)
    file.seek(0)
    return file


def take(
    file: BinaryIO,
    code: str = "list",
    *,
    form: str = "ftm",
    mapped: Mapped | None = None,
    by: Officer | None = None,
    faults: list[Fault] | None = None,
    **options: Any,
) -> Report:
    """Load the file as `ilex load` does; `faults` hears of the bad rows."""
    read = opened(file, form, mapped or Mapped())
    told = faults if faults is not None else []
    return load(SourceSpec(code), read.chunks, by=by, columns=read.columns, form=form, tell=told.append, **options)


def found(name: str, born: str = "", **options: Any) -> list[str]:
    """Keys of the candidates, the best first."""
    facts = Facts("person", (name,), born=(born,) if born else ())
    return [one.key for one in find(facts, **options)]
