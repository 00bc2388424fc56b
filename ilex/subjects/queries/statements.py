"""What is stated of a subject: all of its merged ones together, each with its own source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db.models import Q

from ilex.subjects.models import Link, Merge, Statement, Subject
from ilex.subjects.queries.access import visible
from ilex.subjects.rules import number_key
from ilex.units.models import Officer
from ilex.units.rules import check
from ilex.words import kinds


def members(subject: Subject) -> list[UUID]:
    """The subject and all that were merged into it."""
    return [subject.pk, *Subject.objects.filter(merged_into=subject).values_list("pk", flat=True)]


def statements_of(
    subject: Subject, officer: Officer, *, withdrawn: bool = False, among: Sequence[UUID] = ()
) -> list[Statement]:
    """Live statements of it and of those merged into it, oldest first; the withdrawn ones too when asked for.

    Never one that the law does not allow for its category, not even a withdrawn one. `among` are its `members`, for
    whoever has them already.
    """
    check(officer, "subject.read")
    found = Statement.objects.filter(visible(officer, "subject__"), subject__in=among or members(subject))
    if not withdrawn:
        found = found.filter(withdrawn_at=None)
    allowed = kinds.permitted(subject.kind, subject.category)
    ordered = found.select_related("subject", "owner", "made_by", "withdrawn_by").order_by("made_at", "id")
    return [one for one in ordered if one.property in allowed]


def links_of(subject: Subject, officer: Officer, *, withdrawn: bool = False, among: Sequence[UUID] = ()) -> list[Link]:
    """How it, or one merged into it, is linked with subjects that this officer may see."""
    check(officer, "subject.read")
    ids = among or members(subject)
    found = Link.objects.filter(Q(one__in=ids) | Q(other__in=ids))
    found = found.filter(visible(officer, "one__"), visible(officer, "other__"))
    if not withdrawn:
        found = found.filter(withdrawn_at=None)
    related = ("one__merged_into", "other__merged_into", "owner", "made_by")
    return list(found.select_related(*related).order_by("kind", "made_at", "id"))


def standing(subject: Subject) -> Subject:
    """The one that stands for it; `merged_into` is loaded with it or costs a query."""
    return subject.merged_into or subject


def merges_of(subject: Subject, among: Sequence[UUID] = ()) -> list[Merge]:
    """The merges that made it what it is, newest first; those undone too."""
    ids = among or members(subject)
    found = Merge.objects.filter(Q(kept__in=ids) | Q(gone__in=ids))
    return list(found.select_related("kept", "gone", "by", "undone_by").order_by("-at"))


def same_key(key: str, officer: Officer, *, besides: Iterable[UUID] = (), limit: int = 50) -> list[Statement]:
    """Live statements with this key, of subjects he may see: who else has this number.

    A key is given as it is kept; a number as people write it will do too.
    """
    check(officer, "subject.read")
    keys = {key, number_key(key)} - {""}
    found = Statement.objects.filter(visible(officer, "subject__"), key__in=keys, withdrawn_at=None)
    found = found.exclude(subject__in=list(besides)).select_related("subject__merged_into", "owner")
    return list(found.order_by("made_at", "id")[:limit])


def sharing_numbers(
    subject: Subject, statements: Iterable[Statement], officer: Officer, among: Sequence[UUID] = ()
) -> list[Statement]:
    """Statements of other subjects with a number that this one has: perhaps the same, or connected."""
    numbers = {statement.key for statement in statements if statement.key and is_number(statement.key)}
    if not numbers:
        return []
    found = Statement.objects.filter(visible(officer, "subject__"), key__in=numbers, withdrawn_at=None)
    found = found.exclude(subject__in=among or members(subject)).select_related("subject__merged_into")
    return list(found.order_by("subject__order", "id")[:50])


def is_number(key: str) -> bool:
    """Long enough, with digits, and no date: what two subjects do not share by chance."""
    return len(key) >= 5 and " " not in key and "-" not in key and any(letter.isdigit() for letter in key)
