"""New keys for this node without losing a message: the partners learn of them in a letter under the old ones."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from ilex.gate import cards, keys
from ilex.gate.actions.posting import post
from ilex.gate.certificates import LIFE
from ilex.gate.header import MOST_RECIPIENTS
from ilex.gate.messages import CARD, CardBody
from ilex.gate.models import Delivery, Envelope, Peer
from ilex.gate.queries import LISTENED_TO
from ilex.gate.signing import Signer
from ilex.journal import actions as journal
from ilex.journal.models import Operation
from ilex.units.models import Officer, Organisation

LETTER_LIFE = timedelta(days=90)
UNSETTLED = (Delivery.State.WAITING, Delivery.State.STORED)
OLDEST = LIFE - timedelta(days=62)  # of the certificate's life, so that slow partners can follow
LINE_PATIENCE = timedelta(days=25)  # less than the 30 days for which partners accept a replaced certificate


def make_keys() -> bool:
    """The first keys of this node, in its folder; False when there are keys already."""
    return keys.make_keys()


def renew_keys(by: Officer | None = None, at: datetime | None = None) -> int:
    """Seal with new keys from now on and send the renewed card to every paired peer; returns the card's serial.

    Cut short anywhere, it is finished by being asked again, or by `sweep`. Until every peer has taken in the card
    the old certificate stays on the line, because that is the one they know.
    """
    at = at or timezone.now()
    folder = keys.here()
    prepared = keys.prepare_next(folder, keys.door_address(), at)
    text = _card(prepared, at)
    with (
        transaction.atomic(durable=True),
        journal.act("keys.renewed", Operation.OPERATION, by=by, on=("card", str(prepared.serial))) as this,
    ):
        this.recipients = _tell_peers(prepared, text, by)
    keys.use_next(folder, at)
    settle_line(at)
    return prepared.serial


def settle_line(at: datetime | None = None) -> bool:
    """Show the newest certificate once every peer has taken in its card, or at the latest after 25 days."""
    ring = keys.own()
    if ring.line.retired is None:
        return False
    young = (at or timezone.now()) - ring.line.retired < LINE_PATIENCE
    if young and _on_its_way(ring.unit, ring.serial).exists():
        return False
    return keys.use_newest_line(keys.here())


def seal_known_to(unit: str) -> Signer:
    """The newest of our seal keys whose card this partner has taken in: by which it can tell that a stick is ours."""
    ring = keys.own()
    serial = ring.serial
    while _on_its_way(ring.unit, serial).filter(peer=unit).exists():
        serial -= 1
    return keys.ring_of(keys.here(), serial).seal


def sweep(at: datetime | None = None) -> None:
    """What the keys need from time to time: finish a renewal, settle the line, destroy what is long retired.

    Keys that nobody renewed for eleven months are renewed here: an expired certificate would cut the node off.
    """
    at = at or timezone.now()
    ring = keys.own()
    if ring.next is not None and _letters(ring.unit, ring.next).exists():
        keys.use_next(keys.here(), at)
    if at - keys.own().made > OLDEST:
        renew_keys(at=at)
    settle_line(at)
    if dropped := keys.drop_retired(keys.here(), at):
        with journal.act("keys.destroyed", Operation.OPERATION, by=None, on=("card", "")) as this:
            this.detail["serials"] = dropped


def _card(prepared: keys.KeyRing, at: datetime) -> str:
    """The renewed card, signed by the new seal key and by the one that it replaces; made once."""
    path = prepared.folder / keys.CARD
    with keys.alone(keys.here()):
        if not path.exists():
            unit = Organisation.objects.get(pk=prepared.unit)
            before = keys.ring_of(keys.here()).seal
            text = cards.make_card(prepared, unit.name[:200], unit.place_id or "", keys.door_address(), at, before)
            keys.write_file(path, text.encode("ascii"))
        return path.read_text("ascii")


def _tell_peers(prepared: keys.KeyRing, text: str, by: Officer | None) -> list[str]:
    if _letters(prepared.unit, prepared.serial).exists():
        return []  # told by a renewal that was cut short after its commit
    # Paused ones too: when they are resumed only this letter, under the old key, tells them of the new ones.
    units = list(Peer.objects.filter(state__in=LISTENED_TO).order_by("pk").values_list("pk", flat=True))
    conversation = _conversation(prepared.unit, prepared.serial)
    for start in range(0, len(units), MOST_RECIPIENTS):
        to = units[start : start + MOST_RECIPIENTS]
        post(CARD, CardBody(card=text), to=to, conversation=conversation, expires=LETTER_LIFE, by=by, paused=True)
    return units


def _letters(unit: str, serial: int) -> QuerySet[Envelope]:
    return Envelope.objects.filter(way=Envelope.Way.OUT, conversation=_conversation(unit, serial))


def _on_its_way(unit: str, serial: int) -> QuerySet[Delivery]:
    """To the peers that have not taken in this card; none for the first card, which went by hand."""
    return Delivery.objects.filter(envelope__in=_letters(unit, serial), state__in=UNSETTLED)


def _conversation(unit: str, serial: int) -> UUID:
    """The same for all letters about one card, so that it is known whether they were written."""
    return uuid5(NAMESPACE_URL, f"ilex:card:{unit}:{serial}")
