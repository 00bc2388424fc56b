"""Mail on a stick: the same sealed bytes, both ways, and one clear sentence for every bad file."""

from __future__ import annotations

import io
import json
import os
import random
import resource
import shutil
import struct
import zipfile
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils.timezone import now

from ilex.gate.actions import hand_over, pause, post
from ilex.gate.carriers.archive import BadStick, Label
from ilex.gate.errors import GateError
from ilex.gate.keys import KeyRing
from ilex.gate.models import Attachment, BlobDelivery, Delivery, Envelope, Peer, PeerKey, Receipt
from ilex.gate.stick import open_stick, seal_stick
from ilex.gate.store import open_stream, seal_stream, where
from ilex.journal.models import Line
from tests.gate.lines import Node, free_port, second_node
from tests.gate.partners import Room, Words, letter

pytestmark = pytest.mark.django_db(transaction=True)

State = Delivery.State


@pytest.fixture
def far(ours: KeyRing, room: Room, tmp_path: Path) -> Iterator[Node]:
    """The partner's node, paired, with no line between us."""
    with second_node("ilecu-mk", tmp_path / "far") as node:
        node.pair_with(ours, free_port())
        Peer.objects.update(carrier=Peer.Carrier.FILE)
        yield node


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return tmp_path / "stick"


def send(count: int = 1, papers: Sequence[Attachment] = ()) -> None:
    with transaction.atomic():
        for number in range(count):
            post("test.words", Words(text=f"Упит {number}"), to=["ilecu-mk"], conversation=uuid4(), attachments=papers)


def states() -> list[str]:
    return list(Delivery.objects.order_by("id").values_list("state", flat=True))


def test_mail_goes_out_and_its_receipts_come_back(far: Node, stick: Path) -> None:
    paper = seal_stream([b"a" * 3_000_000], name="prilog.txt")
    send(150, [paper])

    written = seal_stick("ilecu-mk", stick)
    assert (written.envelopes, written.receipts) == (150, 0)
    assert set(states()) == {State.WAITING}

    reply = stick.with_name("reply")
    opened = far.call(lambda: (open_stick(stick), hand_over(200), seal_stick("ilecu-rs", reply))[0])
    assert (opened.envelopes, opened.blobs, dict(opened.turned_away)) == (150, 1, {})
    assert far.call(lambda: Envelope.objects.filter(state="taken").count()) == 150
    assert far.call(lambda: b"".join(open_stream(Attachment.objects.all()[0]))) == b"a" * 3_000_000

    back = open_stick(reply)
    assert (back.envelopes, back.receipts) == (0, 300)
    assert set(states()) == {State.PROCESSED}
    assert BlobDelivery.objects.filter(done_at=None).count() == 0


def test_stick_carries_the_same_bytes_as_the_line(far: Node, stick: Path) -> None:
    send(2, [seal_stream([b"a"], name="a.txt")])
    sealed = [bytes(envelope.sealed or b"") for envelope in Envelope.objects.order_by("at")]

    seal_stick("ilecu-mk", stick)

    with zipfile.ZipFile(stick) as content:
        assert content.read("envelopes.ndjson") == b"".join(line + b"\n" for line in sealed)
        (blob,) = [name for name in content.namelist() if name.startswith("blobs/")]
        assert content.read(blob) == where(bytes.fromhex(blob.removeprefix("blobs/"))).read_bytes()
        assert {entry.compress_type for entry in content.infolist()} == {zipfile.ZIP_STORED}
    assert stick.stat().st_mode & 0o777 == 0o600
    assert Line.objects.get(act="stick.sealed").recipients == ["ilecu-mk"]


def test_stick_may_be_opened_twice_and_made_again(far: Node, stick: Path) -> None:
    send(3)
    second = stick.with_name("second")
    seal_stick("ilecu-mk", stick)
    seal_stick("ilecu-mk", second)

    far.call(lambda: [open_stick(path) for path in (stick, stick, second)])

    assert far.call(Envelope.objects.count) == 3
    assert far.call(lambda: Receipt.objects.filter(way="out").count()) == 3


