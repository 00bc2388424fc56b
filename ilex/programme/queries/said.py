"""What is said of an action or activity, with the source of each word: claims side by side, findings, remarks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from ilex.programme.kinds import FindingKind
from ilex.programme.models import Action, Activity, Claim, Finding, Remark, Source
from ilex.programme.models.base import Sourced, TakenBack
from ilex.programme.queries import values
from ilex.programme.queries.people import Named, Names, in_words
from ilex.words import claims as words
from ilex.words.edtf import When

Kept = TypeVar("Kept", bound=TakenBack)
OURS = "own-record"  # stands for the source of what the house says itself
CAN_BE_MET = (FindingKind.NEED, FindingKind.GAP, FindingKind.PROBLEM, FindingKind.CHALLENGE)


@dataclass(frozen=True)
class ShownClaim:
    row: Claim
    value: str  # in words
    source: Source | None
    stated_on: str  # in words


@dataclass(frozen=True)
class ShownField:
    """All that is claimed of one field, and how it stands between the sources; the preferred one first."""

    name: str
    field: words.Field
    claims: Sequence[ShownClaim]

    @property
    def naming(self) -> bool:
        """Whether it is about a name: that sources print several is no conflict, since the house has its own."""
        return self.field.name.startswith(values.NAME_OF)

    @property
    def conflict(self) -> bool:
        return self.field.conflict and not self.naming

    @property
    def open(self) -> bool:
        """The sources differ, and nobody has said which of them is followed."""
        return self.conflict and self.field.preferred is None


@dataclass(frozen=True)
class ShownFinding:
    row: Finding
    quantity: str  # in words
    raised_by: str
    places: Sequence[Named]

    @property
    def can_be_met(self) -> bool:
        return self.row.kind in CAN_BE_MET and self.row.settled_at is None


@dataclass(frozen=True)
class Mistake:
    """What somebody took back: what it was, and what it said. For the pages of the house, never for a sheet."""

    row: TakenBack
    label: str
    text: str


@dataclass
class Said:
    fields: list[ShownField] = field(default_factory=list)  # those on which the sources differ first
    findings: list[ShownFinding] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)

    @property
    def open(self) -> list[ShownField]:
        return [one for one in self.fields if one.open]

    @property
    def rows(self) -> Iterator[Sourced]:
        yield from (claim.row for one in self.fields for claim in one.claims)
        yield from (one.row for one in self.findings)
        yield from self.remarks


def said_of(thing: Action | Activity, names: Names) -> Said:
    """Four statements: claims, findings and their places, remarks."""
    of = {"action" if isinstance(thing, Action) else "activity": thing}
    claims = Claim.everything.filter(**of).select_related("source", "by", "taken_back_by").order_by("order", "pk")
    wanted = ("answers", "raised_by", "source", "taken_back_by")
    found = Finding.everything.filter(**of).select_related(*wanted).prefetch_related("places").order_by("order", "pk")
    remarks = Remark.everything.filter(**of).select_related("source", "taken_back_by").order_by("order", "pk")
    said = Said(mistakes=[*_wrong_claims(claims, names), *_wrong_words(found), *_wrong_words(remarks)])
    said.fields = shown_fields(standing(claims), names)
    said.findings = [shown_finding(one, names) for one in standing(found)]
    said.remarks = standing(remarks)
    return said


def standing(rows: Iterable[Kept]) -> list[Kept]:
    """Without what was taken back."""
    return [one for one in rows if one.taken_back_at is None]


def taken_back(rows: Iterable[Kept]) -> list[Kept]:
    return [one for one in rows if one.taken_back_at is not None]


def _wrong_claims(claims: Iterable[Claim], names: Names) -> Iterator[Mistake]:
    for row in taken_back(claims):
        yield Mistake(row, values.field_name(row.field, names), values.claimed(row.field, row.value, names))


def _wrong_words(rows: Iterable[Finding | Remark]) -> Iterator[Mistake]:
    for row in taken_back(rows):
        yield Mistake(row, str(row.get_kind_display()), row.text)


def shown_fields(claims: Iterable[Claim], names: Names) -> list[ShownField]:
    gathered: dict[str, list[Claim]] = {}
    for row in claims:
        gathered.setdefault(row.field, []).append(row)
    shown = [_field(name, sorted(rows, key=lambda one: not one.preferred), names) for name, rows in gathered.items()]
    return sorted(shown, key=lambda one: (not one.open, not one.conflict))


def word_of(row: Claim) -> words.Claim:
    """The claim as plain Python knows it."""
    return words.Claim(
        row.field,
        row.value,
        row.source_id or OURS,
        row.printed,
        When.parse(row.stated_on) if row.stated_on else None,
        row.preferred,
        row.reason,
    )


def _field(name: str, rows: Sequence[Claim], names: Names) -> ShownField:
    field = words.settled(map(word_of, rows))[name]
    return ShownField(values.field_name(name, names), field, [_claim(row, names) for row in rows])


def _claim(row: Claim, names: Names) -> ShownClaim:
    stated = row.stated_on or (row.source.stated_on if row.source else "")
    value = values.claimed(row.field, row.value, names)
    return ShownClaim(row, value, row.source, in_words(stated, names.language))


def shown_finding(row: Finding, names: Names) -> ShownFinding:
    raised_by = row.raised_by.name if row.raised_by else ""
    return ShownFinding(
        row, values.quantity(row.quantity), raised_by, [names.place(one.code) for one in row.places.all()]
    )
