"""A programme full of invented actions, activities and parts. For a throw-away database only."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import connection, transaction
from django.utils.timezone import now

from ilex.exchange import index
from ilex.exchange.bench import PLACES, THINGS
from ilex.gate.ids import uuid7
from ilex.index import vector
from ilex.journal.actions import Act, write_many
from ilex.journal.models import Operation
from ilex.journal.rows import insert_many
from ilex.programme.kinds import ActivityKind, FindingKind
from ilex.programme.kinds import InvolvementRole as Role
from ilex.programme.models import Action, Activity, Amount, Finding, Person
from ilex.programme.rules.themes import THEMES
from ilex.units.models import Officer, Organisation, Place
from ilex.units.queries import here
from ilex.words.edtf import When

BATCH = 2_000  # things of one transaction
FACILITIES, ORGANISATIONS, PERSONS = 20, 2_000, 5_000
OF_ACTIONS = 0.15  # of all parts; the others are taken in activities
YEARS = range(2010, 2028)
SUBJECTS = ("border police", "document fraud", "trafficking", "joint patrols", "information exchange", "training")
ABOUT_ACTION = (
    *(Role.COUNTRY, Role.PARTNER_COUNTRY, Role.FOCUS_COUNTRY, Role.PARTNER, Role.COLLABORATING, Role.FUNDER),
    *(Role.IMPLEMENTING, Role.DONOR, Role.MEMBER_STATE),
)
ABOUT_ACTIVITY = (Role.PARTICIPANT, Role.SPEAKER, Role.HOST, Role.ORGANISER, Role.GUEST, Role.MODERATOR)
OF_PLACES = (Role.COUNTRY, Role.PARTNER_COUNTRY, Role.FOCUS_COUNTRY, Role.MEMBER_STATE)
OF_PERSONS = (Role.SPEAKER, Role.MODERATOR, Role.GUEST)

# Draws a role for each part, then somebody who can take it. What is drawn twice is left out.
DRAW = """
    INSERT INTO programme_involvement ({of}_id, role, place_id, organisation_id, person_id, "order", lines, state,
        "when", quantity, printed, footnote_mark, footnote, note, taken_back_why)
    SELECT thing, role,
        CASE WHEN role = ANY(%(of_places)s) THEN (%(places)s::text[])[chance] END,
        CASE WHEN NOT role = ANY(%(of_places)s) AND NOT role = ANY(%(of_persons)s)
            THEN (%(organisations)s::text[])[chance] END,
        CASE WHEN role = ANY(%(of_persons)s) THEN (%(persons)s::uuid[])[chance] END,
        place, '{{}}', '', '', '', '', '', '', '', ''
    FROM (
        SELECT thing, place, role, 1 + floor(random() * CASE
            WHEN role = ANY(%(of_places)s) THEN cardinality(%(places)s::text[])
            WHEN role = ANY(%(of_persons)s) THEN cardinality(%(persons)s::uuid[])
            ELSE cardinality(%(organisations)s::text[]) END)::int AS chance
        FROM (
            SELECT thing, place, (%(roles)s::text[])[1 + floor(random() * cardinality(%(roles)s::text[]))::int] AS role
            FROM unnest(%(things)s::uuid[]) AS thing, generate_series(1, %(each)s) AS place
        ) AS drawn
    ) AS part
    ON CONFLICT DO NOTHING
