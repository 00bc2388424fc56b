"""Named reads of the gate: peers, their keys, and what a message said."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from joserfc.jwk import ECKey

from ilex.gate.errors import Unreachable
from ilex.gate.fields import read_bytes
from ilex.gate.models import Attachment, Envelope, Peer, PeerKey
from ilex.gate.signing import key_of
from ilex.journal.queries.heads import NEWEST_NOTE

LISTENED_TO = (Peer.State.PAIRED, Peer.State.PAUSED)  # receipts and the line; mail only from PAIRED


def good(at: datetime) -> Q:
    """Keys that are valid at that moment: the newest, and replaced ones a little longer."""
    return Q(until=None) | Q(until__gt=at)


# In SQL, since each message asks them and building them anew costs more than answering them; and in one trip, since
# a trip costs as much as a question. Still one after the other: LAST sees what was committed while LOCKS waited.
LOCKS = "SELECT pg_advisory_xact_lock(hashtextextended('conversation ' || name, 0)) FROM unnest(%s::text[]) AS name"
LAST = """
    SELECT conversation, max(sequence) FROM gate_envelope WHERE way = 'out' AND conversation = ANY(%s::uuid[])
    GROUP BY conversation
"""
OPEN_KEYS = """
    SELECT peer.unit_id, peer.state, good.key FROM gate_peerkey good JOIN gate_peer peer ON peer.unit_id = good.peer_id
    WHERE peer.unit_id = ANY(%s) AND peer.state = ANY(%s) AND good.use = 'open' AND good.until IS NULL
    ORDER BY good.since
"""


@dataclass
class Outlook:
    """What must be known of the world before messages are sealed."""

    keys: Mapping[str, tuple[str, str]]  # of each peer that we listen to: its state, and the key that opens its mail
    last: dict[UUID, int]  # the number of our last message in each conversation
    head: str  # the newest of our journal

    def open_keys(self, units: Sequence[str], *, paused: bool = False) -> dict[str, ECKey]:
        """For each of these units, in their order, the key for which mail to it is sealed now.

        Raises Unreachable, naming the units that are not paired with this node; paused ones too, unless asked for.
        """
        states = LISTENED_TO if paused else (Peer.State.PAIRED,)
        if missing := sorted({unit for unit in units if self.keys.get(unit, ("", ""))[0] not in states}):
            raise Unreachable(_("Not paired with this node: %(units)s.") % {"units": ", ".join(missing)})
        return {unit: key_of(self.keys[unit][1]) for unit in units}

    def next_sequence(self, conversation: UUID) -> int:
        self.last[conversation] = self.last.get(conversation, 0) + 1
        return self.last[conversation]


def outlook(units: Iterable[str], conversations: Iterable[UUID] = ()) -> Outlook:
    """The next numbers of these conversations are ours: nobody else gets one before the transaction ends."""
    names = sorted(str(conversation) for conversation in conversations)  # everybody locks them in this order
    states = [state.value for state in LISTENED_TO]
    with connection.cursor() as cursor:
        cursor.execute(f"{LOCKS}; {LAST}; {OPEN_KEYS}; {NEWEST_NOTE}", [names, names, list(units), states])
        cursor.nextset()
        last = dict(cursor.fetchall())
        cursor.nextset()
        found = {unit: (state, key) for unit, state, key in cursor.fetchall()}
        cursor.nextset()
        head = cursor.fetchone()
    return Outlook(found, last, head[0] if head else "")


def reachable(units: Sequence[str], *, paused: bool = False) -> dict[str, ECKey]:
    """As `Outlook.open_keys` when nothing else is asked."""
    return outlook(units).open_keys(units, paused=paused)


def sealers(kids: Collection[str], at: datetime) -> dict[str, PeerKey]:
    """The seal keys with these names that are good now, with their peers, whatever the peers' state."""
    rows = PeerKey.objects.filter(good(at), use=PeerKey.Use.SEAL, kid__in=kids).select_related("peer")
    return {row.kid: row for row in rows}


def log_keys(unit: str, at: datetime) -> list[Ed25519PublicKey]:
    """The keys with which a peer may sign its journal's heads now."""
    rows = PeerKey.objects.filter(good(at), use=PeerKey.Use.LOG, peer=unit).values_list("key", flat=True)
    return [Ed25519PublicKey.from_public_bytes(read_bytes(json.loads(row)["x"])) for row in rows]


def pins(peer: Peer, at: datetime | None = None) -> list[str]:
    """The certificates (PEM) that this peer may show on the line now: two while it renews its keys."""
    return list(_lines(at).filter(peer=peer).values_list("key", flat=True))


def all_pins(at: datetime | None = None) -> dict[str, Peer]:
    """Every certificate that the door lets in, by its SHA-256 in hexadecimal."""
    rows = _lines(at).filter(peer__state__in=LISTENED_TO).select_related("peer")
    return {row.kid: row.peer for row in rows}


def on_line(certificate_sha256: str, at: datetime) -> Peer | None:
    """The peer whose certificate stands on a line."""
    row = _lines(at).filter(kid=certificate_sha256).select_related("peer").first()
    return row.peer if row and row.peer.state in LISTENED_TO else None


def space_used(units: Iterable[str]) -> dict[str, int]:
    """Bytes of sealed attachments that each of these units has announced to us."""
    rows = (
        Attachment.objects.filter(envelope__way=Envelope.Way.IN, envelope__sender__in=units)
        .values_list("envelope__sender")
        .annotate(Sum("sealed_size"))
    )
    return dict(rows)


def _lines(at: datetime | None) -> QuerySet[PeerKey]:
    return PeerKey.objects.filter(good(at or timezone.now()), use=PeerKey.Use.TLS).order_by("since")
