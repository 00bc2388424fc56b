"""Asking back, and answering what was asked back: the clock stands in between."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.exchange.actions import approved, clockwork
from ilex.exchange.actions.entries import locked, questions_asked, say, written
from ilex.exchange.messages import ClarificationBody, QuestionBody
from ilex.exchange.models import Entry, Request, Way
from ilex.exchange.rules import NotNow
from ilex.gate.models import Attachment
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Officer


def question(officer: Officer, request: Request, text: str, *, said_at: datetime | None = None) -> Entry:
    """Ask the requester to clarify. The clock stops when his receipt says that he has the question, not before."""
    text = written("text", text, _("Write the question."))
    with act("request.question", Operation.DISCLOSURE, by=officer, on=("request", str(request.pk))) as this:
        this.detail |= approved.named()
        row = locked(officer, "question", request)
        this.recipients = [row.partner_id]
        body = QuestionBody(agent=officer.function, text=text)
        entry = say(row, Entry.Kind.QUESTION, body, by=officer, said_at=said_at, text=text)
        clockwork.reckon(row, now())
    return entry


def give_clarification(
    officer: Officer,
    request: Request,
    text: str,
    *,
    attachments: Sequence[Attachment] = (),
    said_at: datetime | None = None,
) -> Entry:
    """Answer every question that is open. The clock runs again when they have the answer."""
    text = written("text", text, _("Write the clarification."))
    with act("request.clarification", Operation.DISCLOSURE, by=officer, on=("request", str(request.pk))) as this:
        this.detail |= approved.named()
        row = locked(officer, "give_clarification", request)
        this.recipients = [row.partner_id]
        asked = questions_asked(row, Way.IN)
        if not asked:
            raise NotNow(_("They have not asked anything that is still open."))
        messages = [message for message in asked.values() if message]
        body = ClarificationBody(agent=officer.function, text=text, questions=messages[:40])
        entry = say(
            row,
            Entry.Kind.CLARIFICATION,
            body,
            by=officer,
            said_at=said_at,
            attachments=attachments,
            text=text,
            details={"questions": [str(pk) for pk in asked]},
        )
        clockwork.reckon(row, now())
    return entry
