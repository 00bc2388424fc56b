"""Invented text of a wished size, in three scripts, with as many different words as people use."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import accumulate, cycle

WORDS = 5_000
SYLLABLES = (
    *("ba", "ko", "ri", "ste", "na", "lo", "mi", "tu", "ve", "gra", "do", "pe", "zi", "ha"),
    *("ба", "ко", "ри", "сте", "на", "ло", "ми", "ту", "ве", "гра", "до", "пе", "зи", "ха"),
    *("ბა", "კო", "რი", "სტე", "ნა", "ლო", "მი", "ტუ", "ვე", "გრა", "დო", "პე", "ზი", "ხა"),
)
SCRIPTS = 3
PAGES = 200


def texts(size: int, seed: int = 1) -> Iterator[str]:
    """Texts of `size` bytes each, one after the other, always the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 (invented text, no secret)
    words = [_word(chance) for _ in range(WORDS)]
    # Zipf: the second most common word is half as common as the first.
    weights = list(accumulate(1 / place for place in range(1, WORDS + 1)))
    pages = [" ".join(chance.choices(words, cum_weights=weights, k=max(1, size // 6))).encode() for _ in range(PAGES)]
    for page in cycle(pages):
        # Each with a number of its own in front, or they would be the same text again after a while.
        text = (b"%09d " % chance.randrange(10**9) + page)[:size].decode("utf-8", "ignore")
        yield text + "." * (size - len(text.encode()))


def _word(chance: random.Random) -> str:
    count = len(SYLLABLES) // SCRIPTS
    first = chance.randrange(SCRIPTS) * count
    return "".join(chance.choices(SYLLABLES[first : first + count], k=chance.randint(1, 5)))
