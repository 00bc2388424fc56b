"""The pages for what went wrong: one clear sentence and a way on. ilex.config.urls names them as its handlers."""

from __future__ import annotations

import sys

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "403.html", {"sentence": _sentence(exception)}, status=403)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", {"sentence": _sentence(exception)}, status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """Our own fault. Drawn without the database, which may be what is broken."""
    away = isinstance(sys.exc_info()[1], OperationalError | InterfaceError)
    return unavailable(request) if away else HttpResponse(render_to_string("500.html"), status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "30"})


def _sentence(exception: Exception | None) -> str:
    """What the code that refused had to say, when it was written for people."""
    said = exception.args[0] if exception and exception.args else ""
    return said if isinstance(said, str) else ""
