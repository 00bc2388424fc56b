"""The keys by which certificates are verified, old ones too, and what we know of a certificate besides."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from ilex.gate import keys as gate_keys
from ilex.gate.cards import read_card
from ilex.gate.models import PeerKey
from ilex.gate.signing import import_jwk
from ilex.programme.models import Certificate
from ilex.programme.rules.certificates import Key, Words, verify


@dataclass(frozen=True)
class Verified:
    words: Words
    revoked_why: str | None  # None: we know of no revocation


def verified(signed: str) -> Verified:
    """What it says, by the keys kept here: no line is needed, the node that signed may be gone. Raises NotVerified."""
    words = verify(signed, {**known_keys(), **own_keys()})
    given = Certificate.objects.filter(number=words.no, nomination__invitation__organiser=words.by)
    revoked = given.exclude(revoked_at=None)
    return Verified(words, revoked.values_list("revoked_why", flat=True).first())


def known_keys() -> dict[str, Key]:
    """Seal keys of all peers, also replaced ones and those of peers that are no longer paired."""
    rows = PeerKey.objects.filter(use=PeerKey.Use.SEAL).values_list("kid", "key", "peer_id")
    return {kid: Key(import_jwk(json.loads(key)), unit) for kid, key, unit in rows}


def own_keys() -> dict[str, Key]:
    """Our own seal keys of every generation: their cards are kept for ever."""
    ring = gate_keys.own()
    cards = sorted(gate_keys.here().glob(f"*/{gate_keys.CARD}"))
    found = {kid: key for card in cards for kid, key in of_card(card.read_text("ascii"))}
    return {**found, ring.seal.kid: Key(import_jwk(ring.seal.jwk), ring.unit)}


def of_card(text: str) -> Iterator[tuple[str, Key]]:
    """The seal key that a card shows. Raises BadCard."""
    card = read_card(text)
    yield card.seal_kid, Key(import_jwk(card.keys.seal), card.unit)
