"""The release itself: one sealed message to all who are named, and a line of the ledger for each statement and unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from ilex.exchange.messages import Body
from ilex.gate import actions as gate
from ilex.gate.errors import GateError
from ilex.gate.models import Envelope
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.sharing.actions.bodies import release_body
from ilex.sharing.actions.consents import inform
from ilex.sharing.models import Consent, Disclosure, Release, Use
from ilex.sharing.queries.releases import items_in, subject_of
from ilex.sharing.queries.review import Review
from ilex.sharing.queries.uses import Item, Permissions
from ilex.sharing.rules import Invalid, NotNow
from ilex.subjects.models import Statement
from ilex.units.models import Officer


def send(release: Release, author: Officer, found: Review, approval: Mapping[str, str] | None = None) -> Release:
    """Seal it for its units, in the open transaction. The caller holds the row, and has made sure that it may go."""
    items = [item for item in items_in(release) if item.withdrawn_at is None]
    permissions = Permissions(items, release.to)
    consents = _consents(permissions)
    with act("release.sent", Operation.DISCLOSURE, by=author, on=("release", str(release.pk))) as this:
        carried = {pk: one for (pk, unit), one in consents.items()}
        body = release_body(release, items, author, permissions.known, carried)
        envelope = post(
            "sharing.release", body, release.to, release.conversation, author, found.handling, release.language
        )
        enter(release, items, release.to, envelope, consents)
        _mark_sent(release, envelope, found.handling, approval or {})
        if found.lifted:
            inform(author, release, found.lifted)
        this.case = release.case
        this.reason = release.purpose[:500]
        this.recipients = release.to
        this.detail |= _facts(release, items, carried.values(), approval or {})
    return release


def post(
    type: str, body: Body, to: Sequence[str], conversation: UUID, by: Officer | None, handling: str, language: str
) -> Envelope:
    """Seal it for these units; what the gate cannot do is told beside the recipients."""
    try:
        return gate.post(type, body, to=to, conversation=conversation, handling=handling, language=language, by=by)
    except GateError as error:
        raise Invalid({"to": str(error)}) from error


def enter(
    release: Release,
    items: Iterable[Item],
    to: Iterable[str],
    envelope: Envelope,
    consents: Mapping[tuple[UUID, str], Consent] | None = None,
) -> None:
    """Write the ledger: each item and each unit that gets it with this envelope."""
    consents = consents or {}
    units = list(to)
    Disclosure.objects.bulk_create(
        Disclosure(
            release=release,
            statement=item.pk,
            what=item.property if isinstance(item, Statement) else item.kind,
            subject=subject_of(item),
            to_id=unit,
            owner_id=item.owner_id,
            handling=item.handling,
            consent=consents.get((item.pk, unit)),
            at=envelope.at,
            message=envelope.id,
        )
        for item in items
        for unit in units
    )


def _consents(permissions: Permissions) -> dict[tuple[UUID, str], Consent]:
    """The consent by which each item may go to each unit, where one was needed."""
    found = {}
    for item in permissions.items:
        if item.owner_id == permissions.here.pk:
            continue
        for unit in permissions.to:
            needed = permissions.needed(item, Use.FORWARD.value, unit)
            consent = permissions.consent(item, needed, unit) if needed else None
            if consent is not None:
                found[item.pk, unit.pk] = consent
    return found


def _mark_sent(release: Release, envelope: Envelope, handling: str, approval: Mapping[str, str]) -> None:
    columns: dict[str, Any] = {
        "state": Release.State.RELEASED,
        "released_at": envelope.at,
        "message": envelope.id,
        "envelope": envelope,
        "handling": handling,
        "approver_id": approval.get("approved_by") or None,
    }
    drafts = Release.objects.filter(pk=release.pk, state=Release.State.DRAFT)
    if not drafts.update(**columns):
        raise NotNow(_("This was released already."))
    release.refresh_from_db()


def _facts(
    release: Release, items: Sequence[Item], consents: Iterable[Consent], approval: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "statements": [str(item.pk) for item in items],
        "handling": release.handling,
        "consents": sorted({str(consent.pk) for consent in consents}),
        "threat": bool(release.threat),
        "message": str(release.message),
        **approval,
    }
