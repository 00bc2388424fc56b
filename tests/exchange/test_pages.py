"""The pages of requests: writing, reviewing, releasing, recording; and what bad input gets."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from ilex.exchange import actions
from ilex.exchange.models import Draft, Entry, Request, State, Way
from ilex.exchange.papers.forms import form_b, to_pdf
from ilex.gate.models import Attachment, Envelope
from ilex.journal.models import Line
from ilex.units.models import Officer, Organisation, Role
from tests.exchange.ceca import Ceca
from tests.exchange.conftest import officer
from tests.exchange.test_questions import clarify

pytestmark = pytest.mark.django_db

LETTER = {
    "kind": "request",
    "to": "ilecu-mk",
    "requested_information": "Да ли је возило прешло границу?",
    "purpose": "Проналажење возила",
    "facts": "Возило је одузето у Београду.",
    "underlying_offence": "Крађа возила",
    "grounds_available": "Возило је виђено на путу ка граници.",
    "link_explanation": "Осумњичени је возио возило.",
    "language": "en",
    "handling": "H0",
    "urgency": "",
    "necessary": "on",
    "proportionate": "on",
    "available": "on",
    "subject-TOTAL_FORMS": "1",
    "subject-INITIAL_FORMS": "0",
    "subject-0-kind": "person",
    "subject-0-name": "Ђорђе Измишљени",
    "subject-0-category": "suspect",
    "subject-0-born": "1985-03",
}
RECORD = {
    **LETTER,
    "kind": "record",
    "sender": "spoc-hu",
    "channel": "siena",
    "received_at": "2026-11-01T08:30",
    "their_ref": "HU/2026/1",
}


def test_letter_is_never_shown_beside_the_clock_of_before_it(ceca: Ceca, ana: Officer, anas: Client) -> None:
    asked = ceca.asks()
    question = actions.question(ana, asked, "О ком возилу је реч?")
    ceca.stores(question.envelope, at=now())
    arrived: list[str] = []

    def arriving(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if not arrived and sql.startswith("SELECT") and 'FROM "exchange_entry"' in sql:
            arrived.append(sql)
            clarify(ceca, asked, question)
        return execute(sql, *rest)

    address = reverse("request", args=[asked.our_ref])
    assert "Stands still" in anas.get(address).text
    with connection.execute_wrapper(arriving):
        page = anas.get(address).text

    assert arrived
    assert ("Stands still" in page) != ("Црвеното." in page)


@pytest.fixture
def anas(ana: Officer) -> Client:
    client = Client()
    client.force_login(ana)
    return client


def pages(person: Officer) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_request_is_written_reviewed_and_released(anas: Client, ceca: Ceca) -> None:
    draft = uuid4()
    answer = anas.post(reverse("draft", args=[draft]), LETTER)
    assert answer.headers["Location"] == reverse("draft-review", args=[draft])
    assert not Envelope.objects.exists()

    review = anas.get(reverse("draft-review", args=[draft])).content.decode()
    assert "Unit of MK" in review
    assert "Ђорђе Измишљени" in review

    sent = anas.post(reverse("draft-review", args=[draft]))
    request = Request.objects.get()
    assert sent.headers["Location"] == reverse("request", args=[request.our_ref])
    assert [subject.name for subject in request.subjects.all()] == ["Ђорђе Измишљени"]
    assert not Draft.objects.exists()


def test_second_press_of_the_button_sends_nothing_twice(anas: Client, ceca: Ceca) -> None:
    draft = uuid4()
    anas.post(reverse("draft", args=[draft]), LETTER)
    anas.post(reverse("draft-review", args=[draft]))
    again = anas.post(reverse("draft-review", args=[draft]))
    assert again.headers["Location"] == reverse("desk")
    assert Request.objects.count() == 1


@pytest.mark.parametrize("missing", ["requested_information", "purpose", "facts", "underlying_offence", "to"])
def test_missing_content_is_told_and_kept_in_the_draft(anas: Client, ceca: Ceca, missing: str) -> None:
    draft = uuid4()
    answer = anas.post(reverse("draft", args=[draft]), {**LETTER, missing: ""})
    assert answer.status_code == 422
    assert f"#id_{missing}" in answer.content.decode()
    assert Draft.objects.get(id=draft).fields["link_explanation"] == [LETTER["link_explanation"]]
    assert not Envelope.objects.exists()


def test_rule_that_only_the_verb_knows_stands_beside_its_field(anas: Client, ceca: Ceca) -> None:
    draft = uuid4()
    anas.post(reverse("draft", args=[draft]), {**LETTER, "urgency": "U_D"})
    answer = anas.post(reverse("draft-review", args=[draft]))
    assert answer.status_code == 422
    assert 'id="id_urgency_reason_error"' in answer.content.decode()
    assert not Envelope.objects.exists()


def test_fault_in_a_row_is_told_beside_the_row(anas: Client, ceca: Ceca) -> None:
    draft = uuid4()
    anas.post(reverse("draft", args=[draft]), {**LETTER, "subject-0-born": "the year before"})
    answer = anas.post(reverse("draft-review", args=[draft]))
    assert answer.status_code == 422
    assert "id_subject-0-born" in answer.content.decode()


def test_half_written_letter_is_saved_unchecked(anas: Client, ceca: Ceca) -> None:
    draft = uuid4()
    answer = anas.post(reverse("draft-save", args=[draft]), {"kind": "request", "facts": "Возило је"})
    assert json.loads(answer.content)["saved_at"]
    assert "Возило је" in anas.get(reverse("draft", args=[draft])).content.decode()


def test_draft_is_nobody_elses(anas: Client, bojan: Officer, ceca: Ceca) -> None:
    draft = uuid4()
    anas.post(reverse("draft-save", args=[draft]), {"kind": "request", "facts": "Возило је"})
    bojans = pages(bojan)
    assert bojans.get(reverse("draft", args=[draft])).status_code == 404
    assert bojans.post(reverse("draft", args=[draft]), LETTER).status_code == 404
    assert bojans.post(reverse("draft-save", args=[draft]), {"kind": "request"}).status_code == 404
    bojans.post(reverse("draft-drop", args=[draft]))
    assert Draft.objects.get(id=draft).fields["facts"] == ["Возило је"]


def test_another_row_and_another_file_keep_what_was_typed(anas: Client, ceca: Ceca) -> None:
    draft = uuid4()
    anas.post(reverse("draft", args=[draft]), {**LETTER, "step": "row"})
    shown = anas.get(reverse("draft", args=[draft])).content.decode()
    assert 'name="subject-1-name"' in shown
    file = SimpleUploadedFile("возило.txt", "табла ВВ-000-АА".encode())
    anas.post(reverse("draft", args=[draft]), {**LETTER, "step": "file", "files": file})
    (paper,) = Draft.objects.get(id=draft).papers.all()
    assert paper.name == "возило.txt"
    anas.post(reverse("draft", args=[draft]), {**LETTER, "step": "file", "take_off": str(paper.id)})
    assert not Draft.objects.get(id=draft).papers.exists()


def test_attachment_of_a_sent_request_comes_back_whole(anas: Client, ceca: Ceca) -> None:
    draft = uuid4()
    file = SimpleUploadedFile("возило.txt", "табла ВВ-000-АА".encode())
    anas.post(reverse("draft", args=[draft]), {**LETTER, "files": file})
    anas.post(reverse("draft-review", args=[draft]))
    paper = Attachment.objects.exclude(envelope=None).get()
    answer = anas.get(reverse("paper", args=[paper.id]))
    assert b"".join(answer.streaming_content).decode() == "табла ВВ-000-АА"  # type: ignore[attr-defined]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert Line.objects.filter(act="paper.opened", object_id=str(paper.id)).exists()


def test_letter_by_another_channel_is_recorded_with_its_clock(anas: Client, house: Organisation) -> None:
    answer = anas.post(reverse("draft", args=[uuid4()]), RECORD)
    request = Request.objects.get()
    assert answer.headers["Location"] == reverse("request", args=[request.our_ref])
    assert (request.way, request.channel, request.their_ref) == (Way.IN, "siena", "HU/2026/1")
    assert request.due_at is not None
    assert anas.get(answer.headers["Location"]).status_code == 200


def test_letter_cannot_have_come_tomorrow(anas: Client, house: Organisation) -> None:
    answer = anas.post(reverse("draft", args=[uuid4()]), {**RECORD, "received_at": "2099-01-01T00:00"})
    assert answer.status_code == 422
    assert not Request.objects.exists()


def test_form_b_that_came_as_pdf_fills_the_record(anas: Client, ceca: Ceca) -> None:
    asked = ceca.asks(requested_information="Кој го возеше возилото?")
    pdf = SimpleUploadedFile("form B.pdf", to_pdf(form_b(asked), "en"))
    draft = uuid4()
    anas.post(reverse("draft", args=[draft]), {"kind": "record", "step": "file", "files": pdf})
    anas.post(reverse("draft", args=[draft]), {"kind": "record", "step": "fill"})
    shown = anas.get(reverse("draft", args=[draft])).content.decode()
    assert "Кој го возеше возилото?" in shown
    assert 'value="ilecu-mk" selected' in shown


def test_pdf_without_a_record_is_told_and_nothing_is_lost(anas: Client, house: Organisation) -> None:
    draft = uuid4()
    file = SimpleUploadedFile("letter.pdf", b"%PDF-1.4\nnot much of a form\n%%EOF")
    anas.post(reverse("draft", args=[draft]), {**RECORD, "step": "file", "files": file})
    anas.post(reverse("draft", args=[draft]), {**RECORD, "step": "fill"})
    assert Draft.objects.get(id=draft).fields["facts"] == [RECORD["facts"]]


def test_request_page_offers_the_one_next_step(anas: Client, ceca: Ceca) -> None:
    asked = ceca.asks()
    page = reverse("request", args=[asked.our_ref])
    assert "Take this request" in anas.get(page).content.decode()
    anas.post(reverse("request-take", args=[asked.our_ref]))
    asked.refresh_from_db()
    assert asked.state == State.WORK
    assert reverse("letter", args=[asked.our_ref, "answer"]) in anas.get(page).content.decode()


def test_partial_answer_refuses_the_rest_by_its_ground(anas: Client, ceca: Ceca) -> None:
    asked = ceca.asks()
    anas.post(reverse("request-take", args=[asked.our_ref]))
    draft = uuid4()
    answer = {
        "kind": "answer",
        "about": asked.our_ref,
        "stage": "partial",
        "text": "Возило је ушло 2. новембра.",
        "handling": "H1",
        "refuse_grounds": "f.ii",
        "refuse_part": "Ко га је возио",
        "refuse_reasons": "Текућа истрага.",
        "settles": "on",
    }
    anas.post(reverse("draft", args=[draft]), answer)
    anas.post(reverse("draft-review", args=[draft]))
    asked.refresh_from_db()
    assert asked.state == State.ANSWERED
    (sent,) = ceca.mail("exchange.answer")
    assert "f.ii" in json.dumps(sent.body)


def test_ground_without_its_part_is_not_sent(anas: Client, ceca: Ceca) -> None:
    asked = ceca.asks()
    anas.post(reverse("request-take", args=[asked.our_ref]))
    bad = {"kind": "answer", "about": asked.our_ref, "stage": "partial", "text": "…", "handling": "H0"}
    answer = anas.post(reverse("draft", args=[uuid4()]), {**bad, "refuse_grounds": "f.ii"})
    assert answer.status_code == 422
    assert not ceca.mail("exchange.answer")


def test_whoever_supervises_types_a_reason_first(house: Organisation, ceca: Ceca) -> None:
    asked = ceca.asks(facts="Тајна чињеница")
    watcher = pages(officer("dunja", [Role.PROTECTION], house))
    page = reverse("request", args=[asked.our_ref])
    assert "Тајна чињеница" not in watcher.get(page).content.decode()
    assert watcher.post(page, {"reason": " "}).status_code == 422
    assert "Тајна чињеница" in watcher.post(page, {"reason": "Yearly check"}).content.decode()
    assert Line.objects.filter(object_id=str(asked.id), reason="Yearly check").exists()


def test_administrator_reads_no_request(house: Organisation, ceca: Ceca) -> None:
    asked = ceca.asks()
    keeper = pages(officer("marko", [Role.ADMINISTRATOR], house))
    assert keeper.get(reverse("request", args=[asked.our_ref])).status_code in (403, 404)
    assert keeper.get(reverse("search"), {"q": "возило"}).status_code == 403


@pytest.mark.parametrize("word", ["Djordje", "ЂОРЂЕ", "izmisljeni", "возило"])
def test_search_finds_in_every_script_and_leaves_its_line(anas: Client, ceca: Ceca, word: str) -> None:
    asked = ceca.asks(
        facts="Возило је виђено.",
        subjects=[{"kind": "person", "category": "suspect", "name": "Ђорђе Измишљени", "language": "sr"}],
    )
    found = anas.get(reverse("search"), {"q": word}).content.decode()
    assert asked.our_ref in found
    assert Line.objects.filter(act__startswith="request", op="consultation").exists()


@pytest.mark.parametrize(
    "query", [{"q": ""}, {"q": "x" * 300}, {"q": "a", "state": "nonsense"}, {"q": "a", "page": "-1"}]
)
def test_bad_search_gets_a_sentence(anas: Client, house: Organisation, query: dict[str, str]) -> None:
    assert anas.get(reverse("search"), query).status_code == 422


def test_statistics_come_as_page_csv_and_json(anas: Client, ceca: Ceca) -> None:
    ceca.asks()
    assert anas.get(reverse("statistics")).status_code == 200
    assert anas.get(reverse("statistics-csv")).headers["Content-Type"].startswith("text/csv")
    assert json.loads(anas.get(reverse("statistics-json")).content)["dealt"][0]["state"] == "MK"
    assert anas.get(reverse("statistics"), {"year": "nineteen"}).status_code == 422


def test_papers_of_a_request_are_pdf(anas: Client, ceca: Ceca) -> None:
    asked = ceca.asks()
    for name in ("form-b", "statement"):
        answer = anas.get(reverse(name, args=[asked.our_ref]))
        assert answer.content.startswith(b"%PDF"), name
    question = Entry.objects.get(request=asked, kind=Entry.Kind.REQUEST)
    assert anas.get(reverse("form-a", args=[question.id])).status_code == 404


@pytest.mark.parametrize(
    ("name", "posted"),
    [
        ("request-assign", {"to": "nobody"}),
        ("request-access", {"access": "sideways", "reason": "x"}),
        ("request-note", {"text": ""}),
        ("request-said", {"kind": "dance", "at": "yesterday"}),
        ("request-twin", {"twin": "12345678901234567890", "judgement": "same"}),
        ("request-close", {"reason": ""}),
    ],
)
def test_bad_input_on_the_request_page_changes_nothing(
    anas: Client, ceca: Ceca, name: str, posted: dict[str, str]
) -> None:
    asked = ceca.asks()
    entries = asked.entries.count()
    assert anas.post(reverse(name, args=[asked.our_ref]), posted).status_code in (302, 404)
    asked.refresh_from_db()
    assert (asked.state, asked.owner, asked.entries.count()) == (State.RECEIVED, None, entries)


def test_file_that_cannot_be_kept_is_told_and_the_text_is_saved(anas: Client, ceca: Ceca) -> None:
    draft = uuid4()
    empty = SimpleUploadedFile("празно.txt", b"")
    anas.post(reverse("draft", args=[draft]), {**LETTER, "step": "file", "files": empty})
    assert not Draft.objects.get(id=draft).papers.exists()
    shown = anas.get(reverse("draft", args=[draft])).content.decode()
    assert "празно.txt" in shown
    assert LETTER["facts"] in shown
