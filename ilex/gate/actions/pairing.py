"""Pairing with another unit's node: its card is taken, two persons compare the fingerprint, the line is open."""

from __future__ import annotations

import hmac
import json
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ilex.gate import queries
from ilex.gate.cards import Card, agreed, fingerprint, own_card, read_card
from ilex.gate.errors import BadCard, GateError
from ilex.gate.models import Delivery, Peer, PeerKey
from ilex.gate.signing import key_of
from ilex.journal import actions as journal
from ilex.journal.models import Operation
from ilex.units.models import Officer, Organisation

OVERLAP = timedelta(days=30)  # a replaced key still proves what was sealed, or shown on the line, with it
State = Peer.State


class EarlierCardMissing(BadCard):
    """A renewed card whose predecessor has not come yet."""


def offer_card(by: Officer | None = None) -> str:
    """Our own card, to be handed to another unit."""
    with journal.act("card.offered", Operation.OPERATION, by=by, on=("card", "")) as this:
        text = own_card()
        this.on = ("card", str(read_card(text).serial))
    return text


def take_card(text: str, by: Officer | None = None, at: datetime | None = None) -> Peer:
    """Keep another unit's card. A new one waits for `confirm`; a renewed one of a paired peer counts at once.

    Raises BadCard.
    """
    card = read_card(text)
    with journal.act("peer.offered", Operation.OPERATION, by=by, on=("peer", card.unit), serial=card.serial) as this:
        if card.unit == read_card(own_card()).unit:
            raise BadCard(_("This is the card of this node itself."))
        if not Organisation.objects.filter(pk=card.unit).exists():
            raise BadCard(_("The unit %(unit)s is not in the directory.") % {"unit": card.unit})
        peer = Peer.objects.select_for_update(no_key=True).filter(pk=card.unit).first()
        if peer and peer.state in queries.LISTENED_TO:
            this.act = "peer.renewed"
            return renew_peer(peer, text, at)
        peer, _made = Peer.objects.update_or_create(
            unit_id=card.unit,
            defaults={
                "state": State.OFFERED,
                "carrier": Peer.Carrier.HTTPS if card.endpoint else Peer.Carrier.FILE,
                "endpoint": card.endpoint,
                "card": text.strip(),
                "serial": card.serial,
            },
        )
    return peer


def fingerprint_with(unit: str) -> str:
    """What our person and theirs read to each other. Raises GateError when we have no card of that unit."""
    return fingerprint(read_card(own_card()), read_card(_peer(unit).card))


def confirm(unit: str, typed: str, by: Officer | None = None, at: datetime | None = None) -> Peer:
    """Open the exchange with a unit whose fingerprint the partner's person read out over the telephone."""
    peer = _peer(unit)
    digits = "".join(letter for letter in typed if letter.isdigit())
    if not hmac.compare_digest(digits.encode(), fingerprint_with(unit).replace(" ", "").encode()):
        raise GateError(_("The fingerprint is another one. Do not pair; take a new card from the unit."))
    at = at or timezone.now()
    with journal.act("peer.paired", Operation.OPERATION, by=by, on=("peer", unit), serial=peer.serial):
        named = str(by.pk) if by else "operator"
        # Of the very card whose fingerprint was compared: another may have come in the meantime.
        waiting = Peer.objects.filter(pk=unit, state=State.OFFERED, card=peer.card)
        if not waiting.update(state=State.PAIRED, paired_at=at, paired_by=named):
            raise GateError(_("No card of %(unit)s waits for its fingerprint.") % {"unit": unit})
        _put_keys(peer, read_card(peer.card), at)
    return _peer(unit)


def pause(unit: str, by: Officer | None = None) -> None:
    """Stop the exchange for a while: nothing is accepted, what waits stays waiting."""
    _move("peer.paused", unit, (State.PAIRED,), State.PAUSED, by)


def resume(unit: str, by: Officer | None = None) -> None:
    _move("peer.resumed", unit, (State.PAUSED,), State.PAIRED, by)


def remove(unit: str, by: Officer | None = None, at: datetime | None = None) -> None:
    """End the exchange: the peer's keys hold no longer and what waits for it is not sent."""
    at = at or timezone.now()
    with transaction.atomic():
        _move("peer.removed", unit, (State.OFFERED, State.PAIRED, State.PAUSED), State.REMOVED, by)
        PeerKey.objects.filter(queries.good(at), peer=unit).update(until=at)
        waiting = Delivery.objects.filter(peer=unit, state=Delivery.State.WAITING)
        waiting.update(state=Delivery.State.EXPIRED, code="removed")


def renew_peer(peer: Peer, text: str, at: datetime | None = None) -> Peer:
    """Replace a peer's card by its renewed one, inside the caller's transaction; journalled by the caller.

    Both the new seal key and the one that we know must have signed it, and its serial must be higher. Raises
    BadCard, or EarlierCardMissing when it continues a card that we have not seen.
    """
    at = at or timezone.now()
    card, text = read_card(text), text.strip()
    if card.unit != peer.pk:
        raise BadCard(_("The card is not one of %(unit)s.") % {"unit": peer.pk})
    if text == peer.card:
        return peer
    if card.serial <= peer.serial:
        raise BadCard(_("The card is older than the one in use."))
    before = PeerKey.objects.filter(queries.good(at), peer=peer, use=PeerKey.Use.SEAL, kid=card.previous).first()
    if before is None and card.serial > peer.serial + 1:
        raise EarlierCardMissing(_("The card continues one that has not come yet."))
    if before is None or not agreed(text, key_of(before.key)):
        raise BadCard(_("The card is not signed by the key that it replaces."))
    known = Peer.objects.filter(pk=peer.pk, serial=peer.serial)
    if not known.update(card=text, serial=card.serial, endpoint=card.endpoint):
        raise BadCard(_("Another card of this unit came in the same moment."))
    _put_keys(peer, card, at)
    return _peer(peer.pk)


def _peer(unit: str) -> Peer:
    peer = Peer.objects.filter(pk=unit).first()
    if peer is None:
        raise GateError(_("There is no card of %(unit)s here. Take it with: ilex peer add FILE") % {"unit": unit})
    return peer


def _move(act: str, unit: str, allowed: tuple[State, ...], to: State, by: Officer | None) -> None:
    with journal.act(act, Operation.OPERATION, by=by, on=("peer", unit)):
        if not Peer.objects.filter(pk=unit, state__in=allowed).update(state=to):
            state = _peer(unit).get_state_display()
            raise GateError(_("%(unit)s: not possible now (%(state)s).") % {"unit": unit, "state": state})


def _put_keys(peer: Peer, card: Card, at: datetime) -> None:
    """The card's keys are the good ones from now on; those before it hold a little longer, but not for new mail."""
    texts = {
        PeerKey.Use.SEAL: json.dumps(card.keys.seal),
        PeerKey.Use.OPEN: json.dumps(card.keys.open),
        PeerKey.Use.LOG: json.dumps(card.keys.log),
        PeerKey.Use.TLS: card.keys.tls,
    }
    for use, text in texts.items():
        kid = card.thumbprints[use.value]
        row, _made = PeerKey.objects.get_or_create(use=use, kid=kid, defaults={"peer": peer, "key": text, "since": at})
        if row.peer_id != peer.pk:
            raise BadCard(_("Another unit uses the same key. Do not pair; ask both units."))
        PeerKey.objects.filter(pk=row.pk).update(until=None)
        until = at if use == PeerKey.Use.OPEN else at + OVERLAP
        PeerKey.objects.filter(peer=peer, use=use, until=None).exclude(pk=row.pk).update(until=until)
