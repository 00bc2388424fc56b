"""Attachments through the door: in pieces, resumed at any byte, only those that an envelope of this peer names."""

from __future__ import annotations

import errno
import hashlib
import os
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from pytest_django import Settings

from ilex.gate import arrivals, tls
from ilex.gate.actions import accept
from ilex.gate.carriers.https import Answer, Connection
from ilex.gate.keys import KeyRing
from ilex.gate.models import Attachment, Peer
from ilex.gate.store import StoreError, open_stream, seal_stream, where
from ilex.journal.models import Line
from tests.gate.lines import door, line_to, small_disk
from tests.gate.partners import letter, make_ring, manifest, pair

pytestmark = pytest.mark.django_db(transaction=True)

PLAIN = "Списак возила.\n".encode() * 150_000  # 4 MiB, five segments


@dataclass
class Blob:
    """An attachment as it lies at the partner's."""

    sealed: bytes
    attachment: Attachment

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.sealed).hexdigest()


@pytest.fixture
def blob(settings: Settings, ours: KeyRing, tmp_path: Path) -> Blob:
    here, settings.ILEX_FOLDER = settings.ILEX_FOLDER, tmp_path / "far"
    attachment = seal_stream([PLAIN], name="spisak.txt")
    sealed = where(attachment.sealed_digest).read_bytes()
    settings.ILEX_FOLDER = here
    return Blob(sealed, attachment)


def announce(blob: Blob, partner: KeyRing, ours: KeyRing, **members: object) -> bytes:
    """The partner's envelope that names the blob, kept here; gives its answer."""
    paper = blob.attachment
    facts = {
        "name": paper.name,
        "media": "application/pdf",
        "size": paper.size,
        "sha256": bytes(paper.digest).hex(),
        "sealed_size": len(blob.sealed),
        "sealed_sha256": blob.digest,
        "key": bytes(paper.key),
    }
    envelope = letter(partner, ours, attachments=[manifest(id=uuid4(), **(facts | members))])
    (answer,) = accept([envelope], partner.line.sha256)
    return answer


@pytest.fixture
def line(peer: Peer, partner: KeyRing, ours: KeyRing) -> Iterator[Connection]:
    with door() as port:
        yield line_to(port, partner, ours)


def put(line: Connection, blob: Blob, start: int, end: int, total: int | None = None) -> Answer:
    size = len(blob.sealed) if total is None else total
    headers = {"Content-Range": f"bytes {start}-{end - 1}/{size}"}
    return line.ask("PUT", f"/blobs/{blob.digest}", blob.sealed[start:end], headers)


def head(line: Connection, blob: Blob) -> Answer:
    return line.ask("HEAD", f"/blobs/{blob.digest}")


def kept() -> Attachment:
    return Attachment.objects.get()


def test_blob_comes_in_pieces_and_is_whole_with_the_last(
    line: Connection, blob: Blob, partner: KeyRing, ours: KeyRing
) -> None:
    announce(blob, partner, ours)
    assert head(line, blob).here == 0

    assert put(line, blob, 0, 1_000_001).here == 1_000_001
    assert (kept().arrived, kept().whole_at) == (1_000_001, None)
    assert put(line, blob, 1_000_001, len(blob.sealed)).here == len(blob.sealed)

    assert kept().whole_at is not None
    assert b"".join(open_stream(kept())) == PLAIN
    assert where(kept().sealed_digest).stat().st_mode & 0o777 == 0o600
    assert Line.objects.get(act="attachment.arrived").object_id == str(kept().pk)


def test_kind_is_told_by_content_and_not_by_the_partner(
    line: Connection, blob: Blob, partner: KeyRing, ours: KeyRing
) -> None:
    announce(blob, partner, ours)

    put(line, blob, 0, len(blob.sealed))

    assert kept().media == "text/plain"


def test_same_piece_twice_and_pieces_that_overlap_do_no_harm(
    line: Connection, blob: Blob, partner: KeyRing, ours: KeyRing
) -> None:
    announce(blob, partner, ours)

    put(line, blob, 0, 2_000_000)
    assert put(line, blob, 0, 2_000_000).here == 2_000_000
    assert put(line, blob, 1_999_999, 2_500_000).here == 2_500_000
    assert put(line, blob, 5, 10).here == 2_500_000
    put(line, blob, 2_400_000, len(blob.sealed))
    assert put(line, blob, 0, 100).here == len(blob.sealed)

    assert b"".join(open_stream(kept())) == PLAIN
    assert Line.objects.filter(act="attachment.arrived").count() == 1


