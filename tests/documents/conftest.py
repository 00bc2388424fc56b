from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from uuid import UUID, uuid4

import pytest
from django.urls import reverse
from pytest_django import Settings

from ilex.documents import owners, scanner
from ilex.documents.models import Document
from ilex.documents.owners import Owner
from ilex.gate.models import Attachment
from ilex.gate.store import seal_stream
from ilex.units.models import Officer, Role
from tests.browser import browsing, chromium, page, shot  # noqa: F401
from tests.documents.daemon import Daemon
from tests.exchange.conftest import ana, bojan, ceca, house, ours  # noqa: F401

Keep = Callable[..., Document]


class Drawer:
    """A room of these tests' own: papers lie in a drawer, and its officers see them."""

    def __init__(self) -> None:
        self.id = uuid4()
        self.officers: set[UUID] = set()

    @property
    def place(self) -> tuple[str, UUID]:
        return "drawer", self.id

    def may_see(self, officer: Officer, ids: Collection[UUID]) -> set[UUID]:
        supervises = Role.PROTECTION in officer.roles
        return {id for id in ids if id == self.id and (officer.pk in self.officers or supervises)}


@pytest.fixture
def drawer(ana: Officer) -> Iterator[Drawer]:  # noqa: F811
    """Ana's."""
    made = Drawer()
    made.officers.add(ana.pk)
    before = dict(owners._owners)
    owners.register(
        Owner("drawer", "Drawer", made.may_see, lambda id: reverse("desk"), lambda id: "D-1", lambda id: "C-7")
    )
    yield made
    owners._owners.clear()
    owners._owners.update(before)


def sealed(content: bytes, name: str = "note.txt") -> Attachment:
    return seal_stream([content], name=name)


@pytest.fixture
def daemon(settings: Settings) -> Iterator[Daemon]:
    """A small daemon that speaks ClamAV's protocol and finds EICAR's test text."""
    with Daemon() as running:
        settings.ILEX_SCANNER_AT = running.at
        yield running


@pytest.fixture(autouse=True)
def _no_other_scanner() -> Iterator[None]:
    yield
    scanner.use(None)
