"""Before a release: which unit will receive which field under which code, and what is forbidden."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.utils.translation import gettext as _

from ilex.approvals import queries as approvals
from ilex.gate.models import Peer
from ilex.sharing.models import Consent, Release, Use
from ilex.sharing.queries.releases import by_subject, items_in, subject_of
from ilex.sharing.queries.uses import SAID, Barrier, Item, Permissions, conditions
from ilex.subjects.models import Link, Statement, Subject
from ilex.units.models import Organisation
from ilex.words import approval, kinds, uses


@dataclass(frozen=True)
class Line:
    """One field of one subject, or one link, as one unit will read it."""

    item: Item
    label: str
    value: str
    barrier: Barrier | None
    consent: Consent | None  # that allows it


@dataclass(frozen=True)
class Part:
    subject: Subject
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Reach:
    """All that one unit will receive."""

    unit: Organisation
    paired: bool
    parts: tuple[Part, ...]

    @property
    def blocked(self) -> int:
        return sum(line.barrier is not None for part in self.parts for line in part.lines)


@dataclass(frozen=True)
class Question:
    """What to ask one owner, in one message: this use, of these items, for these units."""

    owner: Organisation
    use: str
    items: tuple[Item, ...]
    units: tuple[Organisation, ...]
    pending: Consent | None  # asked before and not decided
    refused: Consent | None
    paired: bool  # with the owner's node, and he knows them by number

    @property
    def key(self) -> str:
        return f"{self.owner.pk}:{self.use}"

    @property
    def use_label(self) -> str:
        return str(Use(self.use).label)


@dataclass(frozen=True)
class Review:
    units: tuple[Reach, ...]
    barriers: tuple[Barrier, ...]
    questions: tuple[Question, ...]
    lifted: tuple[Barrier, ...]  # by the exception of the law
    conditions: tuple[tuple[Item, str], ...]
    rules: tuple[approval.ApprovalRule, ...]  # that ask for a second person
    gone: tuple[Item, ...]  # withdrawn since they were picked
    handling: str
    faults: tuple[str, ...] = field(default=())

    @property
    def may_go(self) -> bool:
        return not (self.barriers or self.gone or self.faults)


def review(release: Release) -> Review:
    """Everything that the author must know before it leaves. Reads it anew each time."""
    everything = items_in(release)
    items = [item for item in everything if item.withdrawn_at is None]
    permissions = Permissions(items, release.to)
    found = [barrier for item in items for barrier in permissions.barriers(item, Use.FORWARD.value)]
    lifted = [one for one in found if release.threat and one.by_law]
    standing = [one for one in found if one not in lifted]
    return Review(
        units=tuple(_reach(permissions, items, standing)),
        barriers=tuple(standing),
        questions=tuple(_questions(standing, permissions)),
        lifted=tuple(lifted),
        conditions=tuple((item, note) for item in items if (note := conditions(item))),
        rules=approval.needed(facts_of(release, items)),
        gone=tuple(item for item in everything if item.withdrawn_at is not None),
        handling=uses.strictest(item.handling for item in items),
        faults=tuple(_faults(release, items)),
    )


def facts_of(release: Release, items: Sequence[Item]) -> approval.Facts:
    return approval.Facts(
        kind="release",
        handling=uses.strictest(item.handling for item in items),
        recipients=tuple(release.to),
        places=approvals.places_of(release.to),
        special=any(item.special for item in items),
        subjects=len({subject_of(item).pk for item in items}),
    )


def label_of(item: Item) -> str:
    """The field of a statement, or the kind of a link, in the page's language."""
    if isinstance(item, Link):
        return _(kinds.link_kind(item.kind).text)
    return _(kinds.kind(item.subject.kind).properties[item.property].text)


def value_of(item: Item) -> str:
    if isinstance(item, Statement):
        return item.in_words()
    other = item.other.merged_into or item.other
    return f"{other.caption} ({item.role})" if item.role else other.caption


def _reach(permissions: Permissions, items: Sequence[Item], barriers: Iterable[Barrier]) -> Iterable[Reach]:
    blocked = {(one.item.pk, one.unit.pk if one.unit else ""): one for one in barriers}
    paired = _paired(unit.pk for unit in permissions.to)
    groups = _grouped(items)
    for unit in permissions.to:
        parts = [
            Part(subject, tuple(_line(permissions, item, unit, blocked.get((item.pk, unit.pk))) for item in among))
            for subject, among in groups.items()
        ]
        yield Reach(unit, unit.pk in paired, tuple(parts))


def _grouped(items: Sequence[Item]) -> dict[Subject, list[Item]]:
    groups: dict[Subject, list[Item]] = {}
    for item in items:
        groups.setdefault(subject_of(item), []).append(item)
    return groups


def _line(permissions: Permissions, item: Item, unit: Organisation, barrier: Barrier | None) -> Line:
    consent = None
    if barrier is None and item.owner_id != permissions.here.pk:
        needed = permissions.needed(item, Use.FORWARD.value, unit)
        consent = permissions.consent(item, needed, unit) if needed else None
    return Line(item, label_of(item), value_of(item), barrier, consent)


def _questions(barriers: Iterable[Barrier], permissions: Permissions) -> Iterable[Question]:
    def whose(barrier: Barrier) -> tuple[str, str]:
        return barrier.owner.pk, barrier.use

    among = sorted(barriers, key=whose)
    paired = _paired(barrier.owner.pk for barrier in among)
    for (owner, use), group in groupby(among, key=whose):
        rows = list(group)
        asked = [row.asked for row in rows]
        known = all(permissions.known[row.item.pk].known_as != SAID for row in rows)
        yield Question(
            owner=rows[0].owner,
            use=use,
            items=tuple({row.item.pk: row.item for row in rows}.values()),
            units=tuple({row.unit.pk: row.unit for row in rows if row.unit}.values()),
            pending=_all_in(asked, Consent.State.ASKED),
            refused=next((one for one in asked if one and one.state in REFUSED), None),
            paired=owner in paired and known,
        )


REFUSED = (Consent.State.REFUSED, Consent.State.WITHDRAWN)


def _all_in(asked: Sequence[Consent | None], state: str) -> Consent | None:
    """The question that still stands for every one of them."""
    return asked[0] if all(one is not None and one.state == state for one in asked) else None


def _paired(of: Iterable[str]) -> set[str]:
    return set(Peer.objects.filter(unit__in=set(of), state=Peer.State.PAIRED).values_list("unit", flat=True))


def _faults(release: Release, items: Sequence[Item]) -> Iterable[str]:
    if not release.to:
        yield _("No unit would receive it: choose at least one.")
    if not release.purpose.strip():
        yield _("Say for what they may use it.")
    said = by_subject(item for item in items if isinstance(item, Statement))
    if not said:
        yield _("Nothing would leave: choose at least one statement.")
    for link in items:
        if isinstance(link, Link):
            for end in (link.one.merged_into or link.one, link.other.merged_into or link.other):
                if end not in said:
                    yield _("Choose a statement on %(subject)s too: a link to it goes out.") % {"subject": end.caption}
