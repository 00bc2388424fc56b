"""Pages of a person's judgement: these two are connected, are one, are not one; this one is a victim and no suspect."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ilex.subjects import actions, queries, uses
from ilex.subjects.actions.merges import why_not
from ilex.subjects.forms.judging import CategoryForm, CircleForm, FindForm, LinkForm, MergeForm
from ilex.subjects.forms.stating import WhyForm
from ilex.subjects.models import Statement, Subject
from ilex.subjects.queries.page import page_of
from ilex.subjects.rules import Invalid, NotNow, Unconfirmed
from ilex.subjects.views.loading import done, load, load_merge, posted, read
from ilex.units.models import Officer
from ilex.words import kinds


@require_http_methods(["GET", "POST"])
def link(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """First the other subject is looked for, then the connection is chosen."""
    officer, subject = load(request, id, "subject.write")
    other = other_of(request, officer, subject)
    if other is None:
        return choose(request, officer, subject, _("Link with another subject"))
    form = LinkForm(subject, other, posted(request), origins=uses.origins(officer, "", subject))
    if form.is_bound and form.is_valid():
        kind, backwards = form.chosen()
        one, two = (other, subject) if backwards else (subject, other)
        try:
            actions.link(officer, one, two, kind, form.cleaned_data["role"], form.evaluation())
        except Invalid as refused:
            form.take_errors(refused.fields)
        except NotNow as late:
            form.add_error(None, str(late))
        else:
            messages.success(request, _("Linked."))
            return redirect("subject", subject.pk)
    shown = {"form": form, "subject": subject, "other": other}
    return render(request, "subjects/link.html", shown, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Both side by side, before anybody says that they are one."""
    officer, subject = load(request, id, "subject.merge")
    other = other_of(request, officer, subject)
    if other is None:
        return choose(request, officer, subject, _("Merge with another subject"), kind=subject.kind)
    form = MergeForm(subject, other, posted(request))
    if form.is_bound and form.is_valid():
        first = form.cleaned_data["kept"] == str(subject.pk)
        kept, gone = (subject, other) if first else (other, subject)
        try:
            actions.merge(officer, kept, gone, form.cleaned_data["reason"])
        except Invalid as refused:
            form.take_errors(refused.fields)
        except NotNow as late:
            form.add_error(None, str(late))
        else:
            messages.success(request, _("They are one now. It can be undone on this page."))
            return redirect("subject", kept.pk)
    read(request, officer, subject, other)
    shown = {
        "form": form,
        "subject": subject,
        "other": other,
        "hindrance": why_not(subject, other),
        "rows": side_by_side(subject, other, officer),
    }
    return render(request, "subjects/merge.html", shown, status=422 if form.is_bound else 200)


def side_by_side(one: Subject, other: Subject, officer: Officer) -> list[dict[str, Any]]:
    """Field by field what is said of both, and whether it agrees."""
    left, right = (lines_of(subject, officer) for subject in (one, other))
    kind = kinds.kind(one.kind)
    names = [name for name in kind.properties if name in left or name in right]
    return [
        {
            "label": _(kind.properties[name].text),
            "left": left.get(name, []),
            "right": right.get(name, []),
            "same": bool(keys(left.get(name, [])) & keys(right.get(name, []))),
        }
        for name in names
    ]


def lines_of(subject: Subject, officer: Officer) -> dict[str, list[Any]]:
    found = page_of(subject, officer)
    return {one.property.code: one.lines for group in found.groups for one in group.properties}


def keys(lines: list[Any]) -> set[str]:
    return {line.row.key or line.row.value for line in lines}


@require_http_methods(["GET", "POST"])
def unmerge(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer, found = load_merge(request, id)
    form = WhyForm(posted(request))
    if form.is_bound and form.is_valid():
        why = form.cleaned_data["why"]
        return done(request, found.kept_id, lambda: actions.unmerge(officer, found, why), _("They are two again."))
    shown = {"form": form, "merge": found}
    return render(request, "subjects/unmerge.html", shown, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def category(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """What the law does not allow in the new category is shown before it is withdrawn."""
    officer, subject = load(request, id, "subject.write")
    if not kinds.kind(subject.kind).categorised:
        raise Http404
    form = CategoryForm(subject, posted(request))
    read(request, officer, subject)
    away: tuple[Statement, ...] = ()
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            actions.change_category(officer, subject, typed["category"], dropped(request), typed["reason"])
        except Unconfirmed as asked:
            away = asked.statements
        except Invalid as refused:
            form.take_errors(refused.fields)
        except NotNow as late:
            form.add_error(None, str(late))
        else:
            messages.success(request, _("The category is changed."))
            return redirect("subject", subject.pk)
    properties = kinds.kind(subject.kind).properties
    shown = {
        "form": form,
        "subject": subject,
        "away": [(row, _(properties[row.property].text)) for row in away],
    }
    return render(request, "subjects/category.html", shown, status=422 if form.is_bound else 200)


@require_POST
def circle(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer, subject = load(request, id, "subject.write")
    form = CircleForm(officer, request.POST)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, " ".join(map(str, errors)))
        return redirect("subject", subject.pk)
    typed = form.cleaned_data
    return done(
        request,
        subject.pk,
        lambda: actions.move_to_circle(officer, subject, typed["circle"], typed["why"]),
        _("Who may see this subject is changed."),
    )


def dropped(request: HttpRequest) -> set[uuid.UUID]:
    """The statements that the officer was shown and agreed to withdraw."""
    found = set()
    for text in request.POST.getlist("drop")[:1000]:
        try:
            found.add(uuid.UUID(text))
        except ValueError as error:
            raise Http404 from error
    return found


def other_of(request: HttpRequest, officer: Officer, subject: Subject) -> Subject | None:
    """The other subject named in the address; none while it is still looked for."""
    named = request.GET.get("other", "")
    if not named:
        return None
    try:
        found = queries.subject_for(officer, uuid.UUID(named))
    except (ValueError, Subject.DoesNotExist) as error:
        raise Http404 from error
    if found.pk == subject.pk:
        raise Http404
    return found


def choose(request: HttpRequest, officer: Officer, subject: Subject, title: str, kind: str = "") -> HttpResponse:
    """Look for the other subject. The search is journalled like every other."""
    form = FindForm(request.GET if "q" in request.GET else None)
    shown: dict[str, Any] = {"form": form, "subject": subject, "title": title}
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            found = queries.search(officer, typed["q"], kind or typed["kind"], typed["category"])
        except Invalid as refused:
            form.add_error("q", " ".join(refused.fields.values()))
        else:
            shown["rows"] = [row for row in found.rows if row.id != subject.pk]
    return render(request, "subjects/choose.html", shown, status=422 if form.errors else 200)
