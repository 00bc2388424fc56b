"""pg_trgm in a PostgreSQL: a column of Latin names with a GIN index, and the operator % at its usual threshold."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import psycopg

from evaluation.build import Query
from evaluation.measure import Answer
from evaluation.peers.dates import KNOWN, dated
from evaluation.peers.latin import ascii_name
from ilex.matching.facts import Facts

SHOWN = 50
ASK = (
    "SELECT key, similarity(name, %(name)s) AS likeness, born FROM peer_trigrams"
    " WHERE name %% %(name)s ORDER BY likeness DESC, key LIMIT %(known)s"
)


class Trigrams:
    def __init__(
        self, connection: psycopg.Connection[tuple[str, float, str]], records: Iterable[tuple[str, Facts]]
    ) -> None:
        self.connection = connection
        began = time.perf_counter()
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        connection.execute("CREATE TABLE peer_trigrams (key text, name text, born text)")
        with connection.cursor() as cursor, cursor.copy("COPY peer_trigrams FROM STDIN") as lines:
            for key, facts in records:
                lines.write_row((key, ascii_name(facts.names[0]), next(iter(facts.born), "")))
        connection.execute("CREATE INDEX ON peer_trigrams USING gin (name gin_trgm_ops)")
        connection.execute("ANALYZE peer_trigrams")
        self.loaded = time.perf_counter() - began

    @property
    def bytes(self) -> int:
        row = self.connection.execute("SELECT pg_indexes_size('peer_trigrams')").fetchone()
        return int(row[0]) if row else 0

    def answers(self, queries: Sequence[Query]) -> Iterator[tuple[Answer, float]]:
        """Each answer with its seconds."""
        for query in queries:
            began = time.perf_counter()
            asked = {"name": ascii_name(query.facts.names[0]), "known": KNOWN}
            born = next(iter(query.facts.born), "")
            rows = self.connection.execute(ASK, asked).fetchall()
            scored = sorted(
                ((key, dated(float(likeness), born, held)) for key, likeness, held in rows),
                key=lambda one: (-one[1], one[0]),
            )
            yield Answer(query, scored[:SHOWN]), time.perf_counter() - began


@contextmanager
def trigrams(database: str, records: Iterable[tuple[str, Facts]]) -> Iterator[Trigrams]:
    """In the database at this URL; nothing of it stays."""
    with psycopg.connect(database, autocommit=True) as connection:
        try:
            yield Trigrams(connection, records)
        finally:
            connection.execute("DROP TABLE IF EXISTS peer_trigrams")
