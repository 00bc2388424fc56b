"""Everything that the page of an action shows, in a number of statements that does not grow with what is on file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, Q, QuerySet, Sum, prefetch_related_objects

from ilex.programme.kinds import ActionKind, AmountRole
from ilex.programme.models import (
    Action,
    ActionText,
    Activity,
    Amount,
    Asset,
    Claim,
    Involvement,
    Objective,
    Source,
)
from ilex.programme.models.base import Sourced
from ilex.programme.queries import values
from ilex.programme.queries.news import NewsLine, news_about
from ilex.programme.queries.parts import RoleGroup, footnotes, involved, mistaken
from ilex.programme.queries.people import Named, Names, in_words
from ilex.programme.queries.said import Mistake, Said, said_of, standing
from ilex.programme.rules.themes import funding_name, theme_name
from ilex.units.models import Officer
from ilex.words import amounts

INSIDE = (ActionKind.COMPONENT, ActionKind.PHASE)  # whose activities are shown with the whole
FIGURE = re.compile(r"[0-9](?:[0-9.,  ]*[0-9])?")
MOST = 200  # parts or activities of one action that are read, and told on its factsheet
SHOWN = 100  # of them on its page


@dataclass(frozen=True)
class ShownAmount:
    row: Amount
    value: str  # in words; “not stated” where no source says it
    doubtful: bool  # as printed it could be read in another way
    funding: str


@dataclass(frozen=True)
class ShownActivity:
    row: Activity
    when: str
    place: Named | None
    within: str  # the part of the action in which it lies


@dataclass(frozen=True)
class ShownPart:
    row: Action
    when: str


@dataclass(frozen=True)
class ActionPage:
    action: Action
    names: Names
    when: str
    duration: str
    agrees: bool | None  # whether the printed duration is that of the dates
    themes: Sequence[str]
    texts: Sequence[ActionText]
    objectives: Sequence[Objective]
    involved: Sequence[RoleGroup]
    said: Said
    mistakes: Sequence[Mistake]
    amounts: Sequence[ShownAmount]
    total: str  # of the budgets of its parts, in words
    parts: Sequence[ShownPart]
    more_parts: bool
    followers: Sequence[Action]
    activities: Sequence[ShownActivity]
    more_activities: bool
    assets: Sequence[Asset]
    news: Sequence[NewsLine]
    sources: Sequence[Source]
    footnotes: Sequence[tuple[str, str]]


def page_of(action: Action, officer: Officer, *, shown: int = MOST) -> ActionPage:
    """What stands on its page; of parts and activities so many."""
    language = values.language()
    wanted = ("person", "source", "taken_back_by")
    everybody = list(Involvement.everything.filter(action=action).select_related(*wanted))
    rows = standing(everybody)
    names = Names.of(everybody, language, _named_in_claims(action))
    parts = list(_parts(action)[: MOST + 1])
    activities = list(_activities(action, parts)[: MOST + 1])
    money = list(Amount.objects.filter(action=action).select_related("payer", "source").order_by("pk"))
    groups, said = involved(rows, names), said_of(action, names)
    objectives = list(Objective.objects.filter(action=action).select_related("source"))
    assets = list(Asset.objects.filter(action=action).select_related("need", "holder", "source").order_by("pk"))
    return ActionPage(
        action=action,
        names=names,
        when=in_words(action.when, language),
        duration=values.duration(action.duration),
        agrees=action.period.agrees,
        themes=[theme_name(code) for code in action.themes],
        texts=list(ActionText.objects.filter(action=action).order_by("language")),
        objectives=objectives,
        involved=groups,
        said=said,
        mistakes=[*mistaken(everybody, names), *said.mistakes],
        amounts=[_amount(one) for one in money],
        total=_total(action, parts),
        parts=[ShownPart(one, in_words(one.when, language)) for one in parts[:shown]],
        more_parts=len(parts) > shown,
        followers=list(Action.objects.filter(predecessor=action).defer("search").order_by("title", "pk")[:MOST]),
        activities=[_activity(one, action, names) for one in activities[:shown]],
        more_activities=len(activities) > shown,
        assets=assets,
        news=news_about(officer, action),
        sources=sources_of([action, *rows, *money, *objectives, *said.rows, *assets]),
        footnotes=footnotes([part.named for group in groups for part in group.parts]),
    )


def _named_in_claims(action: Action) -> set[str]:
    """Organisations and places of which a claim is about the name."""
    claims = Claim.everything.filter(action=action, field__startswith=values.NAME_OF)
    fields = claims.values_list("field", flat=True)
    return {field.removeprefix(values.NAME_OF) for field in fields}


def _parts(action: Action) -> QuerySet[Action]:
    newest = F("first").desc(nulls_last=True)
    return Action.objects.filter(parent=action).defer("search").order_by("order", newest, "id")


def _activities(action: Action, parts: Sequence[Action]) -> QuerySet[Activity]:
    """Its own, those of its components and phases, and those it runs together with other actions."""
    within = [action.pk, *(one.pk for one in parts if one.kind in INSIDE)]
    shared = list(action.shared_activities.order_by().values_list("pk", flat=True)[: MOST + 1])
    found = Activity.objects.filter(Q(action__in=within) | Q(pk__in=shared)).select_related("action").defer("search")
    return found.order_by(F("first").asc(nulls_last=True), "action__order", "id")


def _activity(row: Activity, action: Action, names: Names) -> ShownActivity:
    place = Named(row.place_printed) if row.place_printed else None
    if row.place_id:
        ours = names.place(row.place_id)
        place = Named(ours.text, row.place_printed, ours.footnote, ours.code)
    within = row.action.title if row.action and row.action_id != action.pk else ""
    return ShownActivity(row, in_words(row.when, names.language), place, within)


def _amount(row: Amount) -> ShownAmount:
    line = funding_name(row.funding_line) if row.funding_line else ""
    return ShownAmount(row, values.money(row.value, row.currency), _doubtful(row), line)


def _doubtful(row: Amount) -> bool:
    """Whether what is printed could be read as another figure too."""
    figure = FIGURE.search(row.printed)
    try:
        return bool(figure) and amounts.read_value(figure[0]).doubtful if figure else False
    except ValueError:
        return True


def _total(action: Action, parts: Sequence[Action]) -> str:
    """The budgets of its parts together: what is known by currency, and how many state none. Empty without parts."""
    if not parts:
        return ""
    budgets = Amount.objects.filter(action__parent=action, role=AmountRole.TOTAL).order_by()
    rows = budgets.values_list("currency").annotate(sum=Sum("value"), known=Count("value"), all=Count("pk"))
    total = amounts.Total()
    for currency, value, known, stated in rows:
        total.unknown += stated - known
        if known:
            total.sums[currency] = value
    silent = Action.objects.filter(parent=action).exclude(kind__in=INSIDE)
    total.unknown += silent.exclude(amounts__role=AmountRole.TOTAL).count()
    return values.total_words(total) if total.sums else ""


def sources_of(rows: Iterable[Sourced]) -> list[Source]:
    """Each source that says something on this page, once, in the order in which they come up."""
    found = list(dict.fromkeys(row.source for row in rows if row.source is not None))
    prefetch_related_objects(found, "publisher", "remarks")
    return found
