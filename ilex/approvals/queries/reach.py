"""Facts for the rules, and the way out when nobody can be reached."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from ilex.approvals import registry
from ilex.approvals.models import Approval
from ilex.approvals.queries.access import may_approve
from ilex.units.models import Membership, Organisation
from ilex.words import approval as rules


def places_of(units: Sequence[str]) -> tuple[frozenset[str], ...]:
    """For each unit its place with the groups that place is in today; nothing for one that has no place."""
    homes = dict(Organisation.objects.filter(pk__in=units).values_list("pk", "place"))
    day = timezone.localdate()
    holds = (Q(since=None) | Q(since__lte=day)) & (Q(until=None) | Q(until__gt=day))
    found = Membership.objects.filter(holds, member__in=[home for home in homes.values() if home])
    groups: dict[str, set[str]] = {}
    for member, group in found.values_list("member", "group"):
        groups.setdefault(member, set()).add(group)
    return tuple(
        frozenset({home, *groups.get(home, ())}) if (home := homes.get(unit)) else frozenset() for unit in units
    )


def may_release_alone(approval: Approval, at: datetime | None = None) -> bool:
    """Whether the rules let its author go without a second person now.

    Each rule must allow it for this ground of urgency, and either nobody on duty could approve it, or it has waited
    for as long as the rules say.
    """
    if approval.state != Approval.State.WAITING or not rules.may_go_alone(approval.rules, approval.urgency):
        return False
    waited = (at or timezone.now()) - approval.asked_at
    if waited >= timedelta(minutes=rules.book().alone_after_minutes):
        return True
    return not any(may_approve(officer, approval) for officer in registry.on_duty())