"""
DRAWN = {of: DRAW.format(of=of) for of in ("action", "activity")}


def seed_many(actions: int, activities: int, involvements: int, *, officer: Officer, seed: int = 1) -> None:
    """Put invented things on file; the same seed gives the same ones. Each batch is one transaction."""
    maker = Maker(random.Random(seed), officer, now())  # noqa: S311  # invented, no secret
    maker.prepare()
    of_actions = int(involvements * OF_ACTIONS)
    for first in range(0, actions, BATCH):
        count = min(BATCH, actions - first)
        maker.make_actions(count, of_actions * count // actions)
    for first in range(0, activities, BATCH):
        count = min(BATCH, activities - first)
        maker.make_activities(count, (involvements - of_actions) * count // activities)
    with connection.cursor() as cursor:  # as autovacuum would have by then
        cursor.execute("VACUUM ANALYZE programme_action, programme_activity, programme_involvement, programme_amount")
        cursor.execute("VACUUM ANALYZE programme_finding, programme_person, units_organisation")


@dataclass
class Maker:
    chance: random.Random
    officer: Officer
    at: datetime
    house: Organisation = field(default_factory=here)
    places: Sequence[str] = ()
    organisations: Sequence[str] = ()
    persons: Sequence[UUID] = ()
    above: list[UUID] = field(default_factory=list)  # facilities
    known: list[UUID] = field(default_factory=list)
    number: int = 0

    def prepare(self) -> None:
        """Organisations and persons who take part; places are those of the directory."""
        self.places = list(Place.objects.filter(kind=Place.Kind.STATE).order_by("pk").values_list("pk", flat=True))
        made = [
            Organisation(
                id=f"bench-{number}",
                kind=Organisation.Kind.AUTHORITY,
                place_id=self.chance.choice(self.places),
                name=f"Invented authority {number}",
            )
            for number in range(ORGANISATIONS)
        ]
        Organisation.objects.bulk_create(made, batch_size=1_000, ignore_conflicts=True)
        self.organisations = [one.pk for one in made]
        persons = [
            Person(function=f"Invented function {number}", organisation_id=self.chance.choice(self.organisations))
            for number in range(PERSONS)
        ]
        insert_many(persons)
        self.persons = [one.pk for one in persons]

    @transaction.atomic
    def make_actions(self, count: int, involvements: int) -> None:
        actions = [self.action() for _ in range(count)]
        insert_many(actions)
        insert_many([Amount(action=one, role="total", **self.money()) for one in actions if one.kind != "facility"])
        insert_many([self.finding(one) for one in actions if self.chance.random() < 0.5])
        self.parts("action", [one.pk for one in actions], involvements)
        self.written("action", actions)

    @transaction.atomic
    def make_activities(self, count: int, involvements: int) -> None:
        activities = [self.activity() for _ in range(count)]
        insert_many(activities)
        self.parts("activity", [one.pk for one in activities], involvements)
        self.written("activity", activities)

    def written(self, kind: str, things: Sequence[Action | Activity]) -> None:
        name = f"{kind}.invented"
        write_many(Act(name, Operation.OPERATION, by=self.officer, on=(kind, str(one.pk))) for one in things)

    def action(self) -> Action:
        self.number += 1
        chance, facility = self.chance, len(self.above) < FACILITIES
        kind = "facility" if facility else "component" if chance.random() < 0.3 and self.known else "project"
        parent = None if facility else chance.choice(self.known if kind == "component" else self.above)
        title = f"{chance.choice(SUBJECTS).capitalize()}, {chance.choice(PLACES)}, {self.number}"
        made = Action(
            id=uuid7(),
            key=f"bench-action-{self.number}",
            kind=kind,
            parent_id=parent,
            title=title,
            summary=" ".join(chance.choice(THINGS + PLACES) for _ in range(30)),
            themes=chance.sample(list(THEMES), 2),
            status=chance.choice(Action.Status.values),
            owner=self.house,
            made_by=self.officer,
            made_at=self.at,
            changed_at=self.at,
            search=vector(index.words(title)),
        )
        first = self.day()
        made.take_when(
            When.parse(f"{first:%Y-%m}/{first + timedelta(days=700):%Y-%m}" if chance.random() < 0.9 else "")
        )
        (self.above if facility else self.known).append(made.pk)
        return made

    def activity(self) -> Activity:
        self.number += 1
        chance, first = self.chance, self.day()
        title = f"{chance.choice(ActivityKind.labels)}: {chance.choice(SUBJECTS)}, {self.number}"
        made = Activity(
            id=uuid7(),
            key=f"bench-activity-{self.number}",
            kind=chance.choice(ActivityKind.values),
            state=Activity.State.HELD if first < self.at.date() else Activity.State.ANNOUNCED,
            action_id=chance.choice(self.known),
            title=title,
            place_id=chance.choice(self.places),
            owner=self.house,
            made_by=self.officer,
            made_at=self.at,
            changed_at=self.at,
            search=vector(index.words(title)),
        )
        made.take_when(When.parse(f"{first}/{first + timedelta(days=chance.randrange(5))}"))
        return made

    def parts(self, of: str, ids: Sequence[UUID], count: int) -> None:
        """About so many parts, spread over these things: drawn by the database, since a million rows are many."""
        roles = ABOUT_ACTION if of == "action" else ABOUT_ACTIVITY
        with connection.cursor() as cursor:
            cursor.execute("SELECT setseed(%s)", [self.chance.random()])
            cursor.execute(
                DRAWN[of],
                {
                    "things": list(ids),
                    "each": max(1, round(count / len(ids))),
                    "roles": [role.value for role in roles],
                    "of_places": [role.value for role in OF_PLACES],
                    "of_persons": [role.value for role in OF_PERSONS],
                    "places": list(self.places),
                    "organisations": list(self.organisations),
                    "persons": list(self.persons),
                },
            )

    def money(self) -> dict[str, object]:
        if self.chance.random() < 0.1:
            return {"value": None, "currency": "", "note": "Not stated."}
        return {"value": Decimal(self.chance.randrange(10_000, 5_000_000)), "currency": "EUR"}

    def finding(self, action: Action) -> Finding:
        return Finding(action=action, kind=self.chance.choice(FindingKind.values), text="Something came out of it.")

    def day(self) -> date:
        return date(self.chance.choice(YEARS), 1, 1) + timedelta(days=self.chance.randrange(365))
