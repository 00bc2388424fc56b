"""What the worker of a measured node can be asked to do. Moments are seconds of the machine's monotonic clock."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from itertools import islice
from typing import Any
from uuid import uuid4

from django.db import transaction

from ilex.config.bench import filling, looking
from ilex.config.bench.officer import OFFICER
from ilex.config.bench.text import texts
from ilex.exchange import actions as exchange
from ilex.exchange import bench as desk
from ilex.exchange.messages import AskedBody, InformationBody
from ilex.exchange.models import Request
from ilex.exchange.rules import Information
from ilex.gate import actions as gate
from ilex.gate.bench import parts as measure_parts
from ilex.gate.carriers.https import HttpsCarrier
from ilex.gate.models import Attachment, Peer
from ilex.gate.relay import carry_once
from ilex.gate.store import seal_stream
from ilex.journal import bench as journal
from ilex.units import queries as units
from ilex.units.models import Officer

TYPE = "exchange.information"  # what units tell one another unasked; 4 KiB of it is a page and a half
BLOCK = 2**20
PARTS = {
    "seal": "sign and seal for one recipient",
    "open": "open and check the signature",
    "commit": "durable commit of one row",
    "commit_batched": "one row of a durable commit of 100",
    "round_trip": "one message and an answer on an open TLS line",
    "handshake": "TLS handshake with both certificates",
}


def take_card(card: str) -> str:
    return gate.fingerprint_with(gate.take_card(card).unit_id)


def confirm(unit: str, fingerprint: str) -> None:
    gate.confirm(unit, fingerprint)


def reach_through(port: int) -> None:
    """From now on the peer's door is reached at another port, where something stands in between."""
    Peer.objects.update(endpoint=f"https://127.0.0.1:{port}")


def parts(count: int, size: int) -> dict[str, float]:
    """Milliseconds that each part of the gate's work takes alone."""
    found = asdict(measure_parts(count, size))
    return {words: 1000 / found[name] for name, words in PARTS.items()}


_written: list[Any] = []  # what `post` and `inform` send: written before the time is taken


def write_messages(count: int, size: int) -> None:
    unit, by = Peer.objects.get().unit_id, _officer()
    bodies = islice(_bodies(unit, size), count)
    _written[:] = [gate.Message(type=TYPE, body=body, to=[unit], conversation=uuid4(), by=by) for body in bodies]


def write_informations(count: int, size: int) -> None:
    _written[:] = [Information(text=text) for text in islice(texts(size), count)]


def post(batch: int = 1) -> list[float]:
    """Post what was written, so many in a transaction; the moments of the first and of the last one's commit."""
    began = time.monotonic()
    for start in range(0, len(_written), batch):
        with transaction.atomic():
            gate.post_many(_written[start : start + batch])
    return [began, time.monotonic()]


def inform() -> list[float]:
    """Send what was written by the verb that an officer's page calls, which is a transaction for each."""
    unit, officer = Peer.objects.get().unit_id, _officer()
    began = time.monotonic()
    for information in _written:
        exchange.inform(officer, information, to=[unit], confirmed=True)
    return [began, time.monotonic()]


def carry() -> float:
    """Carry everything that waits, in this process; seconds."""
    peer, carrier = Peer.objects.get(), HttpsCarrier()
    began = time.monotonic()
    try:
        while carry_once(peer, carrier):
            pass
    finally:
        carrier.close()
    return time.monotonic() - began


def hand_over() -> float:
    """Take in everything that waits, in this process; seconds."""
    began = time.monotonic()
    while gate.hand_over():
        pass
    return time.monotonic() - began


def seal_file(size: int) -> dict[str, Any]:
    """Seal a file of so many bytes into the store; its row and the seconds it took."""
    block = os.urandom(BLOCK)
    began = time.monotonic()
    whole = [block] * (size // BLOCK)
    attachment = seal_stream([*whole, block[: size % BLOCK]], name="bench.bin")
    seconds = time.monotonic() - began
    attachment.save()
    return {"attachment": str(attachment.pk), "seconds": seconds, "sealed": attachment.sealed_size}


def post_file(attachment: str) -> float:
    """Post a message with that file; the moment before."""
    unit, began = Peer.objects.get().unit_id, time.monotonic()
    body = next(_bodies(unit, 1_000))
    paper = Attachment.objects.get(pk=attachment)
    with transaction.atomic():
        gate.post(TYPE, body, to=[unit], conversation=uuid4(), attachments=[paper], by=_officer())
    return began


def seed(count: int) -> float:
    """Put invented requests on file; seconds."""
    began = time.monotonic()
    desk.seed_many(count, officer=_officer())
    return time.monotonic() - began


def references(count: int) -> list[str]:
    """Our references of some requests; identifiers are random, so these are too."""
    return list(Request.objects.order_by("pk").values_list("our_ref", flat=True)[:count])


def measure_journal(lines: int) -> dict[str, float]:
    return journal.measure(lines)


def _officer() -> Officer:
    return Officer.objects.get(sign_in=OFFICER)


def _bodies(unit: str, size: int) -> Iterator[InformationBody]:
    profile = units.profile_between(units.here(), unit)
    for text in texts(size):
        asked = {unit: AskedBody(reference=f"BENCH-{uuid4().hex[:16]}", profile=profile)}
        yield InformationBody(asked=asked, text=text)


VERBS: dict[str, Callable[..., Any]] = {
    verb.__name__: verb
    for verb in (
        *(take_card, confirm, reach_through, parts, write_messages, write_informations, post, inform),
        *(carry, hand_over, seal_file, post_file, seed, references, measure_journal),
    )
}
VERBS |= filling.VERBS | looking.VERBS
