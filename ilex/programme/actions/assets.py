"""Equipment: bought for a need, its use checked, and written off when it is gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, cast

from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.programme.actions import checking
from ilex.programme.actions.giving import note, past, post, take_step
from ilex.programme.actions.stepping import agent
from ilex.programme.kinds import AssetKind
from ilex.programme.messages import AssetReportedBody
from ilex.programme.models import Action, Asset, AssetStep, Finding, HandoverLine
from ilex.programme.rules.errors import Invalid, NotNow, fitting, written
from ilex.units import queries as units
from ilex.units.models import Officer
from ilex.units.rules import check as allowed
from ilex.words import amounts
from ilex.words.amounts import CURRENCY

CONDITIONS = ("in-use", "in-store", "broken", "lost")
MOST, MOST_SERIALS = 1_000_000, 1000


@dataclass(frozen=True)
class Purchase:
    """What was bought. `value` is of all of them together; None is not known, and not zero."""

    kind: str
    name: str
    bought_on: date
    quantity: int = 1
    serials: Sequence[str] = ()
    value: Decimal | None = None
    currency: str = ""
    text: str = ""
    stands_at: str = ""  # never leaves the house


def buy(
    officer: Officer, need: Finding, purchase: Purchase, *, action: Action | None = None, asset: Asset | None = None
) -> Asset:
    """Bought for a need; `asset` is one that was only planned until now. Raises Invalid, NotNow."""
    allowed(officer, "asset.write")
    if need.kind != Finding.Kind.NEED:
        raise Invalid({"need": _("Equipment answers a need, and this is not one.")})
    columns = _checked(purchase)
    with act("asset.bought", Operation.COLLECTION, by=officer) as this:
        _must_be_new(columns["serials"], asset)
        here = units.here()
        columns |= {"giver": here, "holder": here, "purchased_on": purchase.bought_on}
        if asset is None:
            asset = Asset.objects.create(need=need, action=action or need.action, changed_at=now(), **columns)
            note([asset], AssetStep.Kind.NEED, need.raised_on or purchase.bought_on, need.raised_by or here, None)
        take_step([asset], "purchase", purchase.bought_on, here, officer, **columns)
        this.on = ("asset", str(asset.pk))
        this.detail |= {"need": str(need.pk)}
    asset.refresh_from_db()
    return asset


def check(
    officer: Officer, asset: Asset, on: date, condition: str, text: str = "", next_on: date | None = None
) -> None:
    """We hold it, and looked how it is used; its giver is told. Raises Invalid, NotNow."""
    text = _report(officer, on, condition, text)
    if next_on is not None and next_on <= on:
        raise Invalid({"next_on": _("The next check is not after this one.")})
    if condition == "lost":
        raise Invalid({"condition": _("What is lost is written off.")})
    with act("asset.checked", Operation.ALTERATION, by=officer, on=("asset", str(asset.pk))) as this:
        _must_hold(asset)
        take_step([asset], "check", on, units.here(), officer, condition=condition, text=text, check_on=next_on)
        this.recipients = _tell(officer, asset, "check", on, condition, text)
    asset.refresh_from_db()


def write_off(officer: Officer, asset: Asset, on: date, condition: str, text: str) -> None:
    """It is no longer there or no longer good; its giver is told why. Raises Invalid, NotNow."""
    text = _report(officer, on, condition, written("text", text, _("Say why it is written off.")))
    with act("asset.written-off", Operation.ALTERATION, by=officer, on=("asset", str(asset.pk))) as this:
        _must_hold(asset)
        gone = {"written_off_on": on, "check_on": None}
        take_step([asset], "write-off", on, units.here(), officer, condition=condition, text=text, **gone)
        this.recipients = _tell(officer, asset, "write-off", on, condition, text)
    asset.refresh_from_db()


def _report(officer: Officer, on: date, condition: str, text: str) -> str:
    allowed(officer, "asset.write")
    past("on", on)
    if condition not in CONDITIONS:
        raise Invalid({"condition": _("Choose one from the list.")})
    return fitting("text", text, 4_000)


def _must_hold(asset: Asset) -> None:
    """As the row is now, held until the transaction ends: the receiver's acceptance may have come meanwhile."""
    if Asset.objects.select_for_update(of=("self",)).get(pk=asset.pk).holder_id != units.here().pk:
        raise NotNow(_("Only the unit that holds it can do this."))


