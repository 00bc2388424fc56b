"""What an author does: ask, take back, take what the reviewer proposed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.approvals import registry
from ilex.approvals.errors import NotNow, somebody_was_faster
from ilex.approvals.models import Approval
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Officer

State = Approval.State


def ask(
    officer: Officer,
    kind: str,
    object_id: UUID,
    *,
    title: str,
    rules: Sequence[str],
    recipients: Sequence[str],
    handling: str,
    digest: bytes,
    due_at: datetime | None = None,
    note: str = "",
    urgency: str = "",
) -> Approval:
    """Put one object before a second person. Whoever asks is its author, and never the one who approves it.

    `digest` fixes the content: what differs from it later is not released. Raises NotNow while it waits already.
    """
    if not rules or len(digest) != 32:
        raise ValueError("An approval needs the rules that ask for it, and the SHA-256 of the content.")
    registry.kind(kind)
    approval = Approval(
        kind=kind,
        object_id=object_id,
        title=title[:300],
        author=officer,
        rules=list(rules),
        recipients=list(recipients),
        handling=handling,
        digest=digest,
        urgency=urgency,
        asked_at=now(),
        due_at=due_at,
        note=note.strip().replace("\0", "")[:4000],
    )
    try:
        with act("approval.asked", Operation.OPERATION, by=officer, on=(kind, str(object_id))) as this:
            with transaction.atomic():
                approval.save(force_insert=True)
            this.recipients = list(recipients)
            this.detail |= {"approval": str(approval.pk), "rules": list(rules)}
    except IntegrityError as error:
        raise NotNow(_("This waits for approval already.")) from error
    return approval


def withdraw(officer: Officer, approval: Approval) -> None:
    """The author takes it back; he may change it and ask again."""
    _must_be_author(officer, approval)
    on = (approval.kind, str(approval.object_id))
    with act("approval.withdrawn", Operation.OPERATION, by=officer, on=on, approval=str(approval.pk)):
        waiting = Approval.objects.filter(pk=approval.pk, state=State.WAITING)
        if not waiting.update(state=State.WITHDRAWN, decided_at=now()):
            raise somebody_was_faster()


def take_edits(officer: Officer, approval: Approval) -> None:
    """The author puts the texts that the reviewer proposed into his own object. Then he looks at it and asks again."""
    _must_be_author(officer, approval)
    on = (approval.kind, str(approval.object_id))
    with act("approval.edits-taken", Operation.ALTERATION, by=officer, on=on, approval=str(approval.pk)) as this:
        open_ones = Approval.objects.filter(pk=approval.pk, state=State.RETURNED, edits_taken_at=None).exclude(edits={})
        if not open_ones.update(edits_taken_at=now()):
            raise NotNow(_("There is nothing here to take over, or it was taken over already."))
        approval.refresh_from_db()
        registry.kind(approval.kind).apply_edits(approval, approval.edits)
        this.detail |= {"fields": sorted(approval.edits)}


def _must_be_author(officer: Officer, approval: Approval) -> None:
    if officer.pk != approval.author_id or not officer.is_active:
        raise PermissionDenied(_("Only its author can do this."))
