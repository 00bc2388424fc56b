"""Pairs of items that may tell of one event: a person says whether they do."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ilex.library.actions.twins import judge_twin
from ilex.library.models import Twin
from ilex.library.queries.feeds import twins_open
from ilex.library.queries.items import Shown, text_in
from ilex.programme.views.loading import officer_of, tried
from ilex.units.rules import check

PAGE = 20
REASONS = {
    "same-activity": gettext_lazy("about the same activity"),
    "same-day": gettext_lazy("on the same day"),
    "same-place": gettext_lazy("at the same place"),
    "near-title": gettext_lazy("nearly the same title"),
}


@require_safe
def twins(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "news.write")
    leaf = Paginator(twins_open(), PAGE).get_page(request.GET.get("page"))
    language = get_language() or "en"
    rows = [
        (
            twin,
            [Shown(item, text_in(item, language)) for item in (twin.one, twin.other)],
            [REASONS.get(code, code) for code in twin.reasons],
        )
        for twin in leaf
    ]
    return render(request, "library/twins.html", {"rows": rows, "leaf": leaf})


@require_POST
def judge(request: HttpRequest, id: int) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "news.write")
    twin = get_object_or_404(Twin, pk=id)
    same = request.POST.get("same") == "yes"
    word = _("Kept: both tell of one event.") if same else _("Kept: they tell of different things.")
    tried(request, lambda: judge_twin(officer, twin, same), word)
    return redirect("news-twins")
