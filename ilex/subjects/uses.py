"""Where a subject is used, and what its statements came from: told by the higher rooms when the node starts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from ilex.subjects.models import Subject
from ilex.units.models import Officer
from ilex.units.rules import may


@dataclass(frozen=True)
class Row:
    """One place where the subject is used, as one officer may see it."""

    text: str
    url: str
    note: str = ""  # its role there, a state, a date


@dataclass(frozen=True)
class Use:
    """One table of the subject's page. `rows` is asked with the subject that stands and gives what this officer sees.

    It answers for the subjects merged into it too: `queries.members(subject)`.
    """

    title: str | Promise
    rows: Callable[[Subject, Officer], Iterable[Row]]
    order: int = 50


@dataclass(frozen=True)
class Source:
    """What a statement of this `from_kind` came from: texts and pages by key, for those the officer may see."""

    kind: str
    label: str | Promise
    rows: Callable[[Collection[str], Officer], dict[str, Row]]


@dataclass(frozen=True)
class Origin:
    """Something on file that a statement can be taken from: whose it is and its code go along with the statement."""

    kind: str  # entry or document
    key: str
    text: str
    among: str = ""  # under which heading it is offered
    owner: str = ""  # who said it; empty: this unit
    handling: str = "H0"
    handling_note: str = ""
    source_grade: str = ""
    information_grade: str = ""

    @property
    def code(self) -> str:
        return f"{self.kind}:{self.key}"


Origins = Callable[[Officer, str, Subject | None], Iterable[Origin]]


@dataclass(frozen=True)
class Step:
    """One link among the other steps of the subject's page, for officers who may do `verb`."""

    label: str | Promise
    verb: str
    page: Callable[[Subject], str]


_uses: list[Use] = []
_steps: list[Step] = []
_sources: dict[str, Source] = {}
_origins: list[Origins] = []
_cases: list[Callable[[Officer, str, Subject, str], str]] = []


def register(use: Use) -> None:
    """Add a table; one of the same title is replaced."""
    _uses[:] = [*(other for other in _uses if other.title != use.title), use]


def register_source(source: Source) -> None:
    _sources[source.kind] = source


def register_origins(give: Origins) -> None:
    """Hand in what a statement may be taken from, by the number of the case at hand and the subject, where known."""
    _origins[:] = [give]


def origins(officer: Officer, case: str = "", subject: Subject | None = None) -> list[Origin]:
    return [origin for give in _origins for origin in give(officer, case, subject)]


def register_step(step: Step) -> None:
    """Add a link; one of the same label is replaced."""
    _steps[:] = [*(other for other in _steps if other.label != step.label), step]


def register_case(put_in: Callable[[Officer, str, Subject, str], str]) -> None:
    """Hand in how a subject goes, in a role, into the case of that number; it gives the case's page, or nothing."""
    _cases[:] = [put_in]


def into_case(officer: Officer, number: str, subject: Subject, role: str = "") -> str:
    """Put a subject into the case from which it was written down. The page of the case; empty when there is none."""
    return _cases[0](officer, number, subject, role) if _cases and number else ""


def steps(subject: Subject, officer: Officer) -> list[Row]:
    return [Row(str(step.label), step.page(subject)) for step in _steps if may(officer, step.verb)]


def tables(subject: Subject, officer: Officer) -> list[tuple[str | Promise, list[Row]]]:
    """The filled tables in their order."""
    asked = ((use.title, list(use.rows(subject, officer))) for use in sorted(_uses, key=lambda use: use.order))
    return [(title, rows) for title, rows in asked if rows]


def sources(kind: str, keys: Collection[str], officer: Officer) -> dict[str, Row]:
    """The texts and pages of these sources; empty for a kind that no room has told of."""
    source = _sources.get(kind)
    return source.rows(keys, officer) if source and keys else {}
