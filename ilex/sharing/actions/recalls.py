"""Taking back and correcting what was given: everybody in the ledger is told, and so are those they gave it to.

The verbs that correct and withdraw stand in `subjects`; they call `changed` in their transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from django.utils.timezone import now

from ilex.gate import actions as gate
from ilex.gate.models import Envelope, Peer
from ilex.gate.queries import LISTENED_TO
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.sharing.actions.bodies import statement_body
from ilex.sharing.actions.sending import enter
from ilex.sharing.messages import RecallBody, RecalledBody
from ilex.sharing.models import Disclosure, Recall, Release
from ilex.sharing.queries.uses import Item, known_to_owners
from ilex.subjects.models import Statement
from ilex.units import queries as units
from ilex.units.models import Officer


def changed(old: Item, new: Item | None, why: str, by: Officer | None) -> None:
    """A statement of ours was corrected (`new`) or withdrawn by an officer: tell all who have it.

    What another unit owns is corrected and recalled by it alone: to drop it here is nobody else's business.
    """
    if by is not None and old.owner_id == units.here().pk:
        tell(old, new, why, by)


def tell(old: Item, new: Item | None, why: str, by: Officer | None) -> list[Recall]:
    """One message for each release with which it was given; the ledger says who was told and who applied it.

    Directive (EU) 2016/680 Art. 7(3) and 16(6). Units that are no longer connected are marked as not told.
    """
    waiting = Disclosure.objects.filter(statement=old.pk, recalled_at=None).select_related("release")
    among: dict[tuple[Release, object], list[Disclosure]] = defaultdict(list)
    for row in waiting.order_by("release_id", "message", "to_id"):
        among[row.release, row.message].append(row)
    return [_tell(release, rows, old, new, why, by) for (release, _message), rows in among.items()]


def _tell(
    release: Release, rows: Sequence[Disclosure], old: Item, new: Item | None, why: str, by: Officer | None
) -> Recall:
    to = _reachable([row.to_id for row in rows])
    on = ("release", str(release.pk))
    name = "release.corrected" if new is not None else "release.recalled"
    with act(name, Operation.DISCLOSURE, by=by, on=on, reason=why[:500], case=release.case) as this:
        envelope = _post(release, rows, to, old, new, why, by) if to else None
        at = envelope.at if envelope else now()
        _note(rows, envelope, to, at)
        if new is not None and envelope is not None:
            enter(release, [new], to, envelope)
            if isinstance(new, Statement):
                release.statements.add(new)
        this.recipients = to
        this.detail |= {"statement": str(old.pk), "instead": str(new.pk) if new else "", "told": len(to)}
        return Recall.objects.create(
            way=Release.Way.OUT,
            release=release,
            items=[old.pk],
            corrected=new is not None,
            reason=why,
            by=by,
            at=at,
            message=envelope.id if envelope else None,
        )


def _post(
    release: Release,
    rows: Sequence[Disclosure],
    to: Sequence[str],
    old: Item,
    new: Item | None,
    why: str,
    by: Officer | None,
) -> Envelope:
    instead = None
    if isinstance(new, Statement):
        consent = next((row.consent for row in rows if row.consent is not None), None)
        known = known_to_owners([new]) if new.owner_id != units.here().pk else {}
        instead = statement_body(new, known, {new.pk: consent} if consent else {})
    body = RecallBody(
        agent=by.function if by else "",
        release=rows[0].message,
        items=[RecalledBody(id=old.pk, instead=instead)],
        reason=why,
    )
    handling = new.handling if new else "H0"
    return gate.post(
        "sharing.recall",
        body,
        to=to,
        conversation=release.conversation,
        handling=handling,
        language=release.language,
        by=by,
        paused=True,
    )


def _note(rows: Sequence[Disclosure], envelope: Envelope | None, to: Sequence[str], at: datetime) -> None:
    for row in rows:
        message = envelope.id if envelope and row.to_id in to else None
        Disclosure.objects.filter(pk=row.pk).update(recalled_at=at, recall_message=message)


def _reachable(to: Sequence[str]) -> list[str]:
    found = set(Peer.objects.filter(unit__in=to, state__in=LISTENED_TO).values_list("unit", flat=True))
    return [unit for unit in to if unit in found]
