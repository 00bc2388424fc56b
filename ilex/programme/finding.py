"""Finding actions and activities by their words, for the page that searches everything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.programme import index
from ilex.programme.models import Action, Activity
from ilex.programme.queries import values
from ilex.programme.queries.access import visible_actions, visible_activities
from ilex.programme.queries.people import in_words
from ilex.programme.rules.errors import Invalid
from ilex.units.models import Officer

LONGEST, BEST = 200, 10


@dataclass(frozen=True)
class Row:
    """An action or activity that holds the words."""

    key: str
    url: str
    title: str
    language: str
    note: str  # kind and time
    state: str


@dataclass(frozen=True)
class Found:
    rows: tuple[Row, ...]
    more: bool


def search(officer: Officer, text: str, *, reason: str = "", count: int = BEST) -> Found:
    """Actions first, then activities, the newest of each first. The journal keeps what was looked for.

    Raises Invalid("q") for a text without a letter or digit.
    """
    asked = index.query(text[:LONGEST])
    if not asked:
        raise Invalid({"q": _("Type a word, a name or a number.")})
    newest = F("first").desc(nulls_last=True), "id"
    with act("programme.searched", Operation.CONSULTATION, by=officer, on=("search", ""), reason=reason) as this:
        actions = visible_actions(officer).filter(search__holds=asked).order_by(*newest)[: count + 1]
        activities = visible_activities(officer).filter(search__holds=asked).order_by(*newest)[: count + 1]
        rows = list(_rows([*actions.defer("search"), *activities.defer("search")]))
        this.detail |= {"text": text[:LONGEST], "found": [row.key for row in rows[:count]]}
    return Found(tuple(rows[:count]), len(rows) > count)


def _rows(things: Iterable[Action | Activity]) -> Iterator[Row]:
    for one in things:
        kind = "action" if isinstance(one, Action) else "activity"
        when = in_words(one.when, values.language())
        note = " · ".join(filter(None, (str(one.get_kind_display()), when)))
        state = one.get_status_display() if isinstance(one, Action) else one.get_state_display()
        yield Row(f"{kind}:{one.pk}", reverse(kind, args=[one.key]), one.title, one.language, note, str(state))
