"""The pages of equipment and agreements in Chromium: accessible, without complaints, and no wider than a telephone."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.urls import reverse
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from ilex.programme.models import Handover
from ilex.units.models import Officer
from tests.browser import SMALL, Shot, axe, is_too_wide, signed_in
from tests.programme.test_agreements import MORE, agreed, copy, dara, says
from tests.programme.test_equipment import answers, asset, bought, given, offered
from tests.sharing.ceca import Partner

__all__ = ["dara"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Browsing = Callable[..., Page]


@pytest.fixture
def addresses(vera: Officer, dara: Officer, ceca: Partner) -> dict[str, str]:
    """Equipment in every state, and an agreement whose copies differ."""
    radios, laptop = bought(vera), bought(vera, name="Laptop", kind="computer", serials=["L-9"])
    out = given(vera, radios, place="Belgrade")
    taken = {"asset": str(radios.pk), "accepted": True}
    ceca.says("programme.handover-answered", answers(ceca, out, taken), out.conversation)
    body = offered(ceca, asset(serials=["MK-1", "MK-2"], quantity=2), asset(name="Печатач"))
    ceca.says("programme.handover", body, uuid4())
    row = agreed(dara, ceca)
    says(ceca, row, "agreement", copy(row.pk, MORE, 2, "changed"))
    received = Handover.objects.get(pk=body["number"])
    return {
        "equipment": reverse("equipment"),
        "handovers": reverse("equipment") + "?show=handovers",
        "needs": reverse("equipment") + "?show=needs",
        "asset": reverse("asset", args=[radios.pk]),
        "to-give": reverse("asset", args=[laptop.pk]),
        "buy": reverse("asset-new"),
        "need": reverse("need-new"),
        "met": reverse("need-met", args=[radios.need_id]),
        "found": reverse("equipment") + "?words=Laptop",
        "give": reverse("handover-new"),
        "given": reverse("handover", args=[out.pk]),
        "received": reverse("handover", args=[received.pk]),
        "answer": reverse("handover-answer", args=[received.pk]),
        "write-off": reverse("asset-write-off", args=[laptop.pk]),
        "agreements": reverse("agreements"),
        "agreement": reverse("agreement", args=[row.pk]),
        "terms": reverse("agreement-edit", args=[row.pk]),
    }


@pytest.mark.parametrize("look", [pytest.param({}, id="desk"), pytest.param({"viewport": SMALL}, id="small")])
def test_pages_are_accessible_and_fit(
    live_server: LiveServer,
    dara: Officer,
    addresses: dict[str, str],
    browsing: Browsing,
    shot: Shot,
    look: dict[str, object],
) -> None:
    page = signed_in(browsing(**look), live_server, dara)
    for name, address in addresses.items():
        page.goto(live_server.url + address)
        axe(page)
        assert not is_too_wide(page), address
        shot(page, f"{name}-{'small' if look else 'desk'}")
