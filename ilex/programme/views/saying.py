"""Small pages by which something is said of an action or an activity: both have the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ilex.programme.actions import claims, findings, involving, mistakes
from ilex.programme.actions.mistakes import Said
from ilex.programme.forms.saying import (
    ClaimForm,
    FindingForm,
    InvolveForm,
    PreferForm,
    ReasonForm,
    RemarkForm,
    SettleForm,
)
from ilex.programme.models import Action, Activity, Claim, Finding, Involvement, Session
from ilex.programme.queries import values
from ilex.programme.queries.access import action_for, activity_for
from ilex.programme.queries.people import Names, who
from ilex.programme.queries.said import shown_fields
from ilex.programme.views.loading import accepted, officer_of
from ilex.units.models import Officer, Organisation
from ilex.units.rules import check

Made = TypeVar("Made")
Thing = Action | Activity
LOADERS: Mapping[str, Callable[[Officer, str], Thing]] = {"action": action_for, "activity": activity_for}


@require_http_methods(["GET", "POST"])
def involve(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    officer, about = _about(request, kind, key)
    form = InvolveForm(request.POST or None)
    if _kept(form, lambda: involving.involve(officer, about, **form.cleaned_data)):
        messages.success(request, _("This part is on file."))
        return _back(about)
    note = _("Name one: a place, an organisation, or a person by function.")
    return _form(request, form, about, _("Add who takes part"), _("Add"), note=note)


@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    officer, about = _about(request, kind, key)
    form = ClaimForm(request.POST or None, about=about)
    if _kept(form, lambda: _claim(officer, about, form.cleaned_data)):
        messages.success(request, _("It stands beside what other sources state."))
        return _back(about)
    note = _("Nothing is overwritten: what sources state stands side by side, until somebody says which is followed.")
    return _form(request, form, about, _("Write down what a source states"), _("Write it down"), note=note)


def _claim(officer: Officer, about: Thing, typed: dict[str, Any]) -> Claim:
    with transaction.atomic():
        source = typed["source"]
        if not source:
            kind = typed["new_kind"] or "page"
            new = claims.add_source(officer, title=typed["new_title"], kind=kind, url=typed["new_url"])
            source = new.key
        names = ("field", "value", "printed", "stated_on", "note")
        return claims.claim(officer, about, source=source, **{name: typed[name] for name in names})


@require_http_methods(["GET", "POST"])
def prefer(request: HttpRequest, id: int) -> HttpResponse:
    """All that is claimed of the field, and which of it is followed."""
    officer = _writer(request)
    one = Claim.objects.filter(pk=id).select_related("action", "activity").first()
    about = (one.action or one.activity) if one else None
    if one is None or about is None:
        raise Http404
    rows = list(about.claims.filter(field=one.field).select_related("source", "by").order_by("order", "pk"))
    names = Names.read(values.language(), [one.field.removeprefix(values.NAME_OF)])
    [field] = shown_fields(rows, names)
    form = PreferForm(request.POST or None, field=field, initial={"claim": str(one.pk)})

    def decide() -> bool:
        chosen = next(row for row in rows if str(row.pk) == form.cleaned_data["claim"])
        claims.prefer(officer, chosen, form.cleaned_data["reason"])
        return True

    if _kept(form, decide):
        messages.success(request, _("This source is followed now; the others stay beside it."))
        return _back(about)
    title = _("Say which source is followed: %(field)s") % {"field": field.name}
    return _form(request, form, about, title, _("Follow this source"), fields=[field])


@require_http_methods(["GET", "POST"])
def finding(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    officer, about = _about(request, kind, key)
    form = FindingForm(request.POST or None, about=about)

    def note() -> Finding:
        typed = dict(form.cleaned_data)
        answers, raised_by = typed.pop("answers"), typed.pop("raised_by")
        typed["answers"] = Finding.objects.get(pk=answers) if answers else None
        typed["raised_by"] = Organisation.objects.get(pk=raised_by) if raised_by else None
        return findings.note_finding(officer, about, **typed)

    if _kept(form, note):
        messages.success(request, _("It is noted."))
        return _back(about)
    return _form(request, form, about, _("Note what came out"), _("Note it"))


@require_http_methods(["GET", "POST"])
def settle(request: HttpRequest, id: UUID) -> HttpResponse:
    officer = _writer(request)
    row = Finding.objects.filter(pk=id).select_related("action", "activity").first()
    about = (row.action or row.activity) if row else None
    if row is None or about is None:
        raise Http404
    form = SettleForm(request.POST or None)

    def met() -> bool:
        findings.settle_finding(officer, row, form.cleaned_data["why"])
        return True

    if _kept(form, met):
        messages.success(request, _("It is written down as met."))
        return _back(about)
    return _form(request, form, about, _("This was met"), _("Write it down"), note=row.text)


@require_http_methods(["GET", "POST"])
def remark(request: HttpRequest, kind: str, key: str) -> HttpResponse:
    officer, about = _about(request, kind, key)
    form = RemarkForm(request.POST or None)
    if _kept(form, lambda: findings.remark(officer, about, **form.cleaned_data)):
        messages.success(request, _("The remark is on file."))
        return _back(about)
    return _form(request, form, about, _("Add a remark"), _("Add the remark"))


@require_http_methods(["GET", "POST"])
def release(request: HttpRequest, id: int) -> HttpResponse:
    """Somebody takes this part no longer."""
    officer = _writer(request)
    wanted = ("action", "activity", "session__activity", "person")
    row = Involvement.objects.filter(pk=id).select_related(*wanted).first()
    if row is None:
        raise Http404
    part = involving.about_of(row)
    about = part.activity if isinstance(part, Session) else part
    form = ReasonForm(request.POST or None)

    def end() -> bool:
        involving.release_involvement(officer, row, form.cleaned_data["reason"])
        return True

    if _kept(form, end):
        messages.success(request, _("This part has ended; it stays on file."))
        return _back(about)
    note = f"{row.get_role_display()}: {who(row, values.language()).shown}"
    return _form(request, form, about, _("End this part"), _("End it"), note=note)


@require_http_methods(["GET", "POST"])
def take_back(request: HttpRequest, kind: type[Said], id: int | UUID) -> HttpResponse:
    """It was written down by mistake."""
    officer = _writer(request)
    standing: Any = kind.objects
    row: Said | None = standing.filter(pk=id).first()
    thing = mistakes.thing_of(row) if row else None
    if row is None or thing is None:
        raise Http404
    about = thing.activity if isinstance(thing, Session) else thing
    form = ReasonForm(request.POST or None)

    def wrong() -> bool:
        mistakes.take_back(officer, row, form.cleaned_data["reason"])
        return True

    if _kept(form, wrong):
        messages.success(request, _("It is taken back, and stays on file with your reason."))
        return _back(about)
    return _form(request, form, about, _("Take it back"), _("Take it back"), note=_said(row))


def _said(row: Said) -> str:
    """What it says, for the officer who is about to take it back."""
    if isinstance(row, Involvement):
        return f"{row.get_role_display()}: {who(row, values.language()).shown}"
    if isinstance(row, Claim):
        names = Names.read(values.language(), [row.field.removeprefix(values.NAME_OF)])
        said = f"{values.field_name(row.field, names)}: {values.claimed(row.field, row.value, names)}"
        followed = _("This source is followed now: what the record says of it stays until you change it.")
        return f"{said}. {followed}" if row.preferred else said
    return f"{row.get_kind_display()}: {row.text}"


def _writer(request: HttpRequest) -> Officer:
    officer = officer_of(request)
    check(officer, "programme.write")
    return officer


def _about(request: HttpRequest, kind: str, key: str) -> tuple[Officer, Thing]:
    officer = _writer(request)
    return officer, LOADERS[kind](officer, key)


def _kept(form: forms.Form, verb: Callable[[], Made]) -> Made | None:
    return accepted(form, verb) if form.is_valid() else None


def _page(about: Thing) -> str:
    return reverse("action" if isinstance(about, Action) else "activity", args=[about.key])


def _back(about: Thing) -> HttpResponse:
    return redirect(_page(about))


def _form(
    request: HttpRequest, form: forms.Form, about: Thing, title: str, button: str, **more: object
) -> HttpResponse:
    shown = {"form": form, "title": title, "button": button, "about": about, "back": _page(about)}
    shown |= {"back_words": str(about), **more}
    return render(request, "programme/form.html", shown, status=422 if form.errors else 200)
