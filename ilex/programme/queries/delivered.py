"""To which units an activity of ours was told, and whether their nodes took it in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ilex.gate.models import Delivery
from ilex.programme.models import Activity
from ilex.programme.queries.people import Names


@dataclass(frozen=True)
class Told:
    unit: str
    state: str  # in words, of the newest message
    failed: bool  # their node refused it, or it came too late


def deliveries_of(activity: Activity) -> list[Delivery]:
    """The newest one to each unit."""
    told = {"envelope__conversation": activity.pk, "envelope__way": "out", "envelope__type": "programme.activity"}
    return list(Delivery.objects.filter(**told).order_by("peer", "-envelope__sequence").distinct("peer"))


def told(deliveries: Iterable[Delivery], names: Names) -> list[Told]:
    failed = (Delivery.State.REFUSED, Delivery.State.EXPIRED)
    return [
        Told(names.organisation(one.peer_id).text, str(one.get_state_display()), one.state in failed)
        for one in deliveries
    ]
