"""The pages of nominations: from the invitation to the certificate, by clicks, and who is kept out."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate, now

from ilex.gate.models import Envelope
from ilex.journal.models import Line
from ilex.programme.actions import nominating
from ilex.programme.actions.nominating import Nominee
from ilex.programme.models import Certificate, Evaluation, Invitation, Nomination, Travel
from ilex.programme.tiles.nominations import nominations_tiles
from ilex.units.models import Officer, Role
from tests.exchange.conftest import officer
from tests.programme.inviting import invited, invites, nominates, over, person, sent, workshop
from tests.sharing.ceca import Partner

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(vera: Officer) -> Client:
    """Vera's browser."""
    client = Client()
    client.force_login(vera)
    return client


def page(client: Client, route: str, /, *at: object, **post: object) -> str:
    """What she reads after a link, or after a button and where it leads."""
    address = reverse(route, args=at)
    answer = client.post(address, post, follow=True) if post else client.get(address)
    return text_of(answer)


def text_of(answer: HttpResponseBase) -> str:
    assert isinstance(answer, HttpResponse)
    assert answer.status_code in (200, 422), answer.status_code
    return " ".join(answer.content.decode().split())


def step(client: Client, row: Nomination, name: str, **post: object) -> str:
    return text_of(client.post(f"{reverse('nomination-step', args=[row.pk])}?step={name}", post, follow=True))


def test_invitation_is_written_looked_at_and_sent(client: Client, ceca: Partner) -> None:
    activity = workshop()
    assert "Unit of MK" in page(client, "invitation-new", activity.key)
    form = {"quota_ilecu-mk": 3, "quota_ilecu-rs": 1, "text": "Bring a laptop.", "language": "en", "keep_days": 90}
    day = localdate() + timedelta(days=10)
    shown = page(client, "invitation-new", activity.key, **form, answer_by=day.isoformat())
    assert "Send the invitation" in shown
    assert "Bring a laptop." in shown
    assert not ceca.mail()
    invitation = Invitation.objects.get()
    assert invitation.answer_by is not None
    shown = page(client, "invitation-send", invitation.pk, go="1")
    assert "on its way" in shown
    [mail] = ceca.mail("programme.invitation")
    assert mail.body["quotas"] == {"ilecu-mk": 3, "ilecu-rs": 1}
    assert mail.body["keep_days"] == 90


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"quota_ilecu-mk": ""}, "Give at least one unit a quota."),
        ({"quota_ilecu-mk": "-1"}, "greater than or equal to 0"),
        ({"quota_ilecu-mk": "100000"}, "less than or equal to 200"),
        ({"answer_by": "2001-01-01"}, "The day to answer has passed already."),
        ({"keep_days": "0"}, "greater than or equal to 1"),
        ({"language": "xx"}, "Select a valid choice"),
    ],
)
def test_invitation_that_is_wrong_says_so_in_one_sentence_and_is_not_kept(
    client: Client, ceca: Partner, wrong: dict[str, str], sentence: str
) -> None:
    activity, lines = workshop(), Line.objects.count()
    form = {"quota_ilecu-mk": "3", "text": "", "language": "en", "keep_days": "90", "answer_by": ""}
    answer = client.post(reverse("invitation-new", args=[activity.key]), form | wrong)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert not Invitation.objects.exists()
    assert Line.objects.count() == lines


def test_people_are_proposed_chosen_and_sent_after_a_look(client: Client, ceca: Partner) -> None:
    invitation = invites(ceca, 1)
    shown = page(client, "nomination-new", invitation.pk)
    assert "The name stays at home." in shown
    for name in ("Jelena Izabrana", "Petar Odbijen"):
        page(client, "nomination-new", invitation.pk, name=name, function="Duty officer", languages=["en", "sr"])
    one, other = Nomination.objects.order_by("pk")
    step(client, one, "choose")
    assert "take 1 person off the list" in step(client, other, "choose")
    shown = page(client, "nominations-send", invitation.pk, person=[str(one.pk), str(other.pk)])
    assert "The quota is 1, and with these 2 people would be nominated" in shown
    assert not ceca.mail()
    step(client, other, "drop")
    shown = page(client, "nominations-send", invitation.pk)
    assert "Jelena Izabrana" in shown
    assert "Petar Odbijen" not in shown
    assert "Unit of MK" in shown
    assert "The names are on their way." in page(client, "nominations-send", invitation.pk, person=[str(one.pk)])
    [mail] = ceca.mail("programme.nominations")
    assert mail.body["people"][0]["languages"] == ["en", "sr"]


