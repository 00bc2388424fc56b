"""What the two sides of a transfer do, each step in a process of its own."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from django.core.management import call_command
from django.utils.timezone import now
from joserfc.jwk import ECKey

from ilex.gate import keys
from ilex.gate.actions import accept, confirm, fingerprint_with, take_card
from ilex.gate.bench.transfer import SIDES
from ilex.gate.cards import make_card, read_card
from ilex.gate.carriers import Failure
from ilex.gate.carriers.https import Connection, send_blob
from ilex.gate.door import serve
from ilex.gate.fields import to_the_millisecond
from ilex.gate.header import Header, Manifest
from ilex.gate.ids import uuid7
from ilex.gate.models import Attachment
from ilex.gate.seal import seal
from ilex.gate.store import seal_stream, where
from ilex.units.models import Organisation

CARD, ENVELOPE, BLOB = "card.jws", "envelope.jwe", "blob.json"


def run(side: str, step: str, folder: str, *arguments: str) -> None:
    STEPS[side, step](Path(folder), *(int(argument) for argument in arguments))


def _receiver_prepare(folder: Path) -> None:
    call_command("migrate", verbosity=0)
    keys.make_keys()
    _leave_card(folder / "receiver")
    _say({})


def _sender_prepare(folder: Path, size: int) -> None:
    keys.make_keys()
    _leave_card(folder / "sender")
    start = time.perf_counter()
    attachment = seal_stream(_random(size), name="bench.bin")
    seconds = time.perf_counter() - start
    (folder / "sender" / ENVELOPE).write_bytes(_envelope(folder, attachment))
    blob = {"digest": bytes(attachment.sealed_digest).hex(), "size": attachment.sealed_size}
    (folder / "sender" / BLOB).write_text(json.dumps(blob))
    _say({"seconds": seconds, "sealed_size": attachment.sealed_size, "memory": _memory()})


def _receiver_pair(folder: Path) -> None:
    for unit in SIDES.values():
        Organisation.objects.get_or_create(id=unit, defaults={"kind": Organisation.Kind.UNIT, "name": unit})
    take_card((folder / "sender" / CARD).read_text())
    confirm(SIDES["sender"], fingerprint_with(SIDES["sender"]))
    (answer,) = accept([(folder / "sender" / ENVELOPE).read_bytes()], None)
    if b"receipt" not in answer:
        sys.exit(f"The envelope was not kept: {answer.decode()}")
    _say({})


def _receiver_serve(_folder: Path, port: int) -> None:
    serve(f"127.0.0.1:{port}")


def _sender_send(folder: Path, port: int) -> None:
    blob = json.loads((folder / "sender" / BLOB).read_text())
    theirs = read_card((folder / "receiver" / CARD).read_text())
    path = where(bytes.fromhex(blob["digest"]))
    start = time.perf_counter()
    here = 0
    with closing(Connection(f"https://127.0.0.1:{port}", keys.own().line, [theirs.keys.tls])) as line:
        while here < blob["size"]:
            try:
                here = send_blob(line, blob["digest"], path, blob["size"], lambda _here: True)
            except Failure as failure:
                print(failure, file=sys.stderr)
    _say({"seconds": time.perf_counter() - start, "memory": _memory()})


STEPS: dict[tuple[str, str], Callable[..., None]] = {
    ("receiver", "prepare"): _receiver_prepare,
    ("receiver", "pair"): _receiver_pair,
    ("receiver", "serve"): _receiver_serve,
    ("sender", "prepare"): _sender_prepare,
    ("sender", "send"): _sender_send,
}


def _leave_card(folder: Path) -> None:
    ring = keys.own()
    (folder / CARD).write_text(make_card(ring, ring.unit, "", "https://127.0.0.1", now()))


def _envelope(folder: Path, attachment: Attachment) -> bytes:
    ring = keys.own()
    theirs = read_card((folder / "receiver" / CARD).read_text())
    manifest = Manifest(
        id=uuid4(),
        name=attachment.name,
        media=attachment.media,
        size=attachment.size,
        sha256=bytes(attachment.digest).hex(),
        sealed_size=attachment.sealed_size,
        sealed_sha256=bytes(attachment.sealed_digest).hex(),
        key=bytes(attachment.key),
    )
    at = to_the_millisecond(now())
    header = Header(
        id=uuid7(),
        type="bench.message",
        version=1,
        sender=ring.unit,
        recipients=[theirs.unit],
        conversation=uuid4(),
        sequence=1,
        issued=at,
        expires=at + timedelta(days=1),
        handling="H0",
        language="en",
        attachments=[manifest],
    )
    return seal(header, {}, ring, [ECKey.import_key(dict(theirs.keys.open))]).line


def _random(size: int) -> Iterator[bytes]:
    piece = os.urandom(2**20)
    for at in range(0, size, len(piece)):
        yield piece[: size - at]


def _memory() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def _say(facts: dict[str, object]) -> None:
    print(json.dumps(facts))
