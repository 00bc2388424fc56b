"""What the tests of the relay send, and what they look at."""

from __future__ import annotations

import os
from collections.abc import Sequence
from uuid import uuid4

from django.db import transaction
from django.utils.timezone import now

from ilex.gate.actions import post
from ilex.gate.models import Attachment, Delivery, Peer
from ilex.gate.relay import carry_once
from ilex.gate.store import open_stream, seal_stream
from tests.gate.lines import Node
from tests.gate.partners import Words


def send(count: int = 1, papers: Sequence[Attachment] = (), to: str = "ilecu-mk") -> None:
    with transaction.atomic():
        for number in range(count):
            post("test.words", Words(text=f"Упит {number}"), to=[to], conversation=uuid4(), attachments=papers)


def states() -> list[str]:
    return list(Delivery.objects.order_by("id").values_list("state", flat=True))


def refreshed(peer: Peer) -> Peer:
    return Peer.objects.get(pk=peer.pk)


def again(peer: Peer) -> int:
    """The next round, as if the pause after a failure were over."""
    Peer.objects.update(next_try=None)
    Delivery.objects.update(next_try=now())
    return carry_once(refreshed(peer))


def attachment(size: int) -> Attachment:
    return seal_stream([os.urandom(size)], name="snimak.bin")


def whole_at_far(far: Node) -> list[bytes]:
    return far.call(
        lambda: [b"".join(open_stream(paper)) for paper in Attachment.objects.exclude(whole_at=None).order_by("order")]
    )
