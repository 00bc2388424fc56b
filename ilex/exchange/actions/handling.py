"""What the house does with a request: taking, assigning, judging access, acknowledging, notes, closing."""

from __future__ import annotations

from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.exchange.actions import clockwork
from ilex.exchange.actions.entries import keep, locked, say, written
from ilex.exchange.messages import AcknowledgementBody
from ilex.exchange.models import Access, Entry, Request, Way
from ilex.exchange.queries.steps import closable
from ilex.exchange.rules import Invalid, NotNow
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Officer


def take(officer: Officer, request: Request) -> None:
    """I take it. Raises NotNow when a colleague has taken it already."""
    with act("request.taken", Operation.ALTERATION, by=officer, on=("request", str(request.pk))):
        row = locked(officer, "take", request)
        if row.owner_id == officer.pk:
            return
        if row.owner_id is not None:
            raise NotNow(_("%(name)s has taken this request.") % {"name": row.owner})
        Request.objects.filter(pk=row.pk, owner=None).update(owner=officer)
        row.owner = officer
        clockwork.reckon(row, now())


def assign(request: Request, *, to: Officer, by: Officer) -> None:
    with act("request.assigned", Operation.ALTERATION, by=by, on=("request", str(request.pk)), to=str(to.pk)):
        row = locked(by, "assign", request)
        if not to.is_active:
            raise Invalid({"to": _("This officer no longer works here.")})
        Request.objects.filter(pk=row.pk, state=row.state).update(owner=to)
        row.owner = to
        clockwork.reckon(row, now())


def set_access(request: Request, access: str, *, by: Officer, reason: str) -> None:
    """Say whether the information is directly or indirectly accessible; the deadline follows, counted from receipt.

    The partner is told by another acknowledgement.
    """
    reason = written("reason", reason, _("Say why."))
    if access not in Access.values:
        raise Invalid({"access": _("Choose one from the list.")})
    with act("request.access", Operation.ALTERATION, by=by, on=("request", str(request.pk)), reason=reason) as this:
        row = locked(by, "set_access", request)
        if row.access == access:
            raise NotNow(_("This is how it was judged before."))
        clockwork.change_access(row, access, now(), reason)
        this.detail |= {"access": access, "due_at": row.due_at}
        if row.on_node:
            acknowledge(row, by, reason)


def acknowledge(request: Request, by: Officer | None, reason: str = "") -> Entry:
    """Tell the partner our reference and the deadline we compute."""
    body = AcknowledgementBody(
        agent=by.function if by else "",
        reference=request.our_ref,
        received_at=request.received_at,
        due_at=request.due_at,
        access=request.access,
        reason=reason[:4000],
    )
    details = {"due_at": request.due_at.isoformat() if request.due_at else "", "access": request.access}
    return say(request, Entry.Kind.ACKNOWLEDGEMENT, body, by=by, reasons=reason, details=details, handling="H0")


def note(officer: Officer, request: Request, text: str) -> Entry:
    """A remark that stays in the house."""
    text = written("text", text, _("Write the note."))
    with act("request.noted", Operation.COLLECTION, by=officer, on=("request", str(request.pk))):
        row = locked(officer, "note", request)
        return keep(row, Entry.Kind.NOTE, Way.OUT, now(), None, by=officer, text=text, channel="")


def close(request: Request, *, by: Officer, reason: str = "") -> None:
    """Nothing more is expected. Before it is settled this needs a reason."""
    with act("request.closed", Operation.ALTERATION, by=by, on=("request", str(request.pk)), reason=reason) as this:
        row = locked(by, "close", request)
        if not closable(row) and not reason.strip():
            raise Invalid({"reason": _("Say why it is closed before it is settled.")})
        if row.way == Way.IN and not closable(row):
            raise NotNow(_("A request must be answered or refused before it is closed."))
        this.detail |= {"state": row.state}
        Request.objects.filter(pk=row.pk, state=row.state).update(closed_at=now(), alarm_at=None)
        row.closed_at = now()
        clockwork.reckon(row, now())
