"""The forms of the programme's seed files: what is said of an action, an activity, and who takes part."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field, StringConstraints

from ilex.programme.kinds import (
    ActionKind,
    ActionStatus,
    ActivityKind,
    AmountRole,
    AssetKind,
    FindingKind,
    InvolvementRole,
    Level,
    Mode,
    ObjectiveLevel,
    OutcomeKind,
    RemarkKind,
    SessionForm,
    SourceKind,
)
from ilex.programme.wire import Counted, Currency, Edtf, Key, Length, Money
from ilex.words import tables
from ilex.words.tables import FileError, Flag, Number, Text, Url

Line = Annotated[str, StringConstraints(pattern=r"^S[0-9]-[0-9]{2,3}$")]  # the number of a line of the inventory
Lines = tuple[Line, ...]
Title = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
Note = Annotated[str, StringConstraints(max_length=300)]
Words = tuple[Annotated[str, StringConstraints(min_length=1, max_length=120)], ...]
OptionalKey = Annotated[str, StringConstraints(pattern=r"^([a-z0-9]+(-[a-z0-9]+)*)?$", max_length=80)]


class SeedError(FileError):
    """One clear sentence: what is wrong in which seed file and entry."""


@dataclass(frozen=True, kw_only=True)
class SourceRow:
    __pydantic_config__ = tables.STRICT
    key: Key
    kind: SourceKind
    title: Title
    publisher: str = ""
    stated: Edtf = ""
    url: Url = ""
    layout: Words = ()
    lines: Lines = ()


@dataclass(frozen=True, kw_only=True)
class Row:
    """What every fact carries: the source it stands in (that of its file, unless it says another) and its lines."""

    __pydantic_config__ = tables.STRICT
    source: OptionalKey = ""
    lines: Annotated[Lines, Field(min_length=1)]


@dataclass(frozen=True, kw_only=True)
class InvolvementRow(Row):
    """Who: a place, an organisation, or a person by function (who may belong to either)."""

    role: InvolvementRole
    place: str = ""
    organisation: str = ""
    function: Annotated[str, StringConstraints(max_length=200)] = ""
    order: Number = 0
    when: Edtf = ""
    quantity: Counted = ""
    printed: Note = ""
    footnote_mark: Annotated[str, StringConstraints(max_length=4)] = ""
    note: Note = ""

    @property
    def who(self) -> tuple[str, str, str]:
        return self.place, self.organisation, self.function


@dataclass(frozen=True, kw_only=True)
class ObjectiveRow(Row):
    level: ObjectiveLevel
    text: Text
    stages: Words = ()


@dataclass(frozen=True, kw_only=True)
class AmountRow(Row):
    role: AmountRole
    value: Money = ""  # empty: the source does not say
    currency: Currency = ""
    printed: Note = ""
    funding_line: OptionalKey = ""
    funding_printed: Note = ""
    note: Note = ""


@dataclass(frozen=True, kw_only=True)
class ClaimRow(Row):
    field: Annotated[str, StringConstraints(pattern=r"^[a-z-]+(:[A-Za-z0-9-]+)?$", max_length=80)]
    value: Title
    printed: Note = ""
    stated: Edtf = ""
    preferred: Flag = False
    reason: Note = ""
    note: Note = ""


@dataclass(frozen=True, kw_only=True)
class FindingRow(Row):
    key: Key
    kind: FindingKind
    text: Text
    quantity: Counted = ""
    levels: Words = ()
    said_by: Note = ""
    answers: OptionalKey = ""


@dataclass(frozen=True, kw_only=True)
class RemarkRow(Row):
    kind: RemarkKind
    text: Text
    names: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class SessionRow(Row):
    order: Number
    title: Title
    form: SessionForm | None = None
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class OutcomeRow(Row):
    kind: OutcomeKind
    text: Text
    when: Edtf = ""
    duration: Length = ""
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class AssetRow(Row):
    key: Key
    kind: AssetKind
    need: Key
    text: Text


@dataclass(frozen=True, kw_only=True)
class ThingRow(Row):
    """What actions and activities have in common."""

    key: Key
    title: Title
    title_printed: Note = ""
    when: Edtf = ""
    printed: Annotated[str, StringConstraints(max_length=200)] = ""
    duration: Length = ""
    duration_printed: Annotated[str, StringConstraints(max_length=60)] = ""
    involvements: tuple[InvolvementRow, ...] = ()
    claims: tuple[ClaimRow, ...] = ()
    findings: tuple[FindingRow, ...] = ()
    remarks: tuple[RemarkRow, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ActivityRow(ThingRow):
    kind: ActivityKind
    text: str = ""
    place: str = ""
    place_printed: Annotated[str, StringConstraints(max_length=100)] = ""
    venue: Annotated[str, StringConstraints(max_length=200)] = ""
    mode: Mode | None = None
    format: Annotated[str, StringConstraints(max_length=60)] = ""
    capacity: Counted = ""
    capacity_printed: Annotated[str, StringConstraints(max_length=80)] = ""
    attended: Counted = ""
    signatories: Counted = ""
    shaped_by: OptionalKey = ""
    follows: OptionalKey = ""
    also_in: tuple[Key, ...] = ()
    even_over: tuple[str, ...] = ()
    topics: Words = ()
    levels: Words = ()
    patrol_levels: tuple[Level, ...] = ()
    topic_lines: Lines = ()
    sessions: tuple[SessionRow, ...] = ()
    outcomes: tuple[OutcomeRow, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ActionRow(ThingRow):
    kind: ActionKind
    parent: OptionalKey = ""
    predecessor: OptionalKey = ""
    continues: str = ""
    order: Number = 0
    short: Annotated[str, StringConstraints(max_length=40)] = ""
    summary: str = ""
    themes: tuple[Key, ...] = ()
    status: ActionStatus | None = None
    status_printed: Annotated[str, StringConstraints(max_length=100)] = ""
    objectives: tuple[ObjectiveRow, ...] = ()
    amounts: tuple[AmountRow, ...] = ()
    assets: tuple[AssetRow, ...] = ()
    activities: tuple[ActivityRow, ...] = ()


@dataclass(frozen=True)
class SeedFile:
    """One file. `source` is where its facts stand unless one says otherwise."""

    __pydantic_config__ = tables.STRICT
    source: OptionalKey = ""
    sources: tuple[SourceRow, ...] = ()
    actions: tuple[ActionRow, ...] = ()
    activities: tuple[ActivityRow, ...] = ()  # of no single action
