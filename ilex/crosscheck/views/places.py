"""Where an end of a hit stands, in words and as a page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from ilex.crosscheck import queries
from ilex.crosscheck.models import Hit
from ilex.crosscheck.rules import REQUESTS
from ilex.exchange.models import Subject as Named
from ilex.holdings import origins
from ilex.holdings.models import Source
from ilex.units.models import Officer


def titles() -> dict[str, str]:
    """The titles of all sources by their code, in one query."""
    return dict(Source.objects.filter(origin=False).values_list("code", "title"))


def title(code: str, known: dict[str, str]) -> str:
    """Of a source, or of the room whose records are searched without a copy."""
    if code in known:
        return known[code]
    origin = origins.origin(code)
    return str(origin.title) if origin else code


def asked_shortly(hit: Hit) -> str:
    if hit.request is not None:
        return hit.request.our_ref
    return _("Subject") if hit.subject_id else _("typed")


def asked_where(hit: Hit) -> str:
    """The reference with the partner, and as what the letter names the person: a witness is no suspect."""
    if hit.request is None:
        return asked_shortly(hit)
    partner = hit.request.partner
    words = [hit.request.our_ref, partner.place_id or partner.acronym or partner.name]
    if hit.asked_origin == REQUESTS and hit.asked_key.isdecimal():
        named = Named.objects.filter(pk=hit.asked_key).first()
        words.append(str(named.get_category_display()) if named and named.category else "")
    return " · ".join(filter(None, words))


def held_where(hit: Hit, known: dict[str, str]) -> str:
    if hit.held_request is not None:
        return hit.held_request.our_ref
    return title(hit.held_origin, known)


def pages(hit: Hit, officer: Officer) -> tuple[str, str]:
    """The pages of the two ends, empty where there is none for this officer."""
    return queries.page_of_record(hit, officer, side="asked"), queries.page_of_record(hit, officer, side="held")
