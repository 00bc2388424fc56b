"""The certificate of one participant as a PDF, with the signed words in a QR code."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path

import segno
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from ilex.exchange.papers.press import set_in_type, typeable
from ilex.programme.models import Certificate
from ilex.programme.queries.people import in_words
from ilex.units.queries import organisation_name, place_name

TEMPLATE = Path(__file__).with_name("certificate.typ")


def certificate_pdf(certificate: Certificate) -> bytes:
    """In the language of the activity. The certificate still has its words: nothing of it is erased yet."""
    return set_in_type(
        TEMPLATE, printed(certificate), datetime.combine(certificate.issued_on, datetime.min.time(), UTC)
    )


def printed(certificate: Certificate) -> dict[str, str]:
    """What the template is given."""
    row = certificate.nomination
    invitation, activity = row.invitation, row.invitation.activity
    language = activity.language if activity.language in dict(settings.LANGUAGES) else "en"
    with override(language):
        unit = organisation_name(invitation.organiser, language)
        place = place_name(activity.place, language).text if activity.place else activity.place_printed
        paper = {
            "language": language.partition("-")[0],
            "unit": unit,
            "title": _("Certificate of attendance"),
            "before": _("This certifies that"),
            "name": row.name,
            "between": _("took part in"),
            "event": activity.title,
            "place": ", ".join(part for part in (in_words(activity.when, language), activity.venue, place) if part),
            "number": certificate.number,
            "revoked": _("Revoked: %(why)s") % {"why": certificate.revoked_why} if certificate.revoked_at else "",
            "facts": [
                [_("Number"), certificate.number],
                [_("Issued by"), unit],
                [_("Issued on"), date_format(certificate.issued_on, "j F Y")],
            ],
            "how": _(
                "The code holds these words and the electronic signature of the unit. Every unit of the network can"
                " check it without a line, with Ilex or with the unit's card."
            ),
            "code_words": _("QR code with the signed words of this certificate"),
            "made": list(datetime.combine(certificate.issued_on, datetime.min.time()).timetuple())[:6],
        }
    return {"paper": json.dumps(typeable(paper)), "code": qr_svg(certificate.signed)}


def qr_svg(text: str) -> str:
    """A QR code with its quiet edge, as an image of lines; a tenth of it may be damaged."""
    code = segno.make(text, error="m", micro=False, boost_error=False)
    file = io.BytesIO()
    code.save(file, kind="svg", border=4, xmldecl=False, omitsize=True)
    return file.getvalue().decode()
