"""Partners on the relay: one that is away is left alone for a while, one that is silent holds no other up."""

from __future__ import annotations

import socket
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils.timezone import now

from ilex.gate import relay
from ilex.gate.actions import confirm, fingerprint_with, pause, take_card
from ilex.gate.carriers import https
from ilex.gate.keys import KeyRing
from ilex.gate.models import Delivery, Peer
from ilex.gate.patience import PAUSES, RETRIES, retry
from ilex.gate.patience import pause as breaker_pause
from ilex.gate.relay import carry_once
from ilex.journal.actions import grow
from ilex.journal.models import Witnessed
from tests.gate.lines import Node, free_port, wait_until
from tests.gate.partners import Room, card_of, make_ring, make_unit
from tests.gate.relay.sending import again, refreshed, send

pytestmark = pytest.mark.django_db(transaction=True)

State = Delivery.State


def test_failure_opens_the_breaker_and_tells_the_cause(ours: KeyRing, far: Node, room: Room) -> None:
    peer = far.pair_with(ours, free_port())
    send()

    assert carry_once(peer) == 0

    failed = refreshed(peer)
    assert failed.last_failure == f"Nobody listens at 127.0.0.1:{far.port} (connection refused)."
    assert failed.failures == 1
    assert failed.failing_since is not None
    assert failed.next_try is not None
    assert failed.next_try > now()
    assert Delivery.objects.get().lease_until is None

    with far.door():
        assert carry_once(failed) == 0  # still left alone
        assert again(failed) == 1
    healed = refreshed(peer)
    assert (healed.failures, healed.failing_since, healed.last_failure) == (0, None, "")


def test_pauses_grow_and_are_spread() -> None:
    assert [breaker_pause(count, lambda: 1.0).total_seconds() for count in range(1, 9)] == [*PAUSES, PAUSES[-1]]
    assert breaker_pause(3, lambda: 0.0) == timedelta(seconds=PAUSES[2] / 2)
    assert retry(99, lambda: 1.0) == timedelta(seconds=RETRIES[-1])


def test_paused_partner_is_asked_again_later(peer: Peer, far: Node) -> None:
    far.call(lambda: pause("ilecu-rs", by=None))
    send()

    carry_once(peer)

    delivery = Delivery.objects.get()
    assert delivery.state == State.WAITING
    assert delivery.next_try > now()
    assert delivery.lease_until is None


def test_partner_proves_its_journal_to_us(peer: Peer, far: Node) -> None:
    for _round in range(3):
        send()
        far.call(grow)
        carry_once(peer)
    far.call(grow)
    carry_once(peer)

    assert Witnessed.objects.filter(origin="ilecu-mk").count() >= 2
    assert set(Witnessed.objects.values_list("state", flat=True)) == {Witnessed.State.PROVEN}


def test_idle_partner_is_asked_whether_it_is_there(peer: Peer) -> None:
    assert carry_once(peer) == 1
    assert carry_once(peer) == 0

    assert refreshed(peer).last_up_at is not None


def test_partner_that_swallows_everything_does_not_hold_the_others(
    peer: Peer, far: Node, ours: KeyRing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(https, "CONNECT", 300)  # the black hole is never given up
    with socket.create_server(("127.0.0.1", 0)) as black_hole:
        hole = make_ring(tmp_path / "hole", "ilecu-hu", f"https://127.0.0.1:{black_hole.getsockname()[1]}")
        make_unit("ilecu-hu")
        take_card(card_of(hole, f"https://127.0.0.1:{black_hole.getsockname()[1]}"))
        confirm("ilecu-hu", fingerprint_with("ilecu-hu"))
        send(to="ilecu-hu")
        stop = threading.Event()
        running = threading.Thread(target=relay.run, args=(stop,))
        running.start()
        try:
            time.sleep(1)
            send(3)
            wait_until(lambda: Delivery.objects.filter(peer=peer, state=State.STORED).count() == 3, seconds=30)
        finally:
            stop.set()
            black_hole.close()
            running.join(30)

    assert not running.is_alive()
    assert Delivery.objects.get(peer="ilecu-hu").state == State.WAITING
