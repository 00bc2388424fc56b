"""Loading is permission: who reads the programme reads all of it, and others learn nothing of it."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404

from ilex.programme.models import Action, Activity
from ilex.units.models import Officer
from ilex.units.rules import check


def visible_actions(officer: Officer) -> QuerySet[Action]:
    """Raises PermissionDenied when his roles do not read the programme."""
    check(officer, "programme.read")
    return Action.objects.all()


def visible_activities(officer: Officer) -> QuerySet[Activity]:
    """Raises PermissionDenied when his roles do not read the programme."""
    check(officer, "programme.read")
    return Activity.objects.all()


def action_for(officer: Officer, key: str) -> Action:
    """With the actions above and before it. Raises Http404, or PermissionDenied."""
    found = visible_actions(officer).select_related("parent", "predecessor", "owner", "source").filter(key=key).first()
    if found is None:
        raise Http404
    return found


def activity_for(officer: Officer, key: str) -> Activity:
    """With its action, place and owner. Raises Http404, or PermissionDenied."""
    wanted = ("action", "place", "owner", "source", "follows", "shaped_by", "series")
    found = visible_activities(officer).select_related(*wanted).filter(key=key).first()
    if found is None:
        raise Http404
    return found
