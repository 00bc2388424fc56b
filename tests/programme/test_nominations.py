"""Nominating at home and deciding at the organiser's: what travels, what is refused, what is told."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from ilex.gate.models import Envelope
from ilex.gate.signing import payload_of
from ilex.journal.models import Line
from ilex.programme.actions import deciding, nominating
from ilex.programme.actions.deciding import Decision
from ilex.programme.actions.nominating import Nominee
from ilex.programme.models import Invitation, Nomination, NominationStep
from ilex.programme.queries.nominations import nomination_for, visible_nominations
from ilex.programme.rules.errors import Invalid, NotNow
from ilex.units.models import Officer
from tests.programme.inviting import invited, invites, nominates, person, sent, workshop
from tests.sharing.ceca import Partner

pytestmark = pytest.mark.django_db

CONFIRMED = Decision("confirmed")


def everything_said(invitation: Invitation) -> str:
    """All that was signed in this conversation, both ways."""
    rows = Envelope.objects.filter(conversation=invitation.conversation)
    return "".join(payload_of(one.signed).decode() for one in rows)


def test_only_the_chosen_names_travel(vera: Officer, ana: Officer, ceca: Partner) -> None:
    invitation = invites(ceca, 2)
    chosen = nominating.propose(ana, invitation, Nominee("Jelena Izabrana", "Duty officer"))
    dropped = nominating.propose(ana, invitation, Nominee("Petar Odbijen", "Case officer", note="too new"))
    nominating.propose(ana, invitation, Nominee("Milan Predložen", "Analyst"))
    nominating.choose(vera, chosen)
    nominating.drop(vera, dropped, "He was there last year.")
    nominating.send_nominations(vera, invitation)
    nominating.withdraw(vera, chosen, "She fell ill.")

    [people, withdrawn] = ceca.mail("programme.nominations")
    assert [one["name"] for one in people.body["people"]] == ["Jelena Izabrana"]
    assert withdrawn.body["withdrawn"] == [str(chosen.pk)]
    said = everything_said(invitation)
    assert "Jelena Izabrana" in said
    for word in ("Petar", "Odbijen", "Milan", "Predlo", "Analyst", "too new", "last year", "fell ill"):
        assert word not in said


def test_more_than_the_quota_are_not_sent_and_the_sentence_names_both_numbers(vera: Officer, ceca: Partner) -> None:
    invitation = invites(ceca, 2)
    rows = [nominating.propose(vera, invitation, Nominee(name, "Officer")) for name in ("Ana A", "Bojan B", "Ceca C")]
    for row in rows:
        nominating.choose(vera, row)
    before = Line.objects.count(), Envelope.objects.count(), NominationStep.objects.count()
    with pytest.raises(NotNow, match=r"quota is 2.* 3 people"):
        nominating.send_nominations(vera, invitation)
    assert (Line.objects.count(), Envelope.objects.count(), NominationStep.objects.count()) == before
    assert not ceca.mail()
    nominating.drop(vera, rows[2])
    nominating.send_nominations(vera, invitation)
    assert len(ceca.mail("programme.nominations")[0].body["people"]) == 2
    with pytest.raises(NotNow, match="Nobody is chosen"):
        nominating.send_nominations(vera, invitation)


def test_who_is_nominated_already_is_not_proposed_again_whatever_the_script(vera: Officer, ceca: Partner) -> None:
    invitation = invites(ceca, 2)
    nominating.propose(vera, invitation, Nominee("Ana Anić", "Officer"))
    for same in ("Ana Anić", "Анић Ана", "ANIĆ  ANA"):
        with pytest.raises(Invalid, match="nominated already"):
            nominating.propose(vera, invitation, Nominee(same, "Officer"))
    assert Nomination.objects.count() == 1


def test_who_was_dropped_and_proposed_anew_is_not_chosen_twice(vera: Officer, ceca: Partner) -> None:
    invitation = invites(ceca, 2)
    first = nominating.propose(vera, invitation, Nominee("Ana Anić", "Officer"))
    nominating.drop(vera, first)
    nominating.propose(vera, invitation, Nominee("Ana Anić", "Officer"))
    with pytest.raises(Invalid, match="nominated already"):
        nominating.choose(vera, first)


def test_surplus_of_a_unit_whose_node_did_not_check_is_declined_at_once(vera: Officer, ceca: Partner) -> None:
    invitation = invited(vera, {"ilecu-mk": 2})
    rows = nominates(ceca, invitation, person("Ana A"), person("Bojan B"), person("Ceca C"), person("Bojan B"))
    assert [row.state for row in rows] == ["sent", "sent", "declined", "declined"]
    assert [row.reason for row in rows] == ["", "", "over-quota", "other"]
    [told] = ceca.mail("programme.nominations-decided")
    assert {one["nomination"]: one["reason"] for one in told.body["decisions"]} == {
        str(rows[2].pk): "over-quota",
        str(rows[3].pk): "other",
    }
    [late] = nominates(ceca, invitation, person("Dejan D"))
    assert (late.state, late.reason) == ("declined", "over-quota")


def test_place_that_a_unit_gives_back_can_be_filled_again(vera: Officer, ceca: Partner) -> None:
    invitation = invited(vera, {"ilecu-mk": 1})
    [first] = nominates(ceca, invitation, person("Ana A"))
    body = {"number": str(invitation.pk), "withdrawn": [str(first.pk)]}
    ceca.says("programme.nominations", body, invitation.conversation)
    [second] = nominates(ceca, invitation, person("Bojan B"))
    first.refresh_from_db()
    assert (first.state, second.state) == ("withdrawn", "sent")


def test_nominations_of_who_was_not_invited_are_refused(vera: Officer, ceca: Partner, budapest: Partner) -> None:
    invitation = invited(vera, {"spoc-hu": 2})
    body = {"number": str(invitation.pk), "people": [person()]}
    assert ceca.refused("programme.nominations", body, invitation.conversation) == "not-invited"
    assert ceca.refused("programme.nominations", {**body, "number": str(uuid4())}, uuid4()) == "not-invited"
    assert not Nomination.objects.exists()


def test_unit_cannot_take_over_the_number_of_another_units_nomination(
    vera: Officer, ceca: Partner, budapest: Partner
) -> None:
    invitation = invited(vera, {"spoc-hu": 2, "ilecu-mk": 2})
    [row] = nominates(budapest, invitation, person("Ana A"))
    body = {"number": str(invitation.pk), "people": [person("Ceca C", id=str(row.pk))]}
    assert ceca.refused("programme.nominations", body, invitation.conversation) == "known-number"
    withdrawn = {"number": str(invitation.pk), "withdrawn": [str(row.pk)]}
    envelope = ceca.says("programme.nominations", withdrawn, invitation.conversation)
    assert envelope.state == "waiting"
    row.refresh_from_db()
    assert (row.name, row.state) == ("Ana A", "sent")


def test_each_unit_is_told_of_its_own_people_alone(vera: Officer, ceca: Partner, budapest: Partner) -> None:
    invitation = invited(vera, {"spoc-hu": 2, "ilecu-mk": 2})
    [theirs] = nominates(ceca, invitation, person("Ana A"))
    [hers] = nominates(budapest, invitation, person("Bojan B"))
    deciding.decide(vera, invitation, {theirs.pk: CONFIRMED, hers.pk: Decision("declined", "capacity")})
    [to_ceca] = ceca.mail("programme.nominations-decided")
    [to_budapest] = budapest.mail("programme.nominations-decided")
    assert [one["nomination"] for one in to_ceca.body["decisions"]] == [str(theirs.pk)]
    assert to_budapest.body["decisions"][0]["decision"] == "declined"
    assert to_budapest.body["decisions"][0]["reason"] == "capacity"


def test_nobody_is_confirmed_beyond_the_capacity(vera: Officer, ceca: Partner) -> None:
    invitation = invited(vera, {"ilecu-mk": 3}, activity=workshop(capacity="<=1 people"))
    rows = nominates(ceca, invitation, person("Ana A"), person("Bojan B"))
    with pytest.raises(Invalid, match="room for 1, and 2"):
        deciding.decide(vera, invitation, {row.pk: CONFIRMED for row in rows})
    assert not ceca.mail("programme.nominations-decided")
    assert set(Nomination.objects.values_list("state", flat=True)) == {"sent"}


def test_who_is_declined_is_told_why(vera: Officer, ceca: Partner) -> None:
    invitation = invited(vera)
    [row] = nominates(ceca, invitation, person())
    for silent in (Decision("declined"), Decision("declined", "other")):
        with pytest.raises(Invalid, match="Say why"):
            deciding.decide(vera, invitation, {row.pk: silent})


def test_our_own_people_are_nominated_without_a_message(vera: Officer, ceca: Partner) -> None:
    invitation = invited(vera, {"ilecu-mk": 1, "ilecu-rs": 1})
    [ours] = sent(vera, invitation, "Ana Anić")
    deciding.decide(vera, invitation, {ours.pk: CONFIRMED})
    ours.refresh_from_db()
    assert ours.state == "confirmed"
    assert [mail.type for mail in ceca.mail()] == ["programme.invitation"]


def test_organisers_word_is_taken_in_and_one_of_another_unit_is_not(
    vera: Officer, ceca: Partner, budapest: Partner
) -> None:
    invitation = invites(ceca, 2)
    one, other = sent(vera, invitation, "Ana Anić", "Bojan Bojić")
    decisions = [
        {"nomination": str(one.pk), "decision": "confirmed"},
        {"nomination": str(other.pk), "decision": "declined", "reason": "too-late", "text": "Sorry"},
    ]
    body = {"number": str(invitation.pk), "decisions": decisions}
    assert budapest.refused("programme.nominations-decided", body, invitation.conversation) == "not-yours"
    ceca.says("programme.nominations-decided", body, invitation.conversation)
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.state, other.state, other.reason, other.answer) == ("confirmed", "declined", "too-late", "Sorry")


def test_organiser_cannot_decide_on_people_who_never_left_the_house(vera: Officer, ceca: Partner) -> None:
    invitation = invites(ceca, 2)
    hidden = nominating.propose(vera, invitation, Nominee("Ana Anić", "Officer"))
    decisions = [{"nomination": str(hidden.pk), "decision": "confirmed"}]
    body = {"number": str(invitation.pk), "decisions": decisions}
    assert ceca.refused("programme.nominations-decided", body, invitation.conversation) == "not-nominated"
    hidden.refresh_from_db()
    assert hidden.state == "proposed"


def test_people_whom_the_organisers_node_turned_away_are_ours_again(vera: Officer, ceca: Partner) -> None:
    invitation = invites(ceca, 2)
    [row] = sent(vera, invitation, "Ana Anić")
    envelope = Envelope.objects.get(way="out", type="programme.nominations")
    ceca.stores(envelope)
    ceca.stores(envelope, kind="refused", code="ended")
    row.refresh_from_db()
    assert row.state == "chosen"
    assert row.steps.order_by("-pk")[0].text == "ended"


def test_authority_proposes_its_own_people_and_sees_no_others(vera: Officer, mira: Officer, ceca: Partner) -> None:
    invitation = invites(ceca, 2)
    hers = nominating.propose(mira, invitation, Nominee("Mira Mirić", "Officer", organisation="Customs"))
    theirs = nominating.propose(vera, invitation, Nominee("Ana Anić", "Officer"))
    assert hers.organisation == "Border Police"
    assert set(visible_nominations(mira)) == {hers}
    with pytest.raises(Http404):
        nomination_for(mira, theirs.pk)
    for forbidden in (
        lambda: nominating.choose(mira, hers),
        lambda: nominating.send_nominations(mira, invitation),
        lambda: nominating.decline_invitation(mira, invitation, "No"),
        lambda: deciding.decide(mira, invitation, {hers.pk: CONFIRMED}),
    ):
        with pytest.raises(PermissionDenied):
            forbidden()


def test_duty_officer_proposes_and_does_not_choose(ana: Officer, ceca: Partner) -> None:
    row = nominating.propose(ana, invites(ceca, 2), Nominee("Ana Anić", "Officer"))
    with pytest.raises(PermissionDenied):
        nominating.choose(ana, row)


def test_journal_names_no_nominee(vera: Officer, ceca: Partner) -> None:
    invitation = invites(ceca, 2)
    [row] = sent(vera, invitation, "Jelena Neponovljiva")
    nominating.withdraw(vera, row, "Jelena is ill")
    for line in Line.objects.all():
        assert "Jelena" not in f"{line.detail}{line.reason}{line.object_id}"
    assert UUID(Line.objects.get(act="nomination.withdrawn").object_id) == row.pk
