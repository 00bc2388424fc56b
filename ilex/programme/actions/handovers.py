"""Handing equipment over: many assets at once, and the receiver's word on each of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.gate.ids import uuid7
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.programme.actions import numbers
from ilex.programme.actions.giving import past, post, take_step
from ilex.programme.actions.stepping import agent
from ilex.programme.messages import MOST_ASSETS, AssetBody, HandoverAnsweredBody, HandoverBody, TakenBody
from ilex.programme.models import Asset, Finding, Handover, HandoverLine
from ilex.programme.rules.assets import MAY, asset_of, handover_digest
from ilex.programme.rules.errors import Invalid, NotNow, fitting, somebody_was_faster
from ilex.units import queries as units
from ilex.units.models import Officer, Organisation
from ilex.units.rules import check

State = Handover.State


@dataclass(frozen=True)
class Delivery:
    """To whom what goes. `serials` are looked up among what we hold, beside the assets that are named."""

    receiver: str
    handed_on: date
    assets: Sequence[Asset] = ()
    serials: Sequence[str] = ()
    place: str = ""
    text: str = ""


def hand_over(officer: Officer, delivery: Delivery) -> Handover:
    """Give all of it with one certificate; the receiver answers for each asset. Raises Invalid, NotNow."""
    check(officer, "asset.write")
    receiver = _receiver(delivery.receiver)
    day = past("handed_on", delivery.handed_on)
    place, text = fitting("place", delivery.place, 200), fitting("text", delivery.text, 4_000)
    with act("equipment.handed-over", Operation.DISCLOSURE, by=officer, recipients=[receiver.pk]) as this:
        here, rows = units.here(), _chosen(delivery)
        bodies = [_body(row) for row in rows]
        digest = handover_digest(bodies, here.pk, receiver.pk, day)
        ours = Handover.objects.filter(way=Handover.Way.OUT).values_list("number", flat=True)
        [number] = numbers.take("E", ours, now())
        body = HandoverBody(
            agent=agent(officer),
            number=uuid7(),
            reference=number,
            receiver=receiver.pk,
            handed_on=day.isoformat(),
            place=place,
            action=_action(rows),
            action_key=_action_key(rows),
            text=text,
            assets=bodies,
            digest=digest.hex(),
        )
        conversation = uuid7()
        made = Handover.objects.create(
            pk=body.number,
            way=Handover.Way.OUT,
            state=State.SENT,
            number=number,
            giver=here,
            receiver=receiver,
            handed_on=day,
            place=place,
            text=text,
            given_by=agent(officer)[:200],
            digest=digest,
            given=post("programme.handover", body, [receiver.pk], conversation, officer),
            conversation=conversation,
            made_by=officer,
            made_at=now(),
        )
        HandoverLine.objects.bulk_create(HandoverLine(handover=made, asset=row) for row in rows)
        take_step(rows, "handover", day, here, officer, text=number)
        this.on = ("handover", str(made.pk))
        this.detail |= {"number": number, "count": len(rows)}
    return made


def answer_handover(
    officer: Officer, handover: Handover, accepted_on: date, refused: Mapping[UUID, str] | None = None
) -> Handover:
    """Accept what came; `refused` says of each asset that is not accepted why. Raises Invalid, NotNow."""
    check(officer, "asset.write")
    reasons = {asset: fitting("why", why, 300) for asset, why in (refused or {}).items()}
    if not all(reasons.values()):
        raise Invalid({"why": _("Say why something is not accepted.")})
    on = ("handover", str(handover.pk))
    with act("equipment.answered", Operation.ALTERATION, by=officer, on=on, recipients=[handover.giver_id]) as this:
        row = _locked(handover)
        if past("accepted_on", accepted_on) < row.handed_on:
            raise Invalid({"accepted_on": _("This day is before the hand-over.")})
        lines = list(row.handover_lines.select_related("asset").order_by("pk"))
        if not set(reasons) <= {line.asset_id for line in lines}:
            raise somebody_was_faster()
        body = HandoverAnsweredBody(
            agent=agent(officer),
            number=row.pk,
            digest=bytes(row.digest).hex(),
            accepted_on=accepted_on.isoformat(),
            assets=[_taken(line, reasons) for line in lines],
        )
        taken = post("programme.handover-answered", body, [row.giver_id], row.conversation, officer)
        settle(row, body, units.here(), officer)
        Handover.objects.filter(pk=row.pk).update(taken=taken, taken_by=agent(officer)[:200])
        this.detail |= {"accepted": len(lines) - len(reasons), "refused": len(reasons)}
    handover.refresh_from_db()
    return handover


def settle(handover: Handover, body: HandoverAnsweredBody, receiver: Organisation, by: Officer | None) -> None:
    """Every line and every asset as the receiver says; on both sides alike. Raises NotNow when it is settled."""
    if not Handover.objects.filter(pk=handover.pk, state=State.SENT).update(state=State.ANSWERED, answered_at=now()):
        raise NotNow(_("This hand-over is answered already."))
    day = date.fromisoformat(body.accepted_on)
    lines = {line.asset_id: line for line in handover.handover_lines.select_related("asset")}
    for said in body.assets:
        line = lines[said.asset]
        line.accepted, line.why = said.accepted, said.why
    HandoverLine.objects.bulk_update(lines.values(), ["accepted", "why"])
    accepted = [line.asset for line in lines.values() if line.accepted]
    take_step(accepted, "acceptance", day, receiver, by, text=handover.number, holder=receiver, accepted_on=day)
    for line in lines.values():
        if not line.accepted:
            take_step([line.asset], "refusal", day, receiver, by, text=line.why)


def _locked(handover: Handover) -> Handover:
    row = Handover.objects.select_for_update(of=("self",)).get(pk=handover.pk)
    if row.way != Handover.Way.IN:
        raise NotNow(_("Only the unit that receives can do this."))
    if row.state != State.SENT:
        raise NotNow(_("This hand-over is answered already."))
    return row


def _receiver(unit: str) -> Organisation:
    found = Organisation.objects.filter(pk=unit, kind=Organisation.Kind.UNIT).exclude(pk=units.here().pk).first()
    if found is None:
        raise Invalid({"receiver": _("Choose a unit from the list.")})
    return found


def _chosen(delivery: Delivery) -> list[Asset]:
    """The rows, locked, in a settled order. Raises Invalid, NotNow."""
    found = {asset.pk for asset in delivery.assets} | _scanned(delivery.serials)
    if not found:
        raise Invalid({"assets": _("Choose what is handed over.")})
    if len(found) > MOST_ASSETS:
        raise Invalid({"assets": _("Hand over %(most)s lines at most.") % {"most": MOST_ASSETS}})
    rows = Asset.objects.select_for_update(of=("self",)).select_related("need", "action").filter(pk__in=found)
    chosen = list(rows.order_by("pk"))
    for row in chosen:
        if row.need.kind != Finding.Kind.NEED:
            raise Invalid({"assets": _("%(name)s answers no need.") % {"name": row.name}})
        if row.holder_id != units.here().pk or row.state not in MAY["handover"][0]:
            raise NotNow(_("%(name)s cannot be handed over now.") % {"name": row.name or row.get_kind_display()})
    return chosen


def _scanned(numbers: Sequence[str]) -> set[UUID]:
    """The assets that have these serial numbers or labels. Raises Invalid with the first that nothing of ours has."""
    if not numbers:
        return set()
    labels = {number: asset_of(number) for number in numbers}
    ours = Asset.objects.filter(Q(serials__overlap=list(numbers)) | Q(pk__in=labels.values()), holder=units.here())
    # Where a partner's thing has the same number as ours, the one that may be given goes before.
    held = sorted(ours, key=lambda asset: asset.state in MAY["handover"][0])
    by_number: dict[object, UUID] = {serial: asset.pk for asset in held for serial in asset.serials}
    by_number |= {asset.pk: asset.pk for asset in held}
    found = {number: by_number.get(labels[number] or number) for number in numbers}
    for number, asset in found.items():
        if asset is None:
            raise Invalid({"serials": _("Nothing that we hold has the number %(serial)s.") % {"serial": number[:80]}})
    return {asset for asset in found.values() if asset}


def _body(asset: Asset) -> AssetBody:
    return AssetBody(
        id=asset.pk,
        need=asset.need_id,
        need_says=asset.need.text[:300],
        kind=asset.kind,
        name=asset.name,
        quantity=asset.quantity or 1,
        serials=asset.serials,
        value="" if asset.value is None else f"{asset.value:.2f}",
        currency=asset.currency,
        text=asset.text,
    )


def _taken(line: HandoverLine, reasons: Mapping[UUID, str]) -> TakenBody:
    why = reasons.get(line.asset_id, "")
    return TakenBody(asset=line.asset_id, accepted=not why, why=why)


def _action(rows: Sequence[Asset]) -> str:
    return next((row.action.title[:300] for row in rows if row.action), "")


def _action_key(rows: Sequence[Asset]) -> str:
    return next((row.action.key for row in rows if row.action), "")
