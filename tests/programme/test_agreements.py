"""Agreements on staff exchange: two copies, and a change on one side is noticed on the other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import now

from ilex.gate.models import Envelope
from ilex.journal.actions import act
from ilex.journal.models import Line, Operation
from ilex.programme.actions import agreements as verbs
from ilex.programme.actions.comparing import compare_due
from ilex.programme.messages import TermsBody
from ilex.programme.models import AgreementStep, ExchangeAgreement
from ilex.programme.rules.agreements import differences, terms_digest
from ilex.programme.rules.errors import Invalid, NotNow
from ilex.units.models import Officer, Organisation, Role
from tests.exchange.conftest import officer
from tests.sharing.ceca import Partner

pytestmark = pytest.mark.django_db

TERMS: dict[str, Any] = {
    "title": "Exchange of duty officers",
    "sends": ["ilecu-rs"],
    "hosts": ["ilecu-mk"],
    "since": "2027-01-01",
    "most_people": 2,
}
MORE = TERMS | {"most_people": 3}


@pytest.fixture
def dara(house: Organisation) -> Officer:
    """The head of the unit, who signs."""
    return officer("dara", [Role.HEAD], house)


def digest(terms: dict[str, Any]) -> str:
    return terms_digest(TermsBody.model_validate(terms)).hex()


def copy(number: object, terms: dict[str, Any], version: int = 1, say: str = "proposed") -> dict[str, Any]:
    """As it stands in a message of the partner."""
    whole = TermsBody.model_validate(terms).model_dump(mode="json")
    return {"number": str(number), "version": version, "terms": whole, "digest": digest(terms), "say": say}


def agreed(dara: Officer, ceca: Partner) -> ExchangeAgreement:
    """We proposed, and Skopje agreed."""
    row = verbs.draft_agreement(dara, "ilecu-mk", TERMS)
    verbs.propose_agreement(dara, row)
    says(ceca, row, "agreement-answered", {"number": str(row.pk), "digest": digest(TERMS), "decision": "agreed"})
    assert row.state == "agreed"
    return row


def says(ceca: Partner, row: ExchangeAgreement, type: str, body: dict[str, Any]) -> None:
    envelope = ceca.says(f"programme.{type}", body, row.conversation)
    assert envelope.state == "taken", envelope.failure
    row.refresh_from_db()


def in_silence(dara: Officer, row: ExchangeAgreement, terms: dict[str, Any]) -> None:
    """As somebody with the database in his hands may."""
    whole = TermsBody.model_validate(terms).model_dump(mode="json")
    with act("database.touched", Operation.ALTERATION, by=dara):
        ExchangeAgreement.objects.filter(pk=row.pk).update(terms=whole)


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (ExchangeAgreement, AgreementStep, Line, Envelope))


def test_agreement_is_proposed_and_agreed(dara: Officer, ceca: Partner) -> None:
    row = verbs.draft_agreement(dara, "ilecu-mk", TERMS)
    assert not ceca.mail()
    verbs.change_agreement(dara, row, MORE)
    assert (row.state, row.version) == ("draft", 1)
    verbs.propose_agreement(dara, row)
    [mail] = ceca.mail("programme.agreement")
    assert (mail.body["say"], mail.body["terms"]["most_people"], mail.body["digest"]) == ("proposed", 3, digest(MORE))
    says(ceca, row, "agreement-answered", {"number": str(row.pk), "digest": digest(MORE), "decision": "agreed"})
    assert (row.state, bytes(row.agreed_digest or b"").hex()) == ("agreed", digest(MORE))
    assert list(row.steps.values_list("state", flat=True)) == ["draft", "draft", "proposed", "agreed"]


def test_proposal_of_the_partner_is_agreed_to(dara: Officer, ceca: Partner) -> None:
    number, said = uuid4(), uuid4()
    ceca.says("programme.agreement", copy(number, TERMS), said)
    row = ExchangeAgreement.objects.get(pk=number)
    assert (row.state, row.partner_id, row.conversation) == ("asked", "ilecu-mk", said)
    verbs.answer_agreement(dara, row, "agreed")
    [mail] = ceca.mail("programme.agreement-answered")
    assert (mail.body["decision"], mail.body["digest"]) == ("agreed", digest(TERMS))
    assert row.state == "agreed"
    with pytest.raises(NotNow):
        verbs.answer_agreement(dara, row, "declined", "Too late")


def test_proposal_is_declined_with_a_reason_and_may_be_proposed_anew(dara: Officer, ceca: Partner) -> None:
    number = uuid4()
    ceca.says("programme.agreement", copy(number, TERMS), uuid4())
    row = ExchangeAgreement.objects.get(pk=number)
    with pytest.raises(Invalid, match="Say why"):
        verbs.answer_agreement(dara, row, "declined", " ")
    verbs.answer_agreement(dara, row, "declined", "Too few places.")
    assert ceca.mail("programme.agreement-answered")[0].body["reason"] == "Too few places."
    says(ceca, row, "agreement", copy(number, MORE, 2))
    assert (row.state, row.terms["most_people"]) == ("asked", 3)


def test_agreement_changed_on_one_side_is_noticed_on_the_other(dara: Officer, ceca: Partner) -> None:
    """By the message that a change sends: theirs, then ours."""
    row = agreed(dara, ceca)
    says(ceca, row, "agreement", copy(row.pk, MORE, 2, "changed"))
    assert row.state == "differs"
    assert row.their_terms is not None
    assert differences(row.terms, row.their_terms) == ["most_people"]
    ours = ceca.mail("programme.agreement")[-1]  # so that they can look too
    assert (ours.body["say"], ours.body["terms"]["most_people"]) == ("changed", 2)

    verbs.change_agreement(dara, row, MORE)
    assert row.state == "agreed"
    assert ceca.mail("programme.agreement")[-1].body["digest"] == digest(MORE)

    verbs.change_agreement(dara, row, TERMS)
    assert row.state == "differs"
    assert ceca.mail("programme.agreement")[-1].body["digest"] == digest(TERMS)
    says(ceca, row, "agreement", copy(row.pk, TERMS, 3, "changed"))
    assert row.state == "agreed"


def test_copy_changed_in_silence_there_is_noticed_here(dara: Officer, ceca: Partner) -> None:
    row = agreed(dara, ceca)
    says(ceca, row, "agreement-held", {"held": {str(row.pk): digest(TERMS), str(uuid4()): digest(MORE)}})
    assert row.state == "agreed"
    says(ceca, row, "agreement-held", {"held": {str(row.pk): digest(MORE)}})
    assert (row.state, row.their_terms) == ("differs", None)
    with pytest.raises(NotNow, match="not sent its copy"):
        verbs.answer_agreement(dara, row, "agreed")
    says(ceca, row, "agreement-held", {"held": {str(row.pk): digest(TERMS)}})
    assert row.state == "agreed"


def test_copy_changed_in_silence_here_is_told_there_and_noticed(dara: Officer, ceca: Partner) -> None:
    row = agreed(dara, ceca)
    in_silence(dara, row, MORE)
    assert compare_due() == 1
    assert ceca.mail("programme.agreement-held")[0].body["held"] == {str(row.pk): digest(MORE)}
    says(ceca, row, "agreement-held", {"held": {str(row.pk): digest(TERMS)}})
    assert row.state == "differs"
    assert bytes(row.digest).hex() == digest(MORE)


def test_copies_are_compared_once_a_month(dara: Officer, ceca: Partner) -> None:
    agreed(dara, ceca)
    assert compare_due() == 1
    before = counts()
    assert compare_due(now() + timedelta(days=29)) == 0
    assert counts() == before
    assert compare_due(now() + timedelta(days=31)) == 1


def test_where_copies_differ_one_may_agree_to_the_partners(dara: Officer, ceca: Partner) -> None:
    row = agreed(dara, ceca)
    says(ceca, row, "agreement", copy(row.pk, MORE, 2, "changed"))
    verbs.answer_agreement(dara, row, "agreed")
    assert (row.state, row.terms["most_people"]) == ("agreed", 3)
    assert ceca.mail("programme.agreement-answered")[0].body["digest"] == digest(MORE)


def test_agreement_to_other_terms_than_ours_is_no_agreement(dara: Officer, ceca: Partner) -> None:
    row = verbs.draft_agreement(dara, "ilecu-mk", TERMS)
    verbs.propose_agreement(dara, row)
    verbs.change_agreement(dara, row, MORE)
    assert (row.state, row.version) == ("proposed", 2)
    says(ceca, row, "agreement-answered", {"number": str(row.pk), "digest": digest(TERMS), "decision": "agreed"})
    assert row.state == "differs"


def test_what_has_ended_is_not_changed_by_either_side(dara: Officer, ceca: Partner) -> None:
    row = agreed(dara, ceca)
    verbs.end_agreement(dara, row, "Both are done.")
    assert ceca.mail("programme.agreement-answered")[0].body["decision"] == "ended"
    with pytest.raises(NotNow):
        verbs.change_agreement(dara, row, MORE)
    assert ceca.refused("programme.agreement", copy(row.pk, MORE, 2, "changed"), row.conversation) == "ended"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"since": "soon"}, "since"),
        ({"until": "2026-12-31"}, "until"),
        ({"most_people": 0}, "most_people"),
        ({"stay": "two weeks"}, "stay"),
        ({"hosts": ["spoc-hu"]}, "sends"),
        ({"sends": ["ilecu-mk"]}, "sends"),
        ({"costs": "x" * 5_000}, "costs"),
        ({"text": "a\0b"}, "text"),
    ],
)
def test_terms_that_are_wrong_are_told_in_one_sentence_and_not_kept(
    dara: Officer, changes: dict[str, Any], field: str
) -> None:
    before = counts()
    with pytest.raises(Invalid) as told:
        verbs.draft_agreement(dara, "ilecu-mk", TERMS | changes)
    assert list(told.value.fields) == [field]
    assert counts() == before


def test_only_the_head_signs(vera: Officer, dara: Officer) -> None:
    with pytest.raises(PermissionDenied):
        verbs.draft_agreement(vera, "ilecu-mk", TERMS)
    row = verbs.draft_agreement(dara, "ilecu-mk", TERMS)
    with pytest.raises(PermissionDenied):
        verbs.propose_agreement(vera, row)
    with pytest.raises(PermissionDenied):
        verbs.end_agreement(vera, row, "x")


def test_copy_that_does_not_fit_is_refused(dara: Officer, ceca: Partner, budapest: Partner) -> None:
    row = agreed(dara, ceca)
    said, type = row.conversation, "programme.agreement"
    assert ceca.refused(type, copy(uuid4(), TERMS | {"hosts": ["spoc-hu"]}), said) == "other-units"
    assert ceca.refused(type, copy(uuid4(), TERMS) | {"digest": "0" * 64}, said) == "bad-digest"
    stolen = copy(row.pk, TERMS | {"hosts": ["spoc-hu"]}, 5, "changed")
    assert budapest.refused(type, stolen, said) == "not-yours"
    row.refresh_from_db()
    assert row.state == "agreed"
    assert ExchangeAgreement.objects.count() == 1


def test_older_copy_that_comes_late_changes_nothing(dara: Officer, ceca: Partner) -> None:
    row = agreed(dara, ceca)
    says(ceca, row, "agreement", copy(row.pk, TERMS, 3, "changed"))
    says(ceca, row, "agreement", copy(row.pk, MORE, 2, "changed"))
    assert row.state == "agreed"
    assert isinstance(row.pk, UUID)