def test_broken_off_opening_is_taken_up_again(far: Node, stick: Path) -> None:
    """The blob came half, as after a power loss; the next opening brings the rest."""
    paper = seal_stream([os.urandom(3_000_000)], name="a.bin")
    send(1, [paper])
    seal_stick("ilecu-mk", stick)
    sealed = where(paper.sealed_digest).read_bytes()
    digest = bytes(paper.sealed_digest).hex()

    def half() -> None:
        from ilex.gate.store import incoming

        part = incoming() / f"ilecu-rs.{digest}.part"
        part.write_bytes(sealed[:1_234_567])
        open_stick(stick)

    far.call(half)

    assert far.call(lambda: b"".join(open_stream(Attachment.objects.get()))) == b"".join(open_stream(paper))


def test_attachment_that_came_is_not_carried_again(far: Node, stick: Path) -> None:
    send(1, [seal_stream([b"a"], name="a.txt")])
    seal_stick("ilecu-mk", stick)
    reply = stick.with_name("reply")
    far.call(lambda: (open_stick(stick), seal_stick("ilecu-rs", reply)))
    open_stick(reply)

    assert seal_stick("ilecu-mk", stick.with_name("next")).blobs == 0


def test_old_word_about_an_attachment_does_not_hide_that_it_was_lost(far: Node, stick: Path) -> None:
    send(1, [seal_stream([b"a"], name="a.txt")])
    seal_stick("ilecu-mk", stick)
    reply = stick.with_name("reply")
    far.call(lambda: (open_stick(stick), seal_stick("ilecu-rs", reply)))
    BlobDelivery.objects.update(next_try=now())  # put back: the partner was restored from a backup

    open_stick(reply)

    assert BlobDelivery.objects.get().done_at is None


def test_command_tells_what_it_wrote_and_read(far: Node, stick: Path) -> None:
    send(2)
    out = io.StringIO()

    call_command("seal", to="ilecu-mk", out=stick, stdout=out)
    assert out.getvalue() == f"{stick}: 2 messages, 0 receipts, 0 attachments for ilecu-mk.\n"

    def opened() -> str:
        said = io.StringIO()
        call_command("open", str(stick), out=stick.with_name("reply"), stdout=said)
        return said.getvalue()

    assert far.call(opened) == (
        f"{stick}: 2 messages, 0 receipts, 0 attachments from ilecu-rs.\n"
        f"For the way back: {stick.with_name('reply')}.\n"
    )


def refused(*arguments: object, **options: object) -> str:
    with pytest.raises(CommandError) as raised:
        call_command(*arguments, **options)  # type: ignore[arg-type]
    return str(raised.value)


def test_stick_for_a_unit_that_is_not_paired_is_not_written(far: Node, stick: Path) -> None:
    assert refused("seal", to="ilecu-hu", out=stick) == "ilecu-hu is not a paired unit."
    assert not stick.exists()


def test_file_that_is_there_is_never_written_over(far: Node, stick: Path) -> None:
    stick.write_text("important")

    assert "exists already" in refused("seal", to="ilecu-mk", out=stick)
    assert "exists already" in refused("open", str(stick), out=stick)
    assert stick.read_text() == "important"


def test_place_that_cannot_be_written_is_told(far: Node, tmp_path: Path) -> None:
    assert "cannot be written: No such file or directory" in refused("seal", to="ilecu-mk", out=tmp_path / "no" / "s")


def test_full_stick_is_told_and_nothing_half_written_stays(far: Node, stick: Path) -> None:
    send(1, [seal_stream([os.urandom(2_000_000)], name="a.bin")])
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, hard))
    try:
        with pytest.raises(GateError, match="no space left"):
            seal_stick("ilecu-mk", stick)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert list(stick.parent.glob("*stick*")) == []
    assert not Line.objects.filter(act="stick.sealed").exists()


def test_missing_attachment_is_told_and_no_stick_is_written(far: Node, stick: Path) -> None:
    paper = seal_stream([b"a"], name="a.txt")
    send(1, [paper])
    where(paper.sealed_digest).unlink()

    with pytest.raises(GateError, match=r"a\.txt is not on this node's disk"):
        seal_stick("ilecu-mk", stick)
    assert not stick.exists()


