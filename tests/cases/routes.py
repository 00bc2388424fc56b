from __future__ import annotations

from ilex.cases import actions
from ilex.cases.models import Case, Task
from ilex.units.models import Officer, Organisation, Role
from tests.routes import HANDLE, SUPERVISE, Rule, Rules, World


def owner(world: World) -> Officer:
    found, _made = Officer.objects.get_or_create(
        sign_in="owner", defaults={"name": "Owner", "organisation": world.house, "roles": [Role.CASE]}
    )
    return found


def made(world: World) -> Case:
    return actions.open_case(owner(world), title="Blue lorry", requests=[world.asked])


def asked(world: World) -> Task:
    """Of the border police: the authority's officer who tries these routes is a stranger to it."""
    border, _made = Organisation.objects.get_or_create(
        id="border-rs", defaults={"kind": Organisation.Kind.AUTHORITY, "name": "Border police"}
    )
    Officer.objects.get_or_create(
        sign_in="vuk.border", defaults={"name": "Vuk", "organisation": border, "roles": [Role.AUTHORITY]}
    )
    return actions.send_task(owner(world), authority=border, title="Crossings", text="When?", request=world.asked)


def case(world: World) -> list[str]:
    return [made(world).number]


def task(world: World) -> list[str]:
    return [asked(world).number]


def of_request(world: World) -> list[str]:
    return [world.asked.our_ref]


NOBODY: frozenset[Role] = frozenset()

RULES: Rules = {
    "cases": Rule(HANDLE | SUPERVISE),
    "cases-csv": Rule(HANDLE | SUPERVISE),  # who supervises is asked for his reason
    "case-new": Rule(HANDLE),
    "case": Rule(HANDLE | SUPERVISE, case),
    "case-take": Rule(HANDLE, case, post={}),
    "case-assign": Rule(HANDLE, case, post={}),
    "case-note": Rule(HANDLE, case, post={"text": "x"}),
    "case-wake": Rule(HANDLE, case, post={}),
    "case-woken": Rule(HANDLE, case, post={}),
    "case-check": Rule(NOBODY, case, post={"line": "1"}),  # of an unknown line
    "case-request": Rule(HANDLE, case, post={}),
    "case-subject": Rule(NOBODY, case, post={}),  # of an unknown subject
    "case-subjects": Rule(HANDLE, case),
    "case-link": Rule(HANDLE, case, post={}),
    "case-unlink": Rule(HANDLE, case, post={"link": "1"}),
    "case-documents": Rule(HANDLE, case, post={}),
    "case-reopen": Rule(HANDLE, case, post={}),
    "case-edit": Rule(HANDLE, case),
    "case-merge": Rule(HANDLE, case),
    "case-split": Rule(HANDLE, case),
    "case-circle": Rule(HANDLE, case),
    "case-close": Rule(HANDLE, case),
    "case-task": Rule(HANDLE, case),
    "request-task": Rule(HANDLE, of_request),
    "tasks": Rule(HANDLE | SUPERVISE | {Role.AUTHORITY}),
    "task": Rule(HANDLE | SUPERVISE, task),
    "task-documents": Rule(HANDLE, task, post={}),
    "task-act": Rule(HANDLE, lambda world: [asked(world).number, "move"], post={}),
}
