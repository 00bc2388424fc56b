"""What partners ask us to allow, and what we asked them."""

from __future__ import annotations

import uuid

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ilex.sharing import actions, queries
from ilex.sharing.models import Consent, Disclosure
from ilex.sharing.queries.consents import ours_in
from ilex.sharing.queries.review import label_of, value_of
from ilex.sharing.views.loading import asks_reason, load_consent, officer_of, tried
from ilex.subjects.queries import visible_subjects
from ilex.units.models import Officer, Organisation
from ilex.units.rules import check, may
from ilex.web.reasons import reason_of

PAGE = 50


@require_http_methods(["GET", "POST"])
def consents(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "subject.read")
    if (page := asks_reason(request, officer)) is not None:
        return page
    queries.consult(officer, "consents", "", reason_of(request))
    ours = request.GET.get("show") == "ours"
    way = Consent.Way.ASKED if ours else Consent.Way.GIVEN
    found = queries.visible_consents(officer).filter(way=way).order_by("-asked_at")
    leaf = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "sharing/consents.html", {"leaf": leaf, "ours": ours})


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer, consent = load_consent(request, id)
    if (asked := asks_reason(request, officer)) is not None:
        return asked
    actions.open_consent(officer, consent, reason_of(request))
    decides = may(officer, "consent.decide") and consent.way == Consent.Way.GIVEN
    shown = {
        "consent": consent,
        "units": Organisation.objects.filter(pk__in=consent.to).order_by("name"),
        "items": _ours(officer, consent) if consent.way == Consent.Way.GIVEN else [],
        "decides": decides and consent.state == Consent.State.ASKED,
        "withdraws": decides and consent.state == Consent.State.GRANTED,
    }
    return render(request, "sharing/consent.html", shown)


def _ours(officer: Officer, consent: Consent) -> list[tuple[object, str, str, bool]]:
    """Our own words beside theirs, and whether they had it from us."""
    seen = visible_subjects(officer)
    items = ours_in(consent)
    given = set(
        Disclosure.objects.filter(statement__in=[item.pk for item in items], to=consent.unit).values_list(
            "statement", flat=True
        )
    )
    subjects = {queries.subject_of(item).pk for item in items}
    known = set(seen.filter(pk__in=subjects).values_list("pk", flat=True))
    return [
        (item, label_of(item), value_of(item), item.pk in given)
        for item in items
        if queries.subject_of(item).pk in known
    ]


@require_POST
def decide(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    officer, consent = load_consent(request, id, "consent.decide")
    if consent.way != Consent.Way.GIVEN:
        raise Http404
    text = request.POST.get("text", "")
    match request.POST.get("decision"):
        case "grant":
            tried(request, lambda: actions.decide(officer, consent, grant=True, text=text), _("Granted."))
        case "refuse":
            tried(request, lambda: actions.decide(officer, consent, grant=False, text=text), _("Refused."))
        case "withdraw":
            tried(request, lambda: actions.withdraw_consent(officer, consent, text), _("Withdrawn."))
        case _unknown:
            raise Http404
    return redirect("consent", id)
