"""What may go wrong between two copies of an agreement: refused, lost, late, changed meanwhile, or damaged."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from ilex.gate.models import Delivery, Envelope, Peer
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.programme.actions import agreements as verbs
from ilex.programme.actions.comparing import compare_due
from ilex.programme.models import ExchangeAgreement
from ilex.programme.queries.equipment import last_word
from ilex.programme.rules.errors import NotNow
from ilex.units.models import Officer
from tests.programme.test_agreements import MORE, TERMS, agreed, copy, dara, digest, in_silence, says
from tests.programme.test_nomination_pages import page, text_of
from tests.sharing.ceca import Partner

__all__ = ["dara"]

pytestmark = pytest.mark.django_db

MOST = TERMS | {"most_people": 9}


def proposed(dara: Officer, unit: str = "ilecu-mk") -> ExchangeAgreement:
    row = verbs.draft_agreement(dara, unit, TERMS | {"hosts": [unit]})
    verbs.propose_agreement(dara, row)
    return row


def turned_away(ceca: Partner, row: ExchangeAgreement, envelope: Envelope | None, code: str = "ended") -> str:
    """Their node refuses a message of ours; gives the last line of the history."""
    ceca.stores(envelope)
    ceca.stores(envelope, kind="refused", code=code)
    row.refresh_from_db()
    return row.steps.order_by("pk").reverse()[0].text


def answer(row: ExchangeAgreement, terms: dict[str, object], decision: str) -> dict[str, object]:
    return {"number": str(row.pk), "digest": digest(terms), "decision": decision, "reason": "So."}


def test_proposal_that_their_node_refuses_is_a_draft_again(dara: Officer, ceca: Partner) -> None:
    row = proposed(dara)
    assert turned_away(ceca, row, last_word(row)) == "Their node did not take it in (ended)."
    assert row.state == "draft"
    verbs.propose_agreement(dara, row)
    assert row.state == "proposed"


def test_agreement_that_their_node_refuses_is_in_doubt_until_both_hold_the_same(dara: Officer, ceca: Partner) -> None:
    number = uuid4()
    ceca.says("programme.agreement", copy(number, TERMS), uuid4())
    row = ExchangeAgreement.objects.get(pk=number)
    verbs.answer_agreement(dara, row, "agreed")
    assert "(not-yours)" in turned_away(ceca, row, last_word(row), "not-yours")
    assert row.state == "differs"
    says(ceca, row, "agreement-held", {"held": {str(number): digest(TERMS)}})
    assert row.state == "agreed"


def test_refusal_of_an_older_word_is_only_noted(dara: Officer, ceca: Partner) -> None:
    row = proposed(dara)
    old = last_word(row)
    verbs.change_agreement(dara, row, MORE)
    assert "(malformed)" in turned_away(ceca, row, old, "malformed")
    assert row.state == "proposed"


def test_word_on_older_terms_declines_nothing(dara: Officer, ceca: Partner) -> None:
    row = proposed(dara)
    verbs.change_agreement(dara, row, MORE)
    says(ceca, row, "agreement-answered", answer(row, TERMS, "declined"))
    assert row.state == "proposed"
    says(ceca, row, "agreement-answered", answer(row, MORE, "agreed"))
    assert row.state == "agreed"


def test_message_that_was_lost_is_sent_again(dara: Officer, ceca: Partner) -> None:
    hers = Client()
    hers.force_login(dara)
    row = proposed(dara)
    with pytest.raises(NotNow, match="may still be"):
        verbs.send_again(dara, row)
    assert "Send it again" not in page(hers, "agreement", row.pk)
    Delivery.objects.filter(envelope=last_word(row)).update(state=Delivery.State.EXPIRED)
    shown = page(hers, "agreement", row.pk)
    assert "Not delivered in time" in shown
    assert "Send it again" in shown
    shown = text_of(hers.post(f"{reverse('agreement-step', args=[row.pk])}?step=again", follow=True))
    assert "on its way again" in shown
    first, second = ceca.mail("programme.agreement")
    assert first.body == second.body


def test_nobody_agrees_to_terms_that_came_after_the_page(dara: Officer, ceca: Partner) -> None:
    number, said = uuid4(), uuid4()
    ceca.says("programme.agreement", copy(number, TERMS), said)
    row = ExchangeAgreement.objects.get(pk=number)
    hers = Client()
    hers.force_login(dara)
    assert f'name="seen" value="{digest(TERMS)}"' in page(hers, "agreement", number)
    ceca.says("programme.agreement", copy(number, MORE, 2), said)
    agree = f"{reverse('agreement-step', args=[number])}?step=agree"
    for seen in (digest(TERMS), ""):
        assert "Look at it again" in text_of(hers.post(agree, {"seen": seen}, follow=True))
    row.refresh_from_db()
    assert row.state == "asked"
    hers.post(agree, {"seen": digest(MORE)})
    row.refresh_from_db()
    assert (row.state, bytes(row.digest).hex()) == ("agreed", digest(MORE))


def test_nobody_agrees_to_the_partners_copy_that_came_after_the_page(dara: Officer, ceca: Partner) -> None:
    row = agreed(dara, ceca)
    says(ceca, row, "agreement", copy(row.pk, MORE, 2, "changed"))
    seen = digest(MORE)
    says(ceca, row, "agreement", copy(row.pk, MOST, 3, "changed"))
    with pytest.raises(NotNow):
        verbs.answer_agreement(dara, row, "agreed", seen=seen)
    verbs.answer_agreement(dara, row, "agreed", seen=digest(MOST))
    assert row.terms["most_people"] == 9


def test_two_who_change_the_terms_at_once_do_not_overwrite_one_another(dara: Officer, ceca: Partner) -> None:
    row = verbs.draft_agreement(dara, "ilecu-mk", TERMS)
    verbs.change_agreement(dara, row, MORE, digest(TERMS))
    with pytest.raises(NotNow):
        verbs.change_agreement(dara, row, MOST, digest(TERMS))
    assert row.terms["most_people"] == 3


@pytest.mark.parametrize("version", [2**31, 2**40, 0])
def test_version_that_no_column_keeps_is_refused(ceca: Partner, version: int) -> None:
    assert ceca.refused("programme.agreement", copy(uuid4(), TERMS, version), uuid4()) == "malformed"


def test_high_version_of_the_partner_does_not_drive_ours_on(dara: Officer, ceca: Partner) -> None:
    number = uuid4()
    ceca.says("programme.agreement", copy(number, TERMS, 2**31 - 1), uuid4())
    row = ExchangeAgreement.objects.get(pk=number)
    verbs.change_agreement(dara, row, MORE)
    assert (row.version, row.state) == (2, "proposed")


def test_partner_is_shown_our_copy_again_as_long_as_the_copies_differ(dara: Officer, ceca: Partner) -> None:
    row = agreed(dara, ceca)
    says(ceca, row, "agreement-held", {"held": {str(row.pk): digest(MORE)}})
    says(ceca, row, "agreement-held", {"held": {str(row.pk): digest(MORE)}})
    assert len([mail for mail in ceca.mail("programme.agreement") if mail.body["say"] == "changed"]) == 2
    says(ceca, row, "agreement", copy(row.pk, MORE, 1, "changed"))  # changed in silence there: the same version
    assert (row.state, (row.their_terms or {}).get("most_people")) == ("differs", 3)


def test_one_partner_that_cannot_be_reached_holds_no_other_up(dara: Officer, ceca: Partner, budapest: Partner) -> None:
    for partner in (ceca, budapest):
        row = proposed(dara, partner.unit)
        terms = TERMS | {"hosts": [partner.unit]}
        says(partner, row, "agreement-answered", answer(row, terms, "agreed"))
    Peer.objects.get(pk="ilecu-mk").keys.all().delete()
    assert compare_due() == 1
    assert len(budapest.mail("programme.agreement-held")) == 1


def test_copy_that_was_damaged_in_the_database_is_noticed_and_stops_nothing(dara: Officer, ceca: Partner) -> None:
    row = agreed(dara, ceca)
    with act("database.touched", Operation.ALTERATION, by=dara):
        ExchangeAgreement.objects.filter(pk=row.pk).update(terms={"title": "Exchange", "since": 7})
    assert compare_due() == 1
    held = ceca.mail("programme.agreement-held")[0].body["held"]
    assert held[str(row.pk)] != digest(TERMS)
    says(ceca, row, "agreement-held", {"held": {str(row.pk): digest(TERMS)}})
    says(ceca, row, "agreement-held", {"held": {str(row.pk): digest(TERMS)}})
    assert row.state == "differs"
    hers = Client()
    hers.force_login(dara)
    assert "The copies differ" in page(hers, "agreement", row.pk)
    assert "The copies differ" in page(hers, "agreements")


def test_days_and_stay_are_written_as_people_write_them(dara: Officer, ceca: Partner) -> None:
    row = agreed(dara, ceca)
    says(ceca, row, "agreement", copy(row.pk, TERMS | {"until": "2027-12-31", "stay": "P14D"}, 2, "changed"))
    in_silence(dara, row, TERMS)
    hers = Client()
    hers.force_login(dara)
    shown = page(hers, "agreement", row.pk)
    for words in ("1 January 2027", "31 December 2027", "14 days"):
        assert words in shown
    assert "2027-01-01" not in shown
    assert "1 January 2027" in page(hers, "agreements")
