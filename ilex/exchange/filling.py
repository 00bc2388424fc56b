"""A form B that came as PDF fills the sheet of the record; the officer compares it with the paper."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from ilex.exchange.papers.forms import FormB, FormError, read_pdf, to_content
from ilex.gate import store
from ilex.gate.models import Attachment

PDF = "application/pdf"
LONGEST = 20 * 2**20  # bytes of a PDF that is read
PLAIN = (
    *("requested_information", "purpose", "facts", "underlying_offence", "grounds_available", "link_explanation"),
    *("use_restrictions", "urgency", "urgency_reason", "language", "handling", "handling_note", "on_behalf_of"),
    "their_ref",
)
OF_SUBJECT = ("kind", "name", "category", "language", "born", "nationality", "note")


def filled(typed: QueryDict, papers: Iterable[Attachment]) -> QueryDict:
    """What was typed, with the fields of the form among the papers in its place.

    Raises FormError with one sentence when no paper is a form B that carries its record.
    """
    content = to_content(_form(papers))
    sheet = typed.copy()
    for name in PLAIN:
        sheet[name] = str(content[name])
    sheet["sender"] = content["partner"]
    sheet.setlist("offences", content["offences"])
    for name in [name for name in sheet if name.startswith("subject-")]:
        del sheet[name]
    for number, subject in enumerate(content["subjects"]):
        _fill_subject(sheet, number, subject)
    sheet["subject-TOTAL_FORMS"] = str(len(content["subjects"]) + 1)
    sheet["subject-INITIAL_FORMS"] = "0"
    return sheet


def _fill_subject(sheet: QueryDict, number: int, subject: dict[str, Any]) -> None:
    for name in OF_SUBJECT:
        sheet[f"subject-{number}-{name}"] = str(subject.get(name) or "")
    for name in ("other_names", "numbers"):
        sheet[f"subject-{number}-{name}"] = "; ".join(subject.get(name) or ())


def _form(papers: Iterable[Attachment]) -> FormB:
    reason = _("Attach the form as a PDF file first.")
    for paper in papers:
        if paper.media != PDF or paper.size > LONGEST:
            continue
        try:
            form = read_pdf(b"".join(store.open_stream(paper)))
        except FormError as refused:
            reason = str(refused)
            continue
        if isinstance(form, FormB):
            return form
        reason = _("This is a form A, an answer. Record it on the page of its request.")
    raise FormError(reason)
