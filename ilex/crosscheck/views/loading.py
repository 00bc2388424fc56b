"""What every page of this room begins with: who asks, and for what; what he may not see does not exist."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, QueryDict

from ilex.crosscheck import queries
from ilex.crosscheck.models import Hit, Look
from ilex.crosscheck.rules import Invalid, NotNow
from ilex.exchange import queries as exchange
from ilex.exchange.models import Request
from ilex.holdings.errors import Invalid as NotHeld
from ilex.subjects import queries as subjects
from ilex.subjects.models import Subject
from ilex.units.models import Officer
from ilex.units.rules import check


def officer_of(request: HttpRequest, verb: str) -> Officer:
    """Who asks. LoginRequiredMiddleware stands before every page, so it is always an officer."""
    officer = cast(Officer, request.user)
    check(officer, verb)
    return officer


def load_hit(request: HttpRequest, id: uuid.UUID, verb: str = "holding.read") -> tuple[Officer, Hit]:
    officer = officer_of(request, verb)
    try:
        return officer, queries.hit_for(officer, id)
    except Hit.DoesNotExist as error:
        raise Http404 from error


def load_look(request: HttpRequest, id: uuid.UUID, verb: str = "holding.read") -> tuple[Officer, Look]:
    officer = officer_of(request, verb)
    return officer, look_of(officer, id)


def look_of(officer: Officer, id: uuid.UUID) -> Look:
    try:
        return queries.look_for(officer, id)
    except Look.DoesNotExist as error:
        raise Http404 from error


def request_of(officer: Officer, ref: str) -> Request:
    try:
        return exchange.request_for(officer, ref)
    except Request.DoesNotExist as error:
        raise Http404 from error


def subject_of(officer: Officer, id: uuid.UUID) -> Subject:
    try:
        return subjects.subject_for(officer, id)
    except Subject.DoesNotExist as error:
        raise Http404 from error


def key_of(text: str) -> uuid.UUID:
    """Of an address; what is none does not exist."""
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Http404 from error


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent with the form; None while it is only shown."""
    return request.POST if request.method == "POST" else None


def tried(request: HttpRequest, verb: Callable[[], object], word: str) -> bool:
    """Run a verb; tell in one sentence how it went."""
    try:
        verb()
    except NotNow as late:
        messages.error(request, str(late))
    except (Invalid, NotHeld) as refused:
        messages.error(request, " ".join(refused.fields.values()))
    else:
        messages.success(request, word)
        return True
    return False