def good_stick(far: Node, stick: Path) -> Path:
    """From the partner to us."""

    def write() -> None:
        with transaction.atomic():
            papers = [seal_stream([b"a" * 100_000], name="a.txt")]
            post("test.words", Words(text="Упит"), to=["ilecu-rs"], conversation=uuid4(), attachments=papers)
        seal_stick("ilecu-rs", stick)

    far.call(write)
    return stick


def untouched() -> bool:
    opened = Line.objects.filter(act="stick.opened")
    return not (Envelope.objects.exists() or Receipt.objects.exists() or opened.exists())


def test_good_stick_is_good(far: Node, stick: Path) -> None:
    assert open_stick(good_stick(far, stick)).envelopes == 1


def test_stick_for_another_unit_is_told(far: Node, stick: Path) -> None:
    send()
    seal_stick("ilecu-mk", stick)

    assert refused("open", str(stick)) == "This stick is for ilecu-mk; this is the node of ilecu-rs."


def test_stick_of_a_paused_unit_is_told(far: Node, stick: Path) -> None:
    good_stick(far, stick)
    pause("ilecu-mk", by=None)

    assert refused("open", str(stick)) == "This stick is from ilecu-mk, which is not a paired unit."
    assert untouched()


def test_stick_without_the_partners_seal_is_told(far: Node, ours: KeyRing, stick: Path) -> None:
    label = Label(sender="ilecu-mk", recipient="ilecu-rs", made=now(), have=[])
    with zipfile.ZipFile(stick, "w") as content:
        content.writestr("stick.jws", label.signed(ours.seal) + b"\n")
        content.writestr("envelopes.ndjson", letter(far.ring, ours) + b"\n")

    assert refused("open", str(stick)) == "This stick says it is from ilecu-mk, but does not bear its seal."
    assert untouched()


@pytest.mark.parametrize("part", [0.0, 0.01, 0.3, 0.9, 0.999])
def test_stick_cut_short_is_told_and_changes_nothing(far: Node, stick: Path, part: float) -> None:
    whole = good_stick(far, stick).read_bytes()
    stick.write_bytes(whole[: int(len(whole) * part)])

    assert refused("open", str(stick)) == f"{stick} is not a whole stick file of Ilex."
    assert untouched()


def test_changed_bytes_are_told_and_change_nothing(far: Node, stick: Path) -> None:
    whole = good_stick(far, stick).read_bytes()
    chance = random.Random(1)  # noqa: S311  # places to damage, not secrets
    for _ in range(40):
        content = bytearray(whole)
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        stick.write_bytes(content)
        try:
            open_stick(stick)
        except BadStick:
            continue
        Envelope.objects.get()  # the byte was one that says nothing, as a date in the ZIP
        break
    else:
        assert untouched()


def test_file_that_is_no_stick_is_told(far: Node, stick: Path) -> None:
    stick.write_text("Драги колега,")
    assert refused("open", str(stick)) == f"{stick} is not a whole stick file of Ilex."
    assert "cannot be read: No such file" in refused("open", str(stick.with_name("none")))
    assert "cannot be read: Is a directory" in refused("open", str(stick.parent))


def labelled(far: Node, stick: Path, compression: int = zipfile.ZIP_STORED) -> zipfile.ZipFile:
    label = Label(sender="ilecu-mk", recipient="ilecu-rs", made=now(), have=[]).signed(far.ring.seal)
    content = zipfile.ZipFile(stick, "w", compression)
    content.writestr("stick.jws", label + b"\n", zipfile.ZIP_STORED)
    return content