def test_piece_after_a_gap_is_not_taken(line: Connection, blob: Blob, partner: KeyRing, ours: KeyRing) -> None:
    announce(blob, partner, ours)
    put(line, blob, 0, 1000)

    answer = put(line, blob, 1001, 2000)

    assert (answer.status, answer.code, answer.here) == (409, "gap", 1000)


@pytest.mark.parametrize("cut", [1, 70_000, 1_048_577])
def test_what_came_before_the_line_broke_is_kept(
    line: Connection, blob: Blob, partner: KeyRing, ours: KeyRing, cut: int
) -> None:
    announce(blob, partner, ours)
    context = tls.line_context(partner.line, [ours.line.pem])
    port = int(line.endpoint.rpartition(":")[2])
    request = (
        f"PUT /blobs/{blob.digest} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(blob.sealed)}\r\n"
        f"Content-Range: bytes 0-{len(blob.sealed) - 1}/{len(blob.sealed)}\r\n\r\n"
    )
    with (
        socket.create_connection(("127.0.0.1", port), timeout=5) as plain,
        context.wrap_socket(plain) as sock,
    ):
        sock.sendall(request.encode() + blob.sealed[:cut])

    while head(line, blob).here != cut:
        pass
    put(line, blob, cut, len(blob.sealed))
    assert b"".join(open_stream(kept())) == PLAIN


def test_blob_that_no_envelope_names_is_not_taken(line: Connection, blob: Blob) -> None:
    assert (head(line, blob).status, head(line, blob).code) == (404, "unknown-blob")
    assert (put(line, blob, 0, 100).status, put(line, blob, 0, 100).code) == (404, "unknown-blob")


def test_blob_of_one_partner_is_unknown_to_another(
    line: Connection, blob: Blob, partner: KeyRing, ours: KeyRing, tmp_path: Path
) -> None:
    announce(blob, partner, ours)
    third = make_ring(tmp_path / "third", "ilecu-hu")
    pair(third)
    with door() as port:
        assert put(line_to(port, third, ours), blob, 0, 100).code == "unknown-blob"


def test_partner_that_names_the_blob_of_another_cannot_spoil_it(
    blob: Blob, peer: Peer, partner: KeyRing, ours: KeyRing, tmp_path: Path
) -> None:
    third = make_ring(tmp_path / "third", "ilecu-hu")
    pair(third)
    announce(blob, partner, ours)
    announce(blob, third, ours)
    garbage = Blob(b"\0" * 100, blob.attachment)
    with door() as port:
        theirs, other = line_to(port, partner, ours), line_to(port, third, ours)
        other.ask("PUT", f"/blobs/{blob.digest}", garbage.sealed, {"Content-Range": f"bytes 0-99/{len(blob.sealed)}"})

        assert head(theirs, blob).here == 0
        assert put(theirs, blob, 0, len(blob.sealed)).here == len(blob.sealed)
        assert head(other, blob).here == len(blob.sealed)

    assert Attachment.objects.filter(whole_at__isnull=False).count() == 2


def test_damaged_blob_is_thrown_away_and_begun_again(
    line: Connection, blob: Blob, partner: KeyRing, ours: KeyRing
) -> None:
    announce(blob, partner, ours)
    headers = {"Content-Range": f"bytes 0-{len(blob.sealed) - 1}/{len(blob.sealed)}"}

    answer = line.ask("PUT", f"/blobs/{blob.digest}", b"x" + blob.sealed[1:], headers)
    assert (answer.status, answer.code, answer.here) == (409, "damaged", 0)
    assert (kept().arrived, kept().whole_at) == (0, None)

    assert put(line, blob, 0, len(blob.sealed)).here == len(blob.sealed)


