"""Who forbids which use of a statement, by which rule, and which consent lifts it: originator control."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from ilex.exchange.models import Entry
from ilex.sharing.models import Consent, Given, Use
from ilex.subjects.models import Link, Statement
from ilex.units import queries as units
from ilex.units.models import Organisation
from ilex.words import uses

Item = Statement | Link

MESSAGE, STATEMENT, SAID = "message", "statement", "said"


@dataclass(frozen=True)
class Known:
    """By which number the owner of an item knows it."""

    number: UUID
    known_as: str  # statement, message; said: it came by no message, and the number is our own


@dataclass(frozen=True)
class Barrier:
    """One thing that must be allowed first: this use of this item, for this recipient."""

    item: Item
    owner: Organisation
    use: str
    unit: Organisation | None  # None: in court, or not said yet
    sentence: str
    by_law: bool  # only the law asks, no handling code: an immediate threat lifts it
    asked: Consent | None  # the newest question to the owner about it


def forbids(item: Item, use: str, to: Sequence[str] | str = ()) -> str:
    """Empty, or one sentence that says who forbids this use by which rule. `to`: ids of organisations.

    What we own, and giving back to the owner, nobody forbids; a consent on file lifts what it names.
    """
    found = barriers([item], use, [to] if isinstance(to, str) else to)
    return found[0].sentence if found else ""


def conditions(item: Item) -> str:
    """What the owner wrote beside a code that says nothing by itself (H3): to be read before any use."""
    if item.owner_id == units.here().pk or uses.that_is_noted(item.handling) is None:
        return ""
    return item.handling_note


def barriers(items: Iterable[Item], use: str, to: Sequence[str] = ()) -> list[Barrier]:
    """Everything that must be allowed first, item by item and recipient by recipient."""
    permissions = Permissions(items, to)
    return [found for item in permissions.items for found in permissions.barriers(item, use)]


class Permissions:
    """What the owners of some items allow, read once for all items and recipients."""

    def __init__(self, items: Iterable[Item], to: Sequence[str] = ()) -> None:
        self.here = units.here()
        self.items = list(items)
        foreign = [item for item in self.items if item.owner_id != self.here.pk]
        self.known = known_to_owners(foreign)
        self.owners = Organisation.objects.in_bulk({item.owner_id for item in foreign})
        found = Organisation.objects.in_bulk(to)
        self.to = [found[unit] for unit in dict.fromkeys(to) if unit in found]
        self.places = {unit.pk: _places(unit) for unit in self.to}
        self.consents = _consents(self.owners, {known.number for known in self.known.values()})

    def barriers(self, item: Item, use: str) -> Iterator[Barrier]:
        if item.owner_id == self.here.pk:
            return
        recipients: Sequence[Organisation | None] = self.to if use != Use.COURT else ()
        for unit in recipients or [None]:
            needed = self.needed(item, use, unit)
            if needed and self.consent(item, needed, unit) is None:
                yield self._barrier(item, needed, unit)

    def needed(self, item: Item, use: str, unit: Organisation | None) -> str:
        """The use that the owner must allow, or "". A transfer to a third state is more than passing on."""
        if unit is not None and unit.pk == item.owner_id:
            return ""
        if use != Use.COURT and unit is not None and self._is_third(item, unit):
            return Use.THIRD.value
        return use if uses.use(use).always or uses.that_asks(item.handling, use) else ""

    def consent(self, item: Item, use: str, unit: Organisation | None) -> Consent | None:
        return next((one for one in self._about(item, use, unit) if one.state == Consent.State.GRANTED), None)

    def _about(self, item: Item, use: str, unit: Organisation | None) -> Iterator[Consent]:
        number = self.known[item.pk].number
        # Whoever may be given it in a third state may be given it.
        fitting = {use, Use.THIRD.value} if use == Use.FORWARD else {use}
        for one in self.consents:
            about = one.unit_id == item.owner_id and one.use in fitting and number in one.statements
            if about and (unit is None or unit.pk in one.to):
                yield one

    def _is_third(self, item: Item, unit: Organisation) -> bool:
        owner = self.owners[item.owner_id]
        if unit.place_id and unit.place_id in (owner.place_id, self.here.place_id):
            return False
        return uses.is_outside(Use.THIRD.value, self.places[unit.pk])

    def _barrier(self, item: Item, use: str, unit: Organisation | None) -> Barrier:
        owner = self.owners[item.owner_id]
        asked_as = Use.FORWARD.value if use == Use.THIRD else use
        code = uses.that_asks(item.handling, asked_as)
        words = {"owner": owner.name, "unit": unit.name if unit else ""}
        if code is not None:
            sentence = _("%(owner)s gave this under %(code)s: %(text)s.") % {
                **words,
                "code": code.code,
                "text": _(code.text),
            }
        else:
            sentence = _("%(owner)s must first allow the transfer to %(unit)s, a third state for it: %(source)s.") % {
                **words,
                "source": uses.use(use).source,
            }
        asked = next(self._about(item, use, unit), None)
        return Barrier(item, owner, use, unit, sentence, code is None, asked)


def known_to_owners(items: Collection[Item]) -> dict[UUID, Known]:
    """For each item the number by which its owner knows it."""
    pks = [item.pk for item in items]
    given = Given.objects.filter(statement__in=pks) | Given.objects.filter(link__in=pks)
    known = {row.statement_id or row.link_id: Known(row.origin or row.number, STATEMENT) for row in given}
    entries = {item.from_key: item for item in items if item.from_kind == "entry" and item.pk not in known}
    said = Entry.objects.filter(pk__in=[key for key in entries if _is_number(key)], message__isnull=False)
    messages = {str(pk): message for pk, message in said.values_list("pk", "message")}
    for item in items:
        message = messages.get(item.from_key) if item.from_kind == "entry" else None
        known.setdefault(item.pk, Known(message, MESSAGE) if message else Known(item.pk, SAID))
    return {pk: row for pk, row in known.items() if pk is not None}


def _is_number(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def _places(unit: Organisation) -> set[str]:
    """The place of an organisation and the groups it belongs to; of an international organisation none."""
    if unit.place_id is None:
        return set()
    return {unit.place_id, *units.groups_of(unit.place_id).values_list("code", flat=True)}


def _consents(owners: Collection[str], numbers: Collection[UUID]) -> list[Consent]:
    """What we asked these owners about these numbers, the newest first."""
    if not numbers:
        return []
    asked = Consent.objects.filter(way=Consent.Way.ASKED, unit__in=owners, statements__overlap=list(numbers))
    return list(asked.order_by("-asked_at"))
