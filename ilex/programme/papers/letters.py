"""Letters on paper: an invitation for who reads no Ilex, and the word that a person is expected, for a visa."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from ilex.exchange.papers.press import set_in_type, typeable
from ilex.programme.models import Activity, Invitation, Nomination
from ilex.programme.queries.people import in_words
from ilex.units.queries import organisation_name, place_name
from ilex.web.moments import moment_text

TEMPLATE = Path(__file__).with_name("letter.typ")
Facts = list[list[str]]


def letter_pdf(about: Invitation | Nomination, at: datetime | None = None) -> bytes:
    """In the language of the invitation."""
    at = at or now()
    invitation = about if isinstance(about, Invitation) else about.invitation
    language = invitation.language if invitation.language in dict(settings.LANGUAGES) else "en"
    with override(language):
        words = _invitation(about, language) if isinstance(about, Invitation) else _nomination(about, language)
        paper = {
            "language": language.partition("-")[0],
            "unit": organisation_name(invitation.organiser, language),
            "day": date_format(localtime(at), "j F Y"),
            "end": organisation_name(invitation.organiser, language),
            "foot": invitation.activity.title[:120],
            "page_of": _("Page {page} of {pages}"),
            "made": list(localtime(at).timetuple())[:6],
            **words,
        }
    return set_in_type(TEMPLATE, {"paper": json.dumps(typeable(paper))}, at)


def _invitation(invitation: Invitation, language: str) -> dict[str, Any]:
    quotas = invitation.quotas.select_related("unit").order_by("unit__name")
    asks = _("You are invited to nominate people for the activity below.")
    until = _("Please answer by %(moment)s.")
    paragraphs = [asks, invitation.text]
    if invitation.answer_by:
        paragraphs.append(until % {"moment": moment_text(invitation.answer_by)})
    places = [[organisation_name(one.unit, language), _places(one.places)] for one in quotas]
    return {
        "title": _("Invitation: %(title)s") % {"title": invitation.activity.title},
        "to": "\n".join(name for name, _count in places),
        "paragraphs": [words for words in paragraphs if words],
        "parts": [_activity(invitation.activity, language), {"title": _("Places"), "facts": places}],
    }


def _nomination(nomination: Nomination, language: str) -> dict[str, Any]:
    activity = nomination.invitation.activity
    facts = [[_("Name"), nomination.name], [_("Function"), nomination.function]]
    facts += [[_("Organisation"), nomination.organisation]] if nomination.organisation else []
    facts += [[_("Nominated by"), organisation_name(nomination.unit, language)]]
    return {
        "title": _("Confirmation of participation"),
        "to": organisation_name(nomination.unit, language),
        "paragraphs": [_("The person named below is expected at the activity below.")],
        "parts": [{"title": _("Person"), "facts": facts}, _activity(activity, language)],
    }


def _activity(activity: Activity, language: str) -> dict[str, Any]:
    place = place_name(activity.place, language).text if activity.place else activity.place_printed
    facts: Facts = [
        [_("Activity"), activity.title],
        [_("Kind"), activity.get_kind_display()],
        [_("When"), in_words(activity.when, language)],
        [_("Begins"), moment_text(activity.starts_at) if activity.starts_at else ""],
        [_("Where"), ", ".join(part for part in (activity.venue, place) if part)],
        [_("About"), activity.text],
    ]
    return {"title": _("Activity"), "facts": [fact for fact in facts if fact[1]]}


def _places(count: int) -> str:
    return ngettext("%(count)s person", "%(count)s people", count) % {"count": count}
