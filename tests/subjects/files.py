"""Files of subjects for the tests, all invented, and what a test reads back."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook

from ilex.subjects.actions.importing import Asked, Refused, Report, take_in
from ilex.subjects.files.tables import Columns
from ilex.subjects.models import Import, Link, Statement, Subject
from ilex.units.models import Officer


def ftm(*entities: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(entity, ensure_ascii=False).encode() + b"\n" for entity in entities)


def entity(key: str, schema: str, **properties: Any) -> dict[str, Any]:
    listed = {name: value if isinstance(value, list) else [value] for name, value in properties.items()}
    return {"id": key, "schema": schema, "properties": listed}


def csv(*rows: Sequence[str], sign: str = ",") -> bytes:
    quoted = (sign.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)
    return "\r\n".join([*quoted, ""]).encode()


def xlsx(*rows: Sequence[Any]) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def take(by: Officer, form: str, content: bytes, **more: Any) -> Report:
    return take_in(by, io.BytesIO(content), asked(form, **more))


def refused(by: Officer, form: str, content: bytes, **more: Any) -> Report:
    """The report of a file that must not be taken in."""
    try:
        take(by, form, content, **more)
    except Refused as error:
        return error.report
    raise AssertionError("the file was taken in")


def asked(form: str, *, kind: str = "", category: str = "other", source: str = "Old register", **more: Any) -> Asked:
    meaning = more.pop("meaning", {})
    columns = Columns(kind=kind, category=category, meaning=meaning)
    return Asked(form=form, name=f"old.{form}", source=source, purpose="Trial", columns=columns, **more)


def said(source: str = "Old register") -> dict[str, set[tuple[str, str]]]:
    """What is on file by the source's keys: (property, value) of each subject."""
    found: dict[str, set[tuple[str, str]]] = {
        key: set() for key in Subject.objects.filter(source=source).values_list("source_key", flat=True)
    }
    rows = Statement.objects.filter(subject__source=source)
    for key, name, value in rows.values_list("subject__source_key", "property", "value"):
        found[key].add((name, value))
    return found


def linked(source: str = "Old register") -> set[tuple[str, str, str, str]]:
    rows = Link.objects.filter(one__source=source)
    return set(rows.values_list("kind", "one__source_key", "other__source_key", "role"))


def counted() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Subject, Statement, Link, Import))


def lines(report: Report) -> Iterable[str]:
    return [str(fault) for fault in report.faults]
