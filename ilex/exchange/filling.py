"""A form B as PDF, an e-mail or a scan fills the sheet of the record; the officer compares it with the paper."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from ilex.documents.errors import Refused
from ilex.documents.letters import Letter, is_letter, letter_of
from ilex.exchange.papers.forms import FormB, FormError, read_pdf, to_content
from ilex.gate import store
from ilex.gate.models import Attachment
from ilex.units.kinds import ContactKind, OrganisationKind
from ilex.units.models import Contact

PDF = "application/pdf"
LONGEST = 20 * 2**20  # bytes of a PDF that is read
TEXT = 20_000  # characters of a field
REFERENCE = re.compile(r"\b[A-Z]{2,8}[-/ .]\d{4}[-/ .]\d{1,6}\b")
PLAIN = (
    *("requested_information", "purpose", "facts", "underlying_offence", "grounds_available", "link_explanation"),
    *("use_restrictions", "urgency", "urgency_reason", "language", "handling", "handling_note", "on_behalf_of"),
    "their_ref",
)
OF_SUBJECT = ("kind", "name", "category", "language", "born", "nationality", "note")


def filled(typed: QueryDict, papers: Iterable[Attachment]) -> QueryDict:
    """What was typed, with the fields of the form among the papers in its place.

    A form B that carries its record fills everything; an e-mail or a scan its text, and what its head says.
    Raises FormError with one sentence when no paper can be read so.
    """
    papers = list(papers)
    try:
        form = _form(papers)
    except FormError as refused:
        return _filled_by_letter(typed, papers, refused)
    content = to_content(form)
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


def words_of(papers: Iterable[Attachment], language: str = "") -> str:
    """The text of the first e-mail or scan among them; empty when there is none."""
    for paper in filter(is_letter, papers):
        with suppress(Refused):
            return letter_of(paper, language).text[:TEXT]
    return ""


def _filled_by_letter(typed: QueryDict, papers: Iterable[Attachment], refused: FormError) -> QueryDict:
    reason = refused
    for paper in filter(is_letter, papers):
        try:
            return _with_letter(typed, letter_of(paper, typed.get("language", "")))
        except Refused as why:
            reason = FormError(str(why)) if paper.media != PDF else reason
    raise reason


def _with_letter(typed: QueryDict, letter: Letter) -> QueryDict:
    """Sender, moment and reference are taken from the letter; a text that was typed already stays."""
    sheet = typed.copy()
    came = letter.received_at or letter.sent_at
    told = {
        "sender": _unit_of(letter.address),
        "received_at": timezone.localtime(came).strftime("%Y-%m-%dT%H:%M") if came and came <= timezone.now() else "",
        "their_ref": found[0] if (found := REFERENCE.search(letter.subject)) else "",
    }
    for name, value in told.items():
        if value:
            sheet[name] = value
    text = "\n\n".join(filter(None, (letter.subject, letter.text)))[:TEXT]
    note = f"{letter.sender}, {letter.subject}"[:500] if letter.sender else ""
    for name, value in (("requested_information", text), ("channel_note", note), ("channel", "other")):
        if not sheet.get(name, "").strip():
            sheet[name] = value
    return sheet


def _unit_of(address: str) -> str:
    """The unit with this address in the directory, or alone with its domain. A proposal: heads prove nothing."""
    mails = Contact.objects.filter(kind=ContactKind.EMAIL).exclude(organisation=settings.ILEX_UNIT)
    units = mails.filter(organisation__kind=OrganisationKind.UNIT)
    domain = address.rpartition("@")[2]
    if not domain:
        return ""
    for found in (units.filter(value__iexact=address), units.filter(value__iendswith=f"@{domain}")):
        ids = set(found.values_list("organisation", flat=True))
        if len(ids) == 1:
            return str(ids.pop())
    return ""


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
