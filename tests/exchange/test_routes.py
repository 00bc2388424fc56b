"""Every route has a rule: each is tried by each role, by nobody, and by a stranger's account.

A route that is not in the table fails the suite: say here who may use it before you add it.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from uuid import uuid4

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from ilex.exchange.models import Entry, Request
from ilex.units.models import Officer, Organisation, Role
from tests.exchange.ceca import Ceca
from tests.exchange.conftest import officer
from tests.routes import Rules, World

pytestmark = pytest.mark.django_db

EVERYBODY = set(Role)
HANDLE = {Role.DUTY, Role.CASE, Role.HEAD}
READ = HANDLE | {Role.TRANSLATOR, Role.PROTECTION}
COUNT = {Role.DUTY, Role.HEAD, Role.PROTECTION, Role.AUDITOR}
WATCH = HANDLE | {Role.PROTECTION, Role.ADMINISTRATOR, Role.COORDINATOR}
KNOW = set(Role) - {Role.AUDITOR}
PAIR = {Role.ADMINISTRATOR, Role.HEAD}
LOG = {Role.PROTECTION, Role.AUDITOR}

PUBLIC = {"sign-in", "sign-out", "language", "up"}
PUBLIC |= {"api-match", "api-health", "api-openapi"}  # a token opens the first: tests/crosscheck/test_api.py
PUBLIC |= {"calendar-file"}  # the secret in the address opens it: tests/programme/test_ics.py
# Who gets further than 403 or 404. The authority of these tests is not designated, and a stranger to the request.
MAY: dict[str, set[Role]] = {
    "settings": EVERYBODY,
    "keys": EVERYBODY,
    "desk": EVERYBODY,  # whoever reads no requests is shown the way to his own pages
    "desk-rows": READ | {Role.AUTHORITY},
    "desk-preview": READ,  # supervisors are told to open the page and give a reason
    "request-new": HANDLE,
    "request-record": HANDLE,
    "information-new": HANDLE,
    "request": READ,
    "request-take": HANDLE,
    "request-assign": READ,  # the verb refuses, and the page says so
    "request-access": READ,
    "request-note": READ,
    "request-close": HANDLE,
    "request-said": READ,
    "request-twin": set(),
    "form-b": READ,
    "statement": READ,
    "letter": HANDLE,
    "entry-letter": HANDLE,
    "form-a": set(),  # of a request entry there is none: nobody gets one, and a stranger learns nothing else
    "paper": set(),
    "drafts": EVERYBODY,
    "draft": HANDLE,
    "draft-save": HANDLE,
    "draft-review": EVERYBODY,  # of an unknown draft: the way back to the desk
    "draft-drop": EVERYBODY,
    "search": READ | {Role.AUTHORITY},
    "statistics": COUNT,
    "statistics-csv": COUNT,
    "statistics-json": COUNT,
    "board": WATCH,
    "card": PAIR,
    "peer-add": PAIR,
    "peer-confirm": PAIR,
    "peer-pause": PAIR,
    "peer-resume": PAIR,
    "journal": LOG,
    "journal-reason": LOG,
    "journal-line": LOG,
    "journal-proof": LOG,
    "journal-heads": LOG | PAIR,
    "journal-explain": PAIR,
    "directory": KNOW,
    "organisation": KNOW,
}
POSTED = {
    *("sign-out", "language", "draft-save", "draft-drop", "peer-add", "peer-confirm", "peer-pause", "peer-resume"),
    *("request-take", "request-assign", "request-access", "request-note", "request-close", "request-said"),
    *("request-twin", "journal-reason", "journal-explain", "draft"),
}
BODY = {"draft": {"kind": "request"}, "draft-save": {"kind": "request"}}

# Each newer room says its own rules in tests/<room>/routes.py.
ROOMS = ("desk", "cases", "sharing", "subjects", "documents", "approvals", "duty", "crosscheck", "programme", "library")
RULES: Rules = {name: rule for room in ROOMS for name, rule in import_module(f"tests.{room}.routes").RULES.items()}


def routes(patterns: list[URLPattern | URLResolver] | None = None) -> Iterator[str]:
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns)
        else:
            yield str(pattern.name)


ROUTES = sorted(set(routes()))


def test_every_route_has_a_rule() -> None:
    assert set(ROUTES) == set(MAY) | set(RULES) | PUBLIC
    assert not set(MAY) & set(RULES)


def address(name: str, asked: Request) -> str:
    entry = Entry.objects.get(request=asked, kind=Entry.Kind.REQUEST)
    arguments: dict[str, list[object]] = {
        "letter": [asked.our_ref, "answer"],
        "entry-letter": [asked.our_ref, entry.id, "correction"],
        "form-a": [entry.id],
        "paper": [uuid4()],
        "organisation": ["ilecu-mk"],
        "desk-preview": [asked.our_ref],
        "journal-line": [1],
        "journal-proof": [1],
    }
    if name.startswith("draft-") or name == "draft":
        return reverse(name, args=[uuid4()])
    if name.startswith("peer-") and name != "peer-add":
        return reverse(name, args=["ilecu-mk"])
    if name.startswith("request-") and name not in ("request-new", "request-record"):
        return reverse(name, args=[asked.our_ref])
    if name in ("request", "form-b", "statement"):
        return reverse(name, args=[asked.our_ref])
    return reverse(name, args=arguments.get(name, []))


def tried(client: Client, name: str, asked: Request) -> HttpResponseBase:
    if rule := RULES.get(name):
        house = Organisation.objects.get(id="ilecu-rs")
        there = reverse(name, args=list(rule.at(World(house, asked))))
        if rule.post is not None:
            return client.post(there, dict(rule.post), headers=dict(rule.headers))
        return client.get(there, headers=dict(rule.headers))
    if name in POSTED:
        return client.post(address(name, asked), BODY.get(name, {}))
    headers = {"HX-Request": "true"} if name == "desk-preview" else {}
    return client.get(address(name, asked), headers=headers)


@pytest.mark.parametrize("name", [name for name in ROUTES if name not in PUBLIC])
def test_nobody_gets_in_without_signing_in(name: str, ceca: Ceca) -> None:
    answer = tried(Client(), name, ceca.asks())
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(reverse("sign-in"))


@pytest.mark.parametrize("name", [name for name in ROUTES if name not in PUBLIC])
def test_each_role_comes_as_far_as_its_rule(name: str, house: Organisation, ceca: Ceca) -> None:
    asked = ceca.asks()
    let_in = set()
    for role in Role:
        client = Client()
        client.force_login(officer(f"{role.value}.{name}", [role], house))
        answer = tried(client, name, asked)
        assert answer.status_code < 500, (role, answer.status_code)
        if answer.status_code not in (403, 404):
            let_in.add(role)
    may = RULES[name].may if name in RULES else MAY[name]
    # Lines 1 and its proof exist for whoever may read the log; "unknown" is told as 404 to them too.
    assert let_in == may or (name in ("journal-line", "journal-proof") and let_in <= may), (
        f"too many: {sorted(let_in - may)}, too few: {sorted(may - let_in)}"
    )


def test_closed_account_is_outside(ana: Officer, ceca: Ceca) -> None:
    asked = ceca.asks()
    client = Client()
    client.force_login(ana)
    Officer.objects.filter(pk=ana.pk).update(is_active=False)
    for name in ("desk", "request", "search", "drafts"):
        assert tried(client, name, asked).status_code == 302