def test_manifest_that_lies_about_the_size_gains_nothing(
    line: Connection, blob: Blob, partner: KeyRing, ours: KeyRing
) -> None:
    announce(blob, partner, ours, sealed_size=len(blob.sealed) - 10)

    assert put(line, blob, 0, 1000).code == "wrong-size"
    assert put(line, blob, 0, len(blob.sealed) - 10, total=len(blob.sealed) - 10).code == "damaged"


def test_manifest_that_lies_about_the_plain_size_is_told_at_the_attachment(
    line: Connection, blob: Blob, partner: KeyRing, ours: KeyRing
) -> None:
    announce(blob, partner, ours, size=7)

    put(line, blob, 0, len(blob.sealed))

    assert kept().failure == "The announced size of the file is wrong."


def test_attachment_with_a_wrong_key_is_kept_and_told_as_damaged(
    line: Connection, blob: Blob, partner: KeyRing, ours: KeyRing
) -> None:
    announce(blob, partner, ours, key=b"k" * 32)

    put(line, blob, 0, len(blob.sealed))

    assert "is damaged" in kept().failure
    with pytest.raises(StoreError):
        list(open_stream(kept()))


def test_quota_of_the_partner_holds(line: Connection, blob: Blob, peer: Peer, partner: KeyRing, ours: KeyRing) -> None:
    announce(blob, partner, ours)
    Peer.objects.update(quota=len(blob.sealed) - 1)

    answer = put(line, blob, 0, 1000)
    assert (answer.status, answer.code) == (507, "quota")

    Peer.objects.update(quota=len(blob.sealed))
    assert put(line, blob, 0, 1000).here == 1000


def test_peers_cannot_fill_the_disk(blob: Blob, peer: Peer, partner: KeyRing, ours: KeyRing) -> None:
    announce(blob, partner, ours)
    with door(lambda: setattr(arrivals, "RESERVE", 2**62)) as port:
        answer = put(line_to(port, partner, ours), blob, 0, 1000)

    assert (answer.status, answer.code, answer.here) == (507, "storage-full", 0)
    assert kept().arrived == 0


@pytest.mark.parametrize(
    "asked",
    ["", "bytes */100", "bytes 0-99/50", "bytes 10-5/100", "bytes 0-0/100", "bytes -1-98/100", "bits 0-99/100"],
)
def test_piece_of_unclear_place_is_not_taken(
    line: Connection, blob: Blob, partner: KeyRing, ours: KeyRing, asked: str
) -> None:
    announce(blob, partner, ours)

    answer = line.ask("PUT", f"/blobs/{blob.digest}", bytes(100), {"Content-Range": asked})

    assert (answer.status, answer.code) == (400, "malformed")
    assert kept().arrived == 0


def test_piece_over_eight_mebibytes_is_not_taken(line: Connection, blob: Blob, partner: KeyRing, ours: KeyRing) -> None:
    announce(blob, partner, ours)
    size = 8 * 2**20 + 1

    headers = {"Content-Range": f"bytes 0-{size - 1}/{size}", "Content-Length": str(size)}
    answer = line.ask("PUT", f"/blobs/{blob.digest}", b"", headers)

    assert (answer.status, answer.code) == (413, "too-large")


def test_blob_that_is_on_the_disk_already_need_not_come_again(
    line: Connection, blob: Blob, partner: KeyRing, ours: KeyRing
) -> None:
    announce(blob, partner, ours)
    put(line, blob, 0, len(blob.sealed))

    announce(blob, partner, ours)
    assert head(line, blob).here == len(blob.sealed)

    assert Attachment.objects.filter(whole_at__isnull=False).count() == 2


def test_disk_that_fills_in_the_middle_of_a_piece_loses_nothing(
    settings: Settings, blob: Blob, peer: Peer, partner: KeyRing, ours: KeyRing
) -> None:
    """The place is checked before each piece, but others may take it meanwhile."""
    announce(blob, partner, ours)
    folder = Path(settings.ILEX_FOLDER) / "blobs"
    with small_disk(folder, "2m"), door(lambda: setattr(arrivals, "RESERVE", -(2**62))) as port:
        line = line_to(port, partner, ours)
        answer = put(line, blob, 0, len(blob.sealed))
        assert (answer.status, answer.code) == (507, "storage-full")
        assert answer.here is not None
        assert 0 < answer.here < len(blob.sealed)

        subprocess.run(["mount", "-o", "remount,size=20m", str(folder)], check=True)
        assert put(line, blob, answer.here, len(blob.sealed)).here == len(blob.sealed)
        assert b"".join(open_stream(kept())) == PLAIN


