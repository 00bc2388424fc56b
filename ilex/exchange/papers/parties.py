"""Authorities and states as the forms name them, from the directory, in the active language."""

from __future__ import annotations

from django.utils.translation import get_language

from ilex.exchange.papers.fields import Authority, State
from ilex.units.models import Organisation, Place
from ilex.units.queries import place_name
from ilex.words.scripts import sr_latin


def authority(organisation: Organisation) -> Authority:
    reached = {contact.kind: contact.value for contact in organisation.contacts.order_by("-pk")}
    return Authority(
        unit=organisation.pk,
        name=_name(organisation),
        address=reached.get("address", ""),
        telephone=reached.get("telephone", ""),
        email=reached.get("e-mail", ""),
        state=state(organisation.place),
    )


def state(place: Place | None) -> State:
    """The code alone where the directory has no name."""
    if place is None:
        return State()
    language = get_language() or "en"
    found = place_name(place, "sr" if language == "sr-latn" else language)
    if found is None:
        return State(code=place.code)
    text = sr_latin(found.text) if language == "sr-latn" and found.language == "sr" else found.text
    return State(code=place.code, name=text, footnote=found.footnote)


def _name(organisation: Organisation) -> str:
    """In the active language where the directory has it, else in English."""
    found = organisation.names.filter(language=get_language() or "en").first()
    return found.text if found else organisation.name
