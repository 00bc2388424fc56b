"""When one person is not enough: the rules that ask for a second pair of eyes before something leaves."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ilex.words import law, tables
from ilex.words.entries import Entry, LawError, find
from ilex.words.tables import Code, Flag, Number

NAME = "approval.toml"


@dataclass(frozen=True)
class Facts:
    """What would leave, as far as the rules look at it."""

    kind: str  # of the letter (request, information, answer, ...), or release
    handling: str = "H0"
    recipients: tuple[str, ...] = ()  # unit ids
    places: tuple[frozenset[str], ...] = ()  # of each recipient: its own place and the groups that is in
    offences: tuple[str, ...] = ()
    special: bool = False  # holds data of a special category: Directive (EU) 2016/680 Art. 10
    subjects: int = 0
    papers: int = 0


@dataclass(frozen=True, kw_only=True)
class ApprovalRule(Entry):
    """One rule. All its conditions must hold; one that is left out holds for everything."""

    kinds: tuple[Code, ...] = ()
    handling: tuple[Code, ...] = ()  # one of these codes is among those of the marking
    units: tuple[Code, ...] = ()  # one of these is among the recipients
    outside: tuple[Code, ...] = ()  # a recipient is in none of these places and groups
    offences: tuple[Code, ...] = ()
    special: Flag = False  # only what holds data of a special category
    subjects_from: Number = 0
    papers_from: Number = 0
    alone_when_urgent: tuple[Code, ...] = ()  # grounds on which one person may release it

    def asks(self, facts: Facts) -> bool:
        return all(
            (
                not self.kinds or facts.kind in self.kinds,
                not self.handling or _meet(self.handling, facts.handling.split("+")),
                not self.units or _meet(self.units, facts.recipients),
                not self.outside or any(not _meet(self.outside, places) for places in facts.places),
                not self.offences or _meet(self.offences, facts.offences),
                not self.special or facts.special,
                facts.subjects >= self.subjects_from,
                facts.papers >= self.papers_from,
            )
        )


@dataclass(frozen=True)
class RuleBook:
    __pydantic_config__ = tables.STRICT

    alone_after_minutes: Number  # how long a colleague on duty is waited for before the author may go alone
    rules: tuple[ApprovalRule, ...] = ()


def rules() -> tuple[ApprovalRule, ...]:
    return book().rules


def rule(code: str) -> ApprovalRule:
    """Raises LawError for one that is not on the list."""
    return find(rules(), code, NAME)


def needed(facts: Facts) -> tuple[ApprovalRule, ...]:
    """The rules that ask for a second person. None: one person is enough."""
    return tuple(rule for rule in rules() if rule.asks(facts))


def may_go_alone(codes: Collection[str], urgency: str) -> bool:
    """Whether every one of these rules lets its author release alone on this ground; one that is gone does not."""
    known = {rule.code: rule for rule in rules()}
    return bool(codes and urgency) and all(code in known and urgency in known[code].alone_when_urgent for code in codes)


def book() -> RuleBook:
    return _read(os.environ.get("ILEX_LAW", ""))


@cache
def _read(theirs: str) -> RuleBook:
    path = law.files(Path(theirs) if theirs else None)[NAME]
    found = tables.read(path, RuleBook, name=NAME, error=LawError)
    tables.once(NAME, "the rule", (rule.code for rule in found.rules), LawError)
    for rule in found.rules:
        _check(rule)
    return found


def _check(rule: ApprovalRule) -> None:
    """A rule with a code that no list holds would never ask, and nobody would notice."""
    urgency = {entry.code for profile in law.profiles() for entry in profile.urgency}
    for what, given, known in (
        ("handling", rule.handling, {entry.code for entry in law.handling_codes()}),
        ("offences", rule.offences, {entry.code for entry in law.offences()}),
        ("alone_when_urgent", rule.alone_when_urgent, urgency),
    ):
        if wrong := sorted(set(given) - known):
            raise LawError(f"{NAME}, rules {rule.code!r}: {what} {wrong[0]!r} is not on the list.")


def _meet(wanted: Collection[str], found: Collection[str]) -> bool:
    return not set(wanted).isdisjoint(found)