def test_same_person_twice_is_told_beside_the_name(client: Client, ceca: Partner) -> None:
    invitation = invites(ceca, 2)
    page(client, "nomination-new", invitation.pk, name="Ana Anić", function="Officer")
    before = Nomination.objects.count(), Line.objects.count()
    shown = page(client, "nomination-new", invitation.pk, name="Ана Анић", function="Officer")
    assert "This person is proposed or nominated already." in shown
    assert (Nomination.objects.count(), Line.objects.count()) == before


def test_organiser_decides_records_and_certifies(client: Client, vera: Officer, ceca: Partner) -> None:
    activity = workshop()
    invitation = invited(vera, activity=activity)
    one, other, third = nominates(ceca, invitation, *(person(name) for name in ("Ana A", "Bojan B", "Ceca C")))
    assert "Decide on the nominated people" in page(client, "invitation", invitation.pk)
    refused = page(client, "nominations-decide", invitation.pk, **{str(other.pk): "declined:other"})
    assert "Say why somebody is declined." in refused
    decisions = {str(one.pk): "confirmed", str(third.pk): "confirmed", str(other.pk): "declined:capacity"}
    assert "The units are told." in page(client, "nominations-decide", invitation.pk, **decisions)
    over(activity)
    assert "Record who came" in page(client, "invitation", invitation.pk)
    page(client, "nominations-attendance", invitation.pk, came=[str(one.pk)], listed=[str(one.pk), str(third.pk)])
    assert set(Nomination.objects.values_list("state", flat=True)) == {"attended", "declined", "absent"}
    assert "1 certificate is given." in page(client, "nominations-certify", invitation.pk, go="1")
    certificate = Certificate.objects.get()
    answer = client.get(reverse("certificate-pdf", args=[certificate.number]))
    assert answer.content.startswith(b"%PDF")
    shown = page(client, "certificate-verify", signed=certificate.signed)
    assert "The certificate is good" in shown
    assert "Ana A" in shown
    page(client, "certificate-revoke", certificate.number, reason="The wrong person.")
    shown = page(client, "certificate-verify", signed=certificate.signed)
    assert "The wrong person." in shown
    assert "The certificate is good" not in shown


def test_page_says_what_is_wrong_with_a_certificate(client: Client) -> None:
    assert "This is not the text of a certificate." in page(client, "certificate-verify", signed="hello")


def test_travel_and_evaluation_are_sent_from_the_page_of_the_person(
    client: Client, vera: Officer, ceca: Partner
) -> None:
    invitation = invites(ceca, 1, travel_wanted=True)
    [row] = sent(vera, invitation, "Ana Anić")
    decisions = [{"nomination": str(row.pk), "decision": "confirmed"}]
    ceca.says(
        "programme.nominations-decided", {"number": str(invitation.pk), "decisions": decisions}, invitation.conversation
    )
    assert "Travel data" in page(client, "nomination", row.pk)
    page(client, "nomination-travel", row.pk, travels_from="Niš", arrives_at="2027-01-02T10:00", document="P1")
    assert Travel.objects.get().travels_from == "Niš"
    wrong = page(client, "nomination-travel", row.pk, arrives_at="2027-01-02T10:00", leaves_at="2027-01-01T10:00")
    assert "The departure is not after the arrival." in wrong
    attended = {"number": str(invitation.pk), "people": [{"nomination": str(row.pk), "attended": True}]}
    ceca.says("programme.attendance", attended, invitation.conversation)
    page(client, "nomination-evaluate", row.pk, content="5", use="4", text="Good")
    assert Evaluation.objects.get().marks == {"content": 5, "use": 4}
    assert len(ceca.mail("programme.evaluation")) == 1


