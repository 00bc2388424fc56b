"""Statements and links as they stand on the wire."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from ilex.gate.fields import to_the_millisecond
from ilex.sharing.messages import LinkBody, ReleaseBody, StatementBody, SubjectBody
from ilex.sharing.models import Consent, Release
from ilex.sharing.queries.releases import by_subject
from ilex.sharing.queries.uses import SAID, Item, Known
from ilex.subjects.models import Link, Statement
from ilex.units.models import Officer

# What goes along with its words as they are; where it came from inside the house stays in the house.
AS_IT_IS = (
    *("source_grade", "information_grade", "handling", "handling_note", "basis", "special", "necessity"),
    *("since", "until"),
)


def release_body(
    release: Release,
    items: Sequence[Item],
    officer: Officer,
    known: Mapping[UUID, Known],
    consents: Mapping[UUID, Consent],
) -> ReleaseBody:
    said = [item for item in items if isinstance(item, Statement)]
    return ReleaseBody(
        agent=officer.function,
        title=release.title,
        purpose=release.purpose,
        text=release.text,
        about=release.request_ref,
        subjects=[
            SubjectBody(
                id=subject.pk,
                kind=subject.kind,
                category=subject.category,
                statements=[statement_body(one, known, consents) for one in among],
            )
            for subject, among in by_subject(said).items()
        ],
        links=[_link_body(item, known, consents) for item in items if isinstance(item, Link)],
    )


def statement_body(
    statement: Statement, known: Mapping[UUID, Known], consents: Mapping[UUID, Consent]
) -> StatementBody:
    return StatementBody(
        property=statement.property,
        name_kind=statement.name_kind,
        value=statement.value,
        language=statement.language,
        **_evaluated(statement, known, consents),
    )


def _link_body(link: Link, known: Mapping[UUID, Known], consents: Mapping[UUID, Consent]) -> LinkBody:
    return LinkBody(
        kind=link.kind,
        one=link.one.merged_into_id or link.one_id,
        other=link.other.merged_into_id or link.other_id,
        role=link.role,
        **_evaluated(link, known, consents),
    )


def _evaluated(item: Item, known: Mapping[UUID, Known], consents: Mapping[UUID, Consent]) -> dict[str, Any]:
    by_owner = known.get(item.pk)
    consent = consents.get(item.pk)
    return {
        "id": item.pk,
        "owner": item.owner_id,
        "origin": by_owner.number if by_owner and by_owner.known_as != SAID else None,
        "consent": consent.number if consent else None,
        "stated": to_the_millisecond(item.made_at),
        **{name: getattr(item, name) for name in AS_IT_IS},
    }


def says(items: Iterable[Item]) -> list[str]:
    """Each item in one line, for the owner who gave it and for our own file."""
    return [_in_words(item) for item in items]


def _in_words(item: Item) -> str:
    if isinstance(item, Statement):
        return f"{item.property}: {item.value}"[:1000]
    return f"{item.kind}: {item.one.caption} – {item.other.caption}"[:1000]
