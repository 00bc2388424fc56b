"""The rows of a subject and its statements, made from what was checked: for one subject, or for a million."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from ilex.index import vector
from ilex.subjects import index
from ilex.subjects.models import Statement, Subject
from ilex.subjects.rules import Evaluation, Stated, best
from ilex.units.models import Officer
from ilex.words import kinds
from ilex.words.scripts import fold

EVALUATION = (
    *("from_kind", "from_key", "from_note", "source_grade", "information_grade", "handling", "handling_note", "basis"),
    *("special", "necessity", "since", "until"),
)


def columns(evaluation: Evaluation, here: str) -> dict[str, Any]:
    """The columns of a statement or link; `here` is this unit, which owns what names no other."""
    named = {name: getattr(evaluation, name) for name in EVALUATION}
    return named | {"owner_id": evaluation.owner or here}


def statement_row(
    subject: UUID, stated: Stated, *, here: str, at: datetime, by: Officer | None, **more: Any
) -> Statement:
    said = stated.said
    return Statement(
        subject_id=subject,
        property=said.property,
        name_kind=said.name_kind,
        value=said.value,
        key=stated.key,
        language=said.language,
        made_by=by,
        made_at=at,
        **columns(said.evaluation, here),
        **more,
    )


def statement_rows(
    subject: UUID, stated: Iterable[Stated], *, here: str, at: datetime, by: Officer | None
) -> list[Statement]:
    """Each a moment after the one before: they stay in the order in which they were said."""
    return [
        statement_row(subject, one, here=here, at=at + timedelta(microseconds=place), by=by)
        for place, one in enumerate(stated)
    ]


def describe(subject: Subject, statements: Iterable[Statement], merged: Iterable[Statement] = ()) -> list[str]:
    """Set caption, order and search words by the live statements; gives the words, for the vocabulary.

    By the words of what was `merged` into it it is found too, but it keeps its own caption.
    """
    rows: Sequence[Statement] = [row for row in statements if row.withdrawn_at is None]
    kind = kinds.kind(subject.kind)
    caption = best(
        kind,
        subject.category,
        ((row.property, row.value, row.name_kind, row.language) for row in rows),
    )
    words = index.words_of(kind, ((row.property, row.value, row.key) for row in (*rows, *merged)))
    subject.caption, subject.language = caption.text, caption.language
    subject.order = fold(caption.text)[:300]
    subject.search = vector(words)
    return words