def test_first_look_at_an_invitation_gives_the_read_receipt_once(client: Client, ceca: Partner) -> None:
    invitation = invites(ceca, 1)
    assert "Not read" in page(client, "nominations")
    page(client, "invitation", invitation.pk)
    page(client, "invitation", invitation.pk)
    envelope = Envelope.objects.get(way="in", type="programme.invitation")
    assert envelope.receipts.filter(way="out", kind="read").count() == 1
    assert "Not read" not in page(client, "nominations")


def test_sending_nobody_is_told_with_the_reason(client: Client, ceca: Partner) -> None:
    invitation = invites(ceca, 1)
    shown = page(client, "invitation-decline", invitation.pk, reason="All are on leave.")
    assert "All are on leave." in shown
    assert ceca.mail("programme.nominations")[0].body["declined"] == "All are on leave."


def test_invitation_is_changed_closed_and_cancelled(client: Client, vera: Officer, ceca: Partner) -> None:
    invitation = invited(vera, answer_by=now() + timedelta(days=5))
    form = {"quota_ilecu-mk": 5, "text": "More places", "language": "en", "keep_days": 90}
    page(client, "invitation-edit", invitation.pk, **form)
    invitation.refresh_from_db()
    assert (invitation.version, invitation.text, invitation.answer_by) == (2, "More places", None)
    end = reverse("invitation-end", args=[invitation.pk])
    client.post(f"{end}?ended=closed", {"reason": ""})
    client.post(f"{end}?ended=cancelled", {"reason": "Snow"})
    invitation.refresh_from_db()
    assert (invitation.state, invitation.ended_why) == ("cancelled", "Snow")
    assert [mail.body["ended"] for mail in ceca.mail("programme.invitation-ended")] == ["closed", "cancelled"]


def test_authority_sees_its_own_people_and_no_others(mira: Officer, vera: Officer, ceca: Partner) -> None:
    invitation = invites(ceca, 2)
    nominating.propose(vera, invitation, Nominee("Ana Tajna", "Officer"))
    hers = Client()
    hers.force_login(mira)
    page(hers, "nomination-new", invitation.pk, name="Mira Mirić", function="Officer")
    shown = page(hers, "invitation", invitation.pk)
    assert "Mira Mirić" in shown
    assert "Ana Tajna" not in shown
    assert hers.get(reverse("nominations-send", args=[invitation.pk])).status_code == 403
    assert "Tajna" not in page(hers, "nominations")


def test_who_does_not_nominate_reads_no_names(vera: Officer, ceca: Partner) -> None:
    [row] = sent(vera, invites(ceca, 1), "Ana Anić")
    for role in (Role.EDITOR, Role.TRANSLATOR, Role.PROTECTION, Role.AUDITOR, Role.ADMINISTRATOR):
        client = Client()
        client.force_login(officer(f"some.{role}", [role], vera.organisation))
        for name, at in (("nominations", []), ("invitation", [row.invitation_id]), ("nomination", [row.pk])):
            assert client.get(reverse(name, args=at)).status_code == 403, (role, name)


def test_tiles_count_what_waits(vera: Officer, ana: Officer, ceca: Partner) -> None:
    assert list(nominations_tiles(vera)) == []
    invitation = invites(ceca, 1)
    nominating.propose(ana, invitation, Nominee("Ana Anić", "Officer"))
    nominates(ceca, invited(vera), person())
    assert [(tile.name, tile.count) for tile in nominations_tiles(vera)] == [
        ("invitations", 1),
        ("to-choose", 1),
        ("to-decide", 1),
    ]
    assert [tile.name for tile in nominations_tiles(ana)] == ["invitations"]


def test_page_of_a_nomination_shows_its_history_and_leaves_a_line(client: Client, vera: Officer, ceca: Partner) -> None:
    [row] = sent(vera, invites(ceca, 1), "Ana Anić")
    shown = page(client, "nomination", row.pk)
    for words in ("Proposed", "Chosen", "Nominated", "Withdraw the nomination"):
        assert words in shown
    assert Line.objects.filter(act="nomination.opened", object_id=str(row.pk)).exists()
    step(client, row, "withdraw", reason="Ill")
    assert "Withdrawn" in page(client, "nomination", row.pk)
