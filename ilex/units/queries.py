"""Named reads of the directory."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from ilex.units.models import Agreement, Officer, Organisation, Place, PlaceName

DEFAULT_PROFILE = "bilateral"  # between places that agreed on nothing


class NotInDirectory(ObjectDoesNotExist):
    """One sentence that names what the directory does not hold."""


def here() -> Organisation:
    """The unit whose node this is."""
    return unit(settings.ILEX_UNIT)


def unit(id: str) -> Organisation:
    """The unit with this id. Raises NotInDirectory."""
    try:
        return Organisation.objects.select_related("place").get(id=id, kind=Organisation.Kind.UNIT)
    except Organisation.DoesNotExist:
        raise NotInDirectory(_("There is no unit “%(id)s” in the directory.") % {"id": id}) from None


def units() -> QuerySet[Organisation]:
    """All units the directory knows, nodes of the network or not."""
    return Organisation.objects.filter(kind=Organisation.Kind.UNIT).select_related("place").order_by("id")


def unit_names(ids: Iterable[str]) -> dict[str, str]:
    """The names of these organisations by their ids, in one read; those the directory does not know are left out."""
    return dict(Organisation.objects.filter(pk__in=set(ids)).values_list("pk", "name"))


def organisation_name(organisation: Organisation, language: str) -> str:
    """Its name in the language, or else in English."""
    name = organisation.names.filter(language=language).first()
    return name.text if name else organisation.name


def officers_with(role: str) -> QuerySet[Officer]:
    """The active officers who hold the role."""
    return Officer.objects.filter(is_active=True, roles__contains=[role]).order_by("name", "id")


def place_name(place: Place | str, language: str, style: str = "short", on: date | None = None) -> PlaceName:
    """The name of the place on the day (today), with its footnote.

    Where the language has none of that style it is its short one, then the English ones. Raises NotInDirectory.
    """
    code = place if isinstance(place, str) else place.code
    names = PlaceName.objects.filter(place=code, language__in=[language, "en"])
    chosen = _chosen(names, language, style, on)
    if chosen is None:
        raise NotInDirectory(_("There is no place “%(code)s” in the directory.") % {"code": code})
    return chosen


def place_names(
    language: str, style: str = "short", on: date | None = None, codes: Collection[str] | None = None
) -> dict[str, PlaceName]:
    """The names of all places, or of these, by their codes, in one read: for tables and lists."""
    day = on or timezone.localdate()
    names = PlaceName.objects.filter(language__in=[language, "en"])
    by_place: dict[str, list[PlaceName]] = {}
    for name in names if codes is None else names.filter(place__in=codes):
        by_place.setdefault(name.place_id, []).append(name)
    chosen = {code: _chosen(names, language, style, day) for code, names in by_place.items()}
    return {code: name for code, name in chosen.items() if name is not None}


def members(group: str, on: date | None = None) -> QuerySet[Place]:
    """The places that belong to the group on the day (today). Raises NotInDirectory."""
    if not Place.objects.filter(code=group, kind=Place.Kind.GROUP).exists():
        raise NotInDirectory(_("There is no group “%(code)s” in the directory.") % {"code": group})
    return Place.objects.filter(_holds("memberships__", on), memberships__group=group).distinct().order_by("code")


def groups_of(place: Place | str, on: date | None = None) -> QuerySet[Place]:
    """The groups to which the place belongs on the day (today)."""
    code = place if isinstance(place, str) else place.code
    return Place.objects.filter(_holds("members__", on), members__member=code).distinct().order_by("code")


def agreements_of(place: Place | str, on: date | None = None) -> QuerySet[Agreement]:
    """The agreements that bind the place on the day (today), itself or as a member of a group."""
    code = place if isinstance(place, str) else place.code
    as_member = Q(_holds("parties__members__", on), parties__members__member=code)
    bound = Agreement.objects.filter(_holds("", on), Q(parties=code) | as_member)
    return bound.distinct().order_by("rank", "id")


def agreement_between(
    unit_a: Organisation | str, unit_b: Organisation | str, on: date | None = None
) -> Agreement | None:
    """The agreement that goes first between the places of two units on the day (today), if any."""
    one, other = _place(unit_a), _place(unit_b)
    if one is None or other is None:
        return None
    return agreements_of(one, on).filter(pk__in=agreements_of(other, on)).first()


def profile_between(unit_a: Organisation | str, unit_b: Organisation | str, on: date | None = None) -> str:
    """The code of the legal profile by which requests between two units run on the day (today)."""
    agreement = agreement_between(unit_a, unit_b, on)
    return agreement.profile if agreement else DEFAULT_PROFILE


def _place(of: Organisation | str) -> str | None:
    return (unit(of) if isinstance(of, str) else of).place_id


def _holds(path: str, on: date | None) -> Q:
    day = on or timezone.localdate()
    begun = Q(**{f"{path}since__isnull": True}) | Q(**{f"{path}since__lte": day})
    lasts = Q(**{f"{path}until__isnull": True}) | Q(**{f"{path}until__gt": day})
    return begun & lasts


def _chosen(names: Iterable[PlaceName], language: str, style: str, on: date | None) -> PlaceName | None:
    """The best name of the day; before the first that is known, the best of all."""
    day = on or timezone.localdate()
    known = sorted(names, key=lambda name: name.pk)
    held = [name for name in known if (not name.since or name.since <= day) and (not name.until or day < name.until)]
    for tongue, look in ((language, style), (language, "short"), ("en", style), ("en", "short")):
        for name in held or known:
            if (name.language, name.style) == (tongue, look):
                return name
    return None
