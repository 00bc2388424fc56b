"""After the choice: travel, who came, what they say, and when their names go."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import now

from ilex.gate.fields import show_moment
from ilex.gate.models import Envelope
from ilex.gate.signing import payload_of
from ilex.journal.models import Line
from ilex.programme.actions import attending, deciding, erasing, nominating
from ilex.programme.actions.deciding import Decision
from ilex.programme.actions.nominating import Journey, Nominee
from ilex.programme.models import Travel
from ilex.programme.rules.errors import Invalid, NotNow
from ilex.units.models import Officer
from tests.programme.inviting import invited, invites, nominates, over, person, sent, workshop
from tests.sharing.ceca import Partner

pytestmark = pytest.mark.django_db

CONFIRMED = Decision("confirmed")


def test_travel_data_go_to_the_organiser_who_asked_for_them(vera: Officer, ceca: Partner) -> None:
    quiet, wanted = invites(ceca, 1), invites(ceca, 2, travel_wanted=True)
    [row] = sent(vera, wanted, "Ana Anić")
    journey = Journey(arrives_at=now() + timedelta(days=29), travels_from="Niš", document="P1234567")
    with pytest.raises(NotNow, match="confirmed"):
        nominating.send_travel(vera, wanted, {row: journey})
    with pytest.raises(NotNow, match="did not ask"):
        nominating.send_travel(vera, quiet, {row: journey})
    decisions = [{"nomination": str(row.pk), "decision": "confirmed"}]
    ceca.says("programme.nominations-decided", {"number": str(wanted.pk), "decisions": decisions}, wanted.conversation)
    nominating.send_travel(vera, wanted, {row: journey})
    [mail] = ceca.mail("programme.travel")
    assert mail.body["travel"][0]["travels_from"] == "Niš"
    with pytest.raises(Invalid, match="departure"):
        nominating.send_travel(vera, wanted, {row: Journey(arrives_at=now(), leaves_at=now() - timedelta(hours=1))})


def test_travel_data_of_a_confirmed_person_are_kept(vera: Officer, ceca: Partner) -> None:
    invitation = invited(vera, {"ilecu-mk": 2}, travel_wanted=True)
    one, other = nominates(ceca, invitation, person("Ana A"), person("Bojan B"))
    deciding.decide(vera, invitation, {one.pk: CONFIRMED})
    at = show_moment(now())
    travel = [{"nomination": str(row.pk), "arrives_at": at, "document": "P1"} for row in (one, other)]
    ceca.says("programme.travel", {"number": str(invitation.pk), "travel": travel}, invitation.conversation)
    assert list(Travel.objects.values_list("nomination", "document")) == [(one.pk, "P1")]


def test_attendance_is_recorded_once_it_began_and_told(vera: Officer, ceca: Partner) -> None:
    activity = workshop()
    invitation = invited(vera, activity=activity)
    came, stayed = nominates(ceca, invitation, person("Ana A"), person("Bojan B"))
    deciding.decide(vera, invitation, {came.pk: CONFIRMED, stayed.pk: CONFIRMED})
    with pytest.raises(NotNow, match="not begun"):
        attending.record_attendance(vera, invitation, {came.pk: True})
    over(activity)
    attending.record_attendance(vera, invitation, {came.pk: True, stayed.pk: False})
    [mail] = ceca.mail("programme.attendance")
    assert {one["nomination"]: one["attended"] for one in mail.body["people"]} == {
        str(came.pk): True,
        str(stayed.pk): False,
    }


def test_evaluation_goes_to_the_organiser_without_a_name(vera: Officer, ceca: Partner) -> None:
    invitation = invites(ceca, 1)
    [row] = sent(vera, invitation, "Ana Anić")
    attended = {"number": str(invitation.pk), "people": [{"nomination": str(row.pk), "attended": True}]}
    with pytest.raises(NotNow, match="Only who came"):
        attending.evaluate(vera, row, {"content": 5})
    decisions = [{"nomination": str(row.pk), "decision": "confirmed"}]
    ceca.says(
        "programme.nominations-decided", {"number": str(invitation.pk), "decisions": decisions}, invitation.conversation
    )
    ceca.says("programme.attendance", attended, invitation.conversation)
    attending.evaluate(vera, row, {"content": 5, "use": 4}, "Very useful.")
    [mail] = ceca.mail("programme.evaluation")
    assert mail.body["marks"] == {"content": 5, "use": 4}
    assert "Ana" not in str(mail.body)
    with pytest.raises(NotNow, match="already"):
        attending.evaluate(vera, row, {"content": 1})


def test_evaluation_is_kept_once(vera: Officer, ceca: Partner) -> None:
    activity = workshop()
    invitation = invited(vera, activity=activity)
    [row] = nominates(ceca, invitation, person())
    deciding.decide(vera, invitation, {row.pk: CONFIRMED})
    body = {"number": str(invitation.pk), "nomination": str(row.pk), "marks": {"content": 4}, "text": "Good"}
    assert ceca.refused("programme.evaluation", body, invitation.conversation) == "not-now"
    over(activity)
    attending.record_attendance(vera, invitation, {row.pk: True})
    ceca.says("programme.evaluation", body, invitation.conversation)
    row.refresh_from_db()
    assert row.evaluation.marks == {"content": 4}
    assert ceca.refused("programme.evaluation", body, invitation.conversation) == "not-now"


def test_names_travel_data_and_texts_go_when_their_time_is_over_and_the_counts_stay(
    vera: Officer, ceca: Partner
) -> None:
    activity = workshop()
    invitation = invited(vera, activity=activity, travel_wanted=True, keep_days=30)
    [row] = nominates(ceca, invitation, person("Ceca Izmišljena", note="vegetarian"))
    deciding.decide(vera, invitation, {row.pk: CONFIRMED})
    travel = [{"nomination": str(row.pk), "document": "P7777777"}]
    ceca.says("programme.travel", {"number": str(invitation.pk), "travel": travel}, invitation.conversation)
    over(activity, days_ago=10)
    attending.record_attendance(vera, invitation, {row.pk: True})
    said = {"number": str(invitation.pk), "nomination": str(row.pk), "marks": {"use": 5}, "text": "Thank you, Vera"}
    ceca.says("programme.evaluation", said, invitation.conversation)

    assert erasing.erase_due(now() + timedelta(days=19)) == 0
    assert erasing.erase_due(now() + timedelta(days=20)) == 1
    row.refresh_from_db()
    assert (row.name, row.name_key, row.note, row.state) == ("", "", "", "attended")
    assert not Travel.objects.exists()
    assert (row.evaluation.text, row.evaluation.marks) == ("", {"use": 5})
    assert erasing.erase_due(now() + timedelta(days=21)) == 0
    for envelope in Envelope.objects.exclude(signed=""):
        assert "Izmi" not in payload_of(envelope.signed).decode(), envelope.type
    assert Line.objects.get(act="nominations.erased").detail["count"] == 1


def test_names_of_an_activity_that_was_put_off_are_kept_as_long_as_it_asks(vera: Officer, ceca: Partner) -> None:
    activity = workshop()
    invitation = invites(ceca, 1, keep_days=10)
    row = nominating.propose(vera, invitation, Nominee("Ana Anić", "Officer"))
    planned = row.erase_on
    assert planned is not None
    over(invitation.activity, days_ago=-400)
    assert erasing.erase_due(now() + timedelta(days=60)) == 1  # looked at, and given another day
    row.refresh_from_db()
    assert row.name == "Ana Anić"
    assert row.erase_on is not None
    assert row.erase_on > planned
    assert activity.pk
