"""Equipment: from the need over the hand-over to the acceptance by message, the check of its use and the write-off."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.utils.timezone import localdate, now

from ilex.gate.models import Envelope
from ilex.journal.actions import act
from ilex.journal.models import Line, Operation
from ilex.programme.actions import assets as verbs
from ilex.programme.actions.assets import Purchase
from ilex.programme.actions.handovers import Delivery, answer_handover, hand_over
from ilex.programme.actions.needs import record_need
from ilex.programme.messages import AssetBody
from ilex.programme.models import Asset, AssetStep, Finding, Handover
from ilex.programme.rules.assets import handover_digest, serials_of
from ilex.programme.rules.errors import Invalid, NotNow
from ilex.units.models import Officer
from tests.sharing.ceca import Partner

pytestmark = pytest.mark.django_db

RADIOS = Purchase("communication-equipment", "Radio R-7", date(2026, 1, 5), 2, ["A-1", "A-2"], Decimal("500.00"), "EUR")


def bought(vera: Officer, need: Finding | None = None, **changes: Any) -> Asset:
    need = need or record_need(vera, "Two radios for the joint patrol")
    return verbs.buy(vera, need, Purchase(**{**vars(RADIOS), **changes}))


def given(vera: Officer, *assets: Asset, **changes: Any) -> Handover:
    return hand_over(vera, Delivery(**{"receiver": "ilecu-mk", "handed_on": localdate(), "assets": assets, **changes}))


def answers(ceca: Partner, handover: Handover, *assets: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Of Skopje, on a hand-over of ours."""
    return {
        "number": str(handover.pk),
        "digest": bytes(handover.digest).hex(),
        "accepted_on": localdate().isoformat(),
        "assets": list(assets),
        **changes,
    }


def offered(ceca: Partner, *assets: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """What Skopje hands over to us."""
    said = list(assets) or [asset()]
    bodies = [AssetBody.model_validate(one) for one in said]
    return {
        "number": str(uuid4()),
        "reference": f"MK-E-2026-{uuid4().int % 1_000_000:06d}",
        "receiver": "ilecu-rs",
        "handed_on": localdate().isoformat(),
        "assets": [one.model_dump(mode="json") for one in bodies],
        "digest": handover_digest(bodies, "ilecu-mk", "ilecu-rs", localdate()).hex(),
        **changes,
    }


def asset(**changes: Any) -> dict[str, Any]:
    usual = {"id": str(uuid4()), "need": str(uuid4()), "need_says": "Лаптопи", "kind": "computer", "name": "Laptop"}
    return usual | changes


def rows() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Asset, AssetStep, Handover, Finding, Line, Envelope))


def test_asset_goes_from_need_to_acceptance(vera: Officer, ceca: Partner) -> None:
    ceca.says("programme.need", said := {"id": str(uuid4()), "text": "Радија", "raised_on": "2026-01-02"}, uuid4())
    need = Finding.objects.get(pk=said["id"])
    assert (need.raised_by_id, need.kind) == ("ilecu-mk", "need")
    radios, laptop = bought(vera, need), bought(vera, need, name="Laptop", kind="computer", serials=["L-9"], quantity=1)
    handover = given(vera, radios, serials=["L-9"], place="Belgrade")
    [mail] = ceca.mail("programme.handover")
    assert [one["name"] for one in mail.body["assets"]] == ["Radio R-7", "Laptop"]
    assert mail.body["assets"][0]["value"] == "500.00"
    assert mail.body["digest"] == bytes(handover.digest).hex()

    taken = [
        {"asset": str(radios.pk), "accepted": True},
        {"asset": str(laptop.pk), "accepted": False, "why": "The screen is broken."},
    ]
    body = answers(ceca, handover, *taken, agent="Head of unit")
    envelope = ceca.says("programme.handover-answered", body, handover.conversation)
    assert envelope.state == "taken", envelope.failure
    handover.refresh_from_db()
    radios.refresh_from_db()
    laptop.refresh_from_db()
    assert (handover.state, handover.taken, handover.taken_by) == ("answered", envelope, "Head of unit")
    assert (radios.state, radios.holder_id, radios.accepted_on) == ("accepted", "ilecu-mk", localdate())
    assert (laptop.state, laptop.holder_id) == ("refused", "ilecu-rs")
    kinds = radios.steps.order_by("at", "pk").values_list("kind", flat=True)
    assert list(kinds) == ["need", "purchase", "handover", "acceptance"]
    assert laptop.handover_lines.get().why == "The screen is broken."
    assert given(vera, laptop).number != handover.number  # mended, and handed over again