@pytest.mark.parametrize(
    "name",
    ["../../keys/ring.json", "/etc/passwd", "blobs/../../x", "blobs/" + "g" * 64, "other.txt", "blobs/", "stick.jws"],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_entry_of_another_name_is_not_taken(far: Node, stick: Path, name: str) -> None:
    with labelled(far, stick) as content:
        content.writestr(name, b"x")

    assert "is not a whole stick" in refused("open", str(stick))
    assert untouched()


def test_packed_entry_is_not_unpacked(far: Node, stick: Path) -> None:
    with labelled(far, stick, zipfile.ZIP_DEFLATED) as content:
        content.writestr("envelopes.ndjson", bytes(50_000_000))

    assert stick.stat().st_size < 100_000
    assert "is not a whole stick" in refused("open", str(stick))


def test_entries_that_overlap_are_not_taken(far: Node, stick: Path) -> None:
    """A small file that says it holds the same 100 kB a hundred times."""
    with labelled(far, stick) as content:
        content.writestr("blobs/" + "0" * 64, bytes(100_000))
        entry = content.getinfo("blobs/" + "0" * 64)
        for number in range(1, 100):
            twin = zipfile.ZipInfo(f"blobs/{number:064x}")
            twin.header_offset, twin.file_size, twin.compress_size, twin.CRC = (
                entry.header_offset,
                entry.file_size,
                entry.compress_size,
                entry.CRC,
            )
            content.filelist.append(twin)

    assert "is not a whole stick" in refused("open", str(stick))


def test_forged_list_of_files_does_not_eat_the_memory(far: Node, stick: Path) -> None:
    """The end record says that the ZIP's own list is a gigabyte long."""
    good_stick(far, stick)
    with stick.open("r+b") as file:
        file.truncate(2**30 + 2**20)  # sparse
        file.seek(0, os.SEEK_END)
        file.write(struct.pack("<4s4H2LH", b"PK\005\006", 0, 0, 1, 1, 2**30, 2**20, 0))

    assert "is not a whole stick" in refused("open", str(stick))


def test_line_without_end_does_not_eat_the_memory_and_its_neighbour_is_kept(
    far: Node, ours: KeyRing, stick: Path
) -> None:
    with labelled(far, stick) as content:
        content.writestr("envelopes.ndjson", b"x" * 5_000_000 + b"\n" + letter(far.ring, ours) + b"\n")

    opened = open_stick(stick)

    assert (opened.envelopes, dict(opened.turned_away)) == (1, {"too-large": 1})


def test_what_is_not_kept_is_counted_with_its_reason(far: Node, ours: KeyRing, stick: Path) -> None:
    with labelled(far, stick) as content:
        content.writestr("envelopes.ndjson", b"{}\n" + letter(far.ring, ours) + b"\n")
        content.writestr("receipts.ndjson", b"x.y.z\n")
        content.writestr("blobs/" + "0" * 64, b"nobody announced this")

    out = io.StringIO()
    call_command("open", str(stick), stdout=out)

    assert out.getvalue().splitlines() == [
        f"{stick}: 1 messages, 0 receipts, 0 attachments from ilecu-mk.",
        "Not kept: 2 (malformed).",
        "Not kept: 1 (unknown-blob).",
    ]
    assert Line.objects.get(act="stick.opened").detail["turned_away"] == {"malformed": 2, "unknown-blob": 1}


def test_unsigned_refusal_decides_nothing(far: Node, stick: Path) -> None:
    """Only receipts speak on a stick, because only they are signed."""
    send()
    with labelled(far, stick) as content:
        content.writestr("receipts.ndjson", json.dumps({"error": {"code": "not-for-us"}}).encode() + b"\n")

    open_stick(stick)

    assert states() == [State.WAITING]


def test_stick_sealed_with_the_key_before_a_renewal_is_still_good(far: Node, stick: Path) -> None:
    good_stick(far, stick)
    PeerKey.objects.filter(use=PeerKey.Use.SEAL).update(until=now() + timedelta(days=365))
    assert open_stick(stick).envelopes == 1


def test_large_stick_passes_through_little_memory(far: Node, stick: Path) -> None:
    if shutil.disk_usage(stick.parent).free < 2 * 2**30:
        pytest.skip("not enough room on this disk")
    piece = os.urandom(2**20)
    send(1, [seal_stream((piece for _ in range(200)), name="snimak.bin")])

    def peak() -> int:
        open_stick(stick)
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seal_stick("ilecu-mk", stick)

    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024
    assert far.call(peak) - before < 64 * 1024
