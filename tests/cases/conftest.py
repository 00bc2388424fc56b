from __future__ import annotations

import pytest
from django.test import Client

from ilex.cases import actions
from ilex.cases.models import Case
from ilex.units.models import Officer, Organisation, Place, Role
from tests.browser import browsing, chromium, page, shot  # noqa: F401  (fixtures)
from tests.exchange.conftest import ana, bojan, budapest, ceca, house, officer, ours  # noqa: F401  (fixtures)


@pytest.fixture
def border(house: Organisation) -> Organisation:  # noqa: F811
    """The border police, a national authority."""
    place = Place.objects.get(code="RS")
    return Organisation.objects.create(
        id="border-rs", kind=Organisation.Kind.AUTHORITY, name="Border police", place=place
    )


@pytest.fixture
def vuk(border: Organisation) -> Officer:
    """Of the border police."""
    return officer("vuk", [Role.AUTHORITY], border)


@pytest.fixture
def dpo(house: Organisation) -> Officer:  # noqa: F811
    return officer("dragan", [Role.PROTECTION], house)


@pytest.fixture
def head(house: Organisation) -> Officer:  # noqa: F811
    return officer("hana", [Role.HEAD], house)


@pytest.fixture
def as_ana(client: Client, ana: Officer) -> Client:  # noqa: F811
    client.force_login(ana)
    return client


@pytest.fixture
def as_vuk(vuk: Officer) -> Client:
    client = Client()
    client.force_login(vuk)
    return client


def a_case(by: Officer, title: str = "Blue lorry", **more: object) -> Case:
    return actions.open_case(by, title=title, **more)  # type: ignore[arg-type]
