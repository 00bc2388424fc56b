"""What comes in one batch becomes what it would have become one by one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from ilex.exchange import queries
from ilex.exchange.actions.references import take_numbers
from ilex.exchange.models import Entry, Request, State
from ilex.gate.actions import accept, hand_over
from ilex.gate.models import Envelope, Receipt
from ilex.journal.models import Line
from ilex.units import queries as units
from ilex.units.models import Officer
from tests.exchange.ceca import Ceca

pytestmark = pytest.mark.django_db
CAR = {"kind": "vehicle", "name": "SK-0000-AA"}


def tells(ceca: Ceca, text: str, reference: str, *, conversation: UUID | None = None, **fields: Any) -> bytes:
    asked = {ceca.ours.unit: {"reference": reference, "profile": "bilateral"}}
    body = {"asked": asked, "text": text, **fields}
    return ceca.seals("exchange.information", body, conversation or uuid4())


def arrive(*lines: bytes) -> int:
    assert all(b"receipt" in answer for answer in accept(lines, None))
    return hand_over()


def test_information_of_one_batch_gets_references_in_the_order_in_which_it_was_said(ceca: Ceca, ana: Officer) -> None:
    texts = [f"Возило боје {colour}" for colour in ("беле", "црне", "жуте", "плаве", "сиве", "зелене")]

    assert arrive(*(tells(ceca, text, f"MK-{number}") for number, text in enumerate(texts))) == 6

    rows = Request.objects.order_by("our_ref")
    assert [(row.our_ref[-6:], row.entries.get().text) for row in rows] == [
        (f"{number:06d}", text) for number, text in enumerate(texts, start=1)
    ]
    assert {row.state for row in rows} == {State.RECEIVED}
    assert [row.ref for row in queries.search(ana, "vozilo plave").rows] == [rows[3].our_ref]


def test_each_of_a_batch_has_its_line_and_its_receipt(ceca: Ceca) -> None:
    arrive(*(tells(ceca, "x", f"MK-{number}") for number in range(9)))

    of = {str(pk) for pk in Request.objects.values_list("pk", flat=True)}
    assert set(Line.objects.filter(act="information.arrived").values_list("object_id", flat=True)) == of
    assert Receipt.objects.filter(kind=Receipt.Kind.PROCESSED).values("envelope").distinct().count() == 9


@pytest.mark.parametrize(
    ("reference", "fields", "likeness"),
    [("MK-7", {}, "reference"), ("MK-8", {"subjects": [CAR]}, "subject")],
)
def test_later_one_of_two_alike_is_pointed_out_though_both_came_together(
    ceca: Ceca, reference: str, fields: dict[str, Any], likeness: str
) -> None:
    arrive(tells(ceca, "x", "MK-7", subjects=[CAR]), tells(ceca, "y", reference, **fields), tells(ceca, "z", "MK-9"))

    first, second, _third = Request.objects.order_by("our_ref")
    (twin,) = queries.open_twins(first)
    assert (twin.request, twin.other, twin.likeness) == (first, second, likeness)
    assert [(one.request_id, one.other_id) for one in second.twins.all()] == [(second.pk, first.pk)]
    assert not first.twins.exists()


def test_second_letter_that_begins_the_same_conversation_is_refused_and_the_others_are_taken_in(ceca: Ceca) -> None:
    same = uuid4()
    lines = [tells(ceca, "a", "MK-1", conversation=same), tells(ceca, "b", "MK-2", conversation=same)]

    arrive(*lines, *(tells(ceca, "c", f"MK-{number}") for number in range(3, 9)))

    assert Request.objects.count() == Entry.objects.count() == 7
    assert Receipt.objects.get(kind=Receipt.Kind.REFUSED).code == "known-conversation"
    assert Envelope.objects.filter(state=Envelope.State.TAKEN).count() == 7
    assert sorted(Request.objects.values_list("our_ref", flat=True))[-1].endswith("000007")


def test_numbers_begin_anew_with_the_year_even_within_a_batch(ceca: Ceca) -> None:
    old, new = (datetime(2026, 12, 31, hour, 30, tzinfo=UTC) for hour in (22, 23))  # half past midnight in Belgrade

    numbers = take_numbers([old, new, old, new], units.here())

    assert numbers == ["RS-2026-000001", "RS-2027-000001", "RS-2026-000002", "RS-2027-000002"]
