"""Equipment from need to use, and an agreement that two units hold, as the units of the demonstration do it."""

from __future__ import annotations

from decimal import Decimal

from django.utils.timezone import localdate

from ilex.config.demo.part import Part, unit_of
from ilex.config.demo.people import COORDINATOR, HEAD
from ilex.programme.actions import agreements, assets, handovers, needs
from ilex.programme.models import Asset, ExchangeAgreement, Finding, Handover

# --- equipment


def ask(part: Part) -> bool:
    said, by = part.told["equipment"], part.officer(COORDINATOR)
    for text in (said["need"], said["another"]):
        if not Finding.objects.filter(text=text, raised_by=by.organisation).exists():
            needs.record_need(by, text, to=[unit_of(part.behind)])
    return True


def give(part: Part) -> bool:
    said, by, to = part.told["equipment"], part.officer(COORDINATOR), unit_of(part.before)
    need = Finding.objects.filter(text=said["need"], raised_by=to).first()
    if need is None:
        return False
    if Handover.objects.filter(way=Handover.Way.OUT, receiver=to).exists():
        return True
    bought = said["bought"]
    asset = Asset.objects.filter(need=need).first() or assets.buy(
        by,
        need,
        assets.Purchase(
            kind=bought["kind"],
            name=bought["name"],
            bought_on=localdate(),
            quantity=bought["quantity"],
            serials=[f"TEST-{part.code}-{number}" for number in range(1, bought["quantity"] + 1)],
            value=Decimal(bought["value"]),
            currency=bought["currency"],
        ),
    )
    handovers.hand_over(by, handovers.Delivery(to, localdate(), assets=[asset], place=said["place"]))
    return True


def accept(part: Part) -> bool:
    """Of the unit that leads it waits: its visitor finds something to do."""
    row = Handover.objects.filter(way=Handover.Way.IN, giver=unit_of(part.behind)).first()
    if row is None:
        return False
    if row.state == Handover.State.SENT and not part.leads:
        handovers.answer_handover(part.officer(COORDINATOR), row, localdate())
        for line in row.handover_lines.select_related("asset"):
            assets.check(part.officer(COORDINATOR), line.asset, localdate(), "in-use", part.told["equipment"]["check"])
    return True


# --- an agreement that two units hold


def propose_agreement(part: Part) -> bool:
    """Of two units one proposes; of more, each to the next."""
    said, by = part.told["agreement"], part.officer(HEAD)
    if len(part.units) == 2 and not part.leads:
        return True
    partner, here = unit_of(part.behind), unit_of(part.code)
    row = ExchangeAgreement.objects.filter(made_by=by, partner=partner).first()
    if row is None:
        pair = [here, partner]
        terms = {**said, "sends": pair, "hosts": pair, "since": localdate().isoformat()}
        row = agreements.draft_agreement(by, partner, terms)
    if row.state == ExchangeAgreement.State.DRAFT:
        agreements.propose_agreement(by, row)
    return True


def agree(part: Part) -> bool:
    if len(part.units) == 2 and part.leads:
        return True
    row = ExchangeAgreement.objects.filter(made_by=None, partner=unit_of(part.before)).first()
    if row is None:
        return False
    if row.state == ExchangeAgreement.State.ASKED:
        agreements.answer_agreement(part.officer(HEAD), row, "agreed")
    return True
