"""An answer drafted from what an officer confirmed: he reads it, changes it, and releases it as every answer."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from ilex.crosscheck.queries.telling import Said, told, waits_for_answer
from ilex.crosscheck.rules import NotNow
from ilex.exchange import actions as exchange
from ilex.exchange import queries
from ilex.exchange.models import Draft, Request
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Officer
from ilex.units.rules import check
from ilex.words import uses

KIND = "answer"  # of drafts


def draft_from_hits(officer: Officer, request: Request) -> Draft:
    """Write down what is held of the subjects of a request, by the hits that were judged the same.

    What the officer had begun to write stays; the new text stands below it. Raises NotNow when nothing is confirmed
    that may be told, or the request wants no answer.
    """
    check(officer, "request.answer")
    row = queries.visible_requests(officer).select_related("partner").get(pk=request.pk)
    if not waits_for_answer(row):
        raise NotNow(_("This request does not wait for an answer."))
    said = told(officer, row)
    if not said.lines:
        raise NotNow(_("No hit was judged the same of which the unit may tell."))
    with act("answer.drafted", Operation.CONSULTATION, by=officer, on=("request", str(row.pk))) as this:
        draft = _kept(officer, row, said)
        this.detail |= {"lines": len(said.lines), "withheld": len(said.withheld)}
    return draft


def _kept(officer: Officer, request: Request, said: Said) -> Draft:
    with transaction.atomic():
        mine = Draft.objects.select_for_update().filter(officer=officer, kind=KIND, request=request)
        known = mine.order_by("-saved_at").first()
        fields = dict(known.fields) if known else {"stage": ["final"]}
        before = str((fields.get("text") or [""])[0]).rstrip()
        text = "\n".join(said.lines).strip()
        fields["text"] = [text if not before or before == text else before if text in before else f"{before}\n\n{text}"]
        was = str((fields.get("handling") or ["H0"])[0]) or "H0"
        fields["handling"] = [uses.strictest([was, *said.handlings])]
        notes = dict.fromkeys([*(fields.get("handling_note") or []), *said.notes])
        fields["handling_note"] = ["\n".join(filter(None, notes))]
        papers = list(known.papers.all()) if known else []
        return exchange.keep_draft(
            officer, KIND, fields, request=request, draft=known.pk if known else None, papers=papers
        )
