"""What every page of this room begins with: who asks, and how a verb went."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest

from ilex.programme.rules.errors import Invalid, NotNow
from ilex.units.models import Officer
from ilex.units.rules import may

T = TypeVar("T")


def officer_of(request: HttpRequest) -> Officer:
    """Who asks. LoginRequiredMiddleware stands before every page, so it is always an officer."""
    return cast(Officer, request.user)


def publishes(officer: Officer) -> bool:
    """Whether he may mark an action or activity as public: it then stands on the public site."""
    return may(officer, "news.publish")


def plain_of(request: HttpRequest, name: str) -> str:
    """A word of the address by which a row is looked up, without what no row can hold."""
    return request.GET.get(name, "").replace("\0", "")[:300]


def seen_version(request: HttpRequest) -> int | None:
    """Which state of the record the officer saw when his form was made; None where it does not say."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def tried(request: HttpRequest, verb: Callable[[], object], word: str) -> bool:
    """Run a verb of one button and say in one sentence how it went."""
    try:
        verb()
    except NotNow as late:
        messages.error(request, str(late))
    except Invalid as refused:
        messages.error(request, " ".join(refused.fields.values()))
    else:
        messages.success(request, word)
        return True
    return False


def accepted(form: BaseForm, verb: Callable[[], T]) -> T | None:
    """What the verb of a checked form gives; None with its sentences beside the fields of the form."""
    try:
        return verb()
    except NotNow as late:
        form.add_error(None, str(late))
    except Invalid as refused:
        for name, sentence in refused.fields.items():
            form.add_error(name if name in form.fields else None, sentence)
    return None