def test_folder_that_cannot_be_used_is_told_with_a_code_and_the_line_holds(
    settings: Settings, line: Connection, blob: Blob, partner: KeyRing, ours: KeyRing
) -> None:
    announce(blob, partner, ours)
    put(line, blob, 0, 1000)
    folder = Path(settings.ILEX_FOLDER) / "blobs" / "incoming"
    aside = folder.rename(folder.with_name("aside"))
    folder.write_text("not a folder", encoding="utf-8")

    for answer in (head(line, blob), put(line, blob, 1000, len(blob.sealed))):
        assert (answer.status, answer.code, answer.here) == (503, "storage-failure", None)
    assert kept().arrived == 1000

    folder.unlink()
    aside.rename(folder)
    assert head(line, blob).here == 1000
    assert put(line, blob, 1000, len(blob.sealed)).here == len(blob.sealed)
    assert b"".join(open_stream(kept())) == PLAIN


def test_place_that_cannot_be_written_at_the_end_loses_nothing(
    line: Connection, blob: Blob, partner: KeyRing, ours: KeyRing
) -> None:
    announce(blob, partner, ours)
    assert head(line, blob).here == 0
    place = where(bytes.fromhex(blob.digest)).parent
    place.write_text("not a folder", encoding="utf-8")

    assert put(line, blob, 0, len(blob.sealed)).code == "storage-failure"
    assert (head(line, blob).code, kept().whole_at) == ("storage-failure", None)

    place.unlink()
    assert head(line, blob).here == len(blob.sealed)
    assert b"".join(open_stream(kept())) == PLAIN


def test_blob_whose_last_byte_came_before_a_kill_is_whole_when_it_is_asked_for(
    settings: Settings, line: Connection, blob: Blob, partner: KeyRing, ours: KeyRing
) -> None:
    announce(blob, partner, ours)
    put(line, blob, 0, len(blob.sealed) - 1)
    (part,) = (Path(settings.ILEX_FOLDER) / "blobs" / "incoming").iterdir()
    with part.open("ab") as file:
        file.write(blob.sealed[-1:])

    assert head(line, blob).here == len(blob.sealed)

    assert kept().whole_at is not None
    assert b"".join(open_stream(kept())) == PLAIN
    assert Line.objects.filter(act="attachment.arrived").count() == 1


def test_disk_without_room_for_one_more_file_is_a_full_one(
    settings: Settings, blob: Blob, peer: Peer, partner: KeyRing, ours: KeyRing
) -> None:
    announce(blob, partner, ours)
    folder = Path(settings.ILEX_FOLDER) / "blobs"
    with small_disk(folder, "20m,nr_inodes=2"), door(lambda: setattr(arrivals, "RESERVE", 0)) as port:
        line = line_to(port, partner, ours)
        assert put(line, blob, 0, 1000).code == "storage-full"

        subprocess.run(["mount", "-o", "remount,nr_inodes=100", str(folder)], check=True)
        assert put(line, blob, 0, len(blob.sealed)).here == len(blob.sealed)
        assert b"".join(open_stream(kept())) == PLAIN


def test_piece_that_the_disk_does_not_confirm_is_not_counted(
    blob: Blob, peer: Peer, partner: KeyRing, ours: KeyRing
) -> None:
    announce(blob, partner, ours)
    with door() as port:
        assert put(line_to(port, partner, ours), blob, 0, 1000).here == 1000
    with door(without_fsync) as port:
        line = line_to(port, partner, ours)
        assert put(line, blob, 1000, 500_000).code == "storage-failure"
        assert head(line, blob).here == 1000
    with door() as port:
        assert put(line_to(port, partner, ours), blob, 1000, len(blob.sealed)).here == len(blob.sealed)
    assert b"".join(open_stream(kept())) == PLAIN


def without_fsync() -> None:
    def fail(descriptor: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    os.fsync = fail  # type: ignore[assignment]
