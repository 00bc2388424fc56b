"""The list of actions: one statement for the rows, and one for the countries beside them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext

from ilex.programme import index
from ilex.programme.kinds import ActionKind, ActionStatus, AmountRole
from ilex.programme.kinds import InvolvementRole as Role
from ilex.programme.models import Action, Amount, Claim, Involvement
from ilex.programme.queries import values
from ilex.programme.queries.access import visible_actions
from ilex.programme.queries.people import Named, Names, in_words
from ilex.programme.rules.themes import theme_name
from ilex.units.models import Officer, Organisation, Place

PAGE = 50
PARTS = (ActionKind.COMPONENT, ActionKind.PHASE)  # shown with the action they are a part of
COUNTRIES = (Role.COUNTRY, Role.FOCUS_COUNTRY, Role.MEMBER_STATE, Role.PARTNER_COUNTRY, Role.TARGET_REGION)
UNSAID = "unsaid"  # of a status that nobody says


@dataclass(frozen=True)
class ActionFilter:
    kind: str = ""
    status: str = ""
    theme: str = ""
    place: str = ""
    organisation: str = ""
    year: int | None = None
    words: str = ""
    parts: bool = False  # also components and phases; any filter but the year looks at them too


@dataclass(frozen=True)
class Mark:
    """The last row of a page: the next page begins behind it."""

    first: date | None
    pk: UUID

    def __str__(self) -> str:
        return f"{self.first or '-'}.{self.pk}"

    @classmethod
    def read(cls, text: str) -> Mark | None:
        """None for what is not a mark: then the list begins at its beginning."""
        first, _point, pk = text.partition(".")
        try:
            return cls(date.fromisoformat(first) if first != "-" else None, UUID(pk))
        except ValueError:
            return None


@dataclass(frozen=True)
class ActionRow:
    key: str
    title: str
    short: str
    language: str
    kind: str
    parent: str
    when: str  # in words; empty: not stated
    status: str
    themes: Sequence[str]
    countries: Sequence[Named]
    budget: str
    conflict: bool  # sources differ and nobody has decided


@dataclass(frozen=True)
class Page:
    rows: Sequence[ActionRow]
    next: Mark | None


def listed(officer: Officer, filters: ActionFilter | None = None, after: Mark | None = None, count: int = PAGE) -> Page:
    """The newest first; those of which no time is known stand last."""
    found = chosen(visible_actions(officer), filters or ActionFilter())
    if after is not None:
        found = found.filter(_behind(after))
    rows = list(_with_budget(found).order_by(F("first").desc(nulls_last=True), "id")[: count + 1])
    mark = Mark(rows[count - 1].first, rows[count - 1].pk) if len(rows) > count else None
    return Page(rows_of(rows[:count]), mark)


def chosen(found: QuerySet[Action], filters: ActionFilter) -> QuerySet[Action]:
    found = found.filter(*_conditions(filters))
    for who in ("place", "organisation"):
        if code := getattr(filters, who):
            involved = Involvement.objects.filter(action=OuterRef("pk"), **{who: code})
            found = found.filter(Exists(involved))
    return found


def _conditions(filters: ActionFilter) -> Iterator[Q]:
    if filters.kind:
        yield Q(kind=filters.kind)
    elif not (filters.parts or filters.theme or filters.place or filters.organisation or filters.words):
        yield ~Q(kind__in=PARTS)
    if filters.status:
        yield Q(status="" if filters.status == UNSAID else filters.status)
    if filters.theme:
        yield Q(themes__contains=[filters.theme])
    if filters.year is not None:
        yield _in_year(filters.year)
    if filters.words:
        asked = index.query(filters.words)
        yield Q(search__holds=asked) if asked else Q(pk__in=[])


def _in_year(year: int) -> Q:
    """A part of it may lie in this year; of what has no date at all nothing does."""
    begun = Q(first=None) | Q(first__lte=date(year, 12, 31))
    lasts = Q(last=None) | Q(last__gte=date(year, 1, 1))
    return begun & lasts & ~Q(first=None, last=None)


def _behind(mark: Mark) -> Q:
    if mark.first is None:
        return Q(first=None, pk__gt=mark.pk)
    return Q(first__lt=mark.first) | Q(first=mark.first, pk__gt=mark.pk) | Q(first=None)


def _with_budget(found: QuerySet[Action]) -> QuerySet[Action]:
    total = Amount.objects.filter(action=OuterRef("pk"), role=AmountRole.TOTAL).order_by("pk")
    open_claims = Claim.objects.filter(action=OuterRef("pk"))
    return (
        found.select_related("parent")
        .defer("search", "summary", "continues", "parent__search", "parent__summary", "parent__continues")
        .annotate(
            budget=Subquery(total.values("value")[:1]),
            currency=Subquery(total.values("currency")[:1]),
            claimed=Exists(open_claims),
        )
    )


def rows_of(actions: Sequence[Action]) -> list[ActionRow]:
    names = Names.read(values.language())
    countries = _countries([one.pk for one in actions])
    conflicts = _in_conflict([one.pk for one in actions if one.claimed])  # type: ignore[attr-defined]  # annotated
    return [_row(one, [names.place(code) for code in countries[one.pk]], one.pk in conflicts) for one in actions]


def _row(action: Action, countries: Sequence[Named], conflict: bool) -> ActionRow:
    value: Decimal | None = action.budget  # type: ignore[attr-defined]  # annotated
    currency: str = action.currency or ""  # type: ignore[attr-defined]
    return ActionRow(
        key=action.key,
        title=action.title,
        short=action.short,
        language=action.language,
        kind=str(action.get_kind_display()),
        parent=str(action.parent) if action.parent else "",
        when=in_words(action.when, values.language()),
        status=str(action.get_status_display()) if action.status else "",
        themes=[theme_name(code) for code in action.themes],
        countries=countries,
        budget=values.money(value, currency) if value is not None else "",
        conflict=conflict,
    )


def _countries(ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """The places of each action, each once, in the order of the sheet."""
    involved = Involvement.objects.filter(action__in=ids, place__isnull=False, role__in=COUNTRIES)
    found: dict[UUID, dict[str, None]] = defaultdict(dict)
    for action, place in involved.order_by("role", "order").values_list("action", "place"):
        if action and place:
            found[action][place] = None
    return defaultdict(list, {action: list(places) for action, places in found.items()})


def _in_conflict(ids: Sequence[UUID]) -> set[UUID]:
    """Actions of which sources state different values of one field, while none is preferred."""
    if not ids:
        return set()
    stated: dict[tuple[UUID | None, str], set[str]] = defaultdict(set)
    decided = set()
    rows = Claim.objects.filter(action__in=ids).exclude(field__startswith=values.NAME_OF)
    for action, field, value, preferred in rows.values_list("action", "field", "value", "preferred"):
        stated[action, field].add(value)
        if preferred:
            decided.add((action, field))
    return {key[0] for key, found in stated.items() if len(found) > 1 and key not in decided and key[0]}


def used_themes() -> list[tuple[str, str]]:
    """Themes of the actions on file, by name."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT unnest(themes) FROM programme_action")
        codes = [code for (code,) in cursor.fetchall()]
    return sorted(((code, theme_name(code)) for code in codes), key=lambda one: one[1])


