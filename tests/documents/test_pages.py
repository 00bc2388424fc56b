from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse
from pytest_django import Settings

from ilex.documents import actions, uploading
from ilex.documents.errors import Refused
from ilex.documents.models import Document
from ilex.exchange.models import Request
from ilex.journal.models import Line
from ilex.units.models import Officer, Organisation, Role
from tests.documents import samples
from tests.documents.conftest import Drawer, sealed
from tests.documents.daemon import EICAR, Daemon
from tests.documents.test_jobs import examined
from tests.exchange.ceca import Ceca
from tests.exchange.conftest import officer
from tests.exchange.test_pages import LETTER

pytestmark = pytest.mark.django_db


@pytest.fixture
def anas(client: Client, ana: Officer) -> Client:
    client.force_login(ana)
    return client


def page_of(document: Document) -> str:
    return reverse("document", args=[document.pk])


def test_page_shows_the_text_the_scan_and_who_had_it(
    anas: Client, ana: Officer, drawer: Drawer, daemon: Daemon
) -> None:
    document = examined(actions.keep(sealed(samples.docx("Марко Марковић"), "изјава.docx"), drawer.place, by=ana))
    shown = anas.get(page_of(document)).content.decode()
    assert "Марко Марковић" in shown
    assert "Nothing found" in shown
    assert bytes(document.digest).hex() in shown
    assert "D-1" in shown
    line = Line.objects.get(act="document.opened")
    assert (line.object_id, line.case, line.reason) == (str(document.pk), "C-7", "handling")
    assert list(document.custody.values_list("kind", flat=True).order_by("id")) == ["kept", "checked", "shown"]


def test_preview_never_holds_active_content(anas: Client, ana: Officer, drawer: Drawer) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    document = examined(actions.keep(sealed(evil.encode(), f"{evil}.txt"), drawer.place, by=ana))
    answer = anas.get(page_of(document))
    assert "<script>alert" not in answer.content.decode()
    assert "<img" not in answer.content.decode()
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_download_is_a_file_and_stands_in_the_custody(anas: Client, ana: Officer, drawer: Drawer) -> None:
    document = examined(actions.keep(sealed(b"<html>a note</html>", "note.html"), drawer.place, by=ana))
    answer = anas.get(reverse("document-file", args=[document.pk]))
    assert b"".join(answer) == b"<html>a note</html>"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert document.custody.get(kind="given").by == ana
    assert Line.objects.filter(act="document.given", object_id=str(document.pk)).exists()


def test_malware_is_a_page_that_says_so(anas: Client, ana: Officer, drawer: Drawer, daemon: Daemon) -> None:
    document = examined(actions.keep(sealed(EICAR), drawer.place, by=ana))
    answer = anas.get(reverse("document-file", args=[document.pk]))
    assert answer.status_code == 409
    assert "Malware was found" in answer.content.decode()
    assert not document.custody.filter(kind="given").exists()
    shown = anas.get(page_of(document)).content.decode()
    assert "Malware was found" in shown
    assert reverse("document-file", args=[document.pk]) not in shown


def test_file_that_waits_for_the_scanner_says_so(anas: Client, ana: Officer, drawer: Drawer, daemon: Daemon) -> None:
    document = actions.keep(sealed(b"a note"), drawer.place, by=ana)
    answer = anas.get(reverse("document-file", args=[document.pk]))
    assert answer.status_code == 409
    assert "waits for the scanner" in answer.content.decode()


def test_officer_opens_an_unscanned_file_on_his_word(
    anas: Client, ana: Officer, drawer: Drawer, settings: Settings
) -> None:
    settings.ILEX_SCANNER = "required"
    document = examined(actions.keep(sealed(b"a note"), drawer.place, by=ana))
    file, free = reverse("document-file", args=[document.pk]), reverse("document-free", args=[document.pk])
    assert anas.get(file).status_code == 409
    assert "Open it on my word" in anas.get(page_of(document)).content.decode()
    assert anas.post(free, {"reason": " "}).status_code == 422
    anas.post(free, {"reason": "A child is missing."})
    assert b"".join(anas.get(file)) == b"a note"
    assert "A child is missing." in anas.get(page_of(document)).content.decode()


