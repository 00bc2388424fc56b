"""What every page of this room begins with: who asks, for what, and, of supervisors, why."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from ilex.sharing import queries
from ilex.sharing.models import Consent, Release
from ilex.sharing.rules import Blocked, Invalid, NotNow, Unconfirmed
from ilex.subjects.queries import needs_reason
from ilex.units.models import Officer
from ilex.units.rules import check
from ilex.web.reasons import ask_reason, reason_of


def officer_of(request: HttpRequest) -> Officer:
    """Who asks. LoginRequiredMiddleware stands before every page, so it is always an officer."""
    return cast(Officer, request.user)


def load(request: HttpRequest, id: uuid.UUID, verb: str = "subject.read") -> tuple[Officer, Release]:
    officer = officer_of(request)
    check(officer, verb)
    try:
        return officer, queries.release_for(officer, id)
    except Release.DoesNotExist as error:
        raise Http404 from error


def load_consent(request: HttpRequest, id: uuid.UUID, verb: str = "subject.read") -> tuple[Officer, Consent]:
    officer = officer_of(request)
    check(officer, verb)
    try:
        return officer, queries.consent_for(officer, id)
    except Consent.DoesNotExist as error:
        raise Http404 from error


def asks_reason(request: HttpRequest, officer: Officer) -> HttpResponse | None:
    """The page on which a supervisor types his reason; None for everybody else, and when he gave one."""
    if not needs_reason(officer) or reason_of(request):
        return None
    return ask_reason(request)


def tried(request: HttpRequest, verb: Callable[[], object], word: str) -> bool:
    """Run a verb and say in one sentence how it went."""
    try:
        verb()
    except NotNow as late:
        messages.error(request, str(late))
    except Invalid as refused:
        messages.error(request, " ".join(refused.fields.values()))
    except Blocked as blocked:
        messages.error(request, " ".join(blocked.sentences))
    except Unconfirmed as asked:
        messages.error(request, " ".join(asked.conditions))
    else:
        messages.success(request, word)
        return True
    return False


def back_to(release: uuid.UUID, page: str = "release") -> HttpResponse:
    return redirect(page, release)
