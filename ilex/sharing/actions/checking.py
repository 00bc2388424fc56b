"""What a partner may say in a release: known words, owners that he may speak for, and numbers that are his."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from ilex.gate.registry import Arrived, Refuse
from ilex.sharing.messages import EvaluatedBody, LinkBody, ReleaseBody, StatementBody
from ilex.sharing.models import Disclosure, Given
from ilex.sharing.queries.uses import Item
from ilex.subjects.models import Link, Statement
from ilex.units.models import Organisation
from ilex.words import kinds, law, uses
from ilex.words.entries import LawError

Known = dict[UUID, Item]  # by the sender's number: what we had before, of him or of our own


def check_release(body: ReleaseBody) -> None:
    """Every kind, field and code is one of ours, and the law allows it. Raises Refuse."""
    for subject in body.subjects:
        _check_statements(subject.kind, subject.category, subject.statements)
    for link in body.links:
        try:
            kinds.link_kind(link.kind)
        except LawError:
            raise Refuse("unknown-kind", f"There is no kind of link {link.kind}.") from None


def _check_statements(kind: str, category: str, statements: Sequence[StatementBody]) -> None:
    try:
        known = kinds.kind(kind)
    except LawError:
        raise Refuse("unknown-kind", f"There is no kind of subject {kind}.") from None
    if known.categorised != bool(category):
        raise Refuse("not-permitted", "A person has a category, and nothing else has one.")
    allowed = kinds.permitted(kind, category)
    for one in statements:
        if one.property not in known.properties:
            raise Refuse("unknown-property", f"There is no field {one.property} of {kind}.")
        if one.property not in allowed:
            raise Refuse("not-permitted", f"The law does not allow {one.property} for {category}.")


def check_items(arrived: Arrived, items: Sequence[EvaluatedBody]) -> Known:
    """Whose each item is and which number it has; gives those that are here already. Raises Refuse."""
    for item in items:
        _check_code(item)
    _check_owners(arrived, items)
    ours = [item for item in items if item.owner == arrived.here.pk]
    theirs = [item for item in items if item.owner != arrived.here.pk]
    numbers = {item.id for item in items}
    if _rows(numbers):
        raise Refuse("foreign-number", "A number of it is one of ours.")
    return _returned(ours) | _given_before(arrived.sender, theirs)


def _check_code(item: EvaluatedBody) -> None:
    try:
        law.handling(item.handling)
    except LawError:
        raise Refuse("unknown-handling", "A handling code that is not on our list.") from None


def _check_owners(arrived: Arrived, items: Sequence[EvaluatedBody]) -> None:
    """The sender, or a unit that gave it to him; for what its code keeps from others with the number of its consent."""
    others = [item for item in items if item.owner not in (arrived.sender.pk, arrived.here.pk)]
    names = {item.owner for item in others}
    known = Organisation.objects.filter(pk__in=names, kind=Organisation.Kind.UNIT).count()
    if known != len(names):
        raise Refuse("unknown-owner", "An owner is no unit of the directory.")
    for item in others:
        if item.consent is None and uses.that_asks(item.handling, "forward") is not None:
            raise Refuse("no-consent", "Passed on against its handling code, without a consent of its owner.")


def _returned(items: Sequence[EvaluatedBody]) -> Known:
    """Ours, come back: only what we gave to somebody, and just as we gave it."""
    found: Known = {}
    rows = _rows({item.origin for item in items if item.origin})
    given = set(Disclosure.objects.filter(statement__in=rows).values_list("statement", flat=True))
    for item in items:
        row = rows.get(item.origin) if item.origin else None
        if row is None or row.pk not in given:
            raise Refuse("forged-owner", "It says that we said what we did not give to anybody.")
        if not _same(row, item):
            raise Refuse("conflict", "It differs from what we gave.")
        found[item.id] = row
    return found


def _given_before(sender: Organisation, items: Sequence[EvaluatedBody]) -> Known:
    by_number = {item.id: item for item in items}
    found: Known = {}
    rows = Given.objects.filter(number__in=by_number).select_related("statement__subject", "link")
    for row in rows:
        had = row.statement or row.link
        if row.by_id != sender.pk or had is None:
            raise Refuse("foreign-number", "A number of it is another unit's.")
        if row.recalled_at is not None:
            raise Refuse("recalled-before", "Something that was recalled is sent again under its old number.")
        if not _same(had, by_number[row.number]) or had.owner_id != by_number[row.number].owner:
            raise Refuse("conflict", "A number was given to something else before.")
        found[row.number] = had
    return found


def _same(row: Item, item: EvaluatedBody) -> bool:
    if isinstance(row, Statement):
        return isinstance(item, StatementBody) and (row.property, " ".join(row.value.split())) == (
            item.property,
            " ".join(item.value.split()),
        )
    return isinstance(item, LinkBody) and row.kind == item.kind


def _rows(numbers: Collection[UUID]) -> Known:
    """Rows of this node with these ids, whoever owns them."""
    said = Statement.objects.filter(pk__in=numbers).select_related("subject")
    return {row.pk: row for row in said} | {row.pk: row for row in Link.objects.filter(pk__in=numbers)}
