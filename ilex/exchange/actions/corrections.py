"""Correcting and recalling what was sent: all who got it are told at once (Directive (EU) 2016/680 Art. 7(3))."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.exchange.actions import approved, clockwork
from ilex.exchange.actions.entries import keep, must_permit, post, written
from ilex.exchange.documents import close_papers
from ilex.exchange.messages import Body, CorrectionBody, RecallBody
from ilex.exchange.models import Entry, Request, Way
from ilex.exchange.queries.access import visible
from ilex.exchange.rules import NotNow
from ilex.gate.fields import to_the_millisecond
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Officer

# What carries content that can turn out to be wrong.
MENDABLE = (
    *(Entry.Kind.REQUEST, Entry.Kind.QUESTION, Entry.Kind.CLARIFICATION, Entry.Kind.ANSWER),
    *(Entry.Kind.REFUSAL, Entry.Kind.INFORMATION, Entry.Kind.OUTCOME),
)
ASKING = (Entry.Kind.REQUEST, Entry.Kind.CLARIFICATION, Entry.Kind.INFORMATION, Entry.Kind.OUTCOME)


def mendable(entry: Entry, officer: Officer) -> bool:
    """Whether this officer may correct or recall this entry now. For pages; the verbs check again."""
    return entry.way == Way.OUT and entry.kind in MENDABLE and entry.recalled_at is None


def correct(officer: Officer, entry: Entry, text: str, reason: str) -> list[Entry]:
    """Send the right text to everybody who got the wrong one. Both stay on the record, the new one on top."""
    text = written("text", text, _("Write the corrected text."))
    reason = written("reason", reason, _("Say what was wrong."))
    with act("entry.corrected", Operation.DISCLOSURE, by=officer, on=("entry", str(entry.pk)), reason=reason) as this:
        this.detail |= approved.named()
        wrong = _same_message(officer, entry)
        at = now()
        body = CorrectionBody(agent=officer.function, about=wrong[0].message or wrong[0].pk, text=text, reason=reason)
        said = _say_to_all(officer, Entry.Kind.CORRECTION, body, wrong, at, text=text, reasons=reason)
        Entry.objects.filter(pk__in=[one.pk for one in wrong], recalled_at=None).update(corrected_at=at)
        this.recipients = [one.request.partner_id for one in wrong]
    return said


def recall(officer: Officer, entry: Entry, reason: str) -> list[Entry]:
    """Take it back at everybody who got it: its text is no longer shown there or here, and no longer counts.

    A recalled request needs no answer any more; a request whose settling answer is recalled is open again.
    """
    reason = written("reason", reason, _("Say why it is recalled."))
    with act("entry.recalled", Operation.DISCLOSURE, by=officer, on=("entry", str(entry.pk)), reason=reason) as this:
        this.detail |= approved.named()
        taken_back = _same_message(officer, entry)
        at = now()
        body = RecallBody(agent=officer.function, about=taken_back[0].message or taken_back[0].pk, reason=reason)
        said = _say_to_all(officer, Entry.Kind.RECALL, body, taken_back, at, reasons=reason)
        for one in taken_back:
            apply_recall(one, said[0].at if said else at)
        this.recipients = [one.request.partner_id for one in taken_back]
    return said


def apply_recall(entry: Entry, at: datetime) -> None:
    """Mark it, and bring the request to what remains said. The row of the request is locked by the caller."""
    if not Entry.objects.filter(pk=entry.pk, recalled_at=None).update(recalled_at=at):
        raise NotNow(_("This has been recalled already."))
    close_papers(entry)
    clockwork.reckon(entry.request, at)


def _same_message(officer: Officer, entry: Entry) -> list[Entry]:
    """The entry with its likes for the other units that got the same message, their requests locked."""
    must_permit(officer, "request.send" if entry.kind in ASKING else "request.answer", entry.request)
    if not Request.objects.filter(visible(officer), pk=entry.request_id).exists():
        raise PermissionDenied
    _check_mendable(entry)
    same = Entry.objects.filter(pk=entry.pk)
    if entry.message:
        same = Entry.objects.filter(message=entry.message, way=Way.OUT)
    pks = list(same.values_list("request", flat=True))
    requests = {
        row.pk: row
        for row in Request.objects.select_for_update(of=("self",), no_key=True)
        .select_related("partner__place")
        .filter(pk__in=pks)
        .order_by("pk")
    }
    found = list(same.order_by("request__our_ref"))
    for one in found:
        one.request = requests[one.request_id]
    _check_mendable(found[0])
    return found


def _check_mendable(entry: Entry) -> None:
    if entry.way != Way.OUT or entry.kind not in MENDABLE:
        raise NotNow(_("Only what we said ourselves can be corrected or recalled."))
    if entry.recalled_at is not None:
        raise NotNow(_("This has been recalled already."))


def _say_to_all(
    officer: Officer, kind: Entry.Kind, body: Body, about: Sequence[Entry], at: datetime, **columns: Any
) -> list[Entry]:
    """One envelope to all who have the entry from our line; elsewhere the officer tells them, and we record it."""
    first, envelope = about[0], None
    if first.message:
        to = [one.request.partner_id for one in about]
        envelope = post(kind, body, to, first.request, first.handling, (), officer)
        at = to_the_millisecond(envelope.at)
    return [
        keep(
            one.request,
            kind,
            Way.OUT,
            at,
            envelope,
            by=officer,
            about=one,
            handling=one.handling,
            language=one.language,
            reached_at=None if envelope else at,
            **columns,
        )
        for one in about
    ]
