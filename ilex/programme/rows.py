"""Turns entries of the seed files into rows of the tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from ilex.gate.ids import uuid7
from ilex.programme.entries import ActionRow, ActivityRow, InvolvementRow, Row, ThingRow
from ilex.programme.kinds import SourceKind
from ilex.programme.models import (
    Action,
    Activity,
    Amount,
    Asset,
    Claim,
    Finding,
    Involvement,
    Objective,
    Outcome,
    Person,
    Remark,
    Session,
    Source,
)
from ilex.programme.models.base import Dated
from ilex.programme.seeds import Seeds, value_of
from ilex.words.edtf import When

PUBLISHED = (SourceKind.FACTSHEET, SourceKind.PAGE, SourceKind.FEED)  # what anybody can read

Who = tuple[str, str | None, str | None]  # function, organisation, place


@dataclass
class Rows:
    """All rows that the seeds ask for. Things that are there already keep their ids, which stand in `ids`."""

    seeds: Seeds
    at: datetime
    ids: dict[tuple[str, str], UUID] = field(default_factory=dict)  # ("action", "mpf") -> its id
    persons: dict[Who, UUID] = field(default_factory=dict)

    def id(self, what: str, key: str) -> UUID:
        """The id of the thing; a new one for a thing that is not there yet."""
        return self.ids.setdefault((what, key), uuid7())

    def link(self, what: str, key: str) -> UUID | None:
        """As `id`; None where no thing is named."""
        return self.id(what, key) if key else None

    def sources(self) -> Iterator[Source]:
        for row in self.seeds.sources.values():
            yield Source(
                key=row.key,
                kind=row.kind.value,
                title=row.title,
                publisher_id=row.publisher or None,
                stated_on=row.stated,
                url=row.url,
                layout=list(row.layout),
                lines=list(row.lines),
            )

    def actions(self) -> Iterator[Action]:
        for row in self.seeds.actions.values():
            made = Action(
                id=self.id("action", row.key),
                kind=row.kind.value,
                parent_id=self.link("action", row.parent),
                predecessor_id=self.link("action", row.predecessor),
                continues=row.continues,
                order=row.order,
                short=row.short,
                summary=row.summary,
                themes=list(row.themes),
                status=row.status.value if row.status else "",
                status_printed=row.status_printed,
                public=self._published("action", row),
                made_at=self.at,
                changed_at=self.at,
                **self._thing("action", row),
            )
            yield _dated(made, row.when)

    def activities(self) -> Iterator[Activity]:
        for row in self.seeds.activities.values():
            made = Activity(
                id=self.id("activity", row.key),
                kind=row.kind.value,
                action_id=self.link("action", self.seeds.within.get(row.key, "")),
                text=row.text,
                place_id=row.place or None,
                place_printed=row.place_printed,
                venue=row.venue,
                mode=row.mode.value if row.mode else "",
                format=row.format,
                capacity=row.capacity,
                capacity_printed=row.capacity_printed,
                attended=row.attended,
                signatories=row.signatories,
                shaped_by_id=self.link("activity", row.shaped_by),
                follows_id=self.link("activity", row.follows),
                topics=list(row.topics),
                levels=list(row.levels),
                patrol_levels=[level.value for level in row.patrol_levels],
                public=self._published("activity", row),
                made_at=self.at,
                changed_at=self.at,
                **self._thing("activity", row),
            )
            made.lines = [*row.lines, *(line for line in row.topic_lines if line not in row.lines)]
            yield _dated(made, row.when)

    def people(self) -> Iterator[Person]:
        wanted = {_who(one) for _what, row in self.seeds.things for one in row.involvements if one.function}
        for who in sorted(wanted, key=str):
            function, organisation, place = who
            number = self.persons.setdefault(who, uuid7())
            yield Person(id=number, function=function, organisation_id=organisation, place_id=place)

    def involvements(self) -> Iterator[Involvement]:
        for what, row in self.seeds.things:
            for one in row.involvements:
                yield Involvement(
                    **self._of(what, row),
                    **self._read(what, row, one),
                    role=one.role.value,
                    place_id=None if one.function else one.place or None,
                    organisation_id=None if one.function else one.organisation or None,
                    person_id=self.persons[_who(one)] if one.function else None,
                    order=one.order,
                    when=one.when,
                    quantity=one.quantity,
                    printed=one.printed,
                    footnote_mark=one.footnote_mark,
                    note=one.note,
                )

    def objectives(self) -> Iterator[Objective]:
        for action, order, row in self._each("objectives"):
            common = {**self._of("action", action), **self._read("action", action, row), "order": order}
            common.pop("activity_id")
            yield Objective(**common, level=row.level.value, text=row.text, stages=list(row.stages))

    def amounts(self) -> Iterator[Amount]:
        for action, _order, row in self._each("amounts"):
            yield Amount(
                action_id=self.id("action", action.key),
                **self._read("action", action, row),
                role=row.role.value,
                value=value_of(row.value),
                currency=row.currency,
                funding_line=row.funding_line,
                funding_printed=row.funding_printed,
                printed=row.printed,
                note=row.note,
            )

    def claims(self) -> Iterator[Claim]:
        for common, row in self._said("claims"):
            yield Claim(
                **common,
                field=row.field,
                value=row.value,
                printed=row.printed,
                stated_on=row.stated,
                preferred=row.preferred,
                reason=row.reason,
                note=row.note,
            )

    def findings(self) -> Iterator[Finding]:
        for common, row in self._said("findings"):
            yield Finding(
                **common,
                id=self.id("finding", row.key),
                key=row.key,
                kind=row.kind.value,
                text=row.text,
                quantity=row.quantity,
                levels=list(row.levels),
                said_by=row.said_by,
                answers_id=self.link("finding", row.answers),
            )

    def remarks(self) -> Iterator[Remark]:
        for common, row in self._said("remarks"):
            yield Remark(**common, kind=row.kind.value, text=row.text, names=row.names)

    def sessions(self) -> Iterator[Session]:
        for activity in self.seeds.activities.values():
            for row in activity.sessions:
                yield Session(
                    activity_id=self.id("activity", activity.key),
                    **self._read("activity", activity, row),
                    order=row.order,
                    title=row.title,
                    form=row.form.value if row.form else "",
                    text=row.text,
                )

    def outcomes(self) -> Iterator[Outcome]:
        for activity in self.seeds.activities.values():
            for order, row in enumerate(activity.outcomes, 1):
                made = Outcome(
                    activity_id=self.id("activity", activity.key),
                    **self._read("activity", activity, row),
                    order=order,
                    kind=row.kind.value,
                    text=row.text,
                    duration=row.duration,
                    place_id=row.place or None,
                )
                yield _dated(made, row.when)

    def assets(self) -> Iterator[Asset]:
        for action, _order, row in self._each("assets"):
            yield Asset(
                id=self.id("asset", row.key),
                key=row.key,
                **self._read("action", action, row),
                kind=row.kind.value,
                text=row.text,
                action_id=self.id("action", action.key),
                need_id=self.id("finding", row.need),
                changed_at=self.at,
            )

    def _thing(self, what: str, row: ThingRow) -> dict[str, Any]:
        names = ("key", "title", "title_printed", "printed", "duration", "duration_printed")
        return {name: getattr(row, name) for name in names} | self._read(what, row, row)

    def _published(self, what: str, row: ThingRow) -> bool:
        """Whether the source itself tells it to everybody: only such a thing may stand on the public site."""
        return self.seeds.sources[self.seeds.source_of(what, row.key, row)].kind in PUBLISHED

    def _of(self, what: str, row: ThingRow) -> dict[str, Any]:
        number = self.id(what, row.key)
        return {
            "action_id": number if what == "action" else None,
            "activity_id": number if what == "activity" else None,
        }

    def _read(self, what: str, thing: ThingRow, row: Row) -> dict[str, Any]:
        return {"source_id": self.seeds.source_of(what, thing.key, row), "lines": list(row.lines)}

    def _each(self, name: str) -> Iterator[tuple[ActionRow, int, Any]]:
        for action in self.seeds.actions.values():
            for order, row in enumerate(getattr(action, name), 1):
                yield action, order, row

    def _said(self, name: str) -> Iterator[tuple[dict[str, Any], Any]]:
        for what, thing in self.seeds.things:
            rows: Iterable[Any] = getattr(thing, name)
            for order, row in enumerate(rows, 1):
                yield {**self._of(what, thing), **self._read(what, thing, row), "order": order}, row


def _who(one: InvolvementRow) -> Who:
    return one.function, one.organisation or None, one.place or None


def _dated(row: Any, when: str) -> Any:
    """Any of the dated tables: Django's stubs know no common type with the columns of each."""
    assert isinstance(row, Dated)  # noqa: S101
    row.take_when(When.parse(when))
    return row


def extra(seeds: Seeds) -> Iterator[ActivityRow]:
    """Activities that lie in several actions, or are to be spread over places."""
    yield from (row for row in seeds.activities.values() if row.also_in or row.even_over)
