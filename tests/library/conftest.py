"""Our unit with Skopje and Budapest as partners. Eda edits and publishes, Vera coordinates and writes, Ana reads."""

from __future__ import annotations

import pytest

from ilex.library.actions import items
from ilex.library.actions.publishing import publish
from ilex.library.models import Item
from ilex.units.models import Officer, Organisation, Role
from tests.exchange.conftest import officer
from tests.programme.conftest import ana, browsing, budapest, ceca, chromium, house, ours, page, shot, vera

__all__ = ["ana", "browsing", "budapest", "ceca", "chromium", "house", "ours", "page", "shot", "vera"]


@pytest.fixture
def eda(house: Organisation) -> Officer:
    """The editor."""
    return officer("eda", [Role.EDITOR], house)


@pytest.fixture
def chief(house: Organisation) -> Officer:
    """The head of the unit, who switches the public site."""
    return officer("chief", [Role.HEAD], house)


def letter(
    title: str = "Joint training held in Belgrade", body: str = "Forty officers took part.", **more: object
) -> items.Letter:
    language = str(more.pop("language", "en"))
    return items.Letter(text=items.Text(language, title, "A day of *training*.", body), **more)  # type: ignore[arg-type]


def published(
    eda: Officer, title: str = "Joint training held in Belgrade", *, public: bool = False, **more: object
) -> Item:
    item = items.write_item(eda, letter(title, **more))  # type: ignore[arg-type]
    publish(eda, item, public=public)
    return item
