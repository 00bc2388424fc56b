"""What was written down by mistake is taken back: struck through with the reason, told to nobody, never lost."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from ilex.journal.models import Line
from ilex.programme.actions.actions import add_action
from ilex.programme.actions.activities import add_activity, announce
from ilex.programme.actions.assets import Purchase, buy
from ilex.programme.actions.claims import add_source, claim, prefer
from ilex.programme.actions.findings import note_finding, remark
from ilex.programme.actions.involving import involve, release_involvement
from ilex.programme.actions.mistakes import Said, take_back
from ilex.programme.export import records
from ilex.programme.finding import search
from ilex.programme.loading import load_programme
from ilex.programme.models import Action, Claim, Finding, Involvement, Remark
from ilex.programme.rules.errors import Invalid, NotNow
from ilex.units.actions import load_directory
from ilex.units.models import Officer, Organisation
from tests.programme.inviting import workshop
from tests.programme.shown import read
from tests.sharing.ceca import Partner

pytestmark = pytest.mark.django_db

WRONG = "It was about another project."


@pytest.fixture(autouse=True)
def _directory(house: Organisation) -> None:
    load_directory()


@pytest.fixture
def action(vera: Officer) -> Action:
    return add_action(vera, title="Joint training", kind="project")


@pytest.fixture
def said(vera: Officer, action: Action) -> dict[str, Said]:
    """One of each kind that can be taken back."""
    source = add_source(vera, title="Minutes of the wrong meeting", kind="letter")
    made = claim(vera, action, field="when", value="2019", source=source.key)
    prefer(vera, made, "There is no other.")
    return {
        "claim": Claim.objects.get(),
        "finding": note_finding(vera, action, kind="lesson", text="Meet earlier in the year."),
        "remark": remark(vera, action, kind="rule", text="Two trainers in each room."),
        "involvement": involve(vera, action, role="partner", organisation="ilecu-mk", note="Since May"),
    }


def test_mistake_is_struck_through_with_its_reason_and_stands_nowhere_else(
    vera: Officer, client: Client, action: Action, said: dict[str, Said]
) -> None:
    client.force_login(vera)
    page = reverse("action", args=[action.key])
    for kind, row in said.items():
        address = reverse(f"{kind}-take-back", args=[row.pk])
        assert address in client.get(f"{page}?mistakes=show").text
        assert client.post(address, {"reason": ""}).status_code == 422
        assert client.post(address, {"reason": WRONG}).headers["Location"] == page
        assert client.get(address).status_code == 404
    html = client.get(page).text
    assert html.count("<del>") == 4
    shown = read(client, page)
    assert shown.count(WRONG) == 4
    assert "Nobody is named yet." in shown
    assert "What sources state" not in shown
    for model in (Claim, Finding, Remark, Involvement):
        assert model.everything.get().taken_back_by == vera
        assert not model.objects.exists()
    acts = Line.objects.filter(act__endswith=".taken-back").values_list("act", "object_id", "reason")
    assert list(acts.order_by("pk")) == [(f"{kind}.taken-back", str(action.pk), WRONG) for kind in said]


def test_what_was_taken_back_leaves_the_house_on_no_sheet_and_in_no_export(
    vera: Officer, client: Client, action: Action, said: dict[str, Said]
) -> None:
    client.force_login(vera)
    words = ("Meet earlier in the year.", "Two trainers in each room.", "Since May")
    sheet = read(client, reverse("factsheet", args=[action.key]))
    assert all(word in sheet for word in words[1:])
    for row in said.values():
        take_back(vera, row, WRONG)
    sheet = read(client, reverse("factsheet", args=[action.key]))
    told = sheet + str([one for one in records() if one["record"] == "action"])
    assert not any(word in told for word in (*words, WRONG, "ilecu-mk", "taken_back"))
    assert search(vera, "skopje").rows == ()


def test_followed_claim_is_followed_no_longer_and_the_record_stays_until_it_is_changed(
    vera: Officer, action: Action, said: dict[str, Said]
) -> None:
    take_back(vera, said["claim"], WRONG)
    action.refresh_from_db()
    assert action.when == "2019"
    assert not Claim.everything.get().preferred
    with pytest.raises(NotNow, match="no longer on file"):
        prefer(vera, Claim.everything.get(), "Yet again")


def test_mistake_is_taken_back_once_with_a_reason_and_by_who_may_write(
    vera: Officer, ana: Officer, said: dict[str, Said]
) -> None:
    with pytest.raises(PermissionDenied):
        take_back(ana, said["remark"], WRONG)
    with pytest.raises(Invalid, match="Say why"):
        take_back(vera, said["remark"], " ")
    take_back(vera, said["remark"], WRONG)
    lines = Line.objects.count()
    with pytest.raises(NotNow, match="taken back already"):
        take_back(vera, said["remark"], WRONG)
    assert Line.objects.count() == lines


def test_need_that_equipment_answers_stays(vera: Officer, action: Action) -> None:
    need = note_finding(vera, action, kind="need", text="Radios are missing.")
    buy(vera, need, Purchase("communication-equipment", "Radio", date(2026, 1, 5)))
    with pytest.raises(NotNow, match="Equipment answers this need"):
        take_back(vera, need, WRONG)
    assert Finding.objects.filter(pk=need.pk).exists()


def test_part_that_was_taken_back_can_be_taken_up_after_all(vera: Officer, action: Action) -> None:
    part = involve(vera, action, role="partner", organisation="ilecu-mk")
    take_back(vera, part, WRONG)
    again = involve(vera, action, role="partner", organisation="ilecu-mk")
    assert (again.pk, again.taken_back_at) == (part.pk, None)


def test_seed_that_was_taken_back_does_not_come_again(vera: Officer) -> None:
    load_programme()
    rows: list[Said] = [
        Finding.objects.filter(assets=None).earliest("pk"),
        Action.objects.get(key="training-institutions").claims.earliest("pk"),
        Remark.objects.filter(of=None).earliest("pk"),
        Action.objects.get(key="ilecu-network").involvements.earliest("pk"),
    ]
    for row in rows:
        take_back(vera, row, WRONG)
    counts = load_programme()
    assert (counts.added, counts.changed, counts.removed) == (0, 0, 0)
    assert [type(row).everything.get(pk=str(row.pk)).taken_back_why for row in rows] == [WRONG] * 4


def test_what_a_partner_tells_of_his_own_activity_is_not_ours_to_take_back(vera: Officer, ceca: Partner) -> None:
    theirs = workshop("ilecu-mk")
    host = involve(vera, theirs, role="host", organisation="ilecu-mk")
    guest = involve(vera, theirs, role="guest", place="HU")
    for verb in (take_back, release_involvement):
        with pytest.raises(NotNow, match="only they change it"):
            verb(vera, host, WRONG)
    take_back(vera, guest, WRONG)
    assert list(theirs.involvements.all()) == [host]


def test_host_that_was_taken_back_is_not_told_to_those_who_know_of_the_activity(vera: Officer, ceca: Partner) -> None:
    activity = add_activity(vera, title="Seminar", kind="workshop", when="2027-03-01")
    host = involve(vera, activity, role="host", organisation="ilecu-rs")
    announce(vera, activity)
    take_back(vera, host, WRONG)
    told = [message.body["activity"]["hosts"] for message in ceca.mail("programme.activity")]
    assert (len(told), len(told[0]), told[1]) == (2, 1, [])
