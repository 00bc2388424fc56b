"""Letters before a second person: asked, locked, released, returned, changed, withdrawn, sent alone."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from ilex.approvals import actions, queries
from ilex.approvals.errors import NotNow
from ilex.approvals.models import Approval
from ilex.duty.models import Shift
from ilex.exchange import actions as exchange
from ilex.exchange.models import Draft, Entry, Request
from ilex.exchange.rules import Refused
from ilex.gate.models import Envelope
from ilex.journal.models import Line
from ilex.units.models import Officer, Organisation, Role
from tests.approvals.conftest import asked, written
from tests.exchange.ceca import Ceca
from tests.exchange.conftest import officer
from tests.exchange.test_asking import authority_officer
from tests.exchange.test_pages import LETTER, pages

pytestmark = pytest.mark.django_db
State = Approval.State
ANSWER = {"kind": "answer", "stage": "final", "text": "Возило је ушло 2. новембра.", "handling": "H2"}


def answered(client: Client, request: Request, **fields: str) -> Approval:
    """An answer to this request, put before a second person."""
    client.post(reverse("request-take", args=[request.our_ref]))
    draft = uuid4()
    client.post(reverse("draft", args=[draft]), {**ANSWER, "about": request.our_ref, **fields})
    client.post(reverse("draft-review", args=[draft]), {"ask": "1"})
    return Approval.objects.get(object_id=draft)


def test_review_names_the_rules_and_asks_instead_of_sending(anas: Client, ceca: Ceca) -> None:
    draft = written(anas, handling="H2", offences="terrorism")
    shown = anas.get(reverse("draft-review", args=[draft])).content.decode()
    assert "may not be passed on without" in shown
    assert "It concerns terrorism" in shown
    assert "Ask for approval" in shown
    assert "Send the request" not in shown


def test_second_person_releases_it_as_the_authors_word(
    anas: Client, bojans: Client, ana: Officer, bojan: Officer, ceca: Ceca
) -> None:
    approval = asked(anas, note="Please look at the facts.")
    shown = bojans.get(reverse("approval", args=[approval.pk])).content.decode()
    for words in ("Unit of MK", "Ђорђе Измишљени", LETTER["facts"], "H2", "Please look at the facts."):
        assert words in shown
    answer = bojans.post(reverse("approval-approve", args=[approval.pk]))

    request = Request.objects.get()
    assert answer.headers["Location"] == reverse("request", args=[request.our_ref])
    assert request.owner == ana
    approval.refresh_from_db()
    assert (approval.state, approval.reviewer) == (State.APPROVED, bojan)
    assert not Draft.objects.exists()
    (sent,) = ceca.mail("exchange.request")
    assert sent.handling == "H2"
    entry = Entry.objects.get(kind=Entry.Kind.REQUEST)
    assert entry.by == ana
    assert entry.details["approved_by"] == str(bojan.pk)


def test_journal_names_both(anas: Client, bojan: Officer, ana: Officer, ceca: Ceca) -> None:
    approval = asked(anas)
    actions.approve(bojan, approval)
    given = Line.objects.get(act="approval.given")
    assert given.by == str(bojan.pk)
    assert given.recipients == ["ilecu-mk"]
    sent = Line.objects.get(act="request.sent")
    assert sent.by == str(ana.pk)
    assert sent.detail["approved_by"] == str(bojan.pk)
    assert sent.detail["approval"] == str(approval.pk)


def test_reading_what_waits_leaves_a_line(anas: Client, bojans: Client, bojan: Officer, ceca: Ceca) -> None:
    approval = asked(anas)
    bojans.get(reverse("approval", args=[approval.pk]))
    assert Line.objects.filter(act="approval.opened", by=str(bojan.pk), object_id=str(approval.object_id)).exists()


def test_draft_is_locked_while_it_waits_and_free_when_withdrawn(anas: Client, ceca: Ceca) -> None:
    approval = asked(anas)
    draft, page = approval.object_id, reverse("approval", args=[approval.pk])
    changed = {**LETTER, "handling": "H0", "facts": "Something else"}
    assert anas.post(reverse("draft", args=[draft]), changed).headers["Location"] == page
    assert anas.post(reverse("draft-save", args=[draft]), changed).status_code == 409
    assert anas.get(reverse("draft", args=[draft])).headers["Location"] == page
    anas.post(reverse("draft-drop", args=[draft]))
    assert Draft.objects.get(pk=draft).fields["facts"] == [LETTER["facts"]]

    answer = anas.post(reverse("approval-withdraw", args=[approval.pk]))
    assert answer.headers["Location"] == reverse("draft", args=[draft])
    assert anas.post(reverse("draft-save", args=[draft]), changed).status_code == 200


def test_withdrawn_is_not_approved(anas: Client, ana: Officer, bojan: Officer, ceca: Ceca) -> None:
    approval = asked(anas)
    actions.withdraw(ana, approval)
    with pytest.raises(NotNow):
        actions.approve(bojan, approval)
    assert not Envelope.objects.exists()


def test_content_that_changed_since_is_not_released(anas: Client, bojans: Client, ceca: Ceca) -> None:
    approval = asked(anas)
    draft = Draft.objects.get(pk=approval.object_id)
    Draft.objects.filter(pk=draft.pk).update(fields={**draft.fields, "facts": ["Changed behind the back"]})
    bojans.post(reverse("approval-approve", args=[approval.pk]))
    approval.refresh_from_db()
    assert approval.state == State.RETURNED
    assert "no longer what was put before" in approval.answer
    assert not Envelope.objects.exists()


def test_what_cannot_go_is_told_before_a_colleague_is_asked(anas: Client, ceca: Ceca) -> None:
    draft = written(anas, handling="H2", urgency="U_D")
    answer = anas.post(reverse("draft-review", args=[draft]), {"ask": "1", "confirmed": "on"})
    assert answer.status_code == 422
    assert 'id="id_urgency_reason_error"' in answer.content.decode()
    assert not Approval.objects.exists()
    assert not Envelope.objects.exists()


def test_asking_leaves_nothing_behind_but_the_question(anas: Client, ceca: Ceca) -> None:
    asked(anas)
    assert not Request.objects.exists()
    assert not Envelope.objects.exists()
    assert not Line.objects.filter(act="request.sent").exists()


def test_answer_that_a_colleague_gave_meanwhile_comes_back_with_the_reason(
    anas: Client, bojan: Officer, dana: Officer, ceca: Ceca
) -> None:
    request = ceca.asks()
    approval = answered(anas, request)
    exchange.refuse(bojan, request, Refused(("a",), "", "Invented reason"))
    client = pages(dana)
    answer = client.post(reverse("approval-approve", args=[approval.pk]), follow=True)
    assert "It was not released" in answer.content.decode()
    approval.refresh_from_db()
    assert (approval.state, approval.reviewer) == (State.RETURNED, dana)
    assert "can no longer be done" in approval.answer
    assert not ceca.mail("exchange.answer")


def test_unit_that_is_no_longer_reachable_brings_it_back(anas: Client, bojan: Officer, ceca: Ceca) -> None:
    approval = asked(anas)
    ceca.peer.state = ceca.peer.State.REMOVED
    ceca.peer.save()
    pages(bojan).post(reverse("approval-approve", args=[approval.pk]))
    approval.refresh_from_db()
    assert approval.state == State.RETURNED
    assert approval.answer
    assert Draft.objects.filter(pk=approval.object_id).exists()


def test_author_whose_account_was_closed_sends_nothing(anas: Client, ana: Officer, bojan: Officer, ceca: Ceca) -> None:
    approval = asked(anas)
    Officer.objects.filter(pk=ana.pk).update(is_active=False)
    pages(bojan).post(reverse("approval-approve", args=[approval.pk]))
    approval.refresh_from_db()
    assert approval.state == State.RETURNED
    assert not Envelope.objects.exists()


def test_second_press_releases_nothing_twice(anas: Client, bojans: Client, ceca: Ceca) -> None:
    approval = asked(anas)
    bojans.post(reverse("approval-approve", args=[approval.pk]))
    answer = bojans.post(reverse("approval-approve", args=[approval.pk]))
    assert answer.status_code in (302, 403)
    assert Request.objects.count() == 1


def test_reviewer_proposes_and_the_author_takes_it(anas: Client, bojans: Client, ceca: Ceca) -> None:
    approval = asked(anas)
    posted = {
        "answer": "Say the date.",
        "text-facts": "Возило је одузето 31. октобра.",
        "text-purpose": LETTER["purpose"],
    }
    bojans.post(reverse("approval-return", args=[approval.pk]), posted)
    approval.refresh_from_db()
    assert approval.edits == {"facts": "Возило је одузето 31. октобра."}
    shown = anas.get(reverse("approval", args=[approval.pk])).content.decode()
    assert "Say the date." in shown
    assert "Возило је одузето 31. октобра." in shown

    answer = anas.post(reverse("approval-edits", args=[approval.pk]))
    assert answer.headers["Location"] == reverse("draft", args=[approval.object_id])
    fields = Draft.objects.get(pk=approval.object_id).fields
    assert fields["facts"] == ["Возило је одузето 31. октобра."]
    assert fields["purpose"] == [LETTER["purpose"]]
    anas.post(reverse("draft-review", args=[approval.object_id]), {"ask": "1", "confirmed": "on"})
    again = Approval.objects.get(state=State.WAITING)
    bojans.post(reverse("approval-approve", args=[again.pk]))
    (sent,) = ceca.mail("exchange.request")
    assert sent.body["facts"] == "Возило је одузето 31. октобра."


def test_reviewer_cannot_propose_what_is_not_a_text(anas: Client, bojan: Officer, ceca: Ceca) -> None:
    approval = asked(anas)
    for edits in ({"handling": "H0"}, {"to": "spoc-hu"}, {"facts": "x" * 50_000}):
        with pytest.raises(NotNow):
            actions.return_(bojan, approval, "Why not", edits)
    approval.refresh_from_db()
    assert approval.state == State.WAITING


def test_return_wants_a_reason(anas: Client, bojans: Client, ceca: Ceca) -> None:
    approval = asked(anas)
    answer = bojans.post(reverse("approval-return", args=[approval.pk]), {"answer": "  "})
    assert answer.status_code == 422
    approval.refresh_from_db()
    assert approval.state == State.WAITING


def test_soonest_legal_deadline_stands_first(anas: Client, bojans: Client, bojan: Officer, ceca: Ceca) -> None:
    calm = answered(anas, ceca.asks(reference="MK-2026-000001"))
    none = asked(anas)
    urgent = answered(
        anas, ceca.asks(reference="MK-2026-000002", urgency="U_A", urgency_reason="Invented"), text="Одмах."
    )
    assert queries.to_approve(bojan) == [urgent, calm, none]
    shown = bojans.get(reverse("approvals")).content.decode()
    assert "Unit of MK" in shown
    assert "<td>H2</td>" in shown
    assert shown.index(str(urgent.pk)) < shown.index(str(calm.pk)) < shown.index(str(none.pk))
    assert f'href="{reverse("approvals")}"' in bojans.get(reverse("desk")).content.decode()


def test_what_waits_is_counted_for_others_and_not_for_its_author(
    anas: Client, ana: Officer, bojan: Officer, ceca: Ceca
) -> None:
    approval = asked(anas)
    assert (queries.count_for(bojan), queries.count_for(ana)) == (1, 0)
    actions.return_(bojan, approval, "Not like this")
    assert (queries.count_for(bojan), queries.count_for(ana)) == (0, 1)
    anas.get(reverse("approval", args=[approval.pk]))
    assert queries.count_for(ana) == 0


def test_reviewer_reads_the_files_that_he_lets_out_and_others_do_not(
    anas: Client, bojans: Client, house: Organisation, ceca: Ceca
) -> None:
    draft = uuid4()
    file = SimpleUploadedFile("возило.txt", "табла ВВ-000-АА".encode())
    anas.post(reverse("draft", args=[draft]), {**LETTER, "handling": "H2", "files": file})
    paper = Draft.objects.get(pk=draft).papers.get()
    assert bojans.get(reverse("paper", args=[paper.pk])).status_code == 404
    anas.post(reverse("draft-review", args=[draft]), {"ask": "1", "confirmed": "on"})
    answer = bojans.get(reverse("paper", args=[paper.pk]))
    assert b"".join(answer.streaming_content).decode() == "табла ВВ-000-АА"  # type: ignore[attr-defined]
    translator = pages(officer("tina", [Role.TRANSLATOR], house))
    assert translator.get(reverse("paper", args=[paper.pk])).status_code == 404


def test_who_may_not_see_the_request_does_not_see_that_it_waits(
    anas: Client, bojans: Client, bojan: Officer, ana: Officer, house: Organisation, ceca: Ceca
) -> None:
    approval = answered(anas, ceca.asks())
    customs = Organisation.objects.create(id="customs-rs", kind=Organisation.Kind.AUTHORITY, name="Customs")
    Request.objects.update(copy_withheld="a", submitted_by=customs)  # kept from the unit
    assert queries.to_approve(bojan) == []
    assert bojans.get(reverse("approval", args=[approval.pk])).status_code == 404
    assert bojans.post(reverse("approval-approve", args=[approval.pk])).status_code == 404
    assert str(approval.pk) not in bojans.get(reverse("approvals")).content.decode()


def test_letter_that_stays_in_the_house_or_says_no_content_needs_nobody(anas: Client, ceca: Ceca) -> None:
    request = ceca.asks(handling="H2")
    anas.post(reverse("request-take", args=[request.our_ref]))
    draft = uuid4()
    anas.post(reverse("draft", args=[draft]), {"kind": "question", "about": request.our_ref, "text": "Која боја?"})
    anas.post(reverse("draft-review", args=[draft]))
    assert ceca.mail("exchange.question")


def test_data_of_a_special_category_are_marked_by_the_author_and_the_mark_stays_here(
    anas: Client, bojan: Officer, ceca: Ceca
) -> None:
    request = ceca.asks()
    approval = answered(anas, request, handling="H0", special="on")
    assert approval.rules == ["special-category"]
    assert (
        "special category"
        not in anas.get(reverse("approval", args=[approval.pk])).content.decode().split("receive these")[1]
    )
    actions.approve(bojan, approval)
    (sent,) = ceca.mail("exchange.answer")
    assert "special" not in sent.body


def test_request_page_names_the_second_person(anas: Client, bojan: Officer, ana: Officer, ceca: Ceca) -> None:
    request = ceca.asks()
    actions.approve(bojan, answered(anas, request))
    shown = anas.get(reverse("request", args=[request.our_ref])).content.decode()
    assert f"{ana.name}, approved by {bojan.name}" in shown


def test_correction_of_a_restricted_answer_needs_a_second_person_too(
    anas: Client, bojan: Officer, dana: Officer, ceca: Ceca
) -> None:
    request = ceca.asks()
    actions.approve(bojan, answered(anas, request))
    entry = Entry.objects.get(kind=Entry.Kind.ANSWER)
    draft = uuid4()
    posted = {"kind": "correction", "about": request.our_ref, "entry": str(entry.pk)}
    anas.post(reverse("draft", args=[draft]), {**posted, "text": "Возило није ушло.", "reason": "Друга табла."})
    assert anas.post(reverse("draft-review", args=[draft])).status_code == 422
    anas.post(reverse("draft-review", args=[draft]), {"ask": "1"})
    actions.approve(dana, Approval.objects.get(state=State.WAITING))
    (sent,) = ceca.mail("exchange.correction")
    assert sent.body["text"] == "Возило није ушло."
    assert Line.objects.get(act="entry.corrected").detail["approved_by"] == str(dana.pk)


# --- a designated authority that sends itself


def test_authority_needs_the_unit_unless_it_keeps_its_request_from_it(bojan: Officer, ceca: Ceca) -> None:
    vesna = authority_officer(designated=True)
    client = pages(vesna)
    approval = asked(client)
    assert client.get(reverse("approval", args=[approval.pk])).status_code == 200
    assert queries.to_approve(bojan) == [approval]
    actions.approve(bojan, approval)
    assert Request.objects.get().submitted_by == vesna.organisation

    withheld = {"copy_withheld": "a", "copy_withheld_reason": "Осетљива истрага"}
    draft = written(client, handling="H2", **withheld)
    client.post(reverse("draft-review", args=[draft]))
    kept = Request.objects.get(copy_withheld="a")
    outcome = {"kind": "outcome", "about": kept.our_ref, "text": "Возило је нађено."}
    draft = uuid4()
    client.post(reverse("draft", args=[draft]), outcome)
    shown = client.get(reverse("draft-review", args=[draft])).content.decode()
    assert "Send the report" in shown
    assert "second person" not in shown


# --- an urgent threat to life, and nobody there


URGENT = {"urgency": "U_B", "urgency_reason": "A life is in danger"}


def on_duty(person: Officer) -> None:
    Shift.objects.create(officer=person, begins=now() - timedelta(hours=1), ends=now() + timedelta(hours=7))


def test_author_goes_alone_when_a_life_is_in_danger_and_nobody_else_is_on_duty(
    anas: Client, ana: Officer, bojan: Officer, dana: Officer, danas: Client, ceca: Ceca
) -> None:
    on_duty(ana)
    approval = asked(anas, **URGENT)
    page = reverse("approval", args=[approval.pk])
    assert "Release without a second person" in anas.get(page).content.decode()
    assert anas.post(reverse("approval-alone", args=[approval.pk]), {"reason": ""}).status_code == 422
    anas.post(reverse("approval-alone", args=[approval.pk]), {"reason": "Nobody else is here."})
    approval.refresh_from_db()
    assert (approval.state, approval.reviewer) == (State.ALONE, None)
    assert len(ceca.mail("exchange.request")) == 1
    line = Line.objects.get(act="approval.alone")
    assert (line.by, line.reason) == (str(ana.pk), "Nobody else is here.")

    assert queries.count_for(dana) == 1
    assert "Nobody else is here." in danas.get(page).content.decode()
    danas.post(reverse("approval-noted", args=[approval.pk]))
    approval.refresh_from_db()
    assert approval.noted_by == dana
    assert queries.count_for(dana) == 0
    assert pages(bojan).post(reverse("approval-noted", args=[approval.pk])).status_code in (403, 404)


def test_author_waits_for_the_colleague_on_duty_but_not_for_ever(
    anas: Client, ana: Officer, bojan: Officer, ceca: Ceca
) -> None:
    on_duty(bojan)
    approval = asked(anas, **URGENT)
    with pytest.raises(NotNow):
        actions.release_alone(ana, approval, "He does not answer")
    assert "15 minutes" in anas.get(reverse("approval", args=[approval.pk])).content.decode()
    with time_machine.travel(approval.asked_at + timedelta(minutes=16), tick=True):
        actions.release_alone(ana, approval, "He did not answer")
    assert len(ceca.mail("exchange.request")) == 1


def test_another_urgency_waits(anas: Client, ana: Officer, ceca: Ceca) -> None:
    approval = asked(anas, urgency="U_D", urgency_reason="It would be lost")
    with time_machine.travel(approval.asked_at + timedelta(days=1), tick=True), pytest.raises(NotNow):
        actions.release_alone(ana, approval, "It would be lost")


# --- no page releases a letter past all this


def test_only_the_pad_calls_the_verbs_that_let_a_letter_out() -> None:
    house_of_exchange = Path(__file__).parents[2] / "ilex"
    verbs = (
        "ask",
        "inform",
        "answer",
        "refuse",
        "question",
        "give_clarification",
        "delay",
        "report_outcome",
        "correct",
    )
    rooms = ("exchange/views", "desk", "cases", "sharing")
    for path in (path for room in rooms for path in (house_of_exchange / room).rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "from ilex.exchange import actions" not in text and "ilex.exchange.actions" not in text:
            continue
        for verb in verbs:
            assert f"actions.{verb}(" not in text, f"{path} lets a letter out by {verb} without the second person"
    assert "letter.send(" not in (house_of_exchange / "exchange/views/letters.py").read_text(encoding="utf-8")
