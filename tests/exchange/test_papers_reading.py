"""Reading a form back: only what Ilex wrote, bounded, and each refusal is one sentence."""

from __future__ import annotations

import io
import json
import random
import zlib
from typing import Any

import pytest
from django.conf import settings as live_settings
from pypdf import PdfWriter
from pypdf.generic import NameObject, NumberObject, StreamObject, TextStringObject

from ilex.exchange.papers.fields import RECORD_NAME, Delay, FormError, Refusal
from ilex.exchange.papers.forms import read_pdf, to_content, to_pdf
from ilex.exchange.papers.press import digest_note
from tests.exchange.papers_samples import AT, GEORGIA, NAMES, SERBIA, form_a, form_b

PRINTED = to_pdf(form_b(), "en")
RECORD = form_b().model_dump_json().encode()


def pdf_with(*files: tuple[str, bytes], pages: int = 1, password: str = "") -> bytes:
    """A PDF that another program made."""
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(200, 200)
    for name, content in files:
        writer.add_attachment(name, content).description = TextStringObject(digest_note(content))
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def refused(content: bytes) -> str:
    with pytest.raises(FormError) as caught:
        read_pdf(content)
    return str(caught.value)


def test_a_pdf_without_a_record_says_what_to_do() -> None:
    assert refused(pdf_with()) == (
        "This PDF carries no Ilex record. Type the fields by hand and keep the PDF as the original."
    )
    assert refused(pdf_with(("other.json", RECORD))) == refused(pdf_with())


def test_a_record_that_another_program_attached_is_read() -> None:
    assert read_pdf(pdf_with((RECORD_NAME, RECORD))) == form_b()


def test_a_form_that_another_program_saved_again_is_read() -> None:
    made = io.BytesIO()
    PdfWriter(clone_from=io.BytesIO(PRINTED)).write(made)
    assert made.getvalue() != PRINTED
    assert read_pdf(made.getvalue()) == form_b()


def test_what_is_no_pdf_is_refused() -> None:
    for content in (b"", b"PK\x03\x04", RECORD, b"\0" * 5000):
        assert refused(content) == "This file is not a PDF."


