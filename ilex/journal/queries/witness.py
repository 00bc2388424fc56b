"""What we know of the peers' trees, what is still to be asked, and what contradicts itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from ilex.journal.models import Witnessed
from ilex.units.models import Organisation

State = Witnessed.State
STANDS = Q(state=State.PROVEN) | Q(begins_at__isnull=False)  # others are proven against it
OPEN = Q(state=State.SEEN, begins_at=None)  # its proof is still to be asked for
ALARMS = (State.FORK, State.ROLLBACK)
# Processes of one peer read its newest head a little before they date a message: that is no rollback.
LEEWAY = timedelta(minutes=5)
SHOWN = 20  # alarms of one peer on a page


@dataclass(frozen=True)
class Watched:
    """One peer's log as we know it."""

    origin: str
    name: str
    newest: Witnessed | None
    unproven: int  # heads that it has not proven yet to continue the others
    alarms: list[Witnessed]
    explained: list[Witnessed]


def newest(origin: str) -> Witnessed | None:
    """The largest head of this peer that nothing contradicts."""
    return compared(origin).filter(STANDS | OPEN).order_by("-size").first()


def ask_for(origin: str) -> tuple[int, int] | None:
    """The sizes (first, second) between which this peer should prove that its tree only grew; None: nothing to ask.

    The newest head is proven first, then those that came between, each against one that is proven already.
    """
    chain = compared(origin)
    head = chain.filter(OPEN).order_by("-size").first()
    if head is None:
        return None
    proven = chain.filter(STANDS)
    # A proven head above decides alone: what begins that tree agrees with everything else that begins it.
    if above := proven.filter(size__gt=head.size).order_by("size").first():
        return head.size, above.size
    below = proven.filter(size__lt=head.size).order_by("-size").first()
    return (below.size, head.size) if below else None


def alarms() -> QuerySet[Witnessed]:
    """Forks and rollbacks that nobody has explained yet, the oldest first: for the desk."""
    return Witnessed.objects.filter(state__in=ALARMS, explained_at=None).select_related("against").order_by("id")


def watched() -> list[Watched]:
    """Every peer whose heads we hold, those with alarms first."""
    origins = Witnessed.objects.order_by("origin").values_list("origin", flat=True).distinct()
    names = {unit.pk: unit.name for unit in Organisation.objects.filter(pk__in=origins)}
    logs = [_watched(origin, names.get(origin, origin)) for origin in origins]
    return sorted(logs, key=lambda log: (not log.alarms, log.name))


def _watched(origin: str, name: str) -> Watched:
    broken = Witnessed.objects.filter(origin=origin, state__in=ALARMS).select_related("against").order_by("-id")
    return Watched(
        origin=origin,
        name=name,
        newest=newest(origin),
        unproven=compared(origin).filter(OPEN).count(),
        alarms=list(broken.filter(explained_at=None)[:SHOWN]),
        explained=list(broken.filter(explained_at__isnull=False)[:SHOWN]),
    )


def compared(origin: str) -> QuerySet[Witnessed]:
    """The heads that new ones are compared with: all, or those since a person explained a break."""
    found = Witnessed.objects.filter(origin=origin)
    start = found.filter(begins_at__isnull=False).order_by("begins_at").last()
    if start is None:
        return found
    return found.filter(Q(pk=start.pk) | Q(came_at__gt=start.begins_at))


def contradicting(origin: str, size: int, root: bytes) -> Witnessed | None:
    """A head of the same size with another root."""
    return compared(origin).filter(size=size).exclude(root=root).order_by("id").first()


def larger_before(origin: str, size: int, said_at: datetime) -> Witnessed | None:
    """A larger head that the peer said clearly before: a log never shrinks, unless an old copy was put back."""
    earlier = compared(origin).filter(size__gt=size, said_at__lt=said_at - LEEWAY)
    return earlier.order_by("said_at").last()
