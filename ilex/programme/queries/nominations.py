"""Invitations and nominations: who sees which, and how they stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404

from ilex.gate.models import Delivery, Peer
from ilex.gate.queries import LISTENED_TO
from ilex.programme.models import Certificate, Invitation, Nomination, Quota
from ilex.programme.rules.nominations import AT_HOME, HOLDS_A_PLACE, QUESTIONS
from ilex.units import queries as units
from ilex.units.models import Officer
from ilex.units.rules import check, may, sees_only_its_own

State = Nomination.State
NOT_TAKEN = (Delivery.State.REFUSED, Delivery.State.EXPIRED)


def only_own(officer: Officer) -> bool:
    """Of a national authority: it proposes its own people, and sees no others."""
    return sees_only_its_own(officer) and not may(officer, "nomination.choose")


def visible_invitations(officer: Officer) -> QuerySet[Invitation]:
    """Raises PermissionDenied. An authority sees those to which it can propose somebody."""
    check(officer, "nomination.propose")
    found = Invitation.objects.select_related("activity__place", "organiser")
    if only_own(officer):
        return found.exclude(state=Invitation.State.DRAFT).filter(quotas__unit=units.here())
    return found


def invitation_for(officer: Officer, id: UUID) -> Invitation:
    """Raises Http404, or PermissionDenied."""
    found = visible_invitations(officer).filter(pk=id).first()
    if found is None:
        raise Http404
    return found


def visible_nominations(officer: Officer) -> QuerySet[Nomination]:
    """Raises PermissionDenied."""
    check(officer, "nomination.propose")
    found = Nomination.objects.select_related("invitation__activity__place", "invitation__organiser", "unit")
    if only_own(officer):
        return found.filter(unit=units.here(), proposed_by__organisation=officer.organisation_id)
    return found


def nomination_for(officer: Officer, id: UUID) -> Nomination:
    """Raises Http404, or PermissionDenied."""
    found = visible_nominations(officer).filter(pk=id).first()
    if found is None:
        raise Http404
    return found


def certificate_for(officer: Officer, number: str) -> Certificate:
    """Raises Http404, or PermissionDenied."""
    found = Certificate.objects.select_related("nomination__invitation__activity__place", "nomination__unit")
    row = found.filter(number=number, nomination__in=visible_nominations(officer)).first()
    if row is None:
        raise Http404
    return row


def our_quota(invitation: Invitation) -> Quota | None:
    """What we may nominate; None when we invite others only."""
    return invitation.quotas.filter(unit=units.here()).first()


def ours_of(officer: Officer, invitation: Invitation) -> QuerySet[Nomination]:
    """Whom we think of, those not chosen too."""
    rows = visible_nominations(officer).filter(invitation=invitation, unit=units.here())
    return rows.select_related("certificate", "travel", "proposed_by").order_by("-state", "pk")


def nominated_of(officer: Officer, invitation: Invitation) -> QuerySet[Nomination]:
    """Whom units nominated to what we organise; what is still at home, our own too, is not among them."""
    rows = visible_nominations(officer).filter(invitation=invitation).exclude(state__in=AT_HOME)
    return rows.select_related("certificate", "travel", "evaluation").order_by("unit__name", "pk")


@dataclass(frozen=True)
class Standing:
    """How one unit stands with an invitation."""

    quota: Quota
    counts: dict[str, int]  # by state, without what is still at home
    failed: str = ""  # in words, when the unit's node did not take in what we sent last

    @property
    def nominated(self) -> int:
        return sum(self.counts.get(state, 0) for state in HOLDS_A_PLACE)

    @property
    def confirmed(self) -> int:
        return sum(self.counts.get(state, 0) for state in (State.CONFIRMED, State.ATTENDED, State.ABSENT))

    @property
    def attended(self) -> int:
        return self.counts.get(State.ATTENDED, 0)


def standings(invitation: Invitation) -> list[Standing]:
    """Each invited unit, in three statements."""
    rows = invitation.nominations.exclude(state__in=AT_HOME).values_list("unit", "state").annotate(Count("pk"))
    counts: dict[str, dict[str, int]] = {}
    for unit, state, count in rows.order_by():
        counts.setdefault(unit, {})[state] = count
    gone = Delivery.objects.filter(envelope=invitation.envelope_id, state__in=NOT_TAKEN)
    failed = {one.peer_id: str(one.get_state_display()) for one in gone}
    quotas = invitation.quotas.select_related("unit").order_by("unit__name")
    return [Standing(one, counts.get(one.unit_id, {}), failed.get(one.unit_id, "")) for one in quotas]


def unreached(invitation: Invitation) -> list[str]:
    """The invited units that no message reaches any more, by name: an officer tells them another way."""
    listen = Peer.objects.filter(state__in=LISTENED_TO).values("unit")
    rows = invitation.quotas.exclude(unit__in=listen).exclude(unit=units.here())
    return list(rows.order_by("unit__name").values_list("unit__name", flat=True))


def expected(row: Nomination) -> bool:
    """Whether the organiser waits for this person, or saw him: who does is told so on paper."""
    ended = (row.invitation.state, row.invitation.activity.state)
    return row.state in (State.CONFIRMED, State.ATTENDED) and row.erased_at is None and "cancelled" not in ended


def listed(officer: Officer, way: str) -> QuerySet[Invitation]:
    """Of one way, newest first, with counts for the list: `people` hold a place, `waiting` wait for a word of ours."""
    ours = Q(nominations__unit=units.here())
    waits = (
        Q(nominations__state=State.SENT) if way == Invitation.Way.OUT else Q(nominations__state=State.PROPOSED) & ours
    )
    holds = Q(nominations__state__in=HOLDS_A_PLACE)
    holds &= ~Q(nominations__state=State.CHOSEN) if way == Invitation.Way.OUT else ours
    found = visible_invitations(officer).filter(way=way)
    if only_own(officer):
        mine = Q(nominations__proposed_by__organisation=officer.organisation_id)
        waits, holds = waits & mine, holds & mine
    quotas = Prefetch("quotas", Quota.objects.select_related("unit").order_by("unit__name"))
    counted = found.annotate(
        people=Count("nominations", filter=holds, distinct=True),
        waiting=Count("nominations", filter=waits, distinct=True),
    )
    return counted.prefetch_related(quotas).order_by("-made_at", "-pk")


def texts_of(rows: Iterable[Nomination]) -> list[str]:
    """What participants wrote, in an order that does not tell who wrote what."""
    return sorted(row.evaluation.text for row in rows if hasattr(row, "evaluation") and row.evaluation.text)


def marks_of(rows: Iterable[Nomination]) -> dict[str, float]:
    """The mean of each question over those who answered it."""
    given: dict[str, list[int]] = {}
    for row in rows:
        for question, mark in (row.evaluation.marks if hasattr(row, "evaluation") else {}).items():
            given.setdefault(question, []).append(mark)
    return {question: sum(given[question]) / len(given[question]) for question in QUESTIONS if question in given}
