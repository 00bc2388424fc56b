"""The row of a request with its subjects, the words by which it is found, and its clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from django.utils.timezone import now

from ilex.exchange import index
from ilex.exchange.actions import clockwork
from ilex.exchange.messages import SubjectBody
from ilex.exchange.models import Request, Subject
from ilex.exchange.rules import Content, SubjectContent, name_key
from ilex.index import vector
from ilex.journal.rows import insert
from ilex.units.models import Organisation

CONTENT_COLUMNS = (
    *("requested_information", "facts", "underlying_offence", "purpose", "grounds_available", "link_explanation"),
    *("use_restrictions", "urgency", "urgency_reason", "language", "handling", "handling_note", "on_behalf_of"),
    *("channel_exception", "channel_note", "copy_withheld", "copy_withheld_reason"),
)


def make_request(
    content: Content,
    *,
    received_at: datetime | None = None,
    reason: str = "",
    here: Organisation | None = None,
    texts: Iterable[str] = (),
    **columns: Any,
) -> Request:
    """Keep a new request. Its clock runs when it was received; of ours it waits for the partner's receipt.

    `texts` are words besides its own by which it is to be found.
    """
    request = Request(**{name: getattr(content, name) for name in CONTENT_COLUMNS}, **columns)
    request.offences = list(content.offences)
    if received_at is not None:
        clockwork.begin(request, received_at, now(), here)
    elif request.kind == Request.Kind.REQUEST:
        clockwork.set_limit(request, request.made_at, here)
    names = [name for subject in content.subjects for name in names_of(subject)]
    request.search = vector(index.words(*index.texts_of(request, names), *texts))
    insert(request)
    make_subjects(request, content.subjects)
    clockwork.started(request, reason)
    return request


def names_of(subject: SubjectContent) -> list[str]:
    return [subject.name, *subject.other_names, *subject.numbers]


def make_subjects(request: Request, subjects: Sequence[SubjectContent]) -> None:
    if not subjects:
        return
    Subject.objects.bulk_create(
        Subject(
            request=request,
            order=order,
            folded=name_key(subject.name),
            **{field.name: _storable(getattr(subject, field.name)) for field in fields(subject)},
        )
        for order, subject in enumerate(subjects)
    )


def _storable(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def subject_body(subject: SubjectContent) -> SubjectBody:
    return SubjectBody.model_validate(
        {field.name: _storable(getattr(subject, field.name)) for field in fields(subject)}
    )


def subject_content(subject: SubjectBody) -> SubjectContent:
    named: dict[str, Any] = {name: getattr(subject, name) for name in SubjectBody.model_fields}
    named |= {name: tuple(named[name]) for name in ("other_names", "numbers")}
    return SubjectContent(**named)
