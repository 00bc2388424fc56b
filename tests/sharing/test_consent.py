"""What its owner forbids is not done before he is asked: by message, with both sides on file."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from ilex.approvals import actions as approvals
from ilex.approvals.models import Approval
from ilex.exchange.models import Entry
from ilex.gate.models import Peer
from ilex.journal.models import Line
from ilex.sharing import actions, queries
from ilex.sharing.models import Consent, CourtUse, Disclosure, Release, Use
from ilex.sharing.rules import Blocked, NotNow, Unconfirmed
from ilex.subjects.models import Statement
from ilex.subjects.rules import Evaluation, Said
from ilex.units.models import Officer, Organisation
from tests.sharing.ceca import Partner, person, statement
from tests.sharing.making import draft, sent
from tests.sharing.making import person as ours

pytestmark = pytest.mark.django_db


def hers(ceca: Partner, **said: str) -> Statement:
    return ceca.gives(person(statement(**said))).statements.get()


def decides(partner: Partner, consent: Consent, decision: str, **more: str) -> None:
    body = {"number": str(consent.number), "decision": decision, **more}
    partner.says("sharing.consent-decided", body, consent.number)
    consent.refresh_from_db()


def test_h2_forbids_passing_on_and_says_who_and_why(ana: Officer, ceca: Partner, budapest: Partner) -> None:
    row = hers(ceca, handling="H2")

    reason = queries.forbids(row, "forward", "spoc-hu")

    assert "Unit of MK" in reason
    assert "H2" in reason
    assert queries.forbids(row, "forward", "ilecu-mk") == ""  # back to her
    assert queries.forbids(row, "court") == ""


def test_h0_may_be_passed_on_in_the_union_but_not_to_a_third_state(
    ana: Officer, ceca: Partner, budapest: Partner
) -> None:
    from_skopje = hers(ceca)
    from_budapest = budapest.gives(person(statement(owner="spoc-hu"))).statements.get()

    assert queries.forbids(from_skopje, "forward", "spoc-hu") == ""
    assert "Art. 35" in queries.forbids(from_budapest, "forward", "ilecu-mk")


def test_our_own_may_go_where_we_want(ana: Officer, ceca: Partner) -> None:
    mine = ours(ana).statements.get()

    assert queries.forbids(mine, "forward", "ilecu-mk") == ""
    assert queries.forbids(mine, "court") == ""


def test_release_is_blocked_until_the_owner_consents(
    ana: Officer, bojan: Officer, ceca: Partner, budapest: Partner
) -> None:
    row = hers(ceca, handling="H2")
    release = draft(ana, row, to=["spoc-hu"])
    with pytest.raises(Blocked):
        actions.put_forward(ana, release)

    consent = actions.ask_consent(ana, [row], "forward", ["spoc-hu"], "За истрагу у Сегедину.", release=release)
    (asked,) = ceca.mail("sharing.consent-asked")
    decides(ceca, consent, "granted", conditions="Само полиција.")

    assert asked.body["to"] == ["spoc-hu"]
    assert asked.body["items"][0]["number"] != str(row.pk)  # by her number, not ours
    assert (consent.state, consent.conditions) == (Consent.State.GRANTED, "Само полиција.")
    assert list(queries.with_news(ana)) == [release]
    waiting = actions.put_forward(ana, release)
    assert isinstance(waiting, Approval)
    approvals.approve(bojan, waiting)
    (content,) = budapest.mail("sharing.release")
    (said,) = content.body["subjects"][0]["statements"]
    assert (said["owner"], said["consent"]) == ("ilecu-mk", str(consent.number))
    assert said["origin"] == asked.body["items"][0]["number"]
    assert Disclosure.objects.get().consent == consent


def test_consent_is_for_the_units_it_names(ana: Officer, ceca: Partner, budapest: Partner) -> None:
    row = hers(ceca, handling="H1+H2")
    consent = actions.ask_consent(ana, [row], "forward", ["spoc-hu"], "Треба.")
    decides(ceca, consent, "granted")
    police = Organisation.objects.create(id="rs-police", kind="authority", name="Police", place_id="RS")

    assert queries.forbids(row, "forward", "spoc-hu") == ""
    assert queries.forbids(row, "forward", ["spoc-hu", police.pk])
    assert queries.forbids(row, "court")


def test_refusal_and_withdrawal_block(ana: Officer, ceca: Partner, budapest: Partner) -> None:
    row = hers(ceca, handling="H2")
    first = actions.ask_consent(ana, [row], "forward", ["spoc-hu"], "Треба.")
    with pytest.raises(NotNow):
        actions.ask_consent(ana, [row], "forward", ["spoc-hu"], "Још једном.")
    decides(ceca, first, "refused", why="Тече истрага.")
    assert queries.forbids(row, "forward", "spoc-hu")

    second = actions.ask_consent(ana, [row], "forward", ["spoc-hu"], "Истрага је завршена.")
    decides(ceca, second, "granted")
    assert queries.forbids(row, "forward", "spoc-hu") == ""
    decides(ceca, second, "withdrawn", why="Поново тече.")

    assert second.state == Consent.State.WITHDRAWN
    assert queries.forbids(row, "forward", "spoc-hu")


def test_consent_granted_twice_is_refused(ana: Officer, ceca: Partner, budapest: Partner) -> None:
    consent = actions.ask_consent(ana, [hers(ceca, handling="H2")], "forward", ["spoc-hu"], "Треба.")
    decides(ceca, consent, "refused", why="Не.")

    body = {"number": str(consent.number), "decision": "granted"}
    assert ceca.refused("sharing.consent-decided", body, consent.number) == "decided-before"


def test_only_the_owner_decides(ana: Officer, ceca: Partner, budapest: Partner) -> None:
    consent = actions.ask_consent(ana, [hers(ceca, handling="H2")], "forward", ["spoc-hu"], "Треба.")

    body = {"number": str(consent.number), "decision": "granted"}
    assert budapest.refused("sharing.consent-decided", body, consent.number) == "not-asked"

    consent.refresh_from_db()
    assert consent.state == Consent.State.ASKED


def test_we_decide_on_what_she_asks_and_may_take_it_back(
    ana: Officer, bojan: Officer, ceca: Partner, budapest: Partner
) -> None:
    petar = ours(ana)
    sent(ana, petar)
    number = uuid4()
    item = {"number": str(petar.statements.get().pk), "known_as": "statement", "says": "name: Петар"}
    body = {"number": str(number), "use": "forward", "to": ["spoc-hu"], "items": [item], "reason": "За Сегедин."}
    ceca.says("sharing.consent-asked", body, number)
    asked = Consent.objects.get(way=Consent.Way.GIVEN)

    actions.decide(bojan, asked, grant=True, text="Само полицији.")
    with pytest.raises(NotNow):
        actions.decide(bojan, asked, grant=False, text="Ипак не.")
    actions.withdraw_consent(bojan, asked, "Погрешно лице.")

    said = [content.body for content in ceca.mail("sharing.consent-decided")]
    assert [(one["decision"], one["number"]) for one in said] == [
        ("granted", str(number)),
        ("withdrawn", str(number)),
    ]
    assert said[0]["conditions"] == "Само полицији."
    assert {line.act for line in Line.objects.filter(object_kind="consent")} >= {
        "consent.arrived",
        "consent.granted",
        "consent.withdrawn",
    }


def test_letter_of_hers_can_be_asked_about_by_its_number(ana: Officer, ceca: Partner, budapest: Partner) -> None:
    asked = ceca.asks()
    entry = asked.entries.get(kind=Entry.Kind.REQUEST)
    told = Evaluation(owner="ilecu-mk", from_kind="entry", from_key=str(entry.pk), handling="H2")
    row = ours(ana, Said("name", "Ѓорѓи", evaluation=told)).statements.get()

    actions.ask_consent(ana, [row], "forward", ["spoc-hu"], "Треба.")

    (question,) = ceca.mail("sharing.consent-asked")
    assert question.body["items"][0]["number"] == str(entry.message)
    assert question.body["items"][0]["known_as"] == "message"


def test_h1_keeps_it_out_of_court(ana: Officer, ceca: Partner) -> None:
    row = hers(ceca, handling="H1")
    with pytest.raises(Blocked):
        actions.use_in_court(ana, row, "Виши суд у Београду, К 12/26")
    consent = actions.ask_consent(ana, [row], Use.COURT, [], "Као доказ.")
    decides(ceca, consent, "granted")

    used = actions.use_in_court(ana, row, "Виши суд у Београду, К 12/26")

    assert (used.consent, used.owner_id) == (consent, "ilecu-mk")
    assert Line.objects.get(act="statement.used-in-court").op == "disclosure"


def test_h3_is_used_only_after_its_note_was_read(ana: Officer, ceca: Partner) -> None:
    row = hers(ceca, handling="H3", handling_note="Не спомињати извор.")
    with pytest.raises(Unconfirmed) as asked:
        actions.use_in_court(ana, row, "Виши суд у Београду")

    assert asked.value.conditions == ("Не спомињати извор.",)
    actions.use_in_court(ana, row, "Виши суд у Београду", confirmed=True)
    assert CourtUse.objects.count() == 1


def test_immediate_threat_lifts_the_law_and_informs_the_owner(ana: Officer, ceca: Partner, budapest: Partner) -> None:
    row = budapest.gives(person(statement(owner="spoc-hu"))).statements.get()
    assert not queries.review(draft(ana, row)).may_go

    release = draft(ana, row, threat="Најављен напад вечерас.")
    actions.put_forward(ana, release)

    (told,) = budapest.mail("sharing.consent-asked")
    assert (told.body["done"], told.body["use"], told.body["to"]) == (True, "third", ["ilecu-mk"])
    release.refresh_from_db()
    assert release.state == Release.State.RELEASED


def test_immediate_threat_does_not_lift_a_handling_code(ana: Officer, ceca: Partner, budapest: Partner) -> None:
    row = budapest.gives(person(statement(owner="spoc-hu", handling="H2"))).statements.get()

    with pytest.raises(Blocked):
        actions.put_forward(ana, draft(ana, row, threat="Најављен напад вечерас."))


def test_yes_of_another_channel_can_be_recorded(bojan: Officer, ceca: Partner, budapest: Partner) -> None:
    row = hers(ceca, handling="H2")

    actions.record_consent(bojan, [row], "forward", ["spoc-hu"], "Телефоном, дежурни у Скопљу, 21. 11. 2026.")

    assert queries.forbids(row, "forward", "spoc-hu") == ""


def test_duty_officer_does_not_decide(ana: Officer, ceca: Partner, budapest: Partner) -> None:
    with pytest.raises(PermissionDenied):
        actions.record_consent(ana, [hers(ceca, handling="H2")], "forward", ["spoc-hu"], "Телефоном.")


def test_owner_without_a_node_is_told_by_the_officer_and_the_file_says_so(
    ana: Officer, ceca: Partner, budapest: Partner
) -> None:
    row = budapest.gives(person(statement(owner="spoc-hu"))).statements.get()
    pause(budapest)

    actions.put_forward(ana, draft(ana, row, threat="Најављен напад вечерас."))

    told = Consent.objects.get(done=True)
    assert told.why
    assert not budapest.mail("sharing.consent-asked")


def pause(partner: Partner) -> None:
    partner.peer.state = Peer.State.REMOVED
    partner.peer.save()
