"""Hand-overs that went wrong on their way: sent again or taken back by a person, or turned away by the other node."""

from __future__ import annotations

from uuid import UUID

from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from ilex.gate.models import Peer
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.programme.actions.giving import note, post_again, take_step
from ilex.programme.models import Asset, AssetStep, Handover
from ilex.programme.queries.equipment import delivery_of, is_lost
from ilex.programme.rules.errors import NotNow
from ilex.units.models import Officer
from ilex.units.rules import check

State, Way = Handover.State, Handover.Way
REACHED = (Peer.State.PAIRED, Peer.State.PAUSED)


def never_comes(handover: Handover) -> bool:
    """Whether nobody there will answer it: it was not delivered, or we are no longer in touch with the unit."""
    reached = Peer.objects.filter(unit=handover.receiver_id, state__in=REACHED).exists()
    return is_lost(delivery_of(handover.given)) or not reached


def send_again(officer: Officer, handover: Handover) -> None:
    """Our side's message about it, which was lost. Raises NotNow."""
    check(officer, "asset.write")
    on = ("handover", str(handover.pk))
    with act("equipment.sent-again", Operation.DISCLOSURE, by=officer, on=on) as this:
        row = locked(handover.pk)
        side = "given" if row.way == Way.OUT else "taken"
        if row.state != (State.SENT if row.way == Way.OUT else State.ANSWERED):
            raise NotNow(_("This hand-over is answered already."))
        message = post_again(getattr(row, side), officer)
        Handover.objects.filter(pk=row.pk).update(**{side: message})
        this.recipients = list(message.recipients)
    handover.refresh_from_db()


def take_back(officer: Officer, handover: Handover) -> None:
    """What never came is ours to hand over again. Raises NotNow when it may still come, or was answered."""
    check(officer, "asset.write")
    with act("equipment.taken-back", Operation.ALTERATION, by=officer, on=("handover", str(handover.pk))):
        row = locked(handover.pk)
        if row.way != Way.OUT or not never_comes(row):
            raise NotNow(_("The message was delivered, or may still be."))
        bring_back(row, _("It was never delivered."), officer)
    handover.refresh_from_db()


def bring_back(handover: Handover, why: str, by: Officer | None) -> None:
    """Nothing of it was taken in there: all of it stays the giver's. Raises NotNow when it is answered."""
    if not Handover.objects.filter(pk=handover.pk, state=State.SENT).update(state=State.BACK, answered_at=now()):
        raise NotNow(_("This hand-over is answered already."))
    handover.handover_lines.update(accepted=False, why=why)
    rows = [line.asset for line in handover.handover_lines.select_related("asset")]
    take_step(rows, "refusal", localdate(), handover.receiver, by, text=why)


def give_back(handover: Handover, why: str) -> None:
    """The giver's node refused our answer: what we accepted is not ours, so that it can be handed over anew."""
    Handover.objects.filter(pk=handover.pk).update(state=State.BACK)
    lines = handover.handover_lines.filter(accepted=True)
    held = Asset.objects.select_for_update(of=("self",)).filter(
        pk__in=lines.values("asset"), state=Asset.State.ACCEPTED, holder=handover.receiver
    )
    rows = list(held.order_by("pk"))
    columns = {"state": Asset.State.REFUSED, "holder": handover.giver, "accepted_on": None, "check_on": None}
    Asset.objects.filter(pk__in=[row.pk for row in rows]).update(changed_at=now(), **columns)
    lines.update(accepted=False, why=why)
    note(rows, AssetStep.Kind.REFUSAL, localdate(), handover.giver, None, text=why)


def locked(number: UUID) -> Handover:
    rows = Handover.objects.select_for_update(of=("self",)).select_related("giver", "receiver", "given", "taken")
    return rows.get(pk=number)
