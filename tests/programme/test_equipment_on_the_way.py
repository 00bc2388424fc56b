"""What may go wrong between two nodes with equipment: refused, lost, late, said twice, or not true."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate, now

from ilex.gate.models import Delivery, Envelope
from ilex.journal.actions import act
from ilex.journal.models import Line, Operation
from ilex.programme.actions import assets as verbs
from ilex.programme.actions import returning
from ilex.programme.actions.handovers import answer_handover
from ilex.programme.actions.needs import meet_need, record_need
from ilex.programme.models import Asset, Finding, Handover
from ilex.programme.queries.equipment import found_assets, open_needs
from ilex.programme.rules.assets import label_of
from ilex.programme.rules.errors import Invalid, NotNow
from ilex.programme.tiles.equipment import equipment_tiles
from ilex.units.models import Officer
from tests.programme.test_equipment import answers, asset, bought, given, offered
from tests.programme.test_nomination_pages import client, page, text_of
from tests.sharing.ceca import Partner

__all__ = ["client"]

pytestmark = pytest.mark.django_db


def lost(envelope: Envelope | None) -> None:
    """It was not delivered in time."""
    assert envelope is not None
    Delivery.objects.filter(envelope=envelope).update(state=Delivery.State.EXPIRED)


def tiles(officer: Officer) -> list[str]:
    return [tile.name for tile in equipment_tiles(officer)]


def received(ceca: Partner, *things: dict[str, Any], **changes: Any) -> Handover:
    body = offered(ceca, *things, **changes)
    envelope = ceca.says("programme.handover", body, uuid4())
    assert envelope.state == "taken", envelope.failure
    return Handover.objects.get(pk=body["number"])


def step(client: Client, row: Handover, name: str) -> str:
    return text_of(client.post(f"{reverse('handover-step', args=[row.pk])}?step={name}", follow=True))


def test_hand_over_that_their_node_refuses_is_ours_to_hand_over_again(
    client: Client, vera: Officer, ceca: Partner
) -> None:
    radios = bought(vera)
    row = given(vera, radios)
    ceca.stores(row.given)
    ceca.stores(row.given, kind="refused", code="known-asset")
    row.refresh_from_db()
    radios.refresh_from_db()
    assert (row.state, radios.state, radios.holder_id) == ("back", "refused", "ilecu-rs")
    assert tiles(vera) == ["not-accepted"]
    shown = page(client, "handover", row.pk)
    assert "Their node did not take it in (known-asset)." in shown
    assert "Refused by the partner" in shown
    assert "Radio R-7" in text_of(client.get(reverse("equipment"), {"only": "refused"}))
    assert Line.objects.filter(act="handover.turned-away").count() == 1
    assert given(vera, radios).state == "sent"


def test_hand_over_that_was_lost_is_sent_again_or_taken_back(client: Client, vera: Officer, ceca: Partner) -> None:
    row = given(vera, bought(vera))
    for verb in (returning.send_again, returning.take_back):
        with pytest.raises(NotNow, match="may still be"):
            verb(vera, row)
    assert "Take it back" not in page(client, "handover", row.pk)
    lost(row.given)
    assert tiles(vera) == ["handovers-lost"]
    assert "Not delivered in time" in page(client, "handover", row.pk)
    assert "on its way again" in step(client, row, "again")
    first, second = ceca.mail("programme.handover")
    assert first.body == second.body
    assert tiles(vera) == []

    row.refresh_from_db()
    lost(row.given)
    assert "ours to hand over again" in step(client, row, "back")
    row.refresh_from_db()
    assert (row.state, Asset.objects.get().state) == ("back", "refused")
    late = answers(ceca, row, {"asset": str(Asset.objects.get().pk), "accepted": True})
    assert ceca.refused("programme.handover-answered", late, row.conversation) == "answered"


def test_same_hand_over_that_comes_twice_is_one(vera: Officer, ceca: Partner) -> None:
    body, said = offered(ceca), uuid4()
    for _ in range(2):
        assert ceca.says("programme.handover", body, said).state == "taken"
    assert (Handover.objects.count(), Asset.objects.count()) == (1, 1)
    assert ceca.refused("programme.handover", offered(ceca, number=body["number"]), said) == "known-number"


def test_answer_that_the_givers_node_refuses_gives_the_equipment_back(vera: Officer, ceca: Partner) -> None:
    one, other = asset(), asset(name="Printer")
    row = received(ceca, one, other)
    answer_handover(vera, row, localdate(), {Asset.objects.get(pk=other["id"]).pk: "No toner."})
    ceca.stores(row.taken)
    ceca.stores(row.taken, kind="refused", code="answered")
    row.refresh_from_db()
    laptop = Asset.objects.get(pk=one["id"])
    assert (row.state, laptop.state, laptop.holder_id, laptop.accepted_on) == ("back", "refused", "ilecu-mk", None)
    whys = dict(row.handover_lines.values_list("asset__name", "why"))
    assert whys["Printer"] == "No toner."
    assert "(answered)" in whys["Laptop"]
    assert received(ceca, one).state == "sent"


def test_receipt_on_an_older_copy_of_a_message_changes_nothing(vera: Officer, ceca: Partner) -> None:
    row = given(vera, bought(vera))
    old = row.given
    lost(old)
    returning.send_again(vera, row)
    ceca.stores(old)
    ceca.stores(old, kind="refused", code="malformed")
    row.refresh_from_db()
    assert (row.state, Asset.objects.get().state) == ("sent", "on-the-way")


def test_answer_of_ours_that_was_lost_is_sent_again(vera: Officer, ceca: Partner) -> None:
    row = received(ceca)
    answer_handover(vera, row, localdate())
    lost(row.taken)
    returning.send_again(vera, row)
    first, second = ceca.mail("programme.handover-answered")
    assert first.body == second.body
    with pytest.raises(NotNow):
        returning.take_back(vera, row)


def test_number_of_a_partner_neither_takes_nor_drives_on_ours(vera: Officer, ceca: Partner) -> None:
    year = localdate().year
    received(ceca, reference=f"RS-E-{year}-{'9' * 30}")
    received(ceca, reference=f"RS-E-{year}-000001")
    assert given(vera, bought(vera)).number == f"RS-E-{year}-000001"


@pytest.mark.parametrize("wrong", [{"reference": "x" * 41}, {"reference": " "}])
def test_hand_over_with_a_number_that_cannot_be_kept_is_refused(ceca: Partner, wrong: dict[str, str]) -> None:
    assert ceca.refused("programme.handover", offered(ceca) | wrong, uuid4()) == "malformed"


def test_days_that_are_still_to_come_are_refused(vera: Officer, ceca: Partner) -> None:
    far = (localdate() + timedelta(days=3)).isoformat()
    assert ceca.refused("programme.handover", offered(ceca, handed_on=far), uuid4()) == "bad-day"
    need = {"id": str(uuid4()), "text": "Радија", "raised_on": far}
    assert ceca.refused("programme.need", need, uuid4()) == "bad-day"
    row = given(vera, bought(vera))
    taken = {"asset": str(Asset.objects.get().pk), "accepted": True}
    for day in (far, "2001-01-01"):
        said = answers(ceca, row, taken, accepted_on=day)
        assert ceca.refused("programme.handover-answered", said, row.conversation) == "bad-day"
    ceca.says("programme.handover-answered", answers(ceca, row, taken), row.conversation)
    report = {"asset": taken["asset"], "report": "check", "on": far, "condition": "in-use"}
    assert ceca.refused("programme.asset-reported", report, row.conversation) == "bad-day"


def test_report_of_a_unit_to_which_nothing_was_given_does_not_wait(
    vera: Officer, ceca: Partner, budapest: Partner
) -> None:
    row = given(vera, bought(vera))
    report = {"asset": str(Asset.objects.get().pk), "report": "check", "on": "2026-01-01", "condition": "in-use"}
    assert budapest.refused("programme.asset-reported", report, row.conversation) == "not-yours"


def test_use_is_not_checked_here_any_more_once_the_receiver_has_it(vera: Officer, ceca: Partner) -> None:
    """The page was opened before the acceptance came."""
    before = bought(vera)
    row = given(vera, before)
    taken = {"asset": str(before.pk), "accepted": True}
    ceca.says("programme.handover-answered", answers(ceca, row, taken), row.conversation)
    assert before.holder_id == "ilecu-rs"
    with pytest.raises(NotNow, match="Only the unit that holds it"):
        verbs.check(vera, before, localdate(), "in-use")
    with pytest.raises(NotNow, match="Only the unit that holds it"):
        verbs.write_off(vera, before, localdate(), "lost", "Gone.")


def test_need_that_was_taken_back_as_a_mistake_is_answered_by_nothing(vera: Officer, ceca: Partner) -> None:
    need = record_need(vera, "A car")
    need.taken_back_at = now()
    with_it = asset(need=str(need.pk))
    with act("finding.taken-back", Operation.ALTERATION, by=vera):
        need.save()
    assert ceca.refused("programme.handover", offered(ceca, with_it), uuid4()) == "not-a-need"
    said = {"id": str(need.pk), "text": "A car", "raised_on": "2026-01-02"}
    assert ceca.refused("programme.need", said, uuid4()) == "known-number"


def test_need_that_was_met_is_offered_no_more(client: Client, vera: Officer) -> None:
    need = record_need(vera, "Two radios")
    assert reverse("need-met", args=[need.pk]) in text_of(client.get(reverse("equipment"), {"show": "needs"}))
    with pytest.raises(Invalid, match="Say how"):
        meet_need(vera, need, " ")
    assert "This field is required" in page(client, "need-met", need.pk, why="")
    assert "written down as met" in page(client, "need-met", need.pk, why="Both are in use.")
    assert not open_needs().exists()
    assert Finding.objects.get().settled_why == "Both are in use."
    with pytest.raises(NotNow, match="met already"):
        meet_need(vera, need, "Again.")


def test_equipment_is_found_by_name_number_hand_over_and_label(client: Client, vera: Officer, ceca: Partner) -> None:
    radios, laptop = bought(vera), bought(vera, name="Laptop", serials=["L-9"], quantity=1)
    row = given(vera, laptop)
    for words, found in (
        ("radio", [radios]),
        ("L-9", [laptop]),
        (row.number, [laptop]),
        (label_of(radios.pk), [radios]),
        ("L-", []),
    ):
        assert list(found_assets(vera, words)) == found, words
    assert "Nothing found." in text_of(client.get(reverse("equipment"), {"words": "ship"}))
    assert "Laptop" in text_of(client.get(reverse("equipment"), {"words": "\0", "only": "nonsense"}))


def test_what_is_bought_is_not_bought_again_by_an_old_page(client: Client, vera: Officer) -> None:
    radios = bought(vera)
    assert client.get(reverse("asset-bought", args=[radios.pk])).status_code == 404


def test_long_list_is_cut_but_what_was_chosen_stands_in_it(
    client: Client, vera: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ilex.programme.forms.equipment.MOST_OFFERED", 1)
    first, last = bought(vera, name="Aerial", serials=[]), bought(vera, name="Zoom", serials=[])
    shown = text_of(client.get(reverse("handover-new"), {"asset": str(last.pk)}))
    assert "Aerial" in shown
    assert f'value="{last.pk}"' in shown
    shown = text_of(client.get(reverse("handover-new"), {"asset": "nonsense"}))
    assert f'value="{last.pk}"' not in shown
    assert f'value="{first.pk}"' in shown
