"""Files made to do harm cost one document, and never the node."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest

from ilex.documents import child
from ilex.documents.readers import letters
from ilex.documents.readers.reading import read
from tests.documents import samples

SEED = 20261121


def bomb(name: str = "word/document.xml", size: int = 300 * 2**20) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        with file.open(name, "w", force_zip64=True) as member:
            for _ in range(size // 2**20):
                member.write(b" " * 2**20)
    return out.getvalue()


def test_zip_bomb_is_not_unfolded() -> None:
    assert read(bomb()).why == "bomb"


def test_zip_that_lies_about_its_size_is_not_unfolded() -> None:
    content = bomb(size=64 * 2**20)
    size = struct.pack("<I", 64 * 2**20)
    assert size in content
    assert read(content.replace(size, struct.pack("<I", 100))).why in {"bomb", "broken"}


def test_zip_with_a_million_names_is_not_read() -> None:
    assert (
        read(samples.package({"[Content_Types].xml": "", **{f"word/{n}.xml": "" for n in range(6000)}})).why == "bomb"
    )


def test_entities_are_not_expanded() -> None:
    laugh = (
        '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;">]>'
        f'<w:document xmlns:w="{samples.W}"><w:p><w:t>&c;</w:t></w:p></w:document>'
    )
    file = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w>&x;</w>'
    for text in (laugh, file):
        extract = read(samples.package({"[Content_Types].xml": "", "word/document.xml": text}))
        assert (extract.why, extract.text) == ("broken", "")


def test_deeply_nested_xml_ends() -> None:
    deep = "<a>" * 200_000
    reading = child.read([samples.package({"[Content_Types].xml": "", "word/document.xml": deep})], seconds=30)
    assert reading.text == ""
    assert reading.why


def test_archive_in_archive_in_archive_is_left_closed() -> None:
    content = b"x" * 1000
    for level in range(20):
        content = samples.package({f"{level}.zip": content})
    extract = read(content)
    assert (extract.kind, extract.text, extract.parts) == ("archive", "", [])


def test_email_with_an_endless_head_is_not_read() -> None:
    mail = b"From: a@b.example\r\nSubject: x\r\n" + b"X-Long: " + b"a" * 2**20 + b"\r\n\r\ntext"
    assert read(mail).why == "bomb"


def test_email_nested_a_thousand_times_ends() -> None:
    mail = b"From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
    for level in range(2000):
        mail += f"Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n".encode()
    reading = child.read([mail + b"\r\nend"], seconds=30)
    assert reading.kind in {"eml", ""}


def test_email_with_ten_thousand_files_keeps_a_bounded_number() -> None:
    part = b"--q\r\nContent-Type: application/x\r\nContent-Disposition: attachment; filename=a\r\n\r\nx\r\n"
    mail = (
        b"From: a@b.example\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=q\r\n\r\n"
        + part * 10_000
        + b"--q--"
    )
    extract = read(mail)
    assert (len(extract.parts), extract.cut) == (60, True)


def test_charset_that_does_not_exist_is_guessed() -> None:
    mail = (
        b'From: =?nonsense?B?////?=\r\nSubject: =?utf-8?B?x?=\r\nContent-Type: text/plain; charset="\\0bad"\r\n\r\ntext'
    )
    assert "text" in read(mail).text
    assert letters.moment("Fri, 99 Nov 999999 10:15:00") == ""


def test_text_holds_nothing_that_a_page_must_not_show() -> None:
    assert "\u202e" not in read("ab\u202ecd \x1b[31m red \u0007".encode()).text
    assert "\0" not in read("a\0b".encode("utf-16")).text


def test_pdf_that_refers_to_itself_ends() -> None:
    loop = (
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 99999999 >>\nendobj\n"
        b"trailer << /Root 1 0 R >>\n%%EOF"
    )
    reading = child.read([loop], seconds=20)
    assert reading.text == ""


def test_pdf_whose_stream_unfolds_to_gigabytes_costs_its_process_only() -> None:
    squeezer = zlib.compressobj(9)
    packed = b"".join(squeezer.compress(b"(a) Tj " * 150_000) for _ in range(1500)) + squeezer.flush()
    content = (
        b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << >> >>\nendobj\n"
        + f"4 0 obj\n<< /Filter /FlateDecode /Length {len(packed)} >>\nstream\n".encode()
        + packed
        + b"\nendstream\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF"
    )
    reading = child.read([content], seconds=20)
    assert len(reading.text) <= 1_000_000


def test_reader_that_takes_too_long_is_ended() -> None:
    def slowly() -> object:
        import time  # only here

        for _ in range(600):
            yield b"a"
            time.sleep(0.05)

    assert child.read(slowly(), seconds=1).why == "too-long"  # type: ignore[arg-type]


def test_file_larger_than_is_read_is_said_to_be() -> None:
    assert child.read(b"x" * 2**20 for _ in range(70)).why == "too-large"


def test_fault_of_the_disk_is_told_and_no_reader_stays_behind() -> None:
    def broken() -> object:
        yield b"a"
        raise OSError("the disk")

    with pytest.raises(OSError, match="the disk"):
        child.read(broken())  # type: ignore[arg-type]


MAKERS: tuple[Callable[[], bytes], ...] = (
    lambda: samples.docx(samples.NAMES, "two"),
    lambda: samples.xlsx(("a", "b"), ("c", "d")),
    lambda: samples.pptx("a", "b"),
    lambda: samples.odt("a"),
    lambda: samples.pdf("a page", "another"),
    lambda: samples.letter(files={"a.pdf": b"%PDF-1.4"}),
    lambda: samples.msg(files={"a.pdf": b"%PDF-1.4"}),
    lambda: "<html><body>Марко &amp; <b>x</b></body></html>".encode(),
)


def damaged(content: bytes, dice: random.Random) -> bytes:
    """Cut, flipped, doubled, or with a number in it made huge."""
    wounds = bytearray(content)
    for _ in range(dice.randint(1, 8)):
        at = dice.randrange(max(1, len(wounds)))
        match dice.randrange(6):
            case 0:
                del wounds[at:]
            case 1:
                wounds[at : at + 1] = dice.randbytes(1)
            case 2:
                wounds[at:at] = wounds[at : at + dice.randrange(400)]
            case 3:
                del wounds[at : at + dice.randrange(200)]
            case 4:
                wounds[at : at + 4] = b"\xff\xff\xff\x7f"
            case _:
                wounds[at : at + 8] = dice.randbytes(8)
        if not wounds:
            break
    return bytes(wounds)


@pytest.mark.parametrize("number", range(len(MAKERS)))
def test_damaged_files_never_break_a_reader(number: int) -> None:
    """150 of each of eight kinds, always the same ones."""
    dice = random.Random(SEED + number)  # noqa: S311
    whole = MAKERS[number]()
    for _ in range(150):
        extract = read(damaged(whole, dice))
        assert "\0" not in extract.text


def test_noise_never_breaks_a_reader() -> None:
    dice = random.Random(SEED)  # noqa: S311
    starts = [b"PK\x03\x04", b"%PDF-1.7\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"From: a\nTo: b\n\n", b"{\\rtf", b""]
    for _ in range(200):
        read(dice.choice(starts) + dice.randbytes(dice.randrange(3000)))