def test_translator_gives_no_word(house: Organisation, ana: Officer, drawer: Drawer, settings: Settings) -> None:
    settings.ILEX_SCANNER = "required"
    document = examined(actions.keep(sealed(b"a note"), drawer.place, by=ana))
    translator = officer("teodora", [Role.TRANSLATOR], house)
    drawer.officers.add(translator.pk)
    client = Client()
    client.force_login(translator)
    assert "Open it on my word" not in client.get(page_of(document)).content.decode()
    assert client.post(reverse("document-free", args=[document.pk]), {"reason": "x"}).status_code == 403


def test_stranger_learns_nothing(bojan: Officer, ana: Officer, drawer: Drawer) -> None:
    document = examined(actions.keep(sealed(b"a note"), drawer.place, by=ana))
    client = Client()
    client.force_login(bojan)
    for name in ("document", "document-file"):
        assert client.get(reverse(name, args=[document.pk])).status_code == 404
    assert client.post(reverse("document-free", args=[document.pk]), {"reason": "x"}).status_code == 404


def test_whoever_supervises_types_a_reason_and_gets_no_file(house: Organisation, ana: Officer, drawer: Drawer) -> None:
    document = examined(actions.keep(sealed(b"a secret note"), drawer.place, by=ana))
    client = Client()
    client.force_login(officer("dora", [Role.PROTECTION], house))
    first = client.get(page_of(document))
    assert "Type a reason" not in first.content.decode()
    assert "a secret note" not in first.content.decode()
    assert client.post(page_of(document), {"reason": " "}).status_code == 422
    assert "a secret note" in client.post(page_of(document), {"reason": "Complaint 7"}).content.decode()
    assert Line.objects.get(act="document.opened").reason == "Complaint 7"
    assert client.get(reverse("document-file", args=[document.pk])).status_code == 404


def test_lying_name_is_shown_on_the_page(anas: Client, ana: Officer, drawer: Drawer) -> None:
    document = examined(actions.keep(sealed(b"MZ\x90\0\x03 program", "invoice.pdf"), drawer.place, by=ana))
    assert "The name of this file deceives" in anas.get(page_of(document)).content.decode()


# --- what other rooms use ---


def posted(ana: Officer, drawer: Drawer, files: dict[str, bytes], **fields: str) -> list[Document]:
    papers = [SimpleUploadedFile(name, content) for name, content in files.items()]
    request = RequestFactory().post("/", {"handling": "H0", "papers": papers, **fields})
    request.user = ana
    return uploading.kept(request, drawer.place, by=ana)


def test_files_added_to_a_place_are_kept_together_or_not_at_all(ana: Officer, drawer: Drawer) -> None:
    one, two = posted(ana, drawer, {"a.txt": b"a", "b.txt": b"b"}, title="Both", handling="H1")
    assert (one.title, two.title, one.handling) == ("a.txt", "b.txt", "H1")
    with pytest.raises(Refused, match="empty"):
        posted(ana, drawer, {"c.txt": b"c", "nothing.txt": b""})
    with pytest.raises(Refused):
        posted(ana, drawer, {})
    assert Document.objects.count() == 2


# --- the files of requests ---


def test_file_of_a_request_is_a_document_of_it(anas: Client, ana: Officer, ceca: Ceca, daemon: Daemon) -> None:
    draft = uuid4()
    file = SimpleUploadedFile("изјава.docx", samples.docx("Марко"))
    anas.post(reverse("draft", args=[draft]), {**LETTER, "step": "file", "files": file})
    anas.post(reverse("draft", args=[draft]), LETTER)
    anas.post(reverse("draft-review", args=[draft]), {"confirmed": "on"})
    request = Request.objects.get()
    document = Document.objects.get()
    assert (document.on_kind, document.on_id, document.handling) == ("request", request.pk, request.handling)
    assert document.custody.get(kind="sent").to == "ilecu-mk"
    paper = reverse("paper", args=[document.attachment_id])
    assert anas.get(paper).status_code == 409
    examined(document)
    assert b"".join(anas.get(paper)) == samples.docx("Марко")
    assert document.custody.filter(kind="given", by=ana).exists()
    assert page_of(document) in anas.get(reverse("request", args=[request.our_ref])).content.decode()
