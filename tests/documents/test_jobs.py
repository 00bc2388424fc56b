"""What the clock does: scan, read, keep the parts, and come again when there is reason to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils.timezone import now
from pytest_django import Settings

from ilex.documents import actions, child, queries, scanner
from ilex.documents.actions.examining import CANNOT, claim
from ilex.documents.errors import Refused
from ilex.documents.jobs import check_and_read
from ilex.documents.models import Document
from ilex.documents.scanner import CannotScan, ScannerAway, Verdict
from ilex.gate.store import where
from ilex.journal.models import Line
from ilex.units.models import Officer
from tests.documents import samples
from tests.documents.conftest import Drawer, sealed
from tests.documents.daemon import EICAR, Daemon

pytestmark = pytest.mark.django_db

Check, Reading = Document.Check, Document.Reading


def examined(document: Document) -> Document:
    while check_and_read():
        pass
    document.refresh_from_db()
    return document


def test_clean_file_is_cleared_and_read(ana: Officer, drawer: Drawer, daemon: Daemon) -> None:
    document = actions.keep(sealed(samples.docx("Марко Марковић"), "a.docx"), drawer.place, by=ana)
    assert not queries.may_open(document.attachment_id)
    examined(document)
    assert (document.check_state, document.reading, document.text) == (Check.CLEAN, Reading.READ, "Марко Марковић")
    assert document.try_at is None
    assert queries.may_open(document.attachment_id)
    checked = document.custody.get(kind="checked")
    assert "ClamAV" in checked.note
    assert Line.objects.filter(act="document.checked", object_id=str(document.pk)).exists()
    assert daemon.streams == [samples.docx("Марко Марковић")]


def test_malware_never_opens_and_is_never_read(ana: Officer, drawer: Drawer, daemon: Daemon) -> None:
    document = examined(actions.keep(sealed(b"words " + EICAR), drawer.place, by=ana))
    assert (document.check_state, document.reading, document.text) == (Check.FOUND, Reading.WAITING, "")
    assert "EICAR" in document.check_note
    assert document.try_at is None
    with pytest.raises(Refused, match="Nobody can open it"):
        actions.give(ana, document, "handling")
    with pytest.raises(Refused, match="Nobody can open it"):
        actions.free(ana, document, "I must see it.")


def test_what_was_found_in_one_copy_holds_for_every_copy(ana: Officer, drawer: Drawer, daemon: Daemon) -> None:
    bad = examined(actions.keep(sealed(EICAR), drawer.place, by=ana))
    Document.objects.filter(pk=bad.pk).update(made_at=now())
    other = actions.keep(sealed(EICAR, "other name.txt"), drawer.place, by=ana)
    Document.objects.filter(pk=other.pk).update(check_state=Check.CLEAN)
    assert not queries.may_open(other.attachment_id)


def test_node_without_a_scanner_opens_and_says_that_nobody_looked(ana: Officer, drawer: Drawer) -> None:
    document = actions.keep(sealed(b"a note"), drawer.place, by=ana)
    assert queries.opening_of(document.attachment).words
    assert queries.may_open(document.attachment_id)
    examined(document)
    assert (document.check_state, document.text, document.try_at) == (Check.UNSCANNED, "a note", None)
    assert "Not scanned" in queries.opening_of(document.attachment).words


def test_node_that_requires_a_scan_stays_closed_until_an_officer_gives_his_word(
    ana: Officer, drawer: Drawer, settings: Settings
) -> None:
    settings.ILEX_SCANNER = "required"
    document = examined(actions.keep(sealed(b"a note"), drawer.place, by=ana))
    copy = examined(actions.keep(sealed(b"a note"), drawer.place, by=ana))
    assert not queries.may_open(document.attachment_id)
    assert queries.opening_of(document.attachment).free
    with pytest.raises(Refused, match="Say why"):
        actions.free(ana, document, "  ")
    actions.free(ana, document, "A child is missing.")
    document.refresh_from_db()
    assert document.check_state == Check.FREED
    assert queries.may_open(copy.attachment_id)
    assert Line.objects.get(act="document.freed").reason == "A child is missing."
    with pytest.raises(Refused, match="faster"):
        actions.free(ana, document, "Again.")


def test_scanner_that_comes_later_has_the_last_word(ana: Officer, drawer: Drawer) -> None:
    document = examined(actions.keep(sealed(EICAR), drawer.place, by=ana))
    freed = examined(actions.keep(sealed(EICAR + b"x"), drawer.place, by=ana))
    actions.free(ana, freed, "Needed.")
    assert queries.may_open(document.attachment_id)
    with Daemon() as daemon:
        scanner.use(lambda: scanner.Clamd(daemon.at))
        assert examined(document).check_state == Check.FOUND
        assert examined(freed).check_state == Check.FOUND
    assert not queries.may_open(document.attachment_id)


class Moody:
    """A scanner plugged in by this test, to show the door."""

    def __init__(self, error: Exception | None) -> None:
        self.error = error

    def is_here(self) -> bool:
        return True

    def scan(self, chunks: object) -> Verdict:
        if self.error is not None:
            raise self.error
        return Verdict("Moody 1")


def test_scanner_that_is_away_is_asked_again(ana: Officer, drawer: Drawer) -> None:
    moody = Moody(ScannerAway("gone"))
    scanner.use(lambda: moody)
    document = examined(actions.keep(sealed(b"a note"), drawer.place, by=ana))
    assert (document.check_state, document.text) == (Check.UNSCANNED, "a note")
    assert document.try_at is not None
    moody.error = None
    Document.objects.filter(pk=document.pk).update(try_at=now())
    assert examined(document).check_state == Check.CLEAN
    assert document.custody.filter(kind="checked").count() == 2


def test_file_that_the_scanner_cannot_look_at_is_said_to_be_so(ana: Officer, drawer: Drawer) -> None:
    scanner.use(lambda: Moody(CannotScan("INSTREAM size limit exceeded")))
    document = examined(actions.keep(sealed(b"a note"), drawer.place, by=ana))
    assert document.check_state == Check.UNSCANNED
    assert "size limit" in document.check_note
    assert document.try_at is not None
    assert document.try_at > now() + CANNOT - timedelta(hours=1)


def test_document_whose_bytes_are_on_their_way_waits_for_them(ana: Officer, drawer: Drawer) -> None:
    attachment = sealed(b"a note")
    attachment.whole_at = None
    document = examined(actions.keep(attachment, drawer.place, by=None))
    assert (document.check_state, document.reading) == (Check.WAITING, Reading.WAITING)
    assert document.try_at is not None
    with pytest.raises(Refused, match="not arrived"):
        actions.give(ana, document, "handling")


def test_file_that_is_gone_from_the_disk_costs_itself_only(ana: Officer, drawer: Drawer) -> None:
    lost = actions.keep(sealed(b"lost"), drawer.place, by=ana)
    kept = actions.keep(sealed(b"kept"), drawer.place, by=ana)
    where(lost.attachment.sealed_digest).unlink()
    assert examined(lost).reading == Reading.FAILED
    assert examined(kept).text == "kept"


def test_name_that_lies_is_seen_through(ana: Officer, drawer: Drawer) -> None:
    document = examined(actions.keep(sealed(b"MZ\x90\0\x03 program", "invoice.pdf"), drawer.place, by=ana))
    assert document.kind == "program"
    assert "Program" in document.lie


def test_files_of_an_email_become_documents_beside_it(ana: Officer, drawer: Drawer, daemon: Daemon) -> None:
    inner = samples.letter(subject="Inside", files={"bad.txt": EICAR})
    mail = samples.letter(files={"табела.xlsx": samples.xlsx(("Марко", "BG-123-AA")), "old.eml": inner})
    letter = actions.keep(sealed(mail, "mail.eml"), drawer.place, by=ana, handling="H1")
    examined(letter)
    titles = {one.title: one for one in queries.documents_on(*drawer.place, ana)}
    assert set(titles) == {"mail.eml", "табела.xlsx", "old.eml", "bad.txt"}
    assert titles["табела.xlsx"].part_of == titles["old.eml"].part_of == letter
    assert titles["bad.txt"].part_of == titles["old.eml"]
    assert {one.handling for one in titles.values()} == {"H1"}
    assert examined(titles["bad.txt"]).check_state == Check.FOUND
    Document.objects.filter(pk=letter.pk).update(reading=Reading.WAITING, try_at=now())
    examined(letter)
    assert Document.objects.count() == 4


def test_two_clocks_never_get_the_same_document(ana: Officer, drawer: Drawer) -> None:
    first = actions.keep(sealed(b"a"), drawer.place, by=ana)
    second = actions.keep(sealed(b"b"), drawer.place, by=ana)
    assert claim() == first
    assert claim() == second
    assert claim() is None


def test_reading_that_ended_the_node_three_times_is_given_up(ana: Officer, drawer: Drawer) -> None:
    document = actions.keep(sealed(b"a note"), drawer.place, by=ana)
    Document.objects.filter(pk=document.pk).update(tries=3)
    assert examined(document).reading == Reading.FAILED


def test_large_file_is_kept_and_scanned_but_not_read(
    ana: Officer, drawer: Drawer, daemon: Daemon, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "LARGEST", 1000)
    document = examined(actions.keep(sealed(b"word " * 1000), drawer.place, by=ana))
    assert (document.check_state, document.reading, document.reading_note) == (Check.CLEAN, Reading.FAILED, "too-large")


def test_removed_document_is_not_looked_at(ana: Officer, drawer: Drawer) -> None:
    document = actions.keep(sealed(b"a note"), drawer.place, by=ana)
    actions.remove(document, by=ana, reason="Wrong case.")
    assert claim() is None
