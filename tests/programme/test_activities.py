"""Activities: drafts, announced to the network, changed, held and cancelled; and what a partner announces."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from ilex.gate.models import Delivery, Envelope
from ilex.journal.actions import act
from ilex.journal.models import Line, Operation
from ilex.programme.actions.activities import add_activity, announce, cancel, change_activity, hold
from ilex.programme.actions.agenda import Point, agree, done, set_agenda
from ilex.programme.actions.claims import add_source, claim, prefer
from ilex.programme.actions.findings import remark
from ilex.programme.actions.involving import involve
from ilex.programme.loading import load_programme
from ilex.programme.models import Activity, Invitation, Involvement, Remark
from ilex.programme.rules.errors import Invalid, NotNow
from ilex.units.actions import load_directory
from ilex.units.models import Officer, Organisation
from tests.programme.inviting import invited, nominates, over, person, workshop
from tests.programme.shown import read
from tests.sharing.ceca import Partner

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _directory(house: Organisation) -> None:
    load_directory()


TITLE = "Seminar on forged seals"


def seminar(vera: Officer, **more: Any) -> Activity:
    return add_activity(vera, **{"title": TITLE, "kind": "workshop", "when": "2027-03-01/2027-03-02", **more})


def told(partner: Partner) -> list[dict[str, Any]]:
    return [message.body["activity"] for message in partner.mail("programme.activity")]


def test_activity_begins_as_a_draft_of_ours_and_nobody_hears_of_it(vera: Officer, ceca: Partner) -> None:
    activity = seminar(vera)
    assert (activity.state, activity.owner_id, activity.key) == ("draft", "ilecu-rs", "seminar-on-forged-seals")
    change_activity(vera, activity, venue="Hall two")
    assert not ceca.mail()
    assert list(Line.objects.filter(object_id=str(activity.pk)).order_by("pk").values_list("act", flat=True)) == [
        "activity.added",
        "activity.changed",
    ]


def test_announced_activity_reaches_the_partner_and_so_does_each_change(vera: Officer, ceca: Partner) -> None:
    activity = seminar(vera, place="RS", topics=["Seals"])
    involve(vera, activity, role="host", organisation="ilecu-rs")
    announce(vera, activity, ["ilecu-mk"])
    change_activity(vera, activity, venue="Hall two")
    first, second = told(ceca)
    assert (first["title"], first["place"], first["when"]) == (TITLE, "RS", "2027-03-01/2027-03-02")
    assert second["venue"] == "Hall two"
    assert second["version"] > first["version"]
    line = Line.objects.get(act="activity.announced")
    assert line.recipients == ["ilecu-mk"]


def test_announcing_needs_a_time_and_somebody_to_tell(vera: Officer) -> None:
    with pytest.raises(Invalid, match="Say first when it is"):
        announce(vera, seminar(vera, when=""))
    activity = seminar(vera)
    with pytest.raises(Invalid, match="nobody can be told"):
        announce(vera, activity)
    activity.refresh_from_db()
    assert activity.state == "draft"


def test_cancelled_activity_ends_its_invitations_and_all_who_know_are_told(vera: Officer, ceca: Partner) -> None:
    activity = workshop()
    invitation = invited(vera, activity=activity)
    cancel(vera, activity, "The hall burned down.")
    activity.refresh_from_db()
    invitation.refresh_from_db()
    assert (activity.state, invitation.state) == ("cancelled", Invitation.State.CANCELLED)
    assert told(ceca)[-1]["cancelled"] == "The hall burned down."
    assert ceca.mail("programme.invitation-ended")
    with pytest.raises(NotNow):
        hold(vera, activity)
    with pytest.raises(NotNow):
        change_activity(vera, activity, title="x")


def test_activity_is_held_once_it_has_begun(vera: Officer) -> None:
    activity = workshop()
    with pytest.raises(NotNow, match="not begun"):
        hold(vera, activity)
    hold(vera, over(activity), "over 20 participants")
    activity.refresh_from_db()
    assert (activity.state, activity.attended) == ("held", ">20 participants")
    with pytest.raises(NotNow):
        hold(vera, activity)


def test_partner_announces_and_changes_and_an_older_word_changes_nothing(ceca: Partner) -> None:
    said: dict[str, Any] = {
        "id": str(uuid4()),
        "version": 2,
        "key": "obuka",
        "kind": "training",
        "title": "Обука",
        "when": "2027-05",
    }
    for version, title in ((2, "Обука"), (3, "Обука, друг дел"), (1, "Стар збор")):
        envelope = ceca.says("programme.activity", {"activity": {**said, "version": version, "title": title}}, uuid4())
        assert envelope.state == "taken", envelope.failure
    row = Activity.objects.get(pk=said["id"])
    assert (row.title, row.version, row.owner_id, row.state) == ("Обука, друг дел", 3, "ilecu-mk", "announced")


def test_partner_cannot_change_what_is_ours(vera: Officer, ceca: Partner) -> None:
    activity = seminar(vera)
    said = {"id": str(activity.pk), "version": 9, "key": activity.key, "kind": "training", "title": "Taken over"}
    assert ceca.refused("programme.activity", {"activity": said}, uuid4()) == "not-yours"
    activity.refresh_from_db()
    assert activity.title == TITLE


def test_activity_of_a_partner_is_theirs_to_change(vera: Officer) -> None:
    with pytest.raises(NotNow, match="only they change it"):
        change_activity(vera, workshop("ilecu-mk"), title="Ours now")


def test_seed_that_is_changed_becomes_ours_and_loading_leaves_it_alone(vera: Officer) -> None:
    load_directory()
    load_programme()
    activity = Activity.objects.filter(owner=None).exclude(first=None).earliest("pk")
    change_activity(vera, activity, title="Changed by us")
    load_programme()
    activity.refresh_from_db()
    assert (activity.title, activity.owner_id, activity.version) == ("Changed by us", "ilecu-rs", 2)


def test_what_is_not_given_stays(vera: Officer) -> None:
    more = {"place": "MD", "opens": time(9), "closes": time(17), "topics": ["Seals"], "capacity": "up to 30 people"}
    activity = seminar(vera, **more)
    change_activity(vera, activity, title="Another title")
    activity.refresh_from_db()
    assert (activity.place_id, activity.topics, activity.capacity) == ("MD", ["Seals"], "<=30 people")
    assert activity.starts_at == datetime(2027, 3, 1, 7, tzinfo=UTC)
    assert activity.ends_at == datetime(2027, 3, 2, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"title": " "}, "title"),
        ({"kind": "party"}, "kind"),
        ({"when": "2027-03-02/2027-03-01"}, "when"),
        ({"place": "Atlantis"}, "place"),
        ({"zone": "Europe/Atlantis"}, "zone"),
        ({"opens": time(9)}, "closes"),
        ({"when": "2027-03", "opens": time(9), "closes": time(10)}, "opens"),
        ({"when": "2027-03-01", "opens": time(9), "closes": time(9)}, "closes"),
        ({"when": "2027-03-28", "place": "RS", "opens": time(2, 30), "closes": time(9)}, "opens"),
        ({"capacity": "many"}, "capacity"),
    ],
)
def test_bad_input_says_one_sentence_and_leaves_nothing(vera: Officer, typed: dict[str, Any], field: str) -> None:
    before = Activity.objects.count(), Line.objects.count()
    with pytest.raises(Invalid) as refused:
        seminar(vera, **typed)
    assert list(refused.value.fields) == [field]
    assert (Activity.objects.count(), Line.objects.count()) == before


def test_duty_officer_reads_and_does_not_write(ana: Officer, vera: Officer, client: Client) -> None:
    activity = seminar(vera)
    client.force_login(ana)
    assert TITLE in read(client, reverse("activity", args=[activity.key]))
    for verb in (lambda: seminar(ana), lambda: hold(ana, activity), lambda: cancel(ana, activity, "x")):
        with pytest.raises(PermissionDenied):
            verb()


def test_agenda_keeps_the_parts_of_those_points_that_stay(vera: Officer) -> None:
    activity = seminar(vera)
    set_agenda(vera, activity, [Point("Welcome"), Point("Seals", speakers=["Head of laboratory", "Expert"])])
    welcome, seals = activity.sessions.all()
    involve(vera, seals, role="moderator", organisation="ilecu-mk")
    set_agenda(
        vera,
        activity,
        [Point("Seals", "exercise", speakers=["Expert"], id=seals.pk), Point("Farewell")],
    )
    assert [(one.order, one.title) for one in activity.sessions.all()] == [(1, "Seals"), (2, "Farewell")]
    assert not activity.sessions.filter(pk=welcome.pk).exists()
    parts = Involvement.objects.filter(session=seals).order_by("role")
    assert [one.role for one in parts] == ["moderator", "speaker"]


def test_what_was_agreed_is_done_once(vera: Officer) -> None:
    activity = seminar(vera)
    outcome = agree(vera, activity, text="Send the list.", responsible="ilecu-mk", due_on=localdate())
    output = agree(vera, activity, text="A list", kind="output")
    done(vera, outcome)
    for row in (outcome, output):
        with pytest.raises(NotNow):
            done(vera, row)


def test_activity_is_written_through_its_pages(vera: Officer, client: Client, ceca: Partner) -> None:
    client.force_login(vera)
    day = f"{localdate().year + 1}-03-01"  # ahead, and in winter
    typed: dict[str, object] = {"title": TITLE, "kind": "workshop", "language": "en", "begins": day}
    typed |= {
        "ending": "",
        "length_unit": "",
        "place": "MD",
        "opens": "09:00",
        "closes": "17:00",
        "topics": "Seals\nPaper",
    }
    assert client.post(reverse("activity-new"), typed).status_code == 302
    activity = Activity.objects.get(title=TITLE)
    at = [activity.key]
    shown = read(client, reverse("activity", args=at))
    assert "09:00–17:00 EET (Europe/Chisinau)" in shown
    assert "07:00–15:00 UTC on our clock" in shown
    assert "Announce it to the network" in shown
    edit = reverse("activity-edit", args=at)
    assert 'value="09:00"' in client.get(edit).text
    again = client.post(edit, {**typed, "version": activity.version, "venue": "Hall two"})
    assert again.status_code == 302
    assert client.post(edit, {**typed, "version": 1}).status_code == 422
    lines = {"points-TOTAL_FORMS": "1", "points-INITIAL_FORMS": "0", "points-0-title": "Welcome"}
    lines |= {"points-0-day": day, "points-0-opens": "09:00", "points-0-closes": "09:30"}
    lines |= {"points-0-speakers": "Head of the academy"}
    assert client.post(reverse("activity-agenda", args=at), lines).status_code == 302
    assert client.post(reverse("activity-announce", args=at), {"to": ["ilecu-mk"]}).status_code == 302
    assert told(ceca)[0]["agenda"][0]["speakers"] == ["Head of the academy"]
    assert (
        client.post(reverse("activity-outcome", args=at), {"kind": "agreed", "text": "Meet again."}).status_code == 302
    )
    client.post(reverse("outcome-done", args=[activity.outcomes.get().pk]))
    shown = read(client, reverse("activity", args=at))
    for words in ("Hall two", "09:00–09:30 EET Welcome", "Head of the academy", "Meet again. done", "Invite units"):
        assert words in shown, words
    assert client.post(reverse("activity-cancel", args=at), {"reason": ""}).status_code == 422
    assert client.post(reverse("activity-cancel", args=at), {"reason": "No money"}).status_code == 302
    assert "It does not take place No money" in read(client, reverse("activity", args=at))


def test_page_names_what_is_at_the_same_time(vera: Officer, client: Client, house: Organisation) -> None:
    one, other, far = seminar(vera), seminar(vera, title="Other", when="2027-03-02"), seminar(vera, when="2027-04-02")
    for activity in (one, other, far):
        involve(vera, activity, role="host", organisation="ilecu-mk")
    client.force_login(vera)
    shown = read(client, reverse("activity", args=[one.key]))
    assert "Other 2 March 2027 · the same host: " in shown
    cancel(vera, other, "No money")
    assert "At the same time" not in read(client, reverse("activity", args=[one.key]))


def test_days_of_names_follow_the_activity(vera: Officer, ceca: Partner) -> None:
    activity = workshop()
    invitation = invited(vera, activity=activity)
    [row] = nominates(ceca, invitation, person())
    later = (activity.last or localdate()) + timedelta(days=100)
    change_activity(vera, activity, when=str(later))
    row.refresh_from_db()
    assert row.erase_on == later + timedelta(days=invitation.keep_days)
    assert Envelope.objects.filter(type="programme.activity").count() == 1


def said_of(**more: Any) -> dict[str, Any]:
    """An activity as a partner announces it."""
    usual = {
        "id": str(uuid4()),
        "version": 1,
        "key": "obuka",
        "kind": "training",
        "title": "Обука",
        "when": "2027-05-03",
    }
    return usual | more


def announced(ceca: Partner, **more: Any) -> Activity:
    said = said_of(**more)
    envelope = ceca.says("programme.activity", {"activity": said}, uuid4())
    assert envelope.state == "taken", envelope.failure
    return Activity.objects.get(pk=said["id"])


def test_agenda_and_host_of_an_announced_activity_are_told_to_who_knows_of_it(vera: Officer, ceca: Partner) -> None:
    activity = seminar(vera)
    announce(vera, activity, ["ilecu-mk"])
    set_agenda(vera, activity, [Point("Welcome")])
    involve(vera, activity, role="host", organisation="ilecu-rs")
    involve(vera, activity, role="guest", organisation="ilecu-mk")
    mail = told(ceca)
    assert [(len(one["agenda"]), len(one["hosts"])) for one in mail] == [(0, 0), (1, 0), (1, 1)]
    assert [one["version"] for one in mail] == sorted({one["version"] for one in mail})
    assert Line.objects.get(act="activity.planned").recipients == ["ilecu-mk"]


def test_followed_date_moves_an_announced_activity_without_its_old_hours(vera: Officer, ceca: Partner) -> None:
    activity = seminar(vera, opens=time(9), closes=time(17))
    announce(vera, activity, ["ilecu-mk"])
    source = add_source(vera, title="Letter of the host", kind="letter")
    prefer(vera, claim(vera, activity, field="when", value="2027-04-05", source=source.key), "The host knows best.")
    activity.refresh_from_db()
    assert (activity.when, activity.starts_at, activity.ends_at) == ("2027-04-05", None, None)
    assert (told(ceca)[-1]["when"], told(ceca)[-1]["starts_at"]) == ("2027-04-05", None)


def test_partner_s_activity_never_takes_the_address_of_a_form(vera: Officer, ceca: Partner, client: Client) -> None:
    row = announced(ceca, key="new")
    assert row.key != "new"
    client.force_login(vera)
    assert row.title in read(client, reverse("activity", args=[row.key]))


def test_partner_s_version_beyond_the_column_is_refused_and_not_tried_for_ever(ceca: Partner) -> None:
    assert ceca.refused("programme.activity", {"activity": said_of(version=2**40)}, uuid4()) == "malformed"


def test_agenda_of_a_partner_costs_the_same_however_long_it_is(ceca: Partner) -> None:
    counted = []
    for many in (1, 40):
        speakers = [f"Function {many} {number}" for number in range(15)]
        agenda = [{"order": n + 1, "title": f"Point {n}", "speakers": [*speakers, f"Expert {n}"]} for n in range(many)]
        with CaptureQueriesContext(connection) as asked:
            row = announced(ceca, key=f"long-{many}", agenda=agenda, hosts=["Academy", "MK"])
        counted.append(len(asked))
        assert Involvement.objects.filter(session__activity=row).count() == many * 16
        assert set(row.involvements.values_list("place", "person__function")) == {("MK", None), (None, "Academy")}
    assert counted[0] == counted[1]


def test_activity_is_made_public_only_by_who_publishes(vera: Officer, ana: Officer, client: Client) -> None:
    head = Officer.objects.get(pk=ana.pk)
    Officer.objects.filter(pk=ana.pk).update(roles=["head"])
    head.refresh_from_db()
    activity = seminar(vera)
    for wrong in (lambda: seminar(vera, public=True), lambda: change_activity(vera, activity, public=True)):
        with pytest.raises(PermissionDenied):
            wrong()
    address = reverse("activity-edit", args=[activity.key])
    client.force_login(vera)
    assert 'name="public"' not in client.get(address).text
    change_activity(head, activity, public=True)
    typed = {"title": "Seminar", "kind": "workshop", "language": "en", "begins": "2027-03-01"}
    assert client.post(address, {**typed, "ending": "", "length_unit": ""}).status_code == 302
    activity.refresh_from_db()
    assert (activity.title, activity.public) == ("Seminar", True)
    change_activity(vera, activity, public=False)
    client.force_login(head)
    assert 'name="public"' in client.get(address).text


@pytest.mark.parametrize("query", ["action=%00", "on=%00", f"action={'x' * 5000}"])
def test_strange_address_of_the_form_is_no_fault_of_the_node(vera: Officer, client: Client, query: str) -> None:
    client.force_login(vera)
    assert client.get(f"{reverse('activity-new')}?{query}").status_code == 200


def test_title_with_underscores_can_be_announced(vera: Officer, ceca: Partner) -> None:
    activity = seminar(vera, title="Test_file __ 2")
    announce(vera, activity)
    assert told(ceca)[0]["key"] == activity.key == "test-file-2"


def test_page_is_bounded_by_what_may_be_written_on_it(vera: Officer) -> None:
    activity = seminar(vera)
    with act("remarks.invented", Operation.COLLECTION, by=vera, on=("activity", str(activity.pk))):
        Remark.objects.bulk_create(Remark(activity=activity, kind="rule", text=str(number)) for number in range(500))
    with pytest.raises(Invalid, match="No more than 500 fit here"):
        remark(vera, activity, kind="rule", text="One more")


def test_page_says_who_was_told_and_whose_node_refused_it(
    vera: Officer, client: Client, ceca: Partner, budapest: Partner
) -> None:
    activity = seminar(vera)
    announce(vera, activity)
    Delivery.objects.filter(peer="ilecu-mk").update(state="refused", code="unsupported")
    client.force_login(vera)
    shown = read(client, reverse("activity", args=[activity.key]))
    assert "Told to" in shown
    assert shown.count("Refused by the partner") == 1
    assert shown.count("On its way") == 1


def test_agenda_that_a_colleague_wrote_meanwhile_is_not_written_over(vera: Officer, client: Client) -> None:
    activity = seminar(vera)
    client.force_login(vera)
    address = reverse("activity-agenda", args=[activity.key])
    assert f'name="version" value="{activity.version}"' in client.get(address).text
    set_agenda(vera, activity, [Point("Of the colleague")])
    typed = {"points-TOTAL_FORMS": "1", "points-INITIAL_FORMS": "0", "points-0-title": "Mine"}
    late = client.post(address, {**typed, "version": str(activity.version)})
    assert late.status_code == 422
    assert "Somebody else changed this" in late.text
    assert [one.title for one in activity.sessions.all()] == ["Of the colleague"]
