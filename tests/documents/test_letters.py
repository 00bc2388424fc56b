"""E-mails and scans registered as letters of another channel, with the original kept."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from ilex.documents.models import Document
from ilex.exchange.models import Draft, Entry, Request
from ilex.units.models import Contact, Officer, Organisation
from tests.documents import samples
from tests.documents.daemon import EICAR, Daemon
from tests.documents.test_jobs import examined
from tests.exchange.ceca import Ceca
from tests.exchange.test_pages import LETTER, RECORD

pytestmark = pytest.mark.django_db

EMPTY = {
    "kind": "record",
    "channel": "",
    "sender": "",
    "requested_information": "",
    "received_at": "2026-11-21T09:00",
    "language": "mk",
}


@pytest.fixture
def anas(client: Client, ana: Officer, house: Organisation) -> Client:
    client.force_login(ana)
    Contact.objects.create(organisation_id="ilecu-mk", kind=Contact.Kind.EMAIL, value="Desk@unit-mk.example")
    Contact.objects.create(organisation_id="spoc-hu", kind=Contact.Kind.EMAIL, value="spoc@unit-hu.example")
    return client


def filled(anas: Client, name: str, content: bytes, **typed: str) -> dict[str, list[str]]:
    draft = uuid4()
    fields = {**EMPTY, **typed}
    anas.post(reverse("draft", args=[draft]), {**fields, "step": "file", "files": SimpleUploadedFile(name, content)})
    anas.post(reverse("draft", args=[draft]), {**fields, "step": "fill"})
    kept: dict[str, list[str]] = Draft.objects.get(id=draft).fields
    return kept


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("mail.eml", samples.letter(subject="Упит MK-2026-000077")),
        ("mail.msg", samples.msg(subject="Упит MK-2026-000077", text="Молимо податке о возилу BG-123-AA.")),
    ],
)
def test_email_fills_the_record_with_its_sender_its_moment_and_its_text(
    anas: Client, name: str, content: bytes
) -> None:
    fields = filled(anas, name, content)
    assert fields["sender"] == ["ilecu-mk"]
    assert fields["their_ref"] == ["MK-2026-000077"]
    assert fields["requested_information"][0].startswith("Упит MK-2026-000077\n\nМолимо податке о возилу BG-123-AA.")
    assert fields["received_at"][0].startswith("2026-11-20T")
    assert "desk@unit-mk.example" in fields["channel_note"][0]


def test_what_was_typed_before_stays(anas: Client) -> None:
    fields = filled(anas, "mail.eml", samples.letter(), requested_information="Шта знате о возилу?", channel="siena")
    assert fields["requested_information"] == ["Шта знате о возилу?"]
    assert fields["channel"] == ["siena"]


def test_sender_that_nobody_knows_is_left_to_the_officer(anas: Client) -> None:
    stranger = samples.letter().replace(b"unit-mk.example", b"nobody.example")
    assert filled(anas, "mail.eml", stranger)["sender"] == [""]


def test_letter_as_pdf_or_text_fills_the_text(anas: Client) -> None:
    fields = filled(anas, "letter.pdf", samples.pdf("Please check the vehicle BG-123-AA."))
    assert fields["requested_information"] == ["Please check the vehicle BG-123-AA."]
    assert fields["received_at"] == [EMPTY["received_at"]]


def test_paper_that_cannot_be_read_fills_nothing_and_says_why(anas: Client) -> None:
    assert filled(anas, "scan.tif", b"II*\x00 no picture")["requested_information"] == [""]


def test_malware_fills_nothing(anas: Client, daemon: Daemon) -> None:
    mail = samples.letter(text=EICAR.decode())
    draft = uuid4()
    anas.post(reverse("draft", args=[draft]), {**RECORD, "files": SimpleUploadedFile("mail.eml", mail)})
    examined(Document.objects.get())
    assert filled(anas, "mail.eml", mail)["requested_information"] == [""]


def test_recorded_email_is_kept_whole_and_its_files_lie_beside_it(anas: Client, ana: Officer) -> None:
    mail = samples.letter(files={"прилог.docx": samples.docx("Марко")})
    anas.post(reverse("draft", args=[uuid4()]), {**RECORD, "files": SimpleUploadedFile("mail.eml", mail)})
    request = Request.objects.get()
    letter = examined(Document.objects.get())
    assert (letter.on_kind, letter.on_id, letter.kind) == ("request", request.pk, "eml")
    assert b"".join(anas.get(reverse("document-file", args=[letter.pk]))) == mail
    part = letter.parts.get()
    assert (part.title, part.text) == ("прилог.docx", "Марко")
    page = anas.get(reverse("request", args=[request.our_ref])).content.decode()
    assert reverse("document", args=[letter.pk]) in page


def test_answer_that_came_as_an_email_is_its_own_text(anas: Client) -> None:
    anas.post(reverse("draft", args=[uuid4()]), RECORD)
    request = Request.objects.get()
    said = {"kind": "outcome", "at": "2026-11-20T10:00", "text": ""}
    page = reverse("request-said", args=[request.our_ref])
    anas.post(page, said)
    assert not request.entries.filter(kind=Entry.Kind.OUTCOME).exists()
    anas.post(page, {**said, "kind": "clarification", "files": SimpleUploadedFile("mail.eml", samples.letter())})
    assert request.entries.filter(text__contains="Молимо податке о возилу").exists()


def test_files_of_a_recalled_letter_are_given_to_nobody(anas: Client, ceca: Ceca) -> None:
    file = SimpleUploadedFile("note.txt", b"a secret note")
    draft = uuid4()
    anas.post(reverse("draft", args=[draft]), {**LETTER, "files": file})
    anas.post(reverse("draft-review", args=[draft]), {"confirmed": "on"})
    entry = Entry.objects.get(kind=Entry.Kind.REQUEST)
    document = examined(Document.objects.get())
    assert anas.get(reverse("document", args=[document.pk])).status_code == 200
    mend = uuid4()
    recall = {"kind": "recall", "about": entry.request.our_ref, "entry": str(entry.pk), "reason": "A mistake."}
    anas.post(reverse("draft", args=[mend]), recall)
    anas.post(reverse("draft-review", args=[mend]), {"confirmed": "on"})
    document.refresh_from_db()
    assert document.removed_at is not None
    assert document.text == ""
    assert anas.get(reverse("document", args=[document.pk])).status_code == 404
    assert anas.get(reverse("paper", args=[document.attachment_id])).status_code == 404
    assert list(document.custody.order_by("id").values_list("kind", flat=True))[-1] == "removed"
