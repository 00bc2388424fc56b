"""What every page of this room needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from ilex.duty.errors import NotNow
from ilex.units.models import Officer


def officer_of(request: HttpRequest) -> Officer:
    """Who asks. LoginRequiredMiddleware stands before every page, so it is always an officer."""
    return cast(Officer, request.user)


def tried(request: HttpRequest, verb: Callable[[], object], word: str, to: str) -> HttpResponse:
    """Run a verb and go to the page, with one sentence about how it went."""
    try:
        verb()
    except NotNow as late:
        messages.error(request, str(late))
    else:
        messages.success(request, word)
    return redirect(to)
