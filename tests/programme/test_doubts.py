"""What nominations do not believe blindly: a partner's numbers and keys, a form that is old, a unit that is gone."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from ilex.gate.fields import show_moment
from ilex.gate.models import Peer
from ilex.journal.models import Line
from ilex.programme.actions import attending, certificates, deciding, invitations, nominating
from ilex.programme.actions.deciding import Decision
from ilex.programme.actions.invitations import Terms
from ilex.programme.actions.nominating import Journey, Nominee
from ilex.programme.models import Activity, Certificate, Invitation, Involvement, Nomination, Person, Quota, Travel
from ilex.programme.queries.nominations import standings
from ilex.programme.rules.errors import NotNow
from ilex.programme.rules.nominations import erase_day
from ilex.programme.telling import body_of
from ilex.units.models import Officer
from tests.programme.inviting import invited, invites, nominates, over, person, sent, workshop
from tests.programme.test_certificates import certified, of_ceca, ours_at_hers, told_attended
from tests.sharing.ceca import Partner

pytestmark = pytest.mark.django_db

CONFIRMED = Decision("confirmed")


@pytest.fixture
def client(vera: Officer) -> Client:
    client = Client()
    client.force_login(vera)
    return client


def posted(client: Client, route: str, at: object, **fields: object) -> str:
    answer = client.post(reverse(route, args=[at]), fields, follow=True)
    assert isinstance(answer, HttpResponse)
    return " ".join(answer.content.decode().split())


def shown(client: Client, route: str, at: object) -> str:
    answer = client.get(reverse(route, args=[at]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def leaves(partner: Partner) -> None:
    Peer.objects.filter(unit=partner.unit).update(state=Peer.State.REMOVED)


# --- partners


@pytest.mark.parametrize(
    "number", ["RS-P-2026-000001", "RS-P-2026-999999999999", "HU-P-2026-000001", "MK-E-2026-000001"]
)
def test_partner_takes_no_number_that_another_unit_will_give(vera: Officer, ceca: Partner, number: str) -> None:
    row = ours_at_hers(vera, ceca)
    body = told_attended(row, of_ceca(ceca, no=number))
    assert ceca.refused("programme.attendance", body, row.invitation.conversation) == "bad-certificate"
    assert not Certificate.objects.exists()
    [first] = certified(vera, ceca)
    assert first.number.endswith("-000001")


def test_certificate_of_somebody_who_did_not_come_is_not_taken_in(vera: Officer, ceca: Partner) -> None:
    row = ours_at_hers(vera, ceca)
    nominating.withdraw(vera, row, "Ill.")
    body = told_attended(row, of_ceca(ceca))
    assert ceca.refused("programme.attendance", body, row.invitation.conversation) == "bad-certificate"


def test_activity_of_a_partner_does_not_take_the_place_of_our_own_page(vera: Officer, ceca: Partner) -> None:
    theirs = Activity(id=uuid4(), key="new", kind="training", title="Нова обука", owner=None)
    invitation = invites(ceca, 1, activity=theirs)
    assert invitation.activity.key == "new-ilecu-mk"


def test_partners_read_a_persons_function_whatever_the_sheet_printed(vera: Officer) -> None:
    activity = workshop()
    speaker = Person.objects.create(name="Jelena Neponovljiva", function="Head of training")
    Involvement.objects.create(activity=activity, role="host", person=speaker, printed="J. Neponovljiva")
    assert body_of(activity).hosts == ["Head of training"]


def test_invitation_that_a_node_does_not_take_in_is_not_called_delivered(
    client: Client, vera: Officer, ceca: Partner
) -> None:
    invitation = invited(vera)
    assert invitation.envelope is not None
    ceca.stores(invitation.envelope)
    assert Quota.objects.get(invitation=invitation).delivered_at is not None
    ceca.stores(invitation.envelope, kind="refused", code="unsupported")
    assert Quota.objects.get(invitation=invitation).delivered_at is None
    assert [one.failed for one in standings(invitation)] == ["Refused by the partner"]
    assert "Refused by the partner" in shown(client, "invitation", invitation.pk)


def test_day_on_which_names_go_is_found_also_for_an_activity_at_the_end_of_time() -> None:
    assert erase_day(180, date.max, date.max) == date.max


# --- a unit that is gone


def test_invitation_ends_also_when_one_of_the_units_is_gone(
    client: Client, vera: Officer, ceca: Partner, budapest: Partner
) -> None:
    invitation = invited(vera, {"ilecu-mk": 1, "spoc-hu": 1})
    leaves(ceca)
    cancel = f"{reverse('invitation-end', args=[invitation.pk])}?ended=cancelled"
    answer = client.post(cancel, {"reason": "Snow"}, follow=True)
    assert "No message reaches Unit of MK any more: tell them another way." in answer.content.decode()
    assert [mail.body["reason"] for mail in budapest.mail("programme.invitation-ended")] == ["Snow"]
    assert Line.objects.get(act="invitation.cancelled").recipients == ["spoc-hu"]


def test_attendance_and_certificates_do_not_hang_on_a_unit_that_is_gone(
    vera: Officer, ceca: Partner, budapest: Partner
) -> None:
    activity = workshop()
    invitation = invited(vera, {"ilecu-mk": 1, "spoc-hu": 1}, activity=activity)
    rows = [*nominates(ceca, invitation, person("Ana A")), *nominates(budapest, invitation, person("Bojan B"))]
    leaves(ceca)
    deciding.decide(vera, invitation, {row.pk: CONFIRMED for row in rows})
    over(activity)
    attending.record_attendance(vera, invitation, {row.pk: True for row in rows})
    made = certificates.certify(vera, invitation, rows)
    certificates.revoke_certificate(vera, made[0], "The wrong person.")
    assert len(budapest.mail("programme.attendance")) == 2
    assert Line.objects.get(act="certificates.issued").recipients == ["spoc-hu"]


# --- a form that is old


def test_name_that_was_chosen_after_the_look_does_not_leave(client: Client, vera: Officer, ceca: Partner) -> None:
    invitation = invites(ceca, 2)
    seen, unseen = (nominating.propose(vera, invitation, Nominee(name, "Officer")) for name in ("Ana A", "Bojan B"))
    nominating.choose(vera, seen)
    assert str(seen.pk) in shown(client, "nominations-send", invitation.pk)
    nominating.choose(vera, unseen)
    read = posted(client, "nominations-send", invitation.pk, person=[str(seen.pk)])
    assert "Somebody else changed this at the same moment." in read
    assert not ceca.mail()
    posted(client, "nominations-send", invitation.pk, person=[str(seen.pk), str(unseen.pk)])
    assert len(ceca.mail("programme.nominations")[0].body["people"]) == 2


def test_who_was_confirmed_after_the_list_was_opened_is_not_recorded_as_absent(
    client: Client, vera: Officer, ceca: Partner
) -> None:
    activity = workshop()
    invitation = invited(vera, activity=activity)
    listed, later = nominates(ceca, invitation, person("Ana A"), person("Bojan B"))
    deciding.decide(vera, invitation, {listed.pk: CONFIRMED, later.pk: CONFIRMED})
    over(activity)
    posted(client, "nominations-attendance", invitation.pk, listed=[str(listed.pk)])
    listed.refresh_from_db()
    later.refresh_from_db()
    assert (listed.state, later.state) == ("absent", "confirmed")


def test_decision_on_somebody_who_was_withdrawn_meanwhile_is_not_lost_in_silence(
    client: Client, vera: Officer, ceca: Partner
) -> None:
    invitation = invited(vera)
    stays, goes = nominates(ceca, invitation, person("Ana A"), person("Bojan B"))
    body = {"number": str(invitation.pk), "withdrawn": [str(goes.pk)]}
    ceca.says("programme.nominations", body, invitation.conversation)
    both = {str(stays.pk): "confirmed", str(goes.pk): "confirmed"}
    assert "Somebody else changed this" in posted(client, "nominations-decide", invitation.pk, **both)
    stays.refresh_from_db()
    assert stays.state == "sent"


def test_changes_of_two_coordinators_do_not_overwrite_each_other(vera: Officer, ceca: Partner) -> None:
    invitation = invited(vera)
    invitations.change_invitation(vera, invitation, Terms(quotas={"ilecu-mk": 4}), version=1)
    with pytest.raises(NotNow, match="Somebody else"):
        invitations.change_invitation(vera, invitation, Terms(quotas={"ilecu-mk": 5}), version=1)
    assert Quota.objects.get(invitation=invitation).places == 4


# --- what is cancelled


def confirmed_by_ceca(vera: Officer, ceca: Partner) -> tuple[Invitation, Nomination]:
    invitation = invites(ceca, 1, travel_wanted=True)
    [row] = sent(vera, invitation, "Ana Anić")
    decisions = [{"nomination": str(row.pk), "decision": "confirmed"}]
    body = {"number": str(invitation.pk), "decisions": decisions}
    ceca.says("programme.nominations-decided", body, invitation.conversation)
    return invitation, row


def test_nobody_is_called_expected_at_what_is_cancelled(client: Client, vera: Officer, ceca: Partner) -> None:
    invitation, row = confirmed_by_ceca(vera, ceca)
    letter = reverse("nomination-letter", args=[row.pk])
    assert client.get(letter).status_code == 200
    body = {"number": str(invitation.pk), "ended": "cancelled", "reason": "Снег"}
    ceca.says("programme.invitation-ended", body, invitation.conversation)
    assert client.get(letter).status_code == 404
    assert letter not in shown(client, "nomination", row.pk)
    with pytest.raises(NotNow, match="cancelled"):
        nominating.send_travel(vera, invitation, {row: Journey(travels_from="Niš")})


def test_travel_data_that_come_after_the_end_are_not_kept(vera: Officer, ceca: Partner) -> None:
    invitation = invited(vera, {"ilecu-mk": 1}, travel_wanted=True)
    [row] = nominates(ceca, invitation, person("Ana A"))
    deciding.decide(vera, invitation, {row.pk: CONFIRMED})
    invitations.cancel_invitation(vera, invitation, "Snow")
    travel = [{"nomination": str(row.pk), "arrives_at": show_moment(row.changed_at), "document": "P1"}]
    ceca.says("programme.travel", {"number": str(invitation.pk), "travel": travel}, invitation.conversation)
    assert not Travel.objects.exists()


# --- what is next


def test_closed_invitation_still_says_on_whom_to_decide(client: Client, vera: Officer, ceca: Partner) -> None:
    invitation = invited(vera)
    [row] = nominates(ceca, invitation, person("Ana A"))
    invitations.close_invitation(vera, invitation)
    assert 'href="#nominated"' in shown(client, "invitation", invitation.pk)
    deciding.decide(vera, invitation, {row.pk: Decision("waiting")})
    assert 'href="#nominated"' not in shown(client, "invitation", invitation.pk)


# --- what participants say


def test_organiser_reads_what_participants_say_without_their_names(
    client: Client, vera: Officer, ceca: Partner
) -> None:
    [one] = certified(vera, ceca)
    row = one.nomination
    said = {"number": str(row.invitation_id), "nomination": str(row.pk), "marks": {"use": 1}, "text": "Досадно."}
    ceca.says("programme.evaluation", said, row.invitation.conversation)
    assert "Досадно." not in shown(client, "nomination", row.pk)
    assert "Досадно." in shown(client, "invitation", row.invitation_id)
