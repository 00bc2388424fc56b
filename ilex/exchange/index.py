"""The words by which a request is found: folded, so that Марковић, MARKOVIĆ and markovic are one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import chain

from django.db import connection

from ilex.exchange.models import Request
from ilex.exchange.rules import reference_key
from ilex.index import folded, vector

WORDS = 3_000  # of one request; a long text beyond that is found by its beginning
TEXT = 40_000  # characters that are looked at
QUERY_WORDS = 12
SHORTEST_NUMBER = 3  # digits; the beginning of a shorter number would find every date


def words(*texts: str) -> list[str]:
    """The folded words of these texts, each once, in a stable order."""
    found: dict[str, None] = {}
    for text in texts:
        written = dict.fromkeys(re.findall(r"\w+", text[:TEXT]))
        found |= dict.fromkeys(chain.from_iterable(map(folded, written)))
        if len(found) >= WORDS:
            break
    return list(found)[:WORDS]


def texts_of(request: Request, names: Iterable[str]) -> list[str]:
    references = [request.our_ref, request.their_ref]
    return [
        *references,
        *(reference_key(reference) for reference in references),
        *(re.sub(r"\b0+", "", reference) for reference in references),  # as people say it: MK 2026 77
        *names,
        request.on_behalf_of,
        request.requested_information,
        request.underlying_offence,
        request.facts,
        request.purpose,
        request.link_explanation,
    ]


def add_words(request: Request, *texts: str) -> None:
    """Make the request findable by these words too."""
    if found := words(*texts):
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE exchange_request SET search = coalesce(search, '') || %s::tsvector WHERE id = %s",
                [vector(found), request.pk],
            )


def query(text: str) -> str:
    """All words must occur; the last may be only begun. Empty when the text holds no word."""
    found = words(text)[:QUERY_WORDS]
    parts = [f"'{word}'" for word in found]
    if found and not (found[-1].isdigit() and len(found[-1]) < SHORTEST_NUMBER):
        parts[-1] += ":*"
    return " & ".join(parts)
