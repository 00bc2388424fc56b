"""What the second person does, and what happens when there is none."""

from __future__ import annotations

from collections.abc import Mapping
from hmac import compare_digest

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.approvals import queries, registry
from ilex.approvals.errors import CannotRelease, NotNow, NotReleased, somebody_was_faster
from ilex.approvals.models import Approval
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Officer, Role
from ilex.units.rules import check

State = Approval.State
EDITS_AT_MOST = 40
LONGEST_EDIT = 40_000


def approve(officer: Officer, approval: Approval) -> str:
    """Release it: decision, release and journal lines are one transaction. Gives the page of what was released.

    Raises PermissionDenied for the author and whoever may not see it, NotNow when it does not wait any more, and
    NotReleased when it could not go out as it was asked: then its author has it back with the reason.
    """
    _must_be_second(officer, approval)
    try:
        return _release(officer, approval, State.APPROVED)
    except CannotRelease as error:
        _give_back(officer, approval, str(error), {})
        raise NotReleased(str(error)) from error


def return_(officer: Officer, approval: Approval, answer: str, edits: Mapping[str, str] | None = None) -> None:
    """Give it back with a reason and, field by field, the texts that would be better."""
    _must_be_second(officer, approval)
    answer = answer.strip().replace("\0", "")
    if not answer:
        raise NotNow(_("Say why you return it."))
    proposed = {name: text.replace("\0", "") for name, text in (edits or {}).items()}
    if len(proposed) > EDITS_AT_MOST or any(len(text) > LONGEST_EDIT for text in proposed.values()):
        raise NotNow(_("A proposed text is too long."))
    if proposed:
        known = {field.name for field in registry.kind(approval.kind).shown(approval, officer).editable}
        if not set(proposed) <= known:
            raise NotNow(_("Only the texts of this release can be proposed anew."))
    _give_back(officer, approval, answer, proposed)


def release_alone(officer: Officer, approval: Approval, reason: str) -> str:
    """The author goes without a second person, where the rules let him; the head is told and must note it.

    Raises NotNow when they do not, or no reason is given; NotReleased as `approve` does.
    """
    if officer.pk != approval.author_id or not officer.is_active:
        raise PermissionDenied(_("Only its author can do this."))
    reason = reason.strip().replace("\0", "")[:4000]
    if not reason:
        raise NotNow(_("Say why it cannot wait for a second person."))
    if not queries.may_release_alone(approval):
        raise NotNow(_("The rules do not let this go without a second person now."))
    try:
        return _release(officer, approval, State.ALONE, reason)
    except CannotRelease as error:
        _give_back(None, approval, str(error), {})
        raise NotReleased(str(error)) from error


def note_alone(officer: Officer, approval: Approval) -> None:
    """The head has seen that this went out without a second person."""
    if Role.HEAD not in officer.roles or not officer.is_active or officer.pk == approval.author_id:
        raise PermissionDenied(_("The head of unit does this, and never for a release of his own."))
    with act("approval.alone-noted", Operation.OPERATION, by=officer, on=("approval", str(approval.pk))):
        open_ones = Approval.objects.filter(pk=approval.pk, state=State.ALONE, noted_at=None)
        if not open_ones.update(noted_by=officer, noted_at=now()):
            raise NotNow(_("This was noted already."))


def read(officer: Officer, approval: Approval) -> None:
    """The author has opened what came back."""
    Approval.objects.filter(pk=approval.pk, author=officer, state=State.RETURNED, read_at=None).update(read_at=now())


def _release(officer: Officer, approval: Approval, to: Approval.State, reason: str = "") -> str:
    alone = to == State.ALONE
    name = "approval.alone" if alone else "approval.given"
    with act(name, Operation.DISCLOSURE, by=officer, on=(approval.kind, str(approval.object_id))) as this:
        row = _taken(approval, state=to, reviewer=None if alone else officer, answer=reason)
        kind = registry.kind(row.kind)
        if not compare_digest(kind.digest(row.object_id), bytes(row.digest)):
            raise CannotRelease(_("The content is no longer what was put before the second person."))
        this.reason = reason
        this.recipients = row.recipients
        this.detail |= {"approval": str(row.pk), "author": str(row.author_id), "rules": row.rules}
        return kind.perform(row)


def _give_back(officer: Officer | None, approval: Approval, answer: str, edits: Mapping[str, str]) -> None:
    on = (approval.kind, str(approval.object_id))
    with act("approval.returned", Operation.OPERATION, by=officer, on=on, reason=answer[:500]) as this:
        _taken(approval, state=State.RETURNED, reviewer=officer, answer=answer, edits=dict(edits))
        this.detail |= {"approval": str(approval.pk), "fields": sorted(edits)}


def _taken(approval: Approval, **columns: object) -> Approval:
    """The row as decided, held until the transaction ends; NotNow when somebody decided or withdrew it before."""
    with transaction.atomic():
        waiting = Approval.objects.filter(pk=approval.pk, state=State.WAITING)
        if not waiting.update(decided_at=now(), **columns):
            raise somebody_was_faster()
    return Approval.objects.select_related("author__organisation", "reviewer").get(pk=approval.pk)


def _must_be_second(officer: Officer, approval: Approval) -> None:
    if officer.pk == approval.author_id:
        raise PermissionDenied(_("The author never approves his own release. A colleague must do it."))
    check(officer, "approval.give")
    if not queries.may_approve(officer, approval):
        raise PermissionDenied
