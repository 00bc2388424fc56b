from __future__ import annotations

import pytest
from django.test import Client

from ilex.subjects import actions
from ilex.subjects.models import Subject
from ilex.subjects.rules import Evaluation, Said
from ilex.units.models import Circle, Officer, Organisation, Role
from tests.browser import browsing, chromium, page, shot  # noqa: F401  (fixtures)
from tests.exchange.conftest import ana, bojan, house, officer, ours  # noqa: F401  (fixtures)

SECRET_SOURCE = Evaluation(from_note="A colleague in the region", source_grade="B", information_grade="2")


@pytest.fixture
def skopje(house: Organisation) -> Organisation:  # noqa: F811
    return Organisation.objects.get(pk="ilecu-mk")


@pytest.fixture
def dpo(house: Organisation) -> Officer:  # noqa: F811
    return officer("dragan", [Role.PROTECTION], house)


@pytest.fixture
def circle(ana: Officer) -> Circle:  # noqa: F811
    """A closed circle with Ana alone in it."""
    made = Circle.objects.create(name="Winter")
    made.officers.add(ana)
    return made


@pytest.fixture
def as_ana(client: Client, ana: Officer) -> Client:  # noqa: F811
    client.force_login(ana)
    return client


def person(by: Officer, name: str, *more: Said, category: str = "suspect", circle: Circle | None = None) -> Subject:
    return actions.add_subject(by, "person", [Said("name", name), *more], category=category, circle=circle)


def vehicle(by: Officer, plate: str) -> Subject:
    return actions.add_subject(by, "vehicle", [Said("plate", plate)])