def test_holder_reports_check_and_write_off(vera: Officer, ceca: Partner) -> None:
    radios = bought(vera)
    handover = given(vera, radios)
    report = {"asset": str(radios.pk), "report": "check", "on": localdate().isoformat(), "condition": "in-use"}
    early = ceca.says("programme.asset-reported", report, handover.conversation)
    assert early.state == "waiting", "the acceptance has not come yet"
    taken = {"asset": str(radios.pk), "accepted": True}
    ceca.says("programme.handover-answered", answers(ceca, handover, taken), handover.conversation)
    gone = report | {"report": "write-off", "condition": "lost", "text": "Fell into the river."}
    assert ceca.says("programme.asset-reported", gone, handover.conversation).state == "taken"
    radios.refresh_from_db()
    assert (radios.state, radios.written_off_on) == ("written-off", localdate())
    step = radios.steps.order_by("-at", "-pk")[0]
    assert (step.kind, step.condition, step.unit_id, step.text) == (
        "write-off",
        "lost",
        "ilecu-mk",
        "Fell into the river.",
    )
    assert ceca.refused("programme.asset-reported", gone, handover.conversation) == "written-off"


def test_what_we_receive_is_answered_line_by_line_checked_and_written_off(vera: Officer, ceca: Partner) -> None:
    one, other = asset(), asset(name="Printer")
    body = offered(ceca, one, other)
    assert ceca.says("programme.handover", body, uuid4()).state == "taken"
    handover = Handover.objects.get(pk=body["number"])
    laptop, printer = Asset.objects.get(pk=one["id"]), Asset.objects.get(pk=other["id"])
    assert (laptop.state, laptop.need.text) == ("on-the-way", "Лаптопи")
    with pytest.raises(Invalid, match="Say why"):
        answer_handover(vera, handover, localdate(), {printer.pk: " "})
    answer_handover(vera, handover, localdate(), {printer.pk: "No toner."})
    [mail] = ceca.mail("programme.handover-answered")
    assert mail.body["digest"] == body["digest"]
    assert sorted((one["accepted"], one["why"]) for one in mail.body["assets"]) == [(False, "No toner."), (True, "")]
    with pytest.raises(NotNow, match="answered already"):
        answer_handover(vera, handover, localdate())

    laptop.refresh_from_db()
    assert (laptop.state, laptop.holder_id) == ("accepted", "ilecu-rs")
    verbs.check(vera, laptop, localdate(), "in-use", "Works.", localdate() + timedelta(days=365))
    verbs.write_off(vera, laptop, localdate(), "broken", "Does not start.")
    assert laptop.state == "written-off"
    assert laptop.check_on is None
    assert [mail.body["report"] for mail in ceca.mail("programme.asset-reported")] == ["check", "write-off"]
    with pytest.raises(NotNow):
        verbs.check(vera, laptop, localdate(), "in-use")

    again = offered(ceca, other)
    assert ceca.says("programme.handover", again, uuid4()).state == "taken"
    printer.refresh_from_db()
    assert printer.state == "on-the-way"


def test_asset_without_a_need_is_refused_by_the_verb(vera: Officer) -> None:
    with act("finding.added", Operation.COLLECTION, by=vera):
        gap = Finding.objects.create(kind="gap", text="No common channel")
    before = rows()
    with pytest.raises(Invalid, match="answers a need"):
        bought(vera, gap)
    assert rows() == before


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("need", ["gap", "nothing"])
def test_asset_without_a_need_is_refused_by_the_database(vera: Officer, need: str) -> None:
    with act("finding.added", Operation.COLLECTION, by=vera):
        gap = Finding.objects.create(kind="gap", text="No common channel")
    pk = gap.pk if need == "gap" else uuid4()
    with pytest.raises(IntegrityError), act("asset.bought", Operation.COLLECTION, by=vera):
        Asset.objects.create(kind="vehicle", need_id=pk, changed_at=now())
    assert not Asset.objects.exists()


def test_need_of_another_kind_cannot_be_written_beside_it(vera: Officer) -> None:
    with pytest.raises(IntegrityError), act("asset.bought", Operation.COLLECTION, by=vera):
        Asset.objects.create(kind="vehicle", need=record_need(vera, "A car"), need_kind="gap", changed_at=now())


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"kind": "ship"}, "kind", "Choose one from the list."),
        ({"name": " "}, "name", "Write make and model."),
        ({"quantity": 0}, "quantity", "Write a number from 1"),
        ({"quantity": 1}, "quantity", "more serial numbers than pieces"),
        ({"value": Decimal("-1")}, "value", "cannot be less than zero"),
        ({"value": Decimal("NaN")}, "value", "in figures"),
        ({"currency": "Euro"}, "currency", "three capital letters"),
        ({"currency": ""}, "currency", "three capital letters"),
        ({"bought_on": date(2999, 1, 1)}, "bought_on", "still to come"),
        ({"serials": ["x" * 81]}, "serials", "too long"),
    ],
)
def test_purchase_that_is_wrong_is_told_in_one_sentence_and_not_kept(
    vera: Officer, changes: dict[str, Any], field: str, sentence: str
) -> None:
    need = record_need(vera, "Radios")
    before = rows()
    with pytest.raises(Invalid) as told:
        bought(vera, need, **changes)
    assert list(told.value.fields) == [field]
    assert sentence in told.value.fields[field]
    assert rows() == before


