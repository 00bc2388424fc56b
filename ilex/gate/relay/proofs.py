"""Witnessing: the peer is asked to prove that each newer head of its journal continues the one before."""

from __future__ import annotations

from ilex.gate.carriers import Carrier
from ilex.gate.models import Peer
from ilex.journal.actions import settle
from ilex.journal.actions.witness import NotAsked
from ilex.journal.queries.witness import ask_for

MOST = 8  # questions in one round


def ask_for_proofs(peer: Peer, carrier: Carrier) -> int:
    """Settle up to eight heads; returns how many were asked for. A wrong proof, or none, becomes a fork."""
    asked = 0
    while asked < MOST and (sizes := ask_for(peer.unit_id)):
        proof = carrier.proof(peer, *sizes)
        asked += 1
        try:
            settle(peer.unit_id, *sizes, proof)
        except NotAsked:
            break  # another relay settled it meanwhile
    return asked
