from __future__ import annotations

from uuid import UUID

from ilex.subjects import actions
from ilex.subjects.models import Subject
from ilex.subjects.rules import Said
from ilex.units.models import Officer, Role
from tests.routes import HANDLE, SUPERVISE, Rule, Rules, World


def writer(world: World) -> Officer:
    found, _made = Officer.objects.get_or_create(
        sign_in="writer", defaults={"name": "Writer", "organisation": world.house, "roles": [Role.CASE]}
    )
    return found


def made(world: World, name: str = "Ana Marković") -> Subject:
    return actions.add_subject(writer(world), "person", [Said("name", name)], category="suspect")


def subject(world: World) -> list[UUID]:
    return [made(world).pk]


def statement(world: World) -> list[UUID]:
    return [made(world).statements.get().pk]


def link(world: World) -> list[UUID]:
    one, other = made(world), made(world, "Maja Petrović")
    return [actions.link(writer(world), one, other, "associate").pk]


def merge(world: World) -> list[UUID]:
    one, other = made(world), made(world, "Maja Petrović")
    return [actions.merge(writer(world), one, other, "Same passport.").pk]


RULES: Rules = {
    "subjects": Rule(HANDLE | SUPERVISE),
    "subject": Rule(HANDLE | SUPERVISE, subject),  # who supervises is asked for his reason
    "subject-new": Rule(HANDLE),
    "subject-mrz": Rule(HANDLE),
    "subject-say": Rule(HANDLE, subject, post={"property": "born"}),
    "subject-link": Rule(HANDLE, subject),
    "subject-merge": Rule(HANDLE, subject),
    "subject-category": Rule(HANDLE, subject),
    "subject-circle": Rule(HANDLE, subject, post={}),
    "statement-correct": Rule(HANDLE, statement),
    "statement-withdraw": Rule(HANDLE, statement),
    "link-withdraw": Rule(HANDLE, link),
    "merge-undo": Rule(HANDLE, merge),
}
