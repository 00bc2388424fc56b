"""Words that may have been meant: those of our documents that differ in a letter or two."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, transaction

MOST = 8  # other spellings of one word that are looked for
CANDIDATES = 200
SHORTEST = 4  # letters; of shorter words everything would be near
LONG = 8  # letters from which two may be wrong


def near_words(words: Sequence[str]) -> dict[str, list[str]]:
    """For each word the likest others that stand in some document; numbers are never guessed."""
    return {word: near for word in words if len(word) >= SHORTEST and not word.isdigit() and (near := _near(word))}


def _near(word: str) -> list[str]:
    most = 2 if len(word) >= LONG else 1
    measured = [(distance(word, other, most), other) for other in _like(word, most) if other != word]
    return [other for wrong, other in sorted(measured) if wrong <= most][:MOST]


def _like(word: str, most: int) -> list[str]:
    with transaction.atomic(), connection.cursor() as cursor:
        # The fewer letters, the more of their threes one wrong letter takes away.
        cursor.execute(
            "SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(0.3 if len(word) < 7 else 0.4)]
        )
        cursor.execute(
            "SELECT word FROM documents_word WHERE word %% %s AND length(word) BETWEEN %s AND %s"
            " ORDER BY similarity(word, %s) DESC LIMIT %s",
            [word, len(word) - most, len(word) + most, word, CANDIDATES],
        )
        return [row[0] for row in cursor.fetchall()]


def distance(one: str, other: str, most: int) -> int:
    """How many letters are wrong, missing, too many, or swapped with their neighbour; `most` + 1 when more."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, against in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]
