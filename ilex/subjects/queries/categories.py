"""Which fields a subject can have, and what stands in the way of another category."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext

from ilex.subjects.models import Statement, Subject
from ilex.subjects.queries.statements import members
from ilex.words import kinds


def sayable(subject: Subject) -> list[tuple[str, list[tuple[str, str]]]]:
    """The fields that the law allows for it, by group: what can be added."""
    kind = kinds.kind(subject.kind)
    allowed = kind.permitted(subject.category)
    groups = [
        (
            gettext(group.text),
            [
                (one.code, gettext(one.text))
                for one in kind.properties.values()
                if one.group == group.code and one.code in allowed
            ],
        )
        for group in kind.groups
    ]
    return [(title, fields) for title, fields in groups if fields]


def not_permitted(subject: Subject, category: str) -> Sequence[Statement]:
    """The live statements of a subject, and of those merged into it, that the law does not allow in this category."""
    live = Statement.objects.filter(subject__in=members(subject), withdrawn_at=None).order_by("made_at", "id")
    allowed = kinds.permitted(subject.kind, category)
    return [one for one in live.select_related("owner") if one.property not in allowed]
