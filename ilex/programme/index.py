"""The words by which actions and activities are found: titles, texts, themes, and who takes part, folded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from django.db import connection
from django.utils.translation import override

from ilex.exchange import index
from ilex.index import vector
from ilex.programme.models import Action, Activity, Involvement
from ilex.programme.rules.themes import funding_name, theme_name
from ilex.units.models import OrganisationName, PlaceName

BATCH = 500
LANGUAGE = "en"  # of the words for themes; titles and names are in whatever language they are

query = index.query
Names = Mapping[str, Sequence[str]]


def renew(*, actions: Iterable[UUID] = (), activities: Iterable[UUID] = ()) -> None:
    """Make these findable by what they now say; inside the transaction that changed them."""
    waiting = list(actions), list(activities)
    if not any(waiting):
        return
    places = _place_names()
    for part in _batches(waiting[0]):
        _renew_actions(part, places)
    for part in _batches(waiting[1]):
        _renew_activities(part, places)


def renew_thing(thing: Action | Activity) -> None:
    if isinstance(thing, Action):
        renew(actions=[thing.pk])
    else:
        renew(activities=[thing.pk])


def renew_all() -> None:
    renew(
        actions=Action.objects.order_by("pk").values_list("pk", flat=True),
        activities=Activity.objects.order_by("pk").values_list("pk", flat=True),
    )


def _renew_actions(ids: Sequence[UUID], places: Names) -> None:
    involved = _involved("action", ids, places)
    rows = Action.objects.filter(pk__in=ids).prefetch_related("texts", "amounts")
    _write("programme_action", {one.pk: [*_of_action(one), *involved[one.pk]] for one in rows})


def _renew_activities(ids: Sequence[UUID], places: Names) -> None:
    involved = _involved("activity", ids, places)
    rows = Activity.objects.filter(pk__in=ids)
    said = {one.pk: [*_of_activity(one), *places.get(one.place_id or "", ()), *involved[one.pk]] for one in rows}
    _write("programme_activity", said)


def _of_action(action: Action) -> list[str]:
    texts = [part for one in action.texts.all() for part in (one.title, one.summary)]
    lines = {one.funding_line for one in action.amounts.all()} - {""}
    with override(LANGUAGE):
        codes = [*map(theme_name, action.themes), *map(funding_name, lines)]
    own = (action.short, action.title, action.title_printed, action.summary, action.continues)
    return [*own, *texts, *codes, *lines]


def _of_activity(activity: Activity) -> list[str]:
    own = (activity.title, activity.title_printed, activity.text, activity.venue, activity.place_printed)
    return [*own, *activity.topics]


def _involved(of: str, ids: Sequence[UUID], places: Names) -> dict[UUID, list[str]]:
    """What names those who take part: as printed, and as we call them. A person by function and never by name."""
    columns = ("place", "organisation", "organisation__name", "organisation__acronym", "person__function", "printed")
    rows = list(Involvement.objects.filter(**{f"{of}__in": ids}).values_list(of, *columns))
    organisations = _organisation_names({row[2] for row in rows if row[2]})
    found: dict[UUID, list[str]] = defaultdict(list)
    for thing, place, organisation, name, acronym, function, printed in rows:
        known = (*places.get(place or "", ()), *organisations.get(organisation or "", ()))
        found[thing] += [text for text in (name, acronym, function, printed, *known) if text]
    return found


def _place_names() -> Names:
    """All names of each place, in every language."""
    found: dict[str, list[str]] = defaultdict(list)
    for place, text in PlaceName.objects.order_by("pk").values_list("place", "text"):
        found[place].append(text)
    return found


def _organisation_names(ids: set[str]) -> Names:
    found: dict[str, list[str]] = defaultdict(list)
    for organisation, text in OrganisationName.objects.filter(organisation__in=ids).values_list("organisation", "text"):
        found[organisation].append(text)
    return found


def _write(table: str, said: Mapping[UUID, Sequence[str]]) -> None:
    vectors = [vector(index.words(*texts)) for texts in said.values()]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET search = now.words::tsvector FROM unnest(%s::uuid[], %s::text[]) AS now(id, words)"  # noqa: S608
            f" WHERE {table}.id = now.id AND {table}.search IS DISTINCT FROM now.words::tsvector",
            [list(said), vectors],
        )


def _batches(ids: Sequence[UUID]) -> Iterable[Sequence[UUID]]:
    return (ids[start : start + BATCH] for start in range(0, len(ids), BATCH))
