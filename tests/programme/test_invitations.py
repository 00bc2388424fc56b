"""Inviting: what units are told, what changes, and how an invitation ends."""

from __future__ import annotations

from uuid import uuid4

import pytest

from ilex.journal.models import Line
from ilex.programme.actions import deciding, invitations, nominating
from ilex.programme.actions.deciding import Decision
from ilex.programme.actions.invitations import Terms
from ilex.programme.actions.nominating import Nominee
from ilex.programme.models import Activity, Invitation, Quota
from ilex.programme.rules.errors import Invalid, NotNow
from ilex.units.models import Officer
from tests.programme.inviting import invited, invites, nominates, person, sent, told, workshop
from tests.sharing.ceca import Partner

pytestmark = pytest.mark.django_db

CONFIRMED = Decision("confirmed")


def test_each_invited_unit_reads_the_quotas_of_all(vera: Officer, ceca: Partner, budapest: Partner) -> None:
    invitation = invited(vera, {"ilecu-mk": 3, "spoc-hu": 1, "ilecu-rs": 2}, text="Bring a laptop.")
    for partner in (ceca, budapest):
        [mail] = partner.mail("programme.invitation")
        assert mail.body["quotas"] == {"ilecu-mk": 3, "spoc-hu": 1, "ilecu-rs": 2}
        assert mail.body["activity"]["title"] == invitation.activity.title
        assert mail.body["text"] == "Bring a laptop."
    line = Line.objects.get(act="invitation.sent")
    assert set(line.recipients) == {"ilecu-mk", "spoc-hu", "ilecu-rs"}


def test_invitation_to_a_unit_that_is_no_peer_is_refused_and_nothing_is_kept(vera: Officer, ceca: Partner) -> None:
    activity = workshop()
    with pytest.raises(NotNow, match="spoc-hu"):
        invitations.invite(vera, activity, Terms(quotas={"ilecu-mk": 3, "spoc-hu": 1}))
    assert not Invitation.objects.exists()
    assert not ceca.mail()


def test_unit_that_sends_nobody_says_why_and_may_think_again(vera: Officer, ceca: Partner) -> None:
    invitation = invites(ceca, 2)
    nominating.decline_invitation(vera, invitation, "All are on leave.")
    [mail] = ceca.mail("programme.nominations")
    assert mail.body["declined"] == "All are on leave."
    with pytest.raises(NotNow, match="already"):
        nominating.decline_invitation(vera, invitation, "Again.")
    sent(vera, invitation, "Ana Anić")
    assert Quota.objects.get(invitation=invitation, unit="ilecu-rs").declined_at is None


def test_refusal_and_change_of_mind_of_a_unit_are_kept(vera: Officer, ceca: Partner) -> None:
    invitation = invited(vera)
    body = {"number": str(invitation.pk), "declined": "Nobody has time."}
    ceca.says("programme.nominations", body, invitation.conversation)
    quota = Quota.objects.get(invitation=invitation)
    assert quota.declined_why == "Nobody has time."
    nominates(ceca, invitation, person())
    quota.refresh_from_db()
    assert quota.declined_at is None


def test_closed_invitation_takes_nobody_more_but_people_may_still_stay_away(vera: Officer, ceca: Partner) -> None:
    invitation = invited(vera)
    [row] = nominates(ceca, invitation, person("Ana A"))
    invitations.close_invitation(vera, invitation)
    body = {"number": str(invitation.pk), "people": [person("Bojan B")]}
    assert ceca.refused("programme.nominations", body, invitation.conversation) == "ended"
    deciding.decide(vera, invitation, {row.pk: CONFIRMED})
    ceca.says(
        "programme.nominations", {"number": str(invitation.pk), "withdrawn": [str(row.pk)]}, invitation.conversation
    )
    row.refresh_from_db()
    assert row.state == "withdrawn"


def test_cancelled_invitation_is_closed_to_us_with_its_reason(vera: Officer, ceca: Partner) -> None:
    invitation = invites(ceca, 2)
    body = {"number": str(invitation.pk), "ended": "cancelled", "reason": "Снег"}
    ceca.says("programme.invitation-ended", body, invitation.conversation)
    invitation.refresh_from_db()
    assert (invitation.state, invitation.ended_why) == ("cancelled", "Снег")
    with pytest.raises(NotNow, match="not open"):
        nominating.propose(vera, invitation, Nominee("Ana Anić", "Officer"))


def test_changed_invitation_replaces_the_lower_version_and_never_the_higher(vera: Officer, ceca: Partner) -> None:
    number, activity = str(uuid4()), workshop("ilecu-mk")
    invites(ceca, 2, activity=activity, number=number, text="first")
    invites(ceca, 3, activity=activity, number=number, version=3, text="third")
    invitation = invites(ceca, 1, activity=activity, number=number, version=2, text="second")
    assert (invitation.version, invitation.text) == (3, "third")
    assert invitation.quotas.get(unit="ilecu-rs").places == 3


def test_partner_cannot_change_an_activity_that_is_not_its_own(vera: Officer, ceca: Partner) -> None:
    activity = workshop("ilecu-rs")
    body = {"number": str(uuid4()), "version": 1, "activity": {**told(activity), "version": 9, "title": "Ours now"}}
    assert ceca.refused("programme.invitation", {**body, "quotas": {"ilecu-rs": 1}}, uuid4()) == "not-yours"
    assert Activity.objects.get(pk=activity.pk).title == activity.title
    assert not Invitation.objects.exists()


def test_quota_does_not_fall_below_those_nominated_and_nobody_is_left_out(vera: Officer, ceca: Partner) -> None:
    invitation = invited(vera, {"ilecu-mk": 3, "ilecu-rs": 1})
    nominates(ceca, invitation, person("Ana A"), person("Bojan B"))
    with pytest.raises(Invalid, match="nominated 2"):
        invitations.change_invitation(vera, invitation, Terms(quotas={"ilecu-mk": 1, "ilecu-rs": 1}))
    with pytest.raises(Invalid, match="left out"):
        invitations.change_invitation(vera, invitation, Terms(quotas={"ilecu-mk": 3}))
    invitations.change_invitation(vera, invitation, Terms(quotas={"ilecu-mk": 2, "ilecu-rs": 1}, text="Fewer"))
    assert [mail.body["version"] for mail in ceca.mail("programme.invitation")] == [1, 2]


def test_delivered_invitation_says_since_when(vera: Officer, ceca: Partner) -> None:
    invitation = invited(vera)
    ceca.stores(invitation.envelope)
    assert Quota.objects.get(invitation=invitation).delivered_at is not None
