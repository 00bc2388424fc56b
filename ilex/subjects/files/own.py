"""Our own words in a file of others: what Ilex needs to read again exactly what it wrote."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from ilex.subjects.files.entries import (
    LONGEST_KEY,
    MOST_VALUES,
    Bad,
    Drawn,
    DrawnLink,
    Entry,
    Line,
    text,
)
from ilex.subjects.rules import Evaluation
from ilex.words import kinds
from ilex.words.entries import LawError

# The fields of an evaluation that a file carries. Where it came from is the file itself, said in `from_note`.
EVALUATION = (
    *("owner", "from_note", "source_grade", "information_grade", "handling", "handling_note", "basis", "special"),
    *("necessity", "since", "until"),
)
PLAIN = {name: getattr(Evaluation(), name) for name in EVALUATION}
STATEMENT = ("property", "value", "name_kind", "language")
LINK = ("link", "one", "other", "role")


def subject(drawn: Drawn) -> dict[str, Any]:
    return {
        "kind": drawn.kind,
        "category": drawn.category,
        "statements": [
            {name: getattr(line, name) for name in STATEMENT if getattr(line, name)} | evaluated(line.evaluation)
            for line in drawn.lines
        ],
    }


def link(drawn: DrawnLink) -> dict[str, str]:
    said = {"link": drawn.kind, "one": drawn.one, "other": drawn.other, "role": drawn.role}
    return {name: value for name, value in said.items() if value} | evaluated(drawn.evaluation)


def evaluated(evaluation: Evaluation | None) -> dict[str, str]:
    """What is not as it is anyway."""
    if evaluation is None:
        return {}
    return {name: value for name in EVALUATION if (value := getattr(evaluation, name)) != PLAIN[name]}


def read(row: int, key: str, said: Any) -> Iterator[Entry]:
    """One subject or link of ours. Raises Bad."""
    if not isinstance(said, dict):
        raise Bad("ilex", _("This is not what Ilex writes."))
    if "link" in said:
        yield _link(row, said)
    else:
        yield _subject(row, key, said)


def _link(row: int, said: dict[str, Any]) -> DrawnLink:
    _known(said, {*LINK, *EVALUATION})
    kind, one, other, role = (text(said.get(name, ""), f"ilex.{name}", longest=LONGEST_KEY) for name in LINK)
    if not one or not other:
        raise Bad("ilex.one", _("A link needs both its ends."))
    return DrawnLink(row, kind, one, other, role, _evaluation(said), column="ilex")


def _subject(row: int, key: str, said: dict[str, Any]) -> Drawn:
    _known(said, {"kind", "category", "statements"})
    kind, category = (text(said.get(name, ""), f"ilex.{name}") for name in ("kind", "category"))
    lines = said.get("statements", [])
    if not isinstance(lines, list) or len(lines) > MOST_VALUES:
        raise Bad("ilex.statements", _("Write at most %(limit)d statements at once.") % {"limit": MOST_VALUES})
    return Drawn(row, key, kind_of(kind, "ilex.kind"), category, [_line(line) for line in lines])


def kind_of(code: str, column: str) -> str:
    try:
        return kinds.kind(code).code
    except LawError:
        raise Bad(column, _("There is no such kind of subject.")) from None


def _line(said: Any) -> Line:
    if not isinstance(said, dict):
        raise Bad("ilex.statements", _("This is not what Ilex writes."))
    _known(said, {*STATEMENT, *EVALUATION})
    name, value, name_kind, language = (text(said.get(one, ""), f"ilex.{one}") for one in STATEMENT)
    return Line(name, value, name or "ilex.property", name_kind, language, _evaluation(said))


def _evaluation(said: dict[str, Any]) -> Evaluation:
    return evaluation({name: text(said[name], f"ilex.{name}") for name in EVALUATION if name in said})


def evaluation(said: dict[str, str]) -> Evaluation:
    """An evaluation of these fields; what is empty is as it is anyway."""
    return Evaluation(from_kind="import", **{name: value for name, value in said.items() if value})


def _known(said: dict[str, Any], names: set[str]) -> None:
    for name in said:
        if name not in names:
            raise Bad(f"ilex.{str(name)[:60]}", _("This is not what Ilex writes."))