def places() -> list[tuple[str, str]]:
    """States, territories and groups of the directory, by name. Which of them take part would have to be counted."""
    names = Names.read(values.language())
    codes = Place.objects.exclude(kind=Place.Kind.CITY).values_list("pk", flat=True)
    return sorted(((code, names.place(code).text) for code in codes), key=lambda one: one[1])


def organisation_called(text: str) -> str:
    """The id of the one organisation of this id, short name or name, in any language; empty when there is none."""
    if not text:
        return ""
    for called in (Q(pk=text), Q(acronym__iexact=text), Q(name__iexact=text), Q(names__text__iexact=text)):
        found = set(Organisation.objects.filter(called).values_list("pk", flat=True)[:2])
        if len(found) == 1:
            return found.pop()
    return ""


def called(id: str) -> str:
    """The name of the organisation; of one that is not on file what was typed."""
    return Organisation.objects.filter(pk=id).values_list("name", flat=True).first() or id


def kinds() -> list[tuple[str, str]]:
    return [(code, str(label)) for code, label in ActionKind.choices]


def statuses() -> list[tuple[str, str]]:
    return [*((code, str(label)) for code, label in ActionStatus.choices), (UNSAID, gettext("Not stated"))]


def in_order(ids: Iterable[UUID]) -> list[ActionRow]:
    """The rows of these actions, in this order."""
    wanted = list(ids)
    rows = _with_budget(Action.objects.all()).in_bulk(wanted)
    return rows_of([rows[pk] for pk in wanted if pk in rows])
