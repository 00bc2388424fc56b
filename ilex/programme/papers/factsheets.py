"""The factsheet of an action on paper."""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import override

from ilex.exchange.papers.press import set_in_type, typeable
from ilex.programme.queries.retold import Section
from ilex.programme.queries.sheets import Sheet
from ilex.units.queries import here, organisation_name

TEMPLATE = Path(__file__).with_name("factsheet.typ")


def factsheet_pdf(content: Sheet, language: str, at: datetime | None = None) -> bytes:
    """The same content, language and moment give the same bytes. Raises FormError."""
    at = at or now()
    page = language if language in dict(settings.LANGUAGES) else "en"
    with override(page):
        unit = organisation_name(here(), page)
        day = date_format(localtime(at), "j F Y")
        paper = {
            **dataclasses.asdict(content),
            "sections": [_marked(section) for section in content.sections],
            "language": _letters(language),
            "unit": unit,
            "kind": _("Factsheet"),
            "day": _("As kept by %(unit)s on %(day)s") % {"unit": unit, "day": day},
            "names_of": {"footnotes": _("Footnotes"), "sources": _("Sources")},
            "page_of": _("Page {page} of {pages}"),
            "made": list(localtime(at).timetuple())[:6],
        }
    return set_in_type(TEMPLATE, {"sheet": json.dumps(typeable(paper))}, at)


def _marked(section: Section) -> dict[str, Any]:
    """With the languages of its paragraphs as Typst names them."""
    words = [{"text": one.text, "language": _letters(one.language)} for one in section.words]
    return dataclasses.asdict(section) | {"words": words}


def _letters(language: str) -> str:
    """Two or three letters without script or region."""
    return language.partition("-")[0].lower()
