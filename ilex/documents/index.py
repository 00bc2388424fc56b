"""The words by which a document is found: folded, so that Марковић, MARKOVIĆ and markovic are one."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from ilex.index import folded

WORDS = 20_000  # of one document
LETTERS = 600_000  # of all of them together: a tsvector holds a megabyte
QUERY_WORDS = 12
SHORTEST_NUMBER = 3  # digits; the beginning of a shorter number would find every date
SHORTEST_KEPT = 3  # letters of a word worth remembering for tolerant search


def words(*texts: str) -> list[str]:
    """The folded words of these texts, each once, in a stable order."""
    found: dict[str, None] = {}
    letters = 0
    for run in dict.fromkeys(run for text in texts for run in text.split()):
        for word in folded(run[:400]):
            letters += 0 if word in found else len(word)
            found[word] = None
        if len(found) >= WORDS or letters >= LETTERS:
            break
    return list(found)[:WORDS]


def begins(run: str, wanted: tuple[str, ...]) -> bool:
    """Whether a word of this run begins with one of those."""
    return any(word.startswith(wanted) for word in folded(run[:400]))


def query(text: str, near: dict[str, list[str]] | None = None) -> str:
    """All words must occur; the last may be only begun. Empty when the text holds no word.

    `near`: for each word those that may have been meant instead.
    """
    found = words(text)[:QUERY_WORDS]
    last = found[-1] if found else ""
    begun = last and not (last.isdigit() and len(last) < SHORTEST_NUMBER)
    parts = [_either(word, (near or {}).get(word, []), begun=bool(begun) and word == last) for word in found]
    return " & ".join(parts)


def _either(word: str, others: list[str], *, begun: bool) -> str:
    first = f"'{word}':*" if begun else f"'{word}'"
    alternatives = [first, *(f"'{other}'" for other in others if other != word)]
    return f"({' | '.join(alternatives)})" if others else first


def remember(found: Iterable[str]) -> None:
    """Keep the words for tolerant search. Sorted, so that two readers at once never wait for each other in a circle."""
    worth = sorted(word for word in set(found) if len(word) >= SHORTEST_KEPT and not word.isdigit())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO documents_word (word) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING",
            [worth],
        )
