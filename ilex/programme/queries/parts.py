"""Who takes which part in an action, activity or session: gathered by role, each with its name as printed and ours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ilex.programme.kinds import InvolvementRole, InvolvementState
from ilex.programme.models import Involvement
from ilex.programme.queries import values
from ilex.programme.queries.people import Named, Names, in_words
from ilex.programme.queries.said import Mistake, taken_back

ORDER = {role.value: place for place, role in enumerate(InvolvementRole)}


@dataclass(frozen=True)
class Part:
    row: Involvement
    named: Named
    when: str  # in words; of this part, where it is not the whole time
    quantity: str  # in words; where a number stands for a list

    @property
    def ended(self) -> bool:
        return self.row.state in (InvolvementState.ENDED, InvolvementState.DECLINED)


@dataclass(frozen=True)
class RoleGroup:
    """All who take one part; in the order of the source."""

    role: str
    label: str
    parts: Sequence[Part]

    @property
    def plain(self) -> bool:
        """Places of which nothing more is said than that they take part: they stand in one line."""
        return not any(
            part.row.place_id is None or part.row.note or part.row.footnote or part.ended for part in self.parts
        )


def involved(found: Iterable[Involvement], names: Names) -> list[RoleGroup]:
    """The roles in the order in which a factsheet tells them. Persons and organisations must be loaded."""
    gathered: dict[str, list[Part]] = {}
    for one in sorted(found, key=lambda one: (ORDER[one.role], one.order, one.pk)):
        when = in_words(one.when, names.language)
        part = Part(one, names.who(one), when, values.quantity(one.quantity))
        gathered.setdefault(one.role, []).append(part)
    return [RoleGroup(role, str(InvolvementRole(role).label), parts) for role, parts in gathered.items()]


def mistaken(rows: Iterable[Involvement], names: Names) -> list[Mistake]:
    """The parts that were taken back."""
    return [Mistake(one, str(one.get_role_display()), names.who(one).shown) for one in taken_back(rows)]


def footnotes(named: Iterable[Named]) -> list[tuple[str, str]]:
    """Our footnotes on names, each once, with the name it belongs to."""
    return list(dict.fromkeys((one.text, one.footnote) for one in named if one.footnote))
