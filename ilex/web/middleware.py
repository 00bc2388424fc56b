"""The officer's own page language, and pages that no browser keeps after the officer has gone."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from ilex.units.models import Officer
from ilex.web import languages

Answer = Callable[[HttpRequest], HttpResponse]


class OfficersLanguage:
    """The language an officer chose wins over what the browser asks for. Says which one it is in BCP 47."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        officer = request.user if isinstance(request.user, Officer) else None
        if officer:
            translation.activate(officer.page_language)
            request.LANGUAGE_CODE = officer.page_language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", languages.tag(translation.get_language()))
        if officer:
            # What an officer read must not come back by the Back button for the next person at this desk.
            response.headers.setdefault("Cache-Control", "no-store, private")
        return response