def test_same_serial_number_is_not_bought_twice(vera: Officer) -> None:
    bought(vera)
    before = rows()
    with pytest.raises(Invalid, match="A-2 is in the list already"):
        verbs.buy(vera, Finding.objects.get(), Purchase("computer", "Copy", localdate(), serials=["A-2"]))
    assert rows() == before


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"assets": []}, "Choose what is handed over"),
        ({"serials": ["A-1", "Z-9"]}, "has the number Z-9"),
        ({"receiver": "ilecu-rs"}, "Choose a unit"),
        ({"receiver": "nobody"}, "Choose a unit"),
        ({"handed_on": date(2999, 1, 1)}, "still to come"),
    ],
)
def test_hand_over_that_is_wrong_is_told_and_nothing_leaves(
    vera: Officer, ceca: Partner, changes: dict[str, Any], sentence: str
) -> None:
    radios = bought(vera)
    before = rows()
    with pytest.raises(Invalid, match=sentence):
        given(vera, **{"assets": [radios], **changes})
    assert rows() == before
    assert not ceca.mail()


def test_what_is_on_its_way_is_not_handed_over_twice_nor_to_a_unit_without_a_line(vera: Officer, ceca: Partner) -> None:
    radios = bought(vera)
    before = rows()
    with pytest.raises(NotNow):
        given(vera, radios, receiver="spoc-hu")  # is in the directory, and not paired
    assert rows() == before
    given(vera, radios)
    before = rows()
    with pytest.raises(NotNow, match="Radio R-7 cannot be handed over now"):
        given(vera, radios)
    with pytest.raises(NotNow):
        verbs.write_off(vera, radios, localdate(), "lost", "Gone")
    assert rows() == before


def test_only_who_keeps_the_equipment_writes(ana: Officer, vera: Officer) -> None:
    radios = bought(vera)
    for verb in (
        lambda: record_need(ana, "A car"),
        lambda: bought(ana, radios.need),
        lambda: given(ana, radios),
        lambda: verbs.check(ana, radios, localdate(), "in-use"),
        lambda: verbs.write_off(ana, radios, localdate(), "lost", "x"),
    ):
        with pytest.raises(PermissionDenied):
            verb()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"digest": "0" * 64}, "bad-digest"),
        ({"receiver": "spoc-hu"}, "not-for-us"),
        ({"handed_on": "2026-01-01"}, "bad-digest"),
    ],
)
def test_hand_over_that_does_not_fit_is_refused(ceca: Partner, changes: dict[str, str], code: str) -> None:
    assert ceca.refused("programme.handover", offered(ceca) | changes, uuid4()) == code
    assert not Asset.objects.exists()
    assert not Handover.objects.exists()


def test_hand_over_of_anothers_asset_or_without_a_need_is_refused(vera: Officer, ceca: Partner) -> None:
    radios = bought(vera)
    assert ceca.refused("programme.handover", offered(ceca, asset(id=str(radios.pk))), uuid4()) == "known-asset"
    assert ceca.refused("programme.handover", offered(ceca, asset(need_says="")), uuid4()) == "not-a-need"
    with act("finding.added", Operation.COLLECTION, by=vera):
        gap = Finding.objects.create(kind="gap", text="No common channel")
    assert ceca.refused("programme.handover", offered(ceca, asset(need=str(gap.pk))), uuid4()) == "not-a-need"
    twice = asset()
    assert ceca.refused("programme.handover", offered(ceca, twice, twice), uuid4()) == "twice"
    radios.refresh_from_db()
    assert (radios.state, Asset.objects.count()) == ("purchased", 1)


def test_answer_that_does_not_fit_changes_nothing(vera: Officer, ceca: Partner, budapest: Partner) -> None:
    radios = bought(vera)
    handover = given(vera, radios)
    good = answers(ceca, handover, {"asset": str(radios.pk), "accepted": True})
    said, type = handover.conversation, "programme.handover-answered"
    assert ceca.refused(type, good | {"digest": "0" * 64}, said) == "bad-digest"
    assert ceca.refused(type, good | {"assets": [{"asset": str(uuid4()), "accepted": True}]}, said) == "other-assets"
    assert budapest.refused(type, good, said) == "not-yours"
    radios.refresh_from_db()
    assert radios.state == "on-the-way"
    assert ceca.says(type, good, said).state == "taken"
    assert ceca.says(type, good, said).state == "taken", "sent again, it says nothing new"
    other = {"assets": [{"asset": str(radios.pk), "accepted": False, "why": "Broken."}]}
    assert ceca.refused(type, good | other, said) == "answered"
    radios.refresh_from_db()
    assert (radios.state, Handover.objects.get().taken_by) == ("accepted", "")


def test_serials_are_read_from_a_scanned_row() -> None:
    assert serials_of(" A-1\r\nA-2;A-3\tA-1,\n\n B  4 ") == ["A-1", "A-2", "A-3", "B 4"]
