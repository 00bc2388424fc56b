from __future__ import annotations

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from ilex.approvals.models import Approval
from ilex.units.models import Officer, Organisation, Role
from tests.browser import browsing, chromium, page, shot  # noqa: F401  (fixtures)
from tests.exchange.conftest import ana, bojan, budapest, ceca, house, officer, ours  # noqa: F401  (fixtures)
from tests.exchange.test_pages import LETTER, pages

Asked = Callable[..., Approval]


@pytest.fixture
def dana(house: Organisation) -> Officer:  # noqa: F811
    """The head of the unit."""
    return officer("dana", [Role.HEAD], house)


@pytest.fixture
def anas(ana: Officer) -> Client:  # noqa: F811
    return pages(ana)


@pytest.fixture
def bojans(bojan: Officer) -> Client:  # noqa: F811
    return pages(bojan)


@pytest.fixture
def danas(dana: Officer) -> Client:
    return pages(dana)


def written(client: Client, **fields: str) -> UUID:
    """A new draft of whoever holds this client, as far as the last look before it leaves."""
    draft = uuid4()
    answer = client.post(reverse("draft", args=[draft]), {**LETTER, **fields})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return draft


def asked(client: Client, note: str = "", **fields: str) -> Approval:
    """A letter that its author has put before a second person."""
    draft = written(client, **{"handling": "H2", **fields})
    posted = {"ask": "1", "note": note, "confirmed": "on"}
    answer = client.post(reverse("draft-review", args=[draft]), posted)
    approval = Approval.objects.get(object_id=draft)
    assert answer.headers["Location"] == reverse("approval", args=[approval.pk])
    return approval
