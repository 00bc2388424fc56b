"""Equipment, its hand-overs, needs and agreements: who reads them, and in which order."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar, cast
from uuid import UUID

from django.db.models import Count, Model, Q, QuerySet
from django.http import Http404
from django.utils.timezone import localdate

from ilex.exchange.messages import Body
from ilex.gate.models import Delivery, Envelope, Peer
from ilex.gate.signing import payload_of
from ilex.programme.messages import BODIES
from ilex.programme.models import Asset, ExchangeAgreement, Finding, Handover, HandoverLine
from ilex.programme.rules.assets import MAY, asset_of
from ilex.units import queries as units
from ilex.units.models import Officer, Organisation
from ilex.units.rules import check

Row = TypeVar("Row", bound=Model)
LOST: Final = (Delivery.State.REFUSED, Delivery.State.EXPIRED)
SEVERAL: Final = 20
LONGEST: Final = 200  # letters that are looked for
AGREED_BY: Final = ("programme.agreement", "programme.agreement-answered")


def visible_assets(officer: Officer) -> QuerySet[Asset]:
    """Raises PermissionDenied when his roles do not read the programme."""
    check(officer, "programme.read")
    return Asset.objects.select_related("need", "action", "giver", "holder", "source").order_by("-changed_at", "-pk")


def found_assets(officer: Officer, words: str = "", only: str = "") -> QuerySet[Asset]:
    """By a part of the name, a serial number, a scanned label or the number of a hand-over. Raises PermissionDenied."""
    rows, words = visible_assets(officer), words.strip()[:LONGEST].replace("\0", "")
    if only in ONLY:
        rows = rows.filter(ONLY[only]())
    if not words:
        return rows
    if asset := asset_of(words):
        return rows.filter(pk=asset)
    with_it = HandoverLine.objects.filter(handover__number=words).values("asset")
    return rows.filter(Q(name__icontains=words) | Q(serials__contains=[words]) | Q(pk__in=with_it))


def to_check() -> Q:
    """What stands with us and whose use is to be looked at by now."""
    return Q(check_on__lte=localdate(), holder=units.here(), state=Asset.State.ACCEPTED)


def not_accepted() -> Q:
    """What is with us again: mended, or handed to somebody else, or written off."""
    return Q(state=Asset.State.REFUSED, holder=units.here())


ONLY: Final[Mapping[str, Callable[[], Q]]] = {"check": to_check, "refused": not_accepted}


def visible_handovers(officer: Officer) -> QuerySet[Handover]:
    """Raises PermissionDenied."""
    check(officer, "programme.read")
    found = Handover.objects.select_related("giver", "receiver", "given", "taken")
    return found.annotate(count=Count("handover_lines")).order_by("-made_at", "-pk")


def visible_needs(officer: Officer) -> QuerySet[Finding]:
    """Raises PermissionDenied."""
    check(officer, "programme.read")
    needs = Finding.objects.filter(kind=Finding.Kind.NEED).select_related("raised_by", "action")
    return needs.annotate(count=Count("assets")).order_by("-pk")


def visible_agreements(officer: Officer) -> QuerySet[ExchangeAgreement]:
    """Raises PermissionDenied."""
    check(officer, "programme.read")
    return ExchangeAgreement.objects.select_related("partner", "action").order_by("-changed_at", "-pk")


def asset_for(officer: Officer, id: UUID) -> Asset:
    return _one(visible_assets(officer), id)


def handover_for(officer: Officer, id: UUID) -> Handover:
    return _one(visible_handovers(officer), id)


def agreement_for(officer: Officer, id: UUID) -> ExchangeAgreement:
    return _one(visible_agreements(officer), id)


def need_for(officer: Officer, id: UUID) -> Finding:
    return _one(visible_needs(officer), id)


def open_needs() -> QuerySet[Finding]:
    """For which something may be bought."""
    needs = Finding.objects.filter(kind=Finding.Kind.NEED, settled_at=None)
    return needs.select_related("raised_by").order_by("-raised_on", "-pk")


def to_hand_over() -> QuerySet[Asset]:
    """What we hold and may give away now."""
    held = Asset.objects.filter(holder=units.here(), state__in=MAY["handover"][0])
    return held.select_related("need").order_by("name", "pk")


def reached_units() -> QuerySet[Organisation]:
    """Units whose node is paired with ours."""
    paired = Peer.objects.filter(state=Peer.State.PAIRED).values("unit")
    return Organisation.objects.filter(pk__in=paired).exclude(pk=units.here().pk).order_by("name")


def said(envelope: Envelope) -> Body:
    """What stands in the signed part of a message of this room."""
    return BODIES[envelope.type].model_validate(json.loads(payload_of(envelope.signed))["body"])


def delivery_of(envelope: Envelope | None) -> Delivery | None:
    """How it goes with a message of ours; None for one that came."""
    if envelope is None or envelope.way != Envelope.Way.OUT:
        return None
    return envelope.deliveries.order_by("pk").first()


def is_lost(delivery: Delivery | None) -> bool:
    """Whether it will not be delivered any more, or their node refused it."""
    return delivery is not None and delivery.state in LOST


def undelivered() -> QuerySet[Handover]:
    """Of ours, which nobody there will answer: they never came."""
    waiting = Handover.objects.filter(way=Handover.Way.OUT, state=Handover.State.SENT)
    return waiting.filter(given__deliveries__state__in=LOST)


def last_word(agreement: ExchangeAgreement) -> Envelope | None:
    """The last message of ours about it. A partner may have put several agreements into one conversation."""
    ours = Envelope.objects.filter(way=Envelope.Way.OUT, conversation=agreement.conversation, type__in=AGREED_BY)
    newest = ours.order_by("-sequence")[:SEVERAL]
    return next((one for one in newest if cast(Any, said(one)).number == agreement.pk), None)


def _one(rows: QuerySet[Row], id: UUID) -> Row:
    """Raises Http404."""
    found = rows.filter(pk=id).first()
    if found is None:
        raise Http404
    return found
