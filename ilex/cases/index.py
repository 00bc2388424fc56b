"""The words by which a case is found: number, references, title, summary and notes, folded as requests are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import connection

from ilex.cases.models import Case, Step
from ilex.exchange import index
from ilex.exchange.rules import reference_key
from ilex.index import vector as column

query = index.query


def texts_of(case: Case, others: Iterable[str] = ()) -> Iterator[str]:
    """`others`: references of its requests, and notes."""
    references = [case.number, *case.references]
    yield from references
    yield from map(reference_key, references)
    yield from (case.title, case.summary, case.outcome_text, case.wake_why)
    yield from others


def vector(case: Case, others: Iterable[str] = ()) -> str:
    return column(index.words(*texts_of(case, others)))


def renew(case: Case) -> None:
    """Make it findable by what it now says; inside the transaction that changed it."""
    notes = case.steps.filter(kind=Step.Kind.NOTE).values_list("text", flat=True)
    refs = case.case_requests.values_list("request__our_ref", "request__their_ref")
    said = [*notes, *(ref for pair in refs for ref in pair if ref), *(reference_key(ref) for _our, ref in refs if ref)]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET search = %s::tsvector WHERE id = %s", [vector(case, said), case.pk])
