"""Words as a search column holds them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from ilex.words.scripts import fold

LENGTH = 60  # of one word
WORD = re.compile(r"[a-z0-9]+")


@lru_cache(maxsize=100_000)
def folded(text: str) -> tuple[str, ...]:
    """The folded words of a short text; of one word two, when it is written apart in another script.

    Remembered, because texts repeat their words and folding is the dear part.
    """
    return tuple(part[:LENGTH] for part in WORD.findall(fold(text)))


def vector(found: Iterable[str]) -> str:
    """A tsvector of exactly these words, as PostgreSQL spells it.

    Its own parser is not asked: it would cut references and plates into pieces. The words hold nothing but a-z
    and 0-9, so nothing in them needs quoting.
    """
    return " ".join(f"'{word}'" for word in found)
