"""Brings the directory in the database to what its files say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import Field, Model, QuerySet

from ilex.units.directory import OURS, Directory, read_directory
from ilex.units.models import Agreement, Contact, Membership, Organisation, OrganisationName, Place, PlaceName

Row = TypeVar("Row", bound=Model)


@dataclass
class Counts:
    """How many rows a load touched."""

    added: int = 0
    changed: int = 0
    same: int = 0
    removed: int = 0


def load_directory(folder: Path = OURS) -> Counts:
    """Add and change what the files say, all or nothing; loading again changes nothing.

    Names and memberships of a place that its file no longer holds go; places, organisations, agreements and contacts
    stay, for requests and people lean on them. The caller writes the journal line.
    """
    directory = read_directory(folder)
    counts = Counts()
    with transaction.atomic():
        with connection.cursor() as cursor:  # a second load waits for the first
            cursor.execute("LOCK TABLE units_place IN SHARE ROW EXCLUSIVE MODE")
        _load_places(directory, counts)
        _load_organisations(directory, counts)
        _load_agreements(directory, counts)
    return counts


def _load_places(directory: Directory, counts: Counts) -> None:
    codes = list(directory.places)
    _settle(Place.objects.all(), ("code",), list(_places(directory)), counts)
    names = PlaceName.objects.filter(place__in=codes)
    _settle(names, ("place_id", "language", "style", "text", "since"), list(_names(directory)), counts, whole=True)
    members = Membership.objects.filter(group__in=codes)
    _settle(members, ("group_id", "member_id", "since"), list(_memberships(directory)), counts, whole=True)


def _load_organisations(directory: Directory, counts: Counts) -> None:
    _settle(Organisation.objects.all(), ("id",), list(_organisations(directory)), counts)
    names = OrganisationName.objects.filter(organisation__in=list(directory.organisations))
    _settle(names, ("organisation_id", "language"), list(_organisation_names(directory)), counts, whole=True)
    _settle(Contact.objects.all(), ("organisation_id", "kind", "value"), list(_contacts(directory)), counts)


def _load_agreements(directory: Directory, counts: Counts) -> None:
    _settle(Agreement.objects.all(), ("id",), list(_agreements(directory)), counts)
    through = Agreement.parties.through
    parties = [
        through(agreement_id=row.id, place_id=party) for row in directory.agreements.values() for party in row.parties
    ]
    kept = through._default_manager.filter(agreement__in=list(directory.agreements))
    _settle(kept, ("agreement_id", "place_id"), parties, counts, whole=True)


def _settle(
    kept: QuerySet[Row], key: tuple[str, ...], wanted: Sequence[Row], counts: Counts, *, whole: bool = False
) -> None:
    """Make the kept rows like the wanted ones; with `whole`, rows that nobody wants are removed."""
    model = kept.model
    fields = [field for field in model._meta.concrete_fields if not field.auto_created and field.attname not in key]
    there = {_values(row, key): row for row in kept}
    added: list[Row] = []
    changed: list[Row] = []
    for row in wanted:
        old = there.pop(_values(row, key), None)
        if old is None:
            added.append(row)
        elif _copy(fields, row, old):
            changed.append(old)
        else:
            counts.same += 1
    if whole and there:
        counts.removed += len(there)
        kept.filter(pk__in=[row.pk for row in there.values()]).delete()
    model._default_manager.bulk_create(added)
    if changed:
        model._default_manager.bulk_update(changed, [field.name for field in fields])
    counts.added += len(added)
    counts.changed += len(changed)


def _values(row: Model, key: tuple[str, ...]) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in key)


def _copy(fields: Sequence[Field[object, object]], source: Model, target: Model) -> bool:
    """Copy the fields; True when any was different."""
    different = [field for field in fields if getattr(source, field.attname) != getattr(target, field.attname)]
    for field in different:
        setattr(target, field.attname, getattr(source, field.attname))
    return bool(different)


def _places(directory: Directory) -> Iterator[Place]:
    for row in directory.places.values():
        yield Place(code=row.code, kind=row.kind.value, parent_id=row.parent, zone=row.zone)


def _names(directory: Directory) -> Iterator[PlaceName]:
    for place in directory.places.values():
        for row in place.names:
            for language, text in row.texts.items():
                yield PlaceName(
                    place_id=place.code,
                    language=language,
                    style=row.style.value,
                    text=text,
                    footnote=row.footnote,
                    since=row.since,
                    until=row.until,
                    source=row.source,
                )


def _memberships(directory: Directory) -> Iterator[Membership]:
    for group in directory.places.values():
        for row in group.members:
            for member in row.places:
                yield Membership(
                    group_id=group.code,
                    member_id=member,
                    since=row.since,
                    until=row.until,
                    source=row.source,
                    mark=row.mark,
                )


def _organisations(directory: Directory) -> Iterator[Organisation]:
    for row in directory.organisations.values():
        yield Organisation(
            id=row.id,
            kind=row.kind.value,
            place_id=row.place,
            parent_id=row.parent,
            name=row.name,
            acronym=row.acronym,
            designated=row.designated,
            languages=list(row.languages),
            channels=list(row.channels),
            hours=row.hours,
            source=row.source,
            mark=row.mark,
            footnote=row.footnote,
        )


def _organisation_names(directory: Directory) -> Iterator[OrganisationName]:
    for row in directory.organisations.values():
        for language, text in row.names.items():
            yield OrganisationName(organisation_id=row.id, language=language, text=text)


def _contacts(directory: Directory) -> Iterator[Contact]:
    for organisation in directory.organisations.values():
        for row in organisation.contacts:
            yield Contact(
                organisation_id=organisation.id,
                kind=row.kind.value,
                value=row.value,
                note=row.note,
                source=row.source,
            )


def _agreements(directory: Directory) -> Iterator[Agreement]:
    for row in directory.agreements.values():
        yield Agreement(
            id=row.id,
            title=row.title,
            profile=row.profile,
            rank=row.rank,
            since=row.since,
            until=row.until,
            source=row.source,
            mark=row.mark,
        )
