"""The pages of equipment, hand-overs and agreements: by clicks, and what a wrong form says."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from ilex.journal.actions import act
from ilex.journal.models import Line, Operation
from ilex.programme.models import Asset, ExchangeAgreement, Finding, Handover
from ilex.programme.tiles.agreements import agreements_tiles
from ilex.programme.tiles.equipment import equipment_tiles
from ilex.units.models import Officer
from tests.programme.test_agreements import MORE, TERMS, agreed, copy, dara, digest, says
from tests.programme.test_equipment import asset, bought, offered
from tests.programme.test_nomination_pages import client, page, text_of
from tests.sharing.ceca import Partner

__all__ = ["client", "dara"]

pytestmark = pytest.mark.django_db

BOUGHT = {"kind": "computer", "name": "Laptop", "quantity": "2", "serials": "L-1\nL-2", "value": "900.50"}


def purchase(need: object, **changes: Any) -> dict[str, Any]:
    return {**BOUGHT, "need": str(need), "currency": "EUR", "bought_on": localdate().isoformat(), **changes}


def test_need_purchase_and_hand_over_by_clicks(client: Client, ceca: Partner) -> None:
    shown = page(client, "need-new", text="Two laptops for the patrol", to=["ilecu-mk"])
    assert "The need is on file." in shown
    assert "Two laptops for the patrol" in shown
    assert len(ceca.mail("programme.need")) == 1
    need = Finding.objects.get()
    shown = page(client, "asset-new", **purchase(need.pk))
    assert "Hand it over" in shown
    assert "EUR 900.50" in shown
    row = Asset.objects.get()
    assert row.serials == ["L-1", "L-2"]
    shown = page(client, "handover-new", receiver="ilecu-mk", serials="L-2\r\nL-1", handed_on=localdate().isoformat())
    assert "has not answered yet" in shown
    assert Handover.objects.get().number in shown
    assert "Handed over, not yet accepted" in page(client, "asset", row.pk)
    for show in ("", "?show=handovers", "?show=needs"):
        assert "aria-current" in text_of(client.get(reverse("equipment") + show))


def test_asset_without_a_need_is_refused_by_the_form(client: Client, vera: Officer) -> None:
    with act("finding.added", Operation.COLLECTION, by=vera):
        gap = Finding.objects.create(kind="gap", text="No common channel")
    lines = Line.objects.count()
    for need in ("", gap.pk, uuid4()):
        answer = client.post(reverse("asset-new"), purchase(need))
        assert answer.status_code == 422
        assert 'id="need_error"' in text_of(answer) or "id_need_error" in text_of(answer)
    assert not Asset.objects.exists()
    assert Line.objects.count() == lines


def test_hand_over_is_accepted_line_by_line_and_its_use_checked(client: Client, vera: Officer, ceca: Partner) -> None:
    one, other = asset(), asset(name="Printer")
    body = offered(ceca, one, other)
    ceca.says("programme.handover", body, uuid4())
    assert [tile.name for tile in equipment_tiles(vera)] == ["handovers"]
    assert "Accept what came" in page(client, "handover", body["number"])
    refused = {f"why_{other['id']}": "No toner."}
    shown = page(client, "handover-answer", body["number"], accepted_on=localdate().isoformat(), **refused)
    assert "No toner." in shown
    assert list(equipment_tiles(vera)) == []
    report = {"on": localdate().isoformat(), "condition": "in-use", "text": "Works every day."}
    assert "the giver is told" in page(client, "asset-check", one["id"], **report)
    assert "Works every day." in page(client, "asset", one["id"])
    wrong = page(client, "asset-write-off", one["id"], **(report | {"text": "", "condition": "broken"}))
    assert "This field is required" in wrong
    page(client, "asset-write-off", one["id"], **(report | {"condition": "broken"}))
    assert Asset.objects.get(pk=one["id"]).state == "written-off"


def test_planned_asset_is_bought_from_its_page(client: Client, vera: Officer) -> None:
    row = bought(vera, name="Radio")
    with act("asset.planned", Operation.COLLECTION, by=vera):
        Asset.objects.filter(pk=row.pk).update(state="needed", giver=None, holder=None, serials=[])
    assert "Record the purchase" in page(client, "asset", row.pk)
    page(client, "asset-bought", row.pk, **purchase(""))
    row.refresh_from_db()
    assert (row.state, row.name, row.holder_id) == ("purchased", "Laptop", "ilecu-rs")


def test_agreement_is_drafted_proposed_and_its_copies_shown_side_by_side(dara: Officer, ceca: Partner) -> None:
    hers = Client()
    hers.force_login(dara)
    form = {"partner": "ilecu-mk", "title": "Exchange", "sends": "ours", "since": "2027-01-01", "most_people": "2"}
    wrong = page(hers, "agreement-new", **(form | {"until": "2026-01-01"}))
    assert "The end lies before the beginning." in wrong
    assert not ExchangeAgreement.objects.exists()
    assert "Propose it" in page(hers, "agreement-new", **form)
    row = ExchangeAgreement.objects.get()
    answer = hers.post(f"{reverse('agreement-step', args=[row.pk])}?step=propose", follow=True)
    assert "Proposed: the partner answers." in text_of(answer)
    assert len(ceca.mail("programme.agreement")) == 1


def test_difference_is_shown_and_settled(dara: Officer, ceca: Partner) -> None:
    hers = Client()
    hers.force_login(dara)
    row = agreed(dara, ceca)
    says(ceca, row, "agreement", copy(row.pk, MORE, 2, "changed"))
    assert [tile.name for tile in agreements_tiles(dara)] == ["agreements-differ"]
    shown = page(hers, "agreement", row.pk)
    assert shown.count(">differs<") == 1
    assert "Agree to the partner" in shown
    assert "The copies differ" in page(hers, "agreements")
    hers.post(f"{reverse('agreement-step', args=[row.pk])}?step=agree", {"seen": digest(MORE)})
    row.refresh_from_db()
    assert row.state == "agreed"
    form = {"title": "Exchange", "sends": "ours", "since": TERMS["since"], "most_people": "9", "seen": digest(MORE)}
    assert "The copies differ" in page(hers, "agreement-edit", row.pk, **form)
    hers.post(f"{reverse('agreement-step', args=[row.pk])}?step=end", {"reason": "Done."})
    assert "Done." in page(hers, "agreement", row.pk)
