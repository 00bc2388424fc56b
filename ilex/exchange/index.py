"""The words by which a request is found: folded, so that Марковић, MARKOVIĆ and markovic are one."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db import connection
from django.db.models import Lookup
from django.db.models.sql.compiler import SQLCompiler

from ilex.exchange.models import Request
from ilex.exchange.rules import reference_key
from ilex.words.scripts import fold

WORDS = 3_000  # of one request; a long text beyond that is found by its beginning
TEXT = 40_000  # characters that are looked at
LENGTH = 60  # of one word
QUERY_WORDS = 12
SHORTEST_NUMBER = 3  # digits; the beginning of a shorter number would find every date


def words(*texts: str) -> list[str]:
    """The folded words of these texts, each once, in a stable order."""
    found: dict[str, None] = {}
    for text in texts:
        for word in re.findall(r"\w+", text[:TEXT]):
            found.update(folded(word))
            if len(found) >= WORDS:
                return list(found)
    return list(found)


@lru_cache(maxsize=50_000)
def folded(word: str) -> dict[str, None]:
    """One word folded; mostly one, two for what is written together in one script and apart in another.

    Remembered, because texts repeat their words and folding is the dear part of taking a message in.
    """
    return dict.fromkeys(part[:LENGTH] for part in re.findall(r"[a-z0-9]+", fold(word[:TEXT])))


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


def vector(found: Iterable[str]) -> str:
    """A tsvector of exactly these words, as PostgreSQL spells it.

    Its own parser is not asked: it would cut references and plates into pieces. The words hold nothing but a-z
    and 0-9, so nothing in them needs quoting.
    """
    return " ".join(f"'{word}'" for word in found)


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


@SearchVectorField.register_lookup
class Holds(Lookup):
    """`search__holds=query(text)`."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        left, left_values = self.process_lhs(compiler, connection)
        return f"{left} @@ %s::tsquery", [*left_values, self.rhs]
