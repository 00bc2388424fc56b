"""The relay: carries what waits to each paired peer, and asks back. The rows are the queue.

A thread for each peer, so that one that swallows everything cannot hold the others. Whatever is claimed is leased:
after `kill -9` another round takes it up when the lease is over, and a second relay never sends it meanwhile.
"""

from __future__ import annotations

import logging
from threading import Event, Thread

from django.db import DatabaseError, close_old_connections, connection, models

from ilex.gate.carriers import Carrier
from ilex.gate.carriers.https import HttpsCarrier
from ilex.gate.models import Peer
from ilex.gate.relay.mail import BATCH
from ilex.gate.relay.rounds import Courier
from ilex.gate.relay.watch import watch

log = logging.getLogger(__name__)

IDLE = 0.2  # seconds between two looks, unless a batch was full: letters that come meanwhile share one request
LOOK = 1.0  # seconds between two looks for peers that were paired, paused or removed
WATCH = 15.0  # seconds between two looks for what is late or expired
STAND = 3.0  # seconds that a thread gets to finish its round


def run(stop: Event) -> None:
    """Carry for every paired peer on the line until `stop` is set. Blocks; several relays may run at once."""
    threads: dict[str, Thread] = {}
    watcher = _start("watch", _watch, stop)
    while not stop.is_set():
        for unit in _peers_on_line():
            if unit not in threads or not threads[unit].is_alive():
                threads[unit] = _start(unit, _serve, unit, stop)
        stop.wait(LOOK)
    for thread in (watcher, *threads.values()):
        thread.join(STAND)
    connection.close()


def carry_once(peer: Peer, carrier: Carrier | None = None) -> int:
    """One round for one peer: mail, receipts, a stretch of a blob, a proof. Returns how much moved.

    A failure is kept at the peer for the network board, and opens its breaker.
    """
    carrier = carrier or HttpsCarrier()
    try:
        return Courier(carrier).round(Peer.objects.get(pk=peer.pk))  # as it stands now
    finally:
        carrier.close()


def _start(name: str, work: object, *arguments: object) -> Thread:
    thread = Thread(target=work, args=arguments, name=f"relay {name}", daemon=True)  # type: ignore[arg-type]
    thread.start()
    return thread


def _peers_on_line() -> list[str]:
    close_old_connections()
    try:
        return list(_on_line().values_list("pk", flat=True))
    except DatabaseError as error:
        log.error("The relay cannot read the database: %s.", type(error).__name__)
        return []


def _on_line() -> models.QuerySet[Peer]:
    return Peer.objects.filter(state=Peer.State.PAIRED, carrier=Peer.Carrier.HTTPS)


def _serve(unit: str, stop: Event) -> None:
    """Rounds for one peer, until it is no longer on the line."""
    carrier = HttpsCarrier()
    courier = Courier(carrier, stop)
    try:
        while not stop.is_set():
            close_old_connections()
            moved = 0
            try:
                peer = _on_line().filter(pk=unit).first()
                if peer is None:
                    return
                moved = courier.round(peer)
            except DatabaseError as error:
                log.error("The relay for %s met a database failure: %s.", unit, type(error).__name__)
                stop.wait(LOOK)
            if moved < BATCH:
                stop.wait(IDLE)
    finally:
        carrier.close()
        connection.close()


def _watch(stop: Event) -> None:
    while not stop.is_set():
        close_old_connections()
        try:
            watch()
        except DatabaseError as error:
            log.error("The relay's watch met a database failure: %s.", type(error).__name__)
        stop.wait(WATCH)
    connection.close()
