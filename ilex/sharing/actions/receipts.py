"""What the partners' receipts mean in the ledger: it is there, it was taken in, the recall is applied."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ilex.gate.models import Envelope, Receipt
from ilex.journal.actions import write
from ilex.journal.models import Operation
from ilex.sharing.models import Consent, Disclosure

COLUMNS = {Receipt.Kind.STORED: "stored_at", Receipt.Kind.PROCESSED: "processed_at"}


def on_receipt(envelope: Envelope, receipt: Receipt) -> None:
    if envelope.type in ("sharing.release", "sharing.recall"):
        _note(envelope, receipt)
    elif envelope.type == "sharing.consent-asked" and receipt.kind == Receipt.Kind.REFUSED:
        _not_asked(envelope, receipt)


def _note(envelope: Envelope, receipt: Receipt) -> None:
    given = Disclosure.objects.filter(message=envelope.id, to=receipt.peer_id)
    taken_back = Disclosure.objects.filter(recall_message=envelope.id, to=receipt.peer_id)
    noted = 0
    if receipt.kind == Receipt.Kind.REFUSED:
        noted = given.update(refused=receipt.code) + taken_back.update(refused=receipt.code)
    elif receipt.kind in COLUMNS:
        noted = given.update(**{COLUMNS[Receipt.Kind(receipt.kind)]: receipt.at})
        if receipt.kind == Receipt.Kind.PROCESSED:
            noted += taken_back.update(recall_applied_at=receipt.at)
    if noted:
        _line("ledger.noted", envelope, receipt)


def _not_asked(envelope: Envelope, receipt: Receipt) -> None:
    """Their node did not take the question: nobody there will decide, and a person here must see it."""
    why = _("Their node did not take the question (%(code)s).") % {"code": receipt.code}
    waiting = Consent.objects.filter(
        way=Consent.Way.ASKED, unit=receipt.peer_id, number=envelope.conversation, state=Consent.State.ASKED
    )
    if waiting.update(state=Consent.State.REFUSED, why=why, decided_at=receipt.at, read_at=None):
        _line("consent.turned-away", envelope, receipt)


def _line(act: str, envelope: Envelope, receipt: Receipt) -> None:
    on = ("envelope", str(envelope.id))
    write(act, Operation.OPERATION, by=None, on=on, peer=receipt.peer_id, receipt=receipt.kind, code=receipt.code)
