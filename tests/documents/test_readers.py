"""What is read out of each kind of file. These tests need no database."""

from __future__ import annotations

import pytest

from ilex.documents import child
from ilex.documents.readers.kinds import kind_of
from ilex.documents.readers.reading import read
from ilex.documents.rules import KINDS, kind_of_media, lie
from tests.documents import samples


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (samples.docx("a"), "docx"),
        (samples.xlsx(("a",)), "xlsx"),
        (samples.pptx("a"), "pptx"),
        (samples.odt("a"), "odt"),
        (samples.pdf("a"), "pdf"),
        (b"rubbish before it\n%PDF-1.4", "pdf"),
        (samples.letter(), "eml"),
        (samples.msg(), "msg"),
        (samples.compound({"WordDocument": b"x"}, {}), "doc"),
        (samples.compound({"Something": b"x"}, {}), "ole"),
        (samples.package({"a.txt": "x"}), "archive"),
        (b"\xff\xd8\xff\xe0 jpeg", "image"),
        (b"\0\0\0\x18ftypheic", "image"),
        (b"MZ\x90\0\x03", "program"),
        (b"\x7fELF\x02", "program"),
        (b"#!/bin/sh\n", "program"),
        (b"MZ is how this text begins", "text"),
        (b"<!DOCTYPE html><html>", "html"),
        ("Само текст".encode(), "text"),
        ("Само текст".encode("utf-16"), "text"),
        ("Само текст".encode("cp1251"), "text"),
        (b"From: nobody\nthis is a text that only begins so", "text"),
        (b"", "other"),
        (bytes(range(256)), "other"),
    ],
)
def test_file_is_what_its_content_says(content: bytes, kind: str) -> None:
    assert kind_of(content) == kind
    assert kind in KINDS


@pytest.mark.parametrize(
    ("name", "kind", "lies"),
    [
        ("invoice.pdf", "program", True),
        ("photo.jpg", "pdf", True),
        ("letter.docx", "archive", True),
        ("letter.docx", "docx", False),
        ("LETTER.DOCX", "docx", False),
        ("old.doc", "rtf", False),
        ("letter", "program", False),  # a name without an ending says nothing
        ("case.2026", "pdf", False),
        ("data.json", "text", False),
        ("thing.pdf", "other", False),
    ],
)
def test_name_that_lies_is_told(name: str, kind: str, lies: bool) -> None:
    assert bool(lie(name, kind)) is lies


def test_media_type_of_the_first_look_is_a_kind() -> None:
    assert [kind_of_media(media) for media in ("application/pdf", "image/png", "text/csv", "application/x-odd")] == [
        "pdf",
        "image",
        "text",
        "other",
    ]


@pytest.mark.parametrize("make", [samples.docx, samples.pptx, samples.odt])
def test_office_file_is_read_in_every_script(make: type) -> None:
    text = read(make(samples.NAMES, "second")).text
    assert "Марко Марковић, Giorgi ბერიძე, Šaćir Đođić" in text
    assert "second" in text


def test_workbook_is_read_row_by_row() -> None:
    assert read(samples.xlsx(("Име", "Број"), ("Марко", "BG-123-AA"))).text == "Име\tБрој\t42\nМарко\tBG-123-AA\t42"


def test_pages_of_a_pdf_are_counted_and_read() -> None:
    extract = read(samples.pdf("The vehicle BG-123-AA crossed at Horgos.", "It was seen again on the second page."))
    assert (extract.kind, extract.pages) == ("pdf", 2)
    assert "BG-123-AA crossed" in extract.text
    assert "second page" in extract.text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_text_is_read_in_the_encodings_of_our_partners(encoding: str) -> None:
    assert read("Марко Марковић из Београда".encode(encoding)).text == "Марко Марковић из Београда"


def test_latin_text_of_an_old_machine_keeps_its_letters() -> None:
    assert read("Šaćir Đođić živi u Žabljaku".encode("cp1250")).text == "Šaćir Đođić živi u Žabljaku"


def test_text_of_a_web_page_is_read_and_its_scripts_are_not() -> None:
    page = b"<html><head><style>p{}</style></head><body><p>One&amp;two</p><script>evil()</script><p>three</p>"
    assert read(page).text == "One&two\nthree"


def test_email_gives_its_head_its_text_and_its_files() -> None:
    extract = read(samples.letter(files={"лист.docx": b"PK", "../../etc/passwd": b"x"}))
    head = extract.head
    assert head is not None
    assert head.sender == "Ceca Invented <desk@unit-mk.example>"
    assert (head.subject, head.sent) == ("Упит о возилу", "2026-11-20T10:15:00+01:00")
    assert head.received == "2026-11-20T10:17:30+01:00"
    assert "Молимо податке" in extract.text
    assert [(part.name, part.content) for part in extract.parts] == [("лист.docx", b"PK"), ("../../etc/passwd", b"x")]


def test_email_with_the_same_said_twice_is_read_once() -> None:
    mail = (
        b"From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: multipart/alternative; boundary=q\r\n\r\n"
        b"--q\r\nContent-Type: text/plain\r\n\r\nsaid once\r\n--q\r\nContent-Type: text/html\r\n\r\n<p>said once"
    )
    assert read(mail).text.count("said once") == 1


def test_letter_in_a_letter_is_a_file_of_its_own() -> None:
    inner = samples.letter(subject="Inside")
    mail = (
        b"From: a@b.example\r\nSubject: Fwd\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n"
        b"--q\r\nContent-Type: text/plain\r\n\r\nsee below\r\n--q\r\nContent-Type: message/rfc822\r\n\r\n"
        + inner
        + b"\r\n--q--"
    )
    (part,) = read(mail).parts
    assert part.name == "Inside.eml"
    assert kind_of(part.content) == "eml"


def test_outlook_email_is_read_like_any_other() -> None:
    extract = read(samples.msg(files={"прилог.pdf": samples.pdf("x")}))
    head = extract.head
    assert head is not None
    assert head.sender == "Ceca Invented <desk@unit-mk.example>"
    assert (head.subject, head.sent) == ("Упит о возилу", "2026-11-20T09:15:00+00:00")
    assert "Молимо податке." in extract.text
    (part,) = extract.parts
    assert part.name == "прилог.pdf"
    assert part.content.startswith(samples.pdf("x"))


def test_reader_is_a_process_of_its_own() -> None:
    reading = child.read([samples.docx("Марко"), b""])
    assert (reading.kind, reading.text, reading.why) == ("docx", "Марко", "")


def test_parts_come_out_of_the_process_whole() -> None:
    big = bytes(range(256)) * 4096
    reading = child.read([samples.letter(files={"a.bin": big, "b.bin": b"b"})])
    assert [(part.name, part.content) for part in reading.parts] == [("a.bin", big), ("b.bin", b"b")]
