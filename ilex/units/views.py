"""The partner directory: who is where, what they accept, by which rules we write to them."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from ilex.units import queries
from ilex.units.models import Agreement, Membership, Organisation
from ilex.units.rules import check


@require_GET
def directory(request: HttpRequest) -> HttpResponse:
    check(request.user, "directory.read")
    units = queries.units().prefetch_related("place__names", "contacts", "names")
    others = (
        Organisation.objects.exclude(kind=Organisation.Kind.UNIT)
        .select_related("place")
        .prefetch_related("place__names", "names")
        .order_by("place__code", "name")
    )
    return render(request, "units/directory.html", {"units": units, "others": others})


@require_GET
def organisation(request: HttpRequest, id: str) -> HttpResponse:
    check(request.user, "directory.read")
    found = Organisation.objects.filter(id=id).select_related("place", "parent").first()
    if found is None:
        raise Http404
    memberships = Membership.objects.none()
    agreements = Agreement.objects.none()
    if found.place is not None:
        memberships = found.place.memberships.select_related("group").order_by("group_id", "since")
        agreements = queries.agreements_of(found.place).prefetch_related("parties")
    shown = {"found": found, "memberships": memberships, "agreements": agreements, "here": queries.here()}
    return render(request, "units/organisation.html", shown)
