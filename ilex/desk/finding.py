"""The page that searches everything, and the searches an officer keeps."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from ilex.desk import finders, searches
from ilex.desk.models import SavedSearch
from ilex.units.models import Officer


class FindForm(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Search everything"),
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
        help_text=gettext_lazy("A name in any script, a number, a reference, words of a text."),
    )
    room = forms.MultipleChoiceField(
        label=gettext_lazy("Look among"), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Kept in the journal. Who only supervises must give one."),
    )

    def __init__(self, data: object = None, *, officer: Officer) -> None:
        super().__init__(data)  # type: ignore[arg-type]  # a QueryDict
        self.fields["room"].choices = [(one.name, one.label) for one in finders.of(officer)]  # type: ignore[attr-defined]


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """One text looked for in all rooms; the best of each, and the way to its own page with the rest."""
    officer = _officer(request)
    if not finders.of(officer):
        raise PermissionDenied
    if "q" not in request.GET:
        return _page(request, FindForm(officer=officer))
    form = FindForm(request.GET, officer=officer)
    if not form.is_valid():
        return _page(request, form, status=422)
    typed = form.cleaned_data
    try:
        found = searches.find(officer, typed["q"], typed["room"], typed["reason"])
    except ValidationError as refused:
        form.add_error(None, refused)
        return _page(request, form, status=422)
    groups = [(finder, hits, finder.everything(typed["q"])) for finder, hits in found]
    return _page(request, form, groups=groups, nothing=not any(hits.rows for _finder, hits in found))


def _page(request: HttpRequest, form: FindForm, status: int = 200, **shown: object) -> HttpResponse:
    kept = SavedSearch.objects.filter(officer=_officer(request)).order_by("text")
    return render(request, "desk/find.html", {"form": form, "kept": kept, **shown}, status=status)


@require_POST
def keep(request: HttpRequest) -> HttpResponse:
    officer = _officer(request)
    form = FindForm(request.POST, officer=officer)
    if not finders.of(officer):
        raise PermissionDenied
    if not form.is_valid():
        return _page(request, form, status=422)
    typed = form.cleaned_data
    try:
        searches.keep(officer, typed["q"], typed["room"], reason=typed["reason"], alert="alert" in request.POST)
    except ValidationError as refused:
        form.add_error("reason" if not typed["reason"].strip() else None, refused)
        return _page(request, form, status=422)
    messages.success(request, _("The search is kept."))
    return redirect(f"{reverse('find')}?{urlencode({'q': typed['q'], 'room': typed['room']}, doseq=True)}")


@require_POST
def look(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    """Repeat a kept search; what was new in it counts as seen."""
    kept = _kept(request, id)
    searches.seen(kept.officer, kept)
    asked = {"q": kept.text, "room": kept.rooms, "reason": kept.reason}
    return redirect(f"{reverse('find')}?{urlencode(asked, doseq=True)}")


@require_POST
def drop(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    kept = _kept(request, id)
    searches.drop(kept.officer, kept)
    messages.success(request, _("The kept search is thrown away."))
    return redirect("find")


def _kept(request: HttpRequest, id: uuid.UUID) -> SavedSearch:
    found = SavedSearch.objects.select_related("officer").filter(officer=_officer(request), pk=id).first()
    if found is None:
        raise Http404
    return found


def _officer(request: HttpRequest) -> Officer:
    if not isinstance(request.user, Officer):
        raise PermissionDenied
    return request.user
