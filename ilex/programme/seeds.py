"""Reads the programme's seed files and checks what no single entry can answer. Nothing is written here."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import NoReturn

from ilex.programme.entries import ActionRow, ActivityRow, FindingRow, Row, SeedError, SeedFile, SourceRow, ThingRow
from ilex.programme.kinds import FindingKind
from ilex.words import amounts, tables
from ilex.words.claims import Claim, settled
from ilex.words.edtf import When
from ilex.words.periods import Duration, Period

__all__ = ["OURS", "SeedError", "Seeds", "read_seeds"]

OURS = Path(__file__).parent / "data" / "seeds"


@dataclass(frozen=True)
class Seeds:
    """All entries by their keys, in the order of the files; with the file in which each stands, and its source."""

    sources: dict[str, SourceRow] = field(default_factory=dict)
    actions: dict[str, ActionRow] = field(default_factory=dict)
    activities: dict[str, ActivityRow] = field(default_factory=dict)
    findings: dict[str, FindingRow] = field(default_factory=dict)
    within: dict[str, str] = field(default_factory=dict)  # the action of an activity
    files: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def fail(self, what: str, key: str, sentence: str) -> NoReturn:
        raise SeedError(f"{self.files[what, key][0]}, {what} {key!r}: {sentence}")

    def source_of(self, what: str, key: str, row: Row) -> str:
        """The source in which this row of that thing stands."""
        return row.source or self.files[what, key][1]

    @property
    def things(self) -> Iterator[tuple[str, ThingRow]]:
        yield from (("action", row) for row in self.actions.values())
        yield from (("activity", row) for row in self.activities.values())

    @property
    def lines(self) -> set[str]:
        """The numbers of all inventory lines that stand anywhere in the seeds."""
        found = {line for source in self.sources.values() for line in source.lines}
        for _what, row in self.things:
            found |= {line for part in parts(row) for line in part.lines}
            found |= set(row.topic_lines) if isinstance(row, ActivityRow) else set()
        return found


def parts(row: ThingRow) -> Iterator[Row]:
    """The thing itself and all that is said in it; its activities stand for themselves."""
    yield row
    yield from (*row.involvements, *row.claims, *row.findings, *row.remarks)
    if isinstance(row, ActionRow):
        yield from (*row.objectives, *row.amounts, *row.assets)
    if isinstance(row, ActivityRow):
        yield from (*row.sessions, *row.outcomes)


def read_seeds(folder: Path = OURS, *, places: Collection[str], organisations: Collection[str]) -> Seeds:
    """Read and check all seeds against the codes of the directory. Raises SeedError for the first thing wrong."""
    seeds = Seeds()
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise SeedError(f"There are no seed files in {folder}.")
    for path in paths:
        _take(seeds, path)
    for what, row in seeds.things:
        _check(seeds, what, row, set(places), set(organisations))
    return seeds


def _take(seeds: Seeds, path: Path) -> None:
    file = tables.read(path, SeedFile, error=SeedError)
    for source in file.sources:
        _note(seeds, "source", source.key, path.name, source.key)
        seeds.sources[source.key] = source
    for action in file.actions:
        _note(seeds, "action", action.key, path.name, action.source or file.source)
        seeds.actions[action.key] = action
        _take_activities(seeds, action.activities, path.name, action.source or file.source)
        seeds.within.update({activity.key: action.key for activity in action.activities})
    _take_activities(seeds, file.activities, path.name, file.source)
    for row in (*file.actions, *file.activities, *(one for action in file.actions for one in action.activities)):
        for finding in row.findings:
            _note(seeds, "finding", finding.key, path.name, finding.source or file.source)
            seeds.findings[finding.key] = finding


def _take_activities(seeds: Seeds, rows: Iterable[ActivityRow], name: str, source: str) -> None:
    for activity in rows:
        _note(seeds, "activity", activity.key, name, activity.source or source)
        seeds.activities[activity.key] = activity


def _note(seeds: Seeds, what: str, key: str, name: str, source: str) -> None:
    if (what, key) in seeds.files:
        seeds.fail(what, key, f"stands again in {name}.")
    seeds.files[what, key] = name, source


def _check(seeds: Seeds, what: str, row: ThingRow, places: set[str], organisations: set[str]) -> None:
    for part in parts(row):
        if seeds.source_of(what, row.key, part) not in seeds.sources:
            seeds.fail(what, row.key, f"there is no source {seeds.source_of(what, row.key, part)!r}.")
    _check_time(seeds, what, row)
    _check_involvements(seeds, what, row, places, organisations)
    _check_claims(seeds, what, row)
    for finding in row.findings:
        _known(seeds, what, row, finding.answers, seeds.findings, "finding")
    if isinstance(row, ActionRow):
        _check_action(seeds, row)
    if isinstance(row, ActivityRow):
        _check_activity(seeds, row, places)


def _check_time(seeds: Seeds, what: str, row: ThingRow) -> None:
    if row.duration and Period(When.parse(row.when), Duration.parse(row.duration)).agrees is False:
        seeds.fail(what, row.key, f"{row.duration} is not the time of {row.when}.")


def _check_involvements(seeds: Seeds, what: str, row: ThingRow, places: set[str], organisations: set[str]) -> None:
    seen = set[tuple[str, ...]]()
    for one in row.involvements:
        if not one.function and bool(one.place) == bool(one.organisation):
            seeds.fail(what, row.key, f"the {one.role.value} is one place, one organisation, or a function.")
        _known(seeds, what, row, one.place, places, "place")
        _known(seeds, what, row, one.organisation, organisations, "organisation")
        if (one.role.value, *one.who) in seen:
            seeds.fail(what, row.key, f"the {one.role.value} {' '.join(filter(None, one.who))!r} stands twice.")
        seen.add((one.role.value, *one.who))


def _check_claims(seeds: Seeds, what: str, row: ThingRow) -> None:
    try:
        settled(
            Claim(
                one.field,
                one.value,
                seeds.source_of(what, row.key, one),
                preferred=one.preferred,
                reason=one.reason,
            )
            for one in row.claims
        )
    except ValueError as wrong:
        seeds.fail(what, row.key, str(wrong))


def _check_action(seeds: Seeds, row: ActionRow) -> None:
    _known(seeds, "action", row, row.parent, seeds.actions, "action")
    _known(seeds, "action", row, row.predecessor, seeds.actions, "action")
    above, parent = {row.key}, row.parent
    while parent:
        if parent in above:
            seeds.fail("action", row.key, "it stands above itself.")
        above.add(parent)
        parent = seeds.actions[parent].parent
    for amount in row.amounts:
        if amount.value and not amount.currency:
            seeds.fail("action", row.key, f"the amount {amount.value} has no currency.")
    for asset in row.assets:
        _known(seeds, "action", row, asset.need, seeds.findings, "finding")
        if seeds.findings[asset.need].kind != FindingKind.NEED:
            seeds.fail("action", row.key, f"{asset.need!r} is not a need: no equipment without one.")


def _check_activity(seeds: Seeds, row: ActivityRow, places: set[str]) -> None:
    for key in (row.shaped_by, row.follows):
        _known(seeds, "activity", row, key, seeds.activities, "activity")
    for key in row.also_in:
        _known(seeds, "activity", row, key, seeds.actions, "action")
    for place in (row.place, *row.even_over, *(outcome.place for outcome in row.outcomes)):
        _known(seeds, "activity", row, place, places, "place")


def _known(seeds: Seeds, what: str, row: ThingRow, key: str, among: Collection[str], noun: str) -> None:
    if key and key not in among:
        seeds.fail(what, row.key, f"there is no {noun} {key!r}.")


def value_of(money: str) -> Decimal | None:
    """The amount of a row; None where it is not stated."""
    if not money:
        return None
    value = Decimal(money)
    amounts.check(value)
    return value