def test_a_cut_off_pdf_is_refused_in_one_sentence() -> None:
    whole = "This PDF is damaged and cannot be read. Ask for it again."
    known = {whole, refused(pdf_with()), "This file is not a PDF."}
    for part in (9, 100, 1000, len(PRINTED) // 2, len(PRINTED) - 400):
        assert refused(PRINTED[:part]) in known


def test_a_pdf_with_broken_bytes_is_read_right_or_refused() -> None:
    dice = random.Random(1)  # noqa: S311  the same dice each time
    for _turn in range(150):
        broken = bytearray(PRINTED)
        for _byte in range(dice.randrange(1, 40)):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        try:
            assert read_pdf(bytes(broken)) == form_b()
        except FormError:
            continue


def test_noise_behind_a_pdf_header_is_refused() -> None:
    dice = random.Random(2)  # noqa: S311
    for size in (10, 1000, 200_000):
        refused(b"%PDF-1.7\n" + dice.randbytes(size))
        refused(b"%PDF-1.7\n" + b"1 0 obj << " * (size // 11))
        refused(b"%PDF-1.7\n" + b"[" * size + b"\nstartxref\n9\n%%EOF")


def test_a_locked_pdf_is_refused() -> None:
    locked = pdf_with((RECORD_NAME, RECORD), password="belgrade")
    assert refused(locked) == "This PDF is locked with a password. Ask for it without one."


def test_a_file_over_20_mib_is_refused_before_it_is_looked_at() -> None:
    assert "larger than 20 MiB" in refused(b"%PDF-1.7" + b"\0" * (20 * 2**20))


def test_a_pdf_of_very_many_pages_is_refused() -> None:
    assert "more than 1000 pages" in refused(pdf_with((RECORD_NAME, RECORD), pages=1001))


def test_a_record_over_256_kib_is_refused() -> None:
    assert "larger than 256 KiB" in refused(pdf_with((RECORD_NAME, b" " * (256 * 1024 + 1))))


def test_a_record_packed_into_a_bomb_is_refused() -> None:
    bomb = StreamObject()
    bomb._data = zlib.compress(b" " * 200_000_000, 9)
    bomb[NameObject("/Filter")] = NameObject("/FlateDecode")
    bomb[NameObject("/Length")] = NumberObject(len(bomb._data))
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    attached: Any = writer.add_attachment(RECORD_NAME, b"x").pdf_object
    attached["/EF"][NameObject("/F")] = writer._add_object(bomb)
    attached["/EF"].pop("/UF", None)
    made = io.BytesIO()
    writer.write(made)
    assert "larger than 256 KiB" in refused(made.getvalue())


def test_a_record_that_does_not_have_its_digest_is_refused() -> None:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_attachment(RECORD_NAME, RECORD).description = TextStringObject(digest_note(RECORD + b" "))
    made = io.BytesIO()
    writer.write(made)
    assert "damaged" in refused(made.getvalue())


def test_what_a_broken_file_holds_does_not_come_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    refused(b"%PDF-1.7\n1 0 obj << Ana Markovic >> endobj\ntrailer << Ana >>\nstartxref\n9\n%%EOF")
    assert "Ana" not in caplog.text


def test_two_records_are_one_too_many() -> None:
    assert "two Ilex records" in refused(pdf_with((RECORD_NAME, RECORD), (RECORD_NAME, RECORD)))


def test_a_pdf_with_very_many_files_is_refused() -> None:
    files = [(f"{number}.txt", b"") for number in range(101)]
    assert "more than 100 files" in refused(pdf_with(*files))


def changed(**fields: Any) -> bytes:
    return json.dumps(json.loads(RECORD) | fields).encode()


@pytest.mark.parametrize(
    "record",
    [
        b"",
        b"null",
        b"{",
        b"[" * 100_000,
        b"\xff\xfe",
        b'{"form": "B"}',
        changed(form="C"),
        changed(version=2),
        changed(surprise=1),
        changed(facts=1),
        changed(facts="\ud800"),
        changed(urgent="yes"),
        changed(made_at="2026-11-21T08:15:00"),
        changed(offences=["'; drop table"]),
        changed(subjects=[{"kind": "spirit"}]),
        changed(facts="a" * 50_001),
        changed(offences=["fraud"] * 201),
    ],
)
def test_a_record_that_is_not_as_the_form_asks_is_refused(record: bytes) -> None:
    assert "damaged or of a newer version" in refused(pdf_with((RECORD_NAME, record)))


def test_control_characters_in_a_record_are_left_behind() -> None:
    form = read_pdf(pdf_with((RECORD_NAME, changed(facts="a\0b", reference="x\n\x1by"))))
    assert to_content(form)["facts"] == "ab"
    assert to_content(form)["their_ref"] == "" or "\x1b" not in to_content(form)["their_ref"]


def test_a_partners_request_becomes_a_draft_with_the_names_of_the_record() -> None:
    theirs = form_b(requesting=GEORGIA, requested=SERBIA, reference="GE-2026-000087", handling_note="Careful")
    content = to_content(read_pdf(to_pdf(theirs, "en")))
    assert SERBIA.unit == live_settings.ILEX_UNIT
    assert content["way"] == "in"
    assert content["partner"] == "ilecu-ge"
    assert content["their_ref"] == "GE-2026-000087"
    assert content["offences"] == ["human-trafficking"]
    assert [subject["name"] for subject in content["subjects"]] == list(NAMES.values())
    for name in ("requested_information", "facts", "purpose", "urgency", "urgency_reason", "handling", "handling_note"):
        assert content[name] == getattr(theirs, name)


def test_our_own_request_read_back_is_an_outgoing_one() -> None:
    content = to_content(form_b())
    assert (content["way"], content["partner"], content["their_ref"]) == ("out", "ilecu-ge", "")


def test_the_box_of_part_iv_and_its_words_become_one_text() -> None:
    content = to_content(form_b(restriction="NOT_WITHOUT_AUTHORISATION", use_restrictions="Not the witness."))
    assert content["use_restrictions"] == ("It may not be used without the provider's authorisation\nNot the witness.")


def test_a_partners_answer_becomes_an_entry_with_grades_and_grounds() -> None:
    refusal = Refusal(reasons=("B.2",), grounds=("f.ii",), part="The address", text="Later.")
    content = to_content(read_pdf(to_pdf(form_a(stage="partial", refusal=refusal), "en")))
    assert content["way"] == "in"
    assert content["kind"] == "answer"
    assert (content["our_ref"], content["their_ref"]) == ("RS-2026-000412", "GE-2026-000087")
    assert (content["source_grade"], content["information_grade"]) == ("A", "1")
    assert (content["grounds"], content["refused_part"], content["reasons"]) == (["f.ii"], "The address", "Later.")
    assert content["stage"] == "partial"


def test_each_use_of_form_a_becomes_its_kind_of_entry() -> None:
    delay = Delay(reasons="Court", expected_at=AT, judicial=True)
    assert to_content(form_a(information="", delay=delay))["kind"] == "delay"
    assert to_content(form_a(information="", delay=delay))["expected_at"] == AT
    assert to_content(form_a(information="", refusal=Refusal(grounds=("a",))))["kind"] == "refusal"
    unasked = to_content(form_a(spontaneous=True, spontaneous_reasons="They look for him."))
    assert (unasked["kind"], unasked["reasons"]) == ("information", "They look for him.")
