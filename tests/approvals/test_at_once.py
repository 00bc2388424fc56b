"""Two reviewers, and an author who goes on typing, at the same moment: real transactions on real connections."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from ilex.approvals import actions
from ilex.approvals.errors import NotNow
from ilex.approvals.models import Approval
from ilex.exchange import reviewing
from ilex.exchange.models import Draft, Request
from ilex.units.models import Officer
from tests.approvals.conftest import asked, written
from tests.exchange.ceca import Ceca
from tests.exchange.test_at_once import together
from tests.exchange.test_pages import LETTER, pages

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_reviewers_one_releases_it(anas: Client, bojan: Officer, dana: Officer, ceca: Ceca) -> None:
    approval = asked(anas)

    def approve(officer: Officer) -> Callable[[], bool]:
        def work() -> bool:
            try:
                actions.approve(officer, approval)
            except NotNow:
                return False
            return True

        return work

    assert sorted(together([approve(bojan), approve(dana)])) == [False, True]
    assert Request.objects.count() == 1


def test_one_withdraws_while_another_approves(anas: Client, ana: Officer, bojan: Officer, ceca: Ceca) -> None:
    approval = asked(anas)

    def tried(verb: Callable[[], object]) -> Callable[[], bool]:
        def work() -> bool:
            try:
                verb()
            except NotNow:
                return False
            return True

        return work

    done = together([tried(lambda: actions.approve(bojan, approval)), tried(lambda: actions.withdraw(ana, approval))])
    assert sorted(done) == [False, True]
    approval.refresh_from_db()
    assert Request.objects.count() == (1 if approval.state == Approval.State.APPROVED else 0)


def test_what_is_typed_while_it_is_asked_is_either_asked_about_or_not_kept(ana: Officer, ceca: Ceca) -> None:
    draft = written(pages(ana), handling="H2")

    def ask() -> int:
        return pages(ana).post(reverse("draft-review", args=[draft]), {"ask": "1", "confirmed": "on"}).status_code

    def type_on() -> int:
        typed = {**LETTER, "handling": "H2", "facts": "Something else"}
        return pages(ana).post(reverse("draft-save", args=[draft]), typed).status_code

    together([ask, type_on])
    kept = Draft.objects.get(pk=draft)
    for approval in Approval.objects.filter(object_id=draft):
        assert bytes(approval.digest) == reviewing.digest(kept)
    assert Approval.objects.exists() or kept.fields["facts"] == ["Something else"]