def _tell(
    officer: Officer, asset: Asset, report: Literal["check", "write-off"], on: date, condition: str, text: str
) -> list[str]:
    """To the unit that gave it, in the conversation of the hand-over; nobody where it is our own."""
    lines = HandoverLine.objects.filter(asset=asset, accepted=True).select_related("handover")
    line = lines.order_by("-handover__made_at").first()
    if line is None or asset.giver_id is None or asset.giver_id == units.here().pk:
        return []
    body = AssetReportedBody(
        agent=agent(officer),
        asset=asset.pk,
        report=report,
        on=on.isoformat(),
        condition=cast(Any, condition),
        text=text,
    )
    post("programme.asset-reported", body, [asset.giver_id], line.handover.conversation, officer)
    return [asset.giver_id]


def _must_be_new(serials: Sequence[str], asset: Asset | None) -> None:
    others = Asset.objects.filter(serials__overlap=list(serials)).exclude(Q(pk=asset.pk if asset else None))
    if serials and (other := others.first()):
        same = next(one for one in serials if one in other.serials)
        raise Invalid({"serials": _("The number %(serial)s is in the list already.") % {"serial": same}})


def _checked(purchase: Purchase) -> dict[str, Any]:
    """The columns. Raises Invalid with every fault."""
    faults: dict[str, str] = {}
    serials = list(dict.fromkeys(one.strip() for one in purchase.serials if one.strip()))
    checks: dict[str, Any] = {
        "kind": lambda: checking.choice("kind", purchase.kind, AssetKind),
        "name": lambda: written("name", purchase.name, _("Write make and model."), 200),
        "text": lambda: fitting("text", purchase.text, 4_000),
        "stands_at": lambda: fitting("stands_at", purchase.stands_at, 200),
        "bought_on": lambda: past("bought_on", purchase.bought_on),
        "quantity": lambda: _quantity(purchase.quantity, serials),
        "serials": lambda: _serials(serials),
        "value": lambda: _value(purchase.value),
        "currency": lambda: _currency(purchase),
    }
    columns: dict[str, Any] = {}
    for name, read in checks.items():
        try:
            columns[name] = read()
        except Invalid as wrong:
            faults |= wrong.fields
    if faults:
        raise Invalid(faults)
    del columns["bought_on"]
    return columns


def _quantity(quantity: int, serials: Sequence[str]) -> int:
    if not 1 <= quantity <= MOST:
        raise Invalid({"quantity": _("Write a number from 1 to %(most)s.") % {"most": MOST}})
    if len(serials) > quantity:
        raise Invalid({"quantity": _("There are more serial numbers than pieces.")})
    return quantity


def _serials(serials: list[str]) -> list[str]:
    if len(serials) > MOST_SERIALS or any(len(one) > 80 or "\0" in one for one in serials):
        raise Invalid({"serials": _("A serial number is too long, or there are too many of them.")})
    return serials


def _value(value: Decimal | None) -> Decimal | None:
    try:
        if value is not None:
            amounts.check(value)
    except ValueError as wrong:
        raise Invalid({"value": str(wrong)}) from None
    return value


def _currency(purchase: Purchase) -> str:
    currency = purchase.currency.strip().upper()
    if (currency or purchase.value is not None) and not CURRENCY.fullmatch(currency):
        raise Invalid({"currency": _("Write the currency with three capital letters, as EUR.")})
    return currency
