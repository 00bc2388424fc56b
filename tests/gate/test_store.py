"""Attachments exist on disk only sealed, whole, and readable by the node alone."""

from __future__ import annotations

import errno
import io
import os
import resource
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from ilex.gate import store
from ilex.gate.kinds import NAME_LIMIT, clean_name, media_of
from ilex.gate.models import Attachment
from ilex.gate.store import Damaged, Missing, StorageFull, TooLarge, discard, open_stream, seal_stream, where
from tests.gate.lines import small_disk

TEXT = "Марко Пример, рођен 12. 3. 1985.\n".encode()


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.ILEX_FOLDER = tmp_path
    return tmp_path


def sealed_bytes(attachment: Attachment) -> bytes:
    return where(attachment.sealed_digest).read_bytes()


def everything_in(folder: Path) -> list[Path]:
    return [path for path in (folder / "blobs").rglob("*") if path.is_file()]


def test_file_comes_back_as_it_was_sealed() -> None:
    attachment = seal_stream([TEXT * 50_000, b"", TEXT], name="zapisnik.txt")

    assert b"".join(open_stream(attachment)) == TEXT * 50_001
    assert attachment.size == len(TEXT) * 50_001
    assert attachment.envelope is None
    assert attachment.whole_at is not None


def test_nothing_plain_lies_on_the_disk(folder: Path) -> None:
    seal_stream([TEXT], name="Марко Пример.txt")

    for path in everything_in(folder):
        assert "Марко".encode() not in path.read_bytes()
        assert "Марко" not in path.name


def test_blob_is_named_by_the_digest_of_its_sealed_bytes_and_is_the_nodes_own(folder: Path) -> None:
    attachment = seal_stream([TEXT], name="a.txt")

    (path,) = everything_in(folder)
    assert path == folder / "blobs" / path.name[:2] / bytes(attachment.sealed_digest).hex()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_the_same_file_sealed_twice_shows_no_likeness() -> None:
    one, other = seal_stream([TEXT], name="a"), seal_stream([TEXT], name="a")

    assert one.digest == other.digest
    assert one.sealed_digest != other.sealed_digest
    assert one.key != other.key


@pytest.mark.parametrize("size", [0, 1, 2**20 - 57, 2**20 - 56, 2**20 - 55, 2 * 2**20 - 72, 2 * 2**20 - 71])
def test_sealed_size_is_known_from_the_plain_size(size: int) -> None:
    attachment = seal_stream([b"a" * size], name="a")

    assert attachment.sealed_size == store.sealed_size(size) == len(sealed_bytes(attachment))


def test_file_over_the_limit_leaves_nothing_behind(folder: Path) -> None:
    with pytest.raises(TooLarge, match="larger than 1"):
        seal_stream([b"a" * 700_000, b"a" * 700_000], name="a", limit=2**20)

    assert everything_in(folder) == []


def test_source_that_breaks_leaves_nothing_behind(folder: Path) -> None:
    def breaks() -> Iterator[bytes]:
        yield TEXT
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        seal_stream(breaks(), name="a")

    assert everything_in(folder) == []


def test_full_disk_is_told_in_one_sentence_and_leaves_nothing_behind(folder: Path) -> None:
    with small_disk(folder / "blobs", "2m"):
        with pytest.raises(StorageFull, match="storage is full"):
            seal_stream((b"a" * 2**20 for _ in range(8)), name="a")

        assert everything_in(folder) == []
        assert b"".join(open_stream(seal_stream([TEXT], name="a"))) == TEXT


