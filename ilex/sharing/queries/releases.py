"""Which releases an officer may see, and what is in them. Loading is permission."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from ilex.sharing.models import Consent, Disclosure, Release
from ilex.sharing.queries.uses import Item
from ilex.subjects.models import Link, Statement, Subject
from ilex.subjects.queries.access import visible
from ilex.units.models import Officer
from ilex.units.rules import check
from ilex.words import kinds


def hidden_subjects(officer: Officer) -> QuerySet[Subject]:
    """Those of closed circles to which the officer does not belong; for who supervises, who sees them all, none."""
    closed = Subject.objects.filter(circle__isnull=False)
    return closed.exclude(pk__in=closed.filter(visible(officer)).values("pk"))  # `visible` may be empty: all


def visible_releases(officer: Officer) -> QuerySet[Release]:
    """All of which every statement and link is of subjects that he may see. Raises PermissionDenied."""
    check(officer, "subject.read")
    hidden = hidden_subjects(officer).values("pk")
    through, joins = Release.statements.through, Release.links.through
    closed = through.objects.filter(release=OuterRef("pk"), statement__subject__in=hidden)
    joined = joins.objects.filter(Q(link__one__in=hidden) | Q(link__other__in=hidden), release=OuterRef("pk"))
    sent = Disclosure.objects.filter(release=OuterRef("pk"), subject__in=hidden)
    return Release.objects.exclude(Exists(closed)).exclude(Exists(joined)).exclude(Exists(sent))


def release_for(officer: Officer, id: UUID | str) -> Release:
    """Raises Release.DoesNotExist, also when it is not for this officer."""
    return visible_releases(officer).select_related("partner", "author", "approver", "envelope").get(pk=id)


def statements_in(release: Release) -> list[Statement]:
    related = ("subject__merged_into", "owner", "withdrawn_by")
    found = release.statements.select_related(*related).order_by("made_at", "id")
    return sorted(found, key=_place)


def _place(statement: Statement) -> tuple[str, str, int]:
    """By subject, and then in the order of the kind's file."""
    subject = subject_of(statement)
    names = list(kinds.kind(subject.kind).properties)
    known = names.index(statement.property) if statement.property in names else len(names)
    return subject.order, str(subject.pk), known


def links_in(release: Release) -> list[Link]:
    found = release.links.select_related("one__merged_into", "other__merged_into", "owner")
    return list(found.order_by("kind", "made_at", "id"))


def items_in(release: Release) -> list[Item]:
    return [*statements_in(release), *links_in(release)]


def subject_of(item: Item) -> Subject:
    """The subject under which an item stands; of a link the one it goes from."""
    own = item.subject if isinstance(item, Statement) else item.one
    return own.merged_into or own


def by_subject(statements: Iterable[Statement]) -> dict[Subject, list[Statement]]:
    found: dict[Subject, list[Statement]] = {}
    for statement in statements:
        found.setdefault(subject_of(statement), []).append(statement)
    return found


def choosable(officer: Officer, statements: Collection[str | UUID], links: Collection[str | UUID]) -> list[Item]:
    """The live ones among these that he may see."""
    said = Statement.objects.filter(visible(officer, "subject__"), pk__in=statements, withdrawn_at=None)
    joined = Link.objects.filter(visible(officer, "one__"), visible(officer, "other__"))
    joined = joined.filter(pk__in=links, withdrawn_at=None)
    return [
        *said.select_related("subject__merged_into", "owner"),
        *joined.select_related("one__merged_into", "other__merged_into", "owner"),
    ]


def unread(officer: Officer) -> QuerySet[Release]:
    return visible_releases(officer).filter(way=Release.Way.IN, read_at=None)


def with_news(officer: Officer) -> QuerySet[Release]:
    """The officer's own drafts about which an owner has decided since he last looked."""
    decided = Consent.objects.filter(way=Consent.Way.ASKED, read_at=None, decided_at__isnull=False)
    return visible_releases(officer).filter(author=officer, state=Release.State.DRAFT, consents__in=decided).distinct()
