"""The author never approves: every way is tried."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from ilex.approvals import actions, queries
from ilex.approvals.errors import NotNow
from ilex.approvals.models import Approval
from ilex.gate.models import Envelope
from ilex.units.models import Officer, Organisation, Role
from tests.approvals.conftest import asked
from tests.exchange.ceca import Ceca
from tests.exchange.conftest import officer
from tests.exchange.test_pages import pages

pytestmark = pytest.mark.django_db
State = Approval.State


def test_by_the_verb(anas: Client, ana: Officer, ceca: Ceca) -> None:
    approval = asked(anas)
    with pytest.raises(PermissionDenied, match="never approves"):
        actions.approve(ana, approval)
    with pytest.raises(PermissionDenied):
        actions.return_(ana, approval, "I know better")
    assert not Envelope.objects.exists()


def test_by_the_page(anas: Client, ceca: Ceca) -> None:
    approval = asked(anas)
    assert "Approve and release" not in anas.get(reverse("approval", args=[approval.pk])).content.decode()
    assert anas.post(reverse("approval-approve", args=[approval.pk])).status_code == 403
    assert anas.post(reverse("approval-return", args=[approval.pk]), {"answer": "x"}).status_code == 403
    assert not Envelope.objects.exists()


def test_by_sending_the_draft_as_if_nobody_were_needed(anas: Client, ceca: Ceca) -> None:
    approval = asked(anas)
    review = reverse("draft-review", args=[approval.object_id])
    assert anas.post(review, {"confirmed": "on"}).headers["Location"] == reverse("approval", args=[approval.pk])
    actions.withdraw(approval.author, approval)
    answer = anas.post(review, {"confirmed": "on"})
    assert answer.status_code == 422
    assert "A second person must approve this" in answer.content.decode()
    assert not Envelope.objects.exists()


def test_by_every_role_at_once(house: Organisation, ceca: Ceca) -> None:
    everything = officer("ema", [role for role in Role if role != Role.AUTHORITY], house)
    approval = asked(pages(everything))
    with pytest.raises(PermissionDenied):
        actions.approve(everything, approval)


def test_by_the_database(anas: Client, ana: Officer, bojan: Officer, ceca: Ceca) -> None:
    rows = Approval.objects.filter(pk=asked(anas).pk)
    for columns in (
        {"state": State.APPROVED, "reviewer": ana, "decided_at": now()},
        {"reviewer": ana},
        {"state": State.APPROVED},  # by nobody
        {"state": State.ALONE},  # without a reason
        {"state": State.ALONE, "answer": "x", "reviewer": bojan},
        {"noted_by": ana},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**columns)
    rows.update(state=State.APPROVED, reviewer=bojan, decided_at=now())
    with pytest.raises(IntegrityError), transaction.atomic():
        rows.update(author=bojan)  # the reviewer made the author afterwards


def test_by_going_alone_when_the_rules_do_not_let_him(anas: Client, ana: Officer, ceca: Ceca) -> None:
    approval = asked(anas)
    with pytest.raises(NotNow):
        actions.release_alone(ana, approval, "I am in a hurry")
    assert anas.post(reverse("approval-alone", args=[approval.pk]), {"reason": "x"}).status_code == 302
    assert not Envelope.objects.exists()


def test_by_a_role_that_approves_nothing(house: Organisation, anas: Client, ceca: Ceca) -> None:
    approval = asked(anas)
    for role in (Role.TRANSLATOR, Role.AUTHORITY, Role.PROTECTION, Role.AUDITOR, Role.ADMINISTRATOR):
        other = officer(f"o.{role.value}", [role], house)
        with pytest.raises(PermissionDenied):
            actions.approve(other, approval)
        assert pages(other).post(reverse("approval-approve", args=[approval.pk])).status_code == 404
        assert not queries.may_see(other, approval)


def test_by_an_account_that_was_closed(anas: Client, bojan: Officer, ceca: Ceca) -> None:
    approval = asked(anas)
    bojan.is_active = False
    bojan.save()
    with pytest.raises(PermissionDenied):
        actions.approve(bojan, approval)