def test_limit_of_the_file_system_counts_as_a_full_disk(folder: Path) -> None:
    """Runs everywhere, unlike the small disk: the kernel stops our writing at 1.5 MiB."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3 * 2**19, hard))
    try:
        with pytest.raises(StorageFull) as raised:
            seal_stream((b"a" * 2**20 for _ in range(8)), name="a")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert isinstance(raised.value.__cause__, OSError)
    assert raised.value.__cause__.errno == errno.EFBIG
    assert everything_in(folder) == []


@pytest.mark.parametrize("place", [0, 20, 5000, 2**20 + 5000, -1])
def test_changed_byte_is_noticed(place: int) -> None:
    attachment = seal_stream([TEXT * 40_000], name="a.txt")
    path = where(attachment.sealed_digest)
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)

    with pytest.raises(Damaged, match=r"a\.txt is damaged"):
        list(open_stream(attachment))


@pytest.mark.parametrize("length", [0, 30, 2**20, -1])
def test_blob_that_was_cut_short_is_noticed(length: int) -> None:
    attachment = seal_stream([TEXT * 40_000], name="a.txt")
    path = where(attachment.sealed_digest)
    path.write_bytes(path.read_bytes()[:length])

    with pytest.raises(Damaged):
        list(open_stream(attachment))


def test_whole_file_with_another_digest_than_announced_is_noticed() -> None:
    attachment = seal_stream([TEXT], name="a.txt")
    attachment.digest = b"\0" * 32

    with pytest.raises(Damaged):
        list(open_stream(attachment))


def test_blob_that_is_not_there_is_told_at_once() -> None:
    attachment = seal_stream([TEXT], name="a.txt")
    where(attachment.sealed_digest).unlink()

    with pytest.raises(Missing, match=r"a\.txt is not on this node's disk"):
        open_stream(attachment)


@pytest.mark.django_db
def test_discarded_blob_stays_while_another_row_names_it(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    one = seal_stream([TEXT], name="a.txt")
    one.save()
    other = Attachment.objects.get(pk=one.pk)
    other.pk, other._state.adding = Attachment().pk, True
    other.save()

    with django_capture_on_commit_callbacks(execute=True):
        discard(one)
    assert where(one.sealed_digest).exists()

    with django_capture_on_commit_callbacks(execute=True):
        discard(other)
    assert not where(one.sealed_digest).exists()


@pytest.mark.django_db(transaction=True)
def test_discarding_that_is_rolled_back_keeps_the_blob() -> None:
    attachment = seal_stream([TEXT], name="a.txt")
    attachment.save()

    with transaction.atomic():
        discard(attachment)
        transaction.set_rollback(True)

    assert b"".join(open_stream(Attachment.objects.get(pk=attachment.pk))) == TEXT


def test_large_file_passes_through_little_memory(tmp_path: Path) -> None:
    program = """
import os, pathlib, django
django.setup()
from ilex.gate.store import open_stream, seal_stream
def most():  # ru_maxrss would begin with the size of pytest
    return int(pathlib.Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
piece = os.urandom(2**20)
def through(pieces):
    attachment = seal_stream((piece for _ in range(pieces)), name="a")
    assert sum(len(piece) for piece in open_stream(attachment)) == pieces * 2**20
through(1)  # the first one brings in what sealing stands on
before = most()
through(400)
print(most() - before)
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "ILEX_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "ilex.config.settings"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert int(done.stdout) < 16 * 1024  # KiB


def office(inside: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(inside, "<x/>")
    return file.getvalue()


@pytest.mark.parametrize(
    ("start", "claimed", "kind"),
    [
        (b"%PDF-1.7\n", "text/html", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n", "", "image/png"),
        (b"\xff\xd8\xff\xe0", "", "image/jpeg"),
        (
            office("word/document.xml"),
            "",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (office("xl/workbook.xml"), "", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (office("other.xml"), "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text"),
        (TEXT, "", "text/plain"),
        (TEXT, "text/csv", "text/csv"),
        (b"<script>alert(1)</script>", "text/html", "text/plain"),
        (b"Received: from mail\r\nFrom: a@b\r\n", "", "message/rfc822"),
        (b"MZ\x90\x00", "application/pdf", "application/octet-stream"),
        (b"", "", "application/octet-stream"),
    ],
)
def test_kind_is_told_by_content(start: bytes, claimed: str, kind: str) -> None:
    assert media_of(start[:4096], claimed) == kind


def test_text_cut_inside_a_letter_is_still_text() -> None:
    assert media_of("ж".encode() * 2048 + "ж".encode()[:1]) == "text/plain"


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Ana\\spisak.pdf", "spisak.pdf"),
        ("annex\u202efdp.exe", "annexfdp.exe"),
        ("a\r\nSet-Cookie: x.txt", "aSet-Cookie: x.txt"),
        ("  ..skriveno ", "skriveno"),
        ("\u0000\u200b", "attachment"),
        ("Записник о саслушању.docx", "Записник о саслушању.docx"),
        ("..", "attachment"),
    ],
)
def test_file_name_is_safe_to_show(given: str, shown: str) -> None:
    assert clean_name(given) == shown


def test_long_file_name_keeps_its_ending() -> None:
    name = clean_name("ш" * 300 + ".pdf")

    assert len(name.encode()) <= NAME_LIMIT
    assert name.endswith(".pdf")
