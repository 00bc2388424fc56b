"""Comparing the copies of agreements: each unit tells its partner once a month what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import now

from ilex.gate.models import Peer
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.programme.actions.agreements import IN_FORCE
from ilex.programme.actions.giving import post
from ilex.programme.messages import AgreementHeldBody
from ilex.programme.models import ExchangeAgreement
from ilex.programme.rules.agreements import digest_of
from ilex.programme.rules.errors import NotNow

EVERY: Final = timedelta(days=30)
MOST_AT_ONCE: Final = 500


def compare_due(at: datetime | None = None) -> int:
    """Tell each partner the digests of what we hold in force; how many were told.

    The digest is computed from the terms as they stand, so that a copy which somebody changed in silence is noticed.
    A partner that cannot be reached is asked again at the next turn, and holds no other up.
    """
    at = at or now()
    reached = Peer.objects.filter(state=Peer.State.PAIRED).values("unit")
    due = Q(compared_at=None) | Q(compared_at__lte=at - EVERY)
    rows = ExchangeAgreement.objects.filter(due, state__in=IN_FORCE, partner__in=reached)
    partners = list(rows.order_by("partner").values_list("partner", flat=True).distinct())
    return sum(_told(partner, rows.filter(partner=partner), at) for partner in partners)


def _told(partner: str, due: QuerySet[ExchangeAgreement], at: datetime) -> bool:
    try:
        with transaction.atomic():
            return _tell(partner, list(due.select_for_update(of=("self",)).order_by("pk")[:MOST_AT_ONCE]), at)
    except NotNow:
        return False


def _tell(partner: str, rows: Sequence[ExchangeAgreement], at: datetime) -> bool:
    """False when another clock was faster."""
    if not rows:
        return False
    with act("agreements.compared", Operation.OPERATION, by=None, recipients=[partner], count=len(rows)):
        body = AgreementHeldBody(held={row.pk: digest_of(row.terms).hex() for row in rows})
        post("programme.agreement-held", body, [partner], rows[0].conversation, None)
        ExchangeAgreement.objects.filter(pk__in=[row.pk for row in rows]).update(compared_at=at)
    return True
