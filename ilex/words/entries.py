"""The forms of the law files: what an entry of each kind holds, and what a profile answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeVar

from ilex.words import tables
from ilex.words.tables import Code, FileError, Flag, Mark, Number, Text, Url

MARKS = {
    "S": "Read in the source.",
    "K": "Known from the act, not read again: check before relying on it.",
    "O": "Our own default or invention: nobody's law, configuration.",
}

Access = Literal["direct", "indirect"]


class LawError(FileError):
    """One clear sentence: what is wrong in which file and entry, or which code is not known."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of a code list: what it means in our own words, where it stands, and whether we read it there."""

    __pydantic_config__ = tables.STRICT

    code: Code
    text: Text  # translatable: show it through gettext
    source: Text
    mark: Mark
    url: Url = ""
    note: str = ""  # for lawyers; pages need not show it


@dataclass(frozen=True, kw_only=True)
class Limit(Entry):
    """A time limit and the case it is for; a condition left out holds for every case."""

    urgent: Flag | None = None
    access: Access | None = None
    listed: Flag | None = None  # one of the 32 offences
    hours: Number = 0
    days: Number = 0  # calendar days

    def fits(self, *, urgent: bool, access: Access, listed: bool) -> bool:
        asked = {"urgent": urgent, "access": access, "listed": listed}
        return all(getattr(self, name) in (None, value) for name, value in asked.items())


@dataclass(frozen=True, kw_only=True)
class Delay(Entry):
    """A reason or length of a delay notice."""

    days: Number = 0  # 0: the officer names the moment
    judicial: Flag = False


@dataclass(frozen=True, kw_only=True)
class Point(Entry):
    """A point of the yearly statistics."""

    by: tuple[Code, ...]


@dataclass(frozen=True, kw_only=True)
class Review(Entry):
    months: Number


@dataclass(frozen=True, kw_only=True)
class Reviewers(Entry):
    count: Number  # officers who must agree whether a hit is the same


@dataclass(frozen=True, kw_only=True)
class Handling(Entry):
    permission_for: tuple[Code, ...] = ()  # acts that need the provider's permission first
    needs_note: Flag = False


@dataclass(frozen=True, kw_only=True)
class Grade(Entry):
    form_a: Code  # the same grade in the words of form A (our crosswalk)


@dataclass(frozen=True, kw_only=True)
class Channel(Entry):
    form_b: Code  # what to tick on form B


@dataclass(frozen=True, kw_only=True)
class Profile:
    """The rules by which the requests between two units run."""

    __pydantic_config__ = tables.STRICT

    code: Code
    title: Text
    text: Text
    source: Text
    mark: Mark
    url: Url = ""
    default_channel: Code
    limits: tuple[Limit, ...]
    urgency: tuple[Entry, ...]
    refusal: tuple[Entry, ...]
    contents: tuple[Entry, ...] = ()  # what a request must hold
    presend: tuple[Entry, ...] = ()  # what the officer confirms before sending
    copy_exceptions: tuple[Entry, ...] = ()
    channel_exceptions: tuple[Entry, ...] = ()
    delays: tuple[Delay, ...] = ()
    statistics: tuple[Point, ...] = ()
    rules: tuple[Entry, ...] = ()  # duties that no other list holds
    suspension: Entry | None = None  # a clarification stops the clock; none: it does not
    review: Review | None = None
    reviewers: Reviewers | None = None  # of hits; none: one officer judges
    use_conditions: tuple[Entry, ...] = ()  # form A, point 7
    source_reliability: tuple[Entry, ...] = ()  # form A, point 8
    information_accuracy: tuple[Entry, ...] = ()  # form A, point 9
    use_restrictions: tuple[Entry, ...] = ()  # form B, part IV
    offence_natures: tuple[Entry, ...] = ()  # form B, part III

    def limit(self, *, urgent: bool, access: Access = "direct", listed: bool = True) -> Limit:
        """The limit for this case: the first line of the file whose conditions fit."""
        return next(line for line in self.limits if line.fits(urgent=urgent, access=access, listed=listed))

    def needs_channel_exception(self, channel: str) -> bool:
        """Whether the law asks for a reason when this channel is used."""
        return bool(self.channel_exceptions) and channel != self.default_channel

    def entry(self, name: str, code: str) -> Entry:
        """One entry of one list, as in `entry("refusal", "f.ii")`."""
        entries: tuple[Entry, ...] = getattr(self, name)
        return find(entries, code, f"{self.code}, {name}")


Line = TypeVar("Line", bound=Entry)


def find(entries: tuple[Line, ...], code: str, where: str) -> Line:
    """The entry with this code. Raises LawError that names the list."""
    for entry in entries:
        if entry.code == code:
            return entry
    raise LawError(f"There is no entry {code!r} in {where}.")
