"""Factsheets that are kept: what was said of an action on a day, on paper and as IATI."""

from __future__ import annotations

import dataclasses
import hashlib

from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.exchange.papers.fields import FormError
from ilex.gate.models import Attachment
from ilex.gate.store import Damaged, StoreError, open_stream, seal_stream
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.programme import iati
from ilex.programme.models import Action, Factsheet
from ilex.programme.papers.factsheets import factsheet_pdf
from ilex.programme.queries.outward import record_of
from ilex.programme.queries.sheets import Sheet, languages_of, sheet_of
from ilex.programme.rules.errors import Invalid, NotNow, somebody_was_faster
from ilex.programme.rules.outward import Record, outward
from ilex.units.models import Officer
from ilex.units.rules import check


def freeze(officer: Officer, action: Action, language: str) -> Factsheet:
    """Keep the sheet as it is now: record, PDF, and IATI where it can be told. Nothing changes it later.

    Raises Invalid for a language into which the action was not put, NotNow when it cannot be printed or kept.
    """
    check(officer, "programme.write")
    if language not in languages_of(action):
        raise Invalid({"language": _("This action has no text in that language.")})
    at = now()
    with act("factsheet.frozen", Operation.COLLECTION, by=officer, on=("action", str(action.pk))) as this:
        action = Action.objects.select_for_update(of=("self",)).get(pk=action.pk)  # record and paper say the same
        sheet = sheet_of(action, officer, language)
        try:
            printed = factsheet_pdf(sheet, language, at)
            paper = seal_stream([printed], name=f"{action.key}-{language}.pdf", media="application/pdf")
        except (FormError, StoreError) as error:
            raise NotNow(str(error)) from error
        paper.whole_at = at
        paper.save()
        content = _content(action, sheet) | {"pdf": hashlib.sha256(printed).hexdigest()}
        made = Factsheet.objects.create(
            action=action,
            language=language,
            layout=sheet.layout,
            content=content,
            pdf=paper,
            iati=_iati(content, language),
            frozen_at=at,
            frozen_by=officer,
        )
        this.detail |= {"factsheet": str(made.pk), "language": language}
    return made


def show_publicly(officer: Officer, sheet: Factsheet, public: bool) -> None:
    """Whether the public site shows this copy. What it says stays as it is."""
    check(officer, "news.publish")
    if public and not sheet.action.public:
        raise NotNow(_("This action may not stand on the public site. Whoever changes the action can say that it may."))
    name = "factsheet.published" if public else "factsheet.withdrawn"
    operation = Operation.DISCLOSURE if public else Operation.ALTERATION
    with act(name, operation, by=officer, on=("action", str(sheet.action_id)), factsheet=str(sheet.pk)):
        if not Factsheet.objects.filter(pk=sheet.pk, public=not public).update(public=public):
            raise somebody_was_faster()


def hand_out(officer: Officer, action: Action, what: str) -> None:
    """Somebody takes the sheet out of the house, as paper or as a file: it leaves a line."""
    check(officer, "programme.read")
    with act("factsheet.taken", Operation.CONSULTATION, by=officer, on=("action", str(action.pk)), what=what):
        pass


def kept_pdf(sheet: Factsheet) -> tuple[Attachment, bytes] | None:
    """The paper as it was kept, or None where there is none. Raises StoreError when it is not that paper any more."""
    if sheet.pdf is None:
        return None
    content = b"".join(open_stream(sheet.pdf))
    if hashlib.sha256(content).hexdigest() != sheet.content.get("pdf"):
        raise Damaged(sheet.pdf.name)
    return sheet.pdf, content


def _content(action: Action, sheet: Sheet) -> Record:
    """The record of the action with title and summary in the language of the sheet, and the sheet as it was shown."""
    record = record_of(action.pk)
    every = {one["language"]: one for one in (*record["texts"], _original(record))}
    own = every[sheet.language]
    words = {"title": sheet.title, "summary": own["summary"] or record["summary"], "language": sheet.language}
    return record | words | {"texts": list(every.values()), "sheet": dataclasses.asdict(sheet)}


def _original(record: Record) -> Record:
    return {name: record[name] for name in ("language", "title", "summary")}


def _iati(content: Record, language: str) -> str:
    """Empty for what IATI cannot tell."""
    told = outward(content)
    if iati.why_not(told):
        return ""
    made = iati.records_xml([told], language)
    if complaints := iati.validate(made):
        raise NotNow(complaints[0])
    return made.decode()
