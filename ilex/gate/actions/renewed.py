"""What happens when a partner's renewed card comes in, and when a partner has taken in ours."""

from __future__ import annotations

from ilex.gate.actions.pairing import EarlierCardMissing, renew_peer
from ilex.gate.actions.renewing import settle_line
from ilex.gate.errors import BadCard, NotYet, Refuse
from ilex.gate.messages import CARD, CardBody
from ilex.gate.models import Envelope, Peer, Receipt
from ilex.gate.registry import Arrived, MessageType
from ilex.journal import actions as journal
from ilex.journal.models import Operation

BAD_CARD = "bad-card"


def take_in(arrived: Arrived) -> None:
    peer = Peer.objects.select_for_update(no_key=True).get(pk=arrived.sender.pk)
    try:
        renewed = renew_peer(peer, arrived.body.card)
    except EarlierCardMissing as error:
        raise NotYet from error
    except BadCard as error:
        raise Refuse(BAD_CARD, str(error)) from error
    journal.write("peer.renewed", Operation.OPERATION, by=None, on=("peer", peer.pk), serial=renewed.serial)


def on_receipt(envelope: Envelope, receipt: Receipt) -> None:
    if receipt.kind != Receipt.Kind.READ:
        settle_line()


CARD_TYPE = MessageType(CARD, 1, CardBody, take_in, on_receipt)
