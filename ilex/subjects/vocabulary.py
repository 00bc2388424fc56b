"""Mistyped names: looked for among the words that name subjects, which are few, and not among the subjects.

Two words one letter apart become the same when one letter is left out of each. So every word is kept with its cuts,
and the index of these finds the neighbours of a word without an extension of the database.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import connection, transaction

from ilex.index import without
from ilex.subjects.models import Word

SHORTEST, LONGEST = 4, 24  # letters: a shorter word has too many neighbours
NEIGHBOURS = 24  # of one word
AT_ONCE = 5_000  # words
# Cuts have no blanks in them: each word's come as one text.
LEARN = """
    INSERT INTO subjects_word (text, cuts)
    SELECT text, string_to_array(cuts, ' ') FROM unnest(%s::text[], %s::text[]) AS fresh (text, cuts)
    ON CONFLICT DO NOTHING
"""


def cuts(word: str) -> list[str]:
    """The word, and the word without one letter, each once."""
    return sorted({word, *(word[:place] + word[place + 1 :] for place in range(len(word)))})


def learnable(words: Iterable[str]) -> list[str]:
    return sorted({word for word in words if SHORTEST <= len(word) <= LONGEST and word.isalpha()})


def learn_after_commit(words: Sequence[str]) -> None:
    """Remember them once what they name is kept, in a statement of its own that nobody waits for.

    Were the node to stop between, these words would be found as they are written, and only not when mistyped.
    """
    if fresh := learnable(words):
        transaction.on_commit(lambda: learn(fresh))


def learn(words: Iterable[str]) -> None:
    """Remember these words; they are inserted in their order, so that two of us never wait for each other."""
    fresh = learnable(words)
    if not fresh:
        return
    known = set(Word.objects.filter(text__in=fresh).values_list("text", flat=True))
    new = [word for word in fresh if word not in known]
    for place in range(0, len(new), AT_ONCE):
        some = new[place : place + AT_ONCE]
        with connection.cursor() as cursor:
            cursor.execute(LEARN, [some, [" ".join(cuts(word)) for word in some]])


def neighbours(words: Sequence[str]) -> dict[str, list[str]]:
    """For each word those of the vocabulary that are one letter apart (two, of a long one), the nearest first."""
    return {word: near for word in words if SHORTEST <= len(word) <= LONGEST and (near := _near(word))}


def _near(word: str) -> list[str]:
    with without("seqscan", "indexscan"), connection.cursor() as cursor:
        cursor.execute("SELECT text FROM subjects_word WHERE cuts && %s::varchar[] LIMIT 400", [cuts(word)])
        among = [text for (text,) in cursor.fetchall()]
    far = 1 if len(word) < 7 else 2
    ranked = sorted((distance(word, other), other) for other in among if other != word)
    return [other for steps, other in ranked if steps <= far][:NEIGHBOURS]


def distance(one: str, other: str) -> int:
    """How many letters were left out, put in, changed, or swapped with their neighbour."""
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, 1):
        row, last = [i], rows[-1]
        for j, against in enumerate(other, 1):
            step = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                step = min(step, rows[-2][j - 2] + 1)
            row.append(step)
        rows.append(row)
    return rows[-1][-1]
