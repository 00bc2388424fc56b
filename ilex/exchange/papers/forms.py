"""The door of the papers: forms A and B out of the record, to PDF, back out of a PDF, into the recording page."""

from __future__ import annotations

from django.utils.translation import gettext, override

from ilex.exchange.papers import press, sheet_a, sheet_b
from ilex.exchange.papers.content import to_content
from ilex.exchange.papers.fields import RECORD_NAME, FormA, FormB, FormError
from ilex.exchange.papers.records import form_a, form_b
from ilex.exchange.papers.sheet import Sheet
from ilex.exchange.papers.wording import banner, colophon, foot, moment, page_language

__all__ = ["FormA", "FormB", "FormError", "form_a", "form_b", "read_pdf", "to_content", "to_pdf"]


def read_pdf(content: bytes) -> FormA | FormB:
    """The form inside a PDF that Ilex made. Raises FormError with one sentence for the officer."""
    from ilex.exchange.papers import reading  # late: five MiB that the door and the relay never need

    return reading.read_pdf(content)


def to_pdf(form: FormA | FormB, language: str) -> bytes:
    """The form as PDF, its labels in `language` (ours that is nearest), its record attached.

    The same form gives the same bytes. Raises FormError when it cannot be printed.
    """
    language = page_language(language)
    with override(language):
        sheet = _sheet(form, language)
    return press.to_pdf(sheet, form.model_dump_json().encode(), form.made_at)


def _sheet(form: FormA | FormB, language: str) -> Sheet:
    if isinstance(form, FormA):
        title, short = _title_a(form), gettext("Form A")
        facts, sections = sheet_a.facts(form), sheet_a.sections(form)
        author = form.requested.name
    else:
        title, short = gettext("Request for information and intelligence"), gettext("Form B")
        facts, sections = sheet_b.facts(form), sheet_b.sections(form)
        author = form.requesting.name
    with_record, alone = colophon(form.made_at, RECORD_NAME)
    return Sheet(
        title=title,
        subtitle=gettext("%(form)s of Council Framework Decision 2006/960/JHA") % {"form": short},
        language=language,
        author=author or "Ilex",
        banner=banner(form.handling, form.handling_note),
        warning=_warning(form),
        facts=facts,
        sections=sections,
        foot=foot(short, form.reference),
        page_of=gettext("Page {page} of {pages}"),
        colophon=with_record,
        colophon_alone=alone,
        record_name=RECORD_NAME,
        record_note=gettext("The fields of this form for machines"),
    )


def _warning(form: FormA | FormB) -> str:
    if form.recalled_at:
        return gettext("Recalled by its author on %(moment)s. Do not use it.") % {"moment": moment(form.recalled_at)}
    if form.corrected_at:
        return gettext("Corrected by its author on %(moment)s. Read the correction.") % {
            "moment": moment(form.corrected_at)
        }
    return ""


def _title_a(form: FormA) -> str:
    if form.spontaneous:
        return gettext("Information given without a request")
    if form.refusal and not form.information:
        return gettext("Refusal of information")
    if form.refusal:
        return gettext("Transmission and refusal in part of information")
    return gettext("Delay of information") if form.delay else gettext("Transmission of information")
