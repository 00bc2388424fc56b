"""What the worker of a measured node does to have a registry full of subjects, cases and documents."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from ilex.cases import bench as cases
from ilex.cases.models import Case
from ilex.config.bench.officer import OFFICER, PASSWORD
from ilex.documents import bench as documents
from ilex.documents.models import Document
from ilex.programme import bench as programme
from ilex.programme.models import Action, Activity
from ilex.programme.queries.listing import Mark
from ilex.subjects import bench as subjects
from ilex.subjects.models import Subject
from ilex.units.actions import add_officer
from ilex.units.models import Officer
from ilex.units.queries import here

HEAD = "bench-head"
FILE = 200_000  # subjects of one file
PLACES = 20_000  # cases over which the documents are spread


def fill_subjects(count: int) -> list[float]:
    """Take in files of invented subjects, as an officer does; seconds in all, and subjects a second of the slowest."""
    head, began, rates = _head(), time.monotonic(), []
    for number, first in enumerate(range(0, count, FILE)):
        speed = subjects.measure(head, min(FILE, count - first), source=f"Bench {number}", seed=number)
        rates.append(speed.subjects_a_second)
    return [time.monotonic() - began, min(rates)]


def fill_cases(count: int) -> float:
    began = time.monotonic()
    cases.seed_many(count, officer=_officer())
    return time.monotonic() - began


def fill_documents(count: int) -> float:
    """Put invented documents with their text into cases that the officer may see; seconds."""
    ids = Case.objects.filter(circle=None).order_by("pk").values_list("pk", flat=True)[:PLACES]
    began = time.monotonic()
    documents.seed_many(count, [("case", pk) for pk in ids])
    return time.monotonic() - began


def some_subjects(count: int) -> list[list[str]]:
    """Id and caption of some."""
    rows = Subject.objects.filter(circle=None).order_by("pk").values_list("pk", "caption")[:count]
    return [[str(pk), caption] for pk, caption in rows]


def some_cases(count: int) -> list[str]:
    return cases.numbers(count)


def some_texts(count: int) -> list[list[str]]:
    """Title and text of some documents, to ask for words that stand there."""
    rows = Document.objects.order_by("pk").values_list("title", "text")[:count]
    return [[title, text] for title, text in rows]


def fill_programme(actions: int, activities: int, involvements: int) -> float:
    began = time.monotonic()
    programme.seed_many(actions, activities, involvements, officer=_officer())
    return time.monotonic() - began


def some_actions(count: int) -> list[str]:
    """Keys of some projects; their ids are in the order of time, so any stride gives different years."""
    keys = list(Action.objects.filter(kind="project").order_by("pk").values_list("key", flat=True))
    return keys[:: max(len(keys) // count, 1)][:count]


def some_facilities(count: int) -> list[str]:
    return list(Action.objects.filter(kind="facility").order_by("pk").values_list("key", flat=True)[:count])


def some_activities(count: int) -> list[str]:
    keys = list(Activity.objects.order_by("pk").values_list("key", flat=True))
    return keys[:: max(len(keys) // count, 1)][:count]


def some_marks(count: int) -> list[str]:
    """Places in the list from which it can go on."""
    rows = list(Action.objects.order_by("first", "pk").values_list("first", "pk"))
    return [str(Mark(first, pk)) for first, pk in rows[:: max(len(rows) // count, 1)][:count]]


def _head() -> Officer:
    """Who may take in files."""
    known = Officer.objects.filter(sign_in=HEAD).first()
    return known or add_officer(HEAD, "Хана Измишљена", ["head"], here(), ["en"], "en", PASSWORD)


def _officer() -> Officer:
    return Officer.objects.get(sign_in=OFFICER)


VERBS: dict[str, Callable[..., Any]] = {
    verb.__name__: verb
    for verb in (
        *(fill_subjects, fill_cases, fill_documents, some_subjects, some_cases, some_texts),
        *(fill_programme, some_actions, some_facilities, some_activities, some_marks),
    )
}
