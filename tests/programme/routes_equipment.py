from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import uuid4

from django.utils.timezone import localdate, now

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.programme.messages import TermsBody
from ilex.programme.models import Asset, ExchangeAgreement, Finding, Handover
from ilex.programme.rules.agreements import terms_digest
from ilex.units.models import Role
from tests.programme.routes_nominations import CHOOSE, READ
from tests.routes import Rule, Rules, World

HEAD = frozenset({Role.HEAD})


def asset(state: str) -> Callable[[World], Sequence[object]]:
    def at(world: World) -> Sequence[object]:
        with act("asset.bought", Operation.COLLECTION, by=None):
            need = Finding.objects.create(kind="need", text="Radios")
            columns = {"holder": world.house, "giver": world.house, "changed_at": now()}
            return [Asset.objects.create(kind="other", state=state, need=need, name="Radio", **columns).pk]

    return at


def need(world: World) -> Sequence[object]:
    with act("need.recorded", Operation.COLLECTION, by=None):
        return [Finding.objects.create(kind="need", text="Radios").pk]


def received(world: World) -> Sequence[object]:
    with act("handover.arrived", Operation.COLLECTION, by=None):
        row = Handover.objects.create(
            way="in",
            state="sent",
            number=f"MK-E-{uuid4().hex[:10]}",
            giver_id=world.asked.partner_id,
            receiver=world.house,
            handed_on=localdate(),
            digest=b"x" * 32,
            made_at=now(),
        )
    return [row.pk]


def agreement(world: World) -> Sequence[object]:
    units = {"sends": [world.house.pk], "hosts": [world.asked.partner_id]}
    terms = TermsBody(title="Exchange", since="2027-01-01", most_people=1, **units)
    with act("agreement.drafted", Operation.COLLECTION, by=None):
        row = ExchangeAgreement.objects.create(
            partner_id=world.asked.partner_id,
            terms=terms.model_dump(mode="json"),
            digest=terms_digest(terms),
            made_at=now(),
            changed_at=now(),
        )
    return [row.pk]


RULES: Rules = {
    "equipment": Rule(READ),
    "need-new": Rule(CHOOSE),
    "need-met": Rule(CHOOSE, need),
    "asset-new": Rule(CHOOSE),
    "asset": Rule(READ, asset("accepted")),
    "asset-bought": Rule(CHOOSE, asset("needed")),
    "asset-check": Rule(CHOOSE, asset("accepted")),
    "asset-write-off": Rule(CHOOSE, asset("accepted")),
    "asset-labels": Rule(READ, asset("accepted")),
    "handover-new": Rule(CHOOSE),
    "handover": Rule(READ, received),
    "handover-pdf": Rule(READ, received),  # without a message: it leads back with a sentence
    "handover-labels": Rule(READ, received),
    "handover-step": Rule(frozenset(), received, post={}),  # without a step
    "handover-answer": Rule(CHOOSE, received),
    "agreements": Rule(READ),
    "agreement-new": Rule(HEAD),
    "agreement": Rule(READ, agreement),
    "agreement-edit": Rule(HEAD, agreement),
    "agreement-step": Rule(frozenset(), agreement, post={}),  # without a step
}
