"""Everything that the page of an activity shows, in a number of statements that does not grow with what is on file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from ilex.programme.kinds import Level
from ilex.programme.models import Action, Activity, Invitation, Involvement, Outcome, Session, Source
from ilex.programme.queries import values
from ilex.programme.queries.clashes import ShownClash, clashes_of
from ilex.programme.queries.delivered import Told, deliveries_of, told
from ilex.programme.queries.hours import hours_here, hours_there, span, zone_of
from ilex.programme.queries.news import NewsLine, news_about
from ilex.programme.queries.pages import sources_of
from ilex.programme.queries.parts import Part, RoleGroup, footnotes, involved, mistaken
from ilex.programme.queries.people import Named, Names, in_words
from ilex.programme.queries.said import Mistake, Said, said_of, standing
from ilex.units.models import Officer

MOST = 200


@dataclass(frozen=True)
class ShownSession:
    row: Session
    hours: str  # on the clock of the place
    groups: Sequence[RoleGroup]


@dataclass(frozen=True)
class ShownOutcome:
    row: Outcome
    place: Named | None
    responsible: Named | None
    when: str
    open: bool  # agreed, and not done yet


@dataclass(frozen=True)
class ActivityPage:
    activity: Activity
    names: Names
    when: str
    duration: str
    agrees: bool | None
    hours: str
    hours_here: str
    place: Named | None
    capacity: str
    attended: str
    signatories: str
    levels: Sequence[str]
    patrol_levels: Sequence[str]
    also_in: Sequence[Action]
    even_over: Sequence[Named]
    followed_by: Sequence[Activity]
    shaped: Sequence[Activity]
    involved: Sequence[RoleGroup]
    sessions: Sequence[ShownSession]
    outputs: Sequence[ShownOutcome]
    agreed: Sequence[ShownOutcome]
    said: Said
    mistakes: Sequence[Mistake]
    told: Sequence[Told]
    invitations: Sequence[Invitation]
    clashes: Sequence[ShownClash]
    news: Sequence[NewsLine]
    sources: Sequence[Source]
    footnotes: Sequence[tuple[str, str]]


def page_of(activity: Activity, officer: Officer, *, invitations: Sequence[Invitation] = ()) -> ActivityPage:
    language = values.language()
    wanted = ("person", "source", "taken_back_by")
    everybody = list(Involvement.everything.filter(activity=activity).select_related(*wanted))
    rows = standing(everybody)
    sessions = list(Session.objects.filter(activity=activity).select_related("source"))
    heard = list(Involvement.everything.filter(session__activity=activity).select_related(*wanted))
    spoken = standing(heard)
    outcomes = list(Outcome.objects.filter(activity=activity).select_related("source", "done_by"))
    deliveries = deliveries_of(activity)
    named = {one.responsible_id for one in outcomes if one.responsible_id} | {one.peer_id for one in deliveries}
    names = Names.of([*everybody, *heard], language, named)
    said, groups = said_of(activity, names), involved(rows, names)
    shown = [outcome_of(one, names) for one in outcomes]
    place = place_of(activity, names)
    even_over = [names.place(code) for code in activity.even_over.order_by("code").values_list("code", flat=True)]
    parts: list[Part] = [part for group in groups for part in group.parts]
    return ActivityPage(
        activity=activity,
        names=names,
        when=in_words(activity.when, language),
        duration=values.duration(activity.duration),
        agrees=activity.period.agrees,
        hours=hours_there(activity),
        hours_here=hours_here(activity),
        place=place,
        capacity=values.quantity(activity.capacity),
        attended=values.quantity(activity.attended),
        signatories=values.quantity(activity.signatories),
        levels=activity.levels,
        patrol_levels=[str(Level(one).label) for one in activity.patrol_levels],
        also_in=list(activity.also_in.defer("search").order_by("title", "pk")[:MOST]),
        even_over=even_over,
        followed_by=list(activity.followed_by.defer("search").order_by("title", "pk")[:MOST]),
        shaped=list(activity.shaped.defer("search").order_by("title", "pk")[:MOST]),
        involved=groups,
        sessions=sessions_of(activity, sessions, spoken, names),
        outputs=[one for one in shown if one.row.kind == "output"],
        agreed=[one for one in shown if one.row.kind != "output"],
        said=said,
        mistakes=[*mistaken([*everybody, *heard], names), *said.mistakes],
        told=told(deliveries, names),
        invitations=invitations,
        clashes=clashes_of(activity, names),
        news=news_about(officer, activity),
        sources=sources_of([activity, *rows, *sessions, *spoken, *outcomes, *said.rows]),
        footnotes=footnotes([*(part.named for part in parts), *([place] if place else []), *even_over]),
    )


def place_of(activity: Activity, names: Names) -> Named | None:
    """As printed, with our name beside it; none where it is not known, or only claimed."""
    if activity.place_id:
        ours = names.place(activity.place_id)
        return Named(ours.text, activity.place_printed, ours.footnote, ours.code)
    return Named(activity.place_printed) if activity.place_printed else None


def sessions_of(
    activity: Activity, rows: Sequence[Session], spoken: Sequence[Involvement], names: Names
) -> list[ShownSession]:
    by_session: dict[int | None, list[Involvement]] = defaultdict(list)
    for one in spoken:
        by_session[one.session_id].append(one)
    zone = zone_of(activity)
    return [
        ShownSession(row, span(row.starts_at, row.ends_at, zone), involved(by_session[row.pk], names)) for row in rows
    ]


def outcome_of(row: Outcome, names: Names) -> ShownOutcome:
    return ShownOutcome(
        row,
        names.place(row.place_id) if row.place_id else None,
        names.organisation(row.responsible_id) if row.responsible_id else None,
        in_words(row.when, names.language),
        row.kind == "agreed" and row.done_at is None,
    )
