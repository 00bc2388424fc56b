from __future__ import annotations

from uuid import UUID, uuid4

from ilex.gate import store
from ilex.subjects import actions
from ilex.subjects.actions.importing import Asked
from ilex.subjects.actions.trials import try_file
from ilex.subjects.files.tables import Columns
from ilex.subjects.models import Subject
from ilex.subjects.rules import Said
from ilex.units.models import Officer, Role
from tests.exchange.conftest import officer
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


def trial(world: World) -> list[UUID]:
    head = officer(f"head.{uuid4().hex[:12]}", [Role.HEAD], world.house)
    file = store.seal_stream([b"id,name\n1,Ana"], name="old.csv")
    asked = Asked("csv", "old.csv", "Old register", "Trial", Columns(kind="person", category="other"))
    return [try_file(head, file, asked).pk]


NOBODY: frozenset[Role] = frozenset()  # only who tried the file, who is none of those that try
HEAD = frozenset({Role.HEAD})

RULES: Rules = {
    "subject-imports": Rule(HEAD),
    "subject-import-new": Rule(HEAD),
    "subject-import": Rule(NOBODY, trial),
    "subject-import-take": Rule(NOBODY, trial, post={}),
    "subject-import-drop": Rule(NOBODY, trial, post={}),
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
