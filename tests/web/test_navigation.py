from __future__ import annotations

import pytest

from ilex.units.models import Officer, Role
from ilex.web import navigation
from ilex.web.navigation import Item

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def only_these(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_items", {})
    monkeypatch.setattr(navigation, "_partners", [])


def test_entries_stand_in_their_order_with_their_numbers(ana: Officer) -> None:
    navigation.register(Item("keys", "Keyboard", "keys", order=20))
    navigation.register(Item("settings", "Settings", "settings", order=10, count=lambda officer: 3))
    first, second = navigation.entries(ana, "/keys")
    assert (first.label, first.count, first.current) == ("Settings", 3, False)
    assert (second.label, second.count, second.current) == ("Keyboard", None, True)


def test_an_entry_is_shown_only_to_whom_it_belongs(ana: Officer) -> None:
    navigation.register(Item("keys", "Keyboard", "keys", verb="peer.pair"))
    assert navigation.entries(ana, "/") == []
    ana.roles = [Role.ADMINISTRATOR]
    assert [entry.label for entry in navigation.entries(ana, "/")] == ["Keyboard"]


def test_a_page_below_an_entry_still_belongs_to_it(ana: Officer) -> None:
    navigation.register(Item("keys", "Keyboard", "keys"))
    assert navigation.entries(ana, "/keys/more")[0].current
    assert not navigation.entries(ana, "/keyspace")[0].current


def test_an_entry_without_its_page_is_left_out(ana: Officer) -> None:
    navigation.register(Item("later", "Later", "a-page-that-comes-later"))
    assert navigation.entries(ana, "/") == []


def test_the_partners_that_are_up_are_handed_in() -> None:
    assert navigation.partners() is None
    navigation.show_partners(lambda: (9, 11))
    assert navigation.partners() == (9, 11)


def test_pages_beside_an_entry_belong_to_it_where_it_says_so(ana: Officer) -> None:
    navigation.register(Item("keys", "Keyboard", "keys", also=("/locks/",)))
    assert navigation.entries(ana, "/locks/9")[0].current
    assert not navigation.entries(ana, "/lockspace/")[0].current


def test_of_a_long_bar_the_entries_of_one_group_stand_behind_one(ana: Officer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "MOST", 2)
    navigation.register(Item("desk", "Desk", "desk", order=1))
    navigation.register(Item("keys", "Keyboard", "keys", order=2, group="Own", count=lambda officer: 2))
    assert [entry.label for entry in navigation.entries(ana, "/keys")] == ["Desk", "Keyboard"]
    navigation.register(Item("settings", "Settings", "settings", order=3, group="Own"))
    desk, own = navigation.entries(ana, "/settings")
    assert (desk.current, desk.below) == (False, ())
    assert (own.label, own.count, own.current) == ("Own", 2, True)
    assert [(entry.label, entry.current) for entry in own.below] == [("Keyboard", False), ("Settings", True)]
    assert own.url == own.below[0].url
