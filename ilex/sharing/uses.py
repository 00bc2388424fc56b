"""What this room shows on the pages of the rooms below: where a subject went, and what belongs to a request."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ilex.exchange import uses as exchange
from ilex.exchange.models import Request, Way
from ilex.sharing.models import Release
from ilex.sharing.queries.releases import visible_releases
from ilex.subjects import queries as subjects
from ilex.subjects import uses
from ilex.subjects.models import Subject
from ilex.units.models import Officer
from ilex.units.queries import unit_names
from ilex.units.rules import may

MOST = 50  # rows of one table


def register_uses() -> None:
    uses.register(uses.Use(gettext_lazy("Releases"), _of_subject, order=40))
    uses.register_source(uses.Source("release", gettext_lazy("Release"), _sources))
    exchange.register("releases", exchange.Use(gettext_lazy("Releases"), _of_request, _begin))


def _of_subject(subject: Subject, officer: Officer) -> Iterable[uses.Row]:
    among = subjects.members(subject)
    ids = Release.statements.through.objects.filter(statement__subject__in=among).values("release")
    found = visible_releases(officer).filter(pk__in=ids).select_related("partner").order_by("-made_at")
    shown = list(found[:MOST])
    names = names_in(shown)
    rows = [uses.Row(release.title, _page(release), told(release, names)) for release in shown]
    if rows:
        rows.append(uses.Row(_("Who received what"), f"{reverse('ledger')}?subject={subject.pk}"))
    if may(officer, "release.send"):
        rows.append(uses.Row(_("Release statements on it"), f"{reverse('release-new')}?subject={subject.pk}"))
    return rows


def _sources(keys: Collection[str], officer: Officer) -> dict[str, uses.Row]:
    found = visible_releases(officer).filter(pk__in=[UUID(key) for key in keys]).select_related("partner")
    names = names_in(found)
    return {str(release.pk): uses.Row(release.title, _page(release), told(release, names)) for release in found}


def _of_request(request: Request, officer: Officer) -> Iterable[exchange.Row]:
    if not may(officer, "subject.read"):
        return []
    found = visible_releases(officer).filter(request_ref=request.our_ref).select_related("partner")
    shown = list(found.order_by("-made_at")[:MOST])
    names = names_in(shown)
    return [exchange.Row(one.title, _page(one), told(one, names), one.made_at) for one in shown]


def _begin(request: Request, officer: Officer) -> Iterable[exchange.Row]:
    if may(officer, "release.send"):
        for entry in request.entries.filter(way=Way.IN, handling__contains="H2", message__isnull=False):
            title = _("Ask to pass on: %(what)s") % {"what": entry.get_kind_display()}
            yield exchange.Row(title, reverse("entry-consent", args=[entry.pk]))
        query = f"?request={request.our_ref}&to={request.partner_id}"
        yield exchange.Row(_("Release statements"), reverse("release-new") + query)


def _page(release: Release) -> str:
    return reverse("release", args=[release.pk])


def names_in(releases: Iterable[Release]) -> dict[str, str]:
    return unit_names(unit for release in releases for unit in release.to)


def told(release: Release, names: Mapping[str, str]) -> str:
    """The state of a release in words, with the other side."""
    if release.way == Release.Way.IN:
        return _("received from %(unit)s") % {"unit": release.partner.name if release.partner else ""}
    if release.state == Release.State.DRAFT:
        return _("draft")
    return _("sent to %(units)s") % {"units": ", ".join(names.get(unit, unit) for unit in release.to)}
