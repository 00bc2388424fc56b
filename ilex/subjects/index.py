"""The words by which a subject is found: folded, so that Марковић, MARKOVIĆ and markovic are one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ilex.index import LENGTH, folded
from ilex.subjects.rules.keys import number_key
from ilex.words.kinds import Kind

WORDS = 2_000  # of one subject
TEXT = 20_000  # characters that are looked at
QUERY_WORDS = 8
SHORTEST_NUMBER = 3  # digits; the beginning of a shorter number would find every date
SHORTEST_BEGINNING = 3  # letters; a shorter beginning is that of too many words
PHONE_TAILS = (8, 9)  # digits: a number is also typed without the code of its country


def words_of(kind: Kind, said: Iterable[tuple[str, str, str]]) -> list[str]:
    """The words of a subject by (property, value, key) of all that is stated of it, each once, in a stable order."""
    found: dict[str, None] = {}
    for name, value, key in said:
        one = kind.properties.get(name)
        if one is None or not one.search:
            continue
        found.update(dict.fromkeys(_words(one.type, value, key)))
        if len(found) >= WORDS:
            break
    return list(found)[:WORDS]


def _words(kind: str, value: str, key: str) -> list[str]:
    if kind == "date":
        return [value[:4], value.replace("-", "")]
    if kind == "name":
        return [word for token in value[:TEXT].split() for word in folded(token)]
    words = [word for token in value[:TEXT].split() for word in _numbers_too(token)]
    if compact := number_key(key):
        words.append(compact[:LENGTH])
    if kind == "phone":
        words += (key[-digits:] for digits in PHONE_TAILS if len(key) > digits)
    return words


def query(text: str, likely: Mapping[str, Sequence[str]] | None = None) -> str:
    """All words must occur, the last may be only begun; a number also as one piece, however it is cut.

    `likely` gives words of the vocabulary that may stand for one typed. Empty when the text holds no word.
    """
    parts = [part for part in (_part(token, likely or {}) for token in _tokens(text)) if part]
    if not parts:
        return ""
    whole = number(text)
    asked = " & ".join(parts)
    return f"({asked}) | {whole}" if whole else asked


def tokens(text: str) -> list[str]:
    """The folded words of a query, without those that hold a digit: these are numbers, not misspelt names."""
    words = [word for token in _tokens(text) for word in folded(token)]
    return [word for word in dict.fromkeys(words) if not any(letter.isdigit() for letter in word)]


def number(text: str) -> str:
    """The whole text as one number: "BG 123-AB" also finds "bg123ab". Empty when it is none."""
    compact = number_key(text[:LENGTH])
    if len(text.split()) < 2 or not _is_number(compact):
        return ""
    bare = compact.lstrip("0")
    return f"'{compact}':*" if bare == compact else f"('{compact}':* | '{bare}':*)"


def _tokens(text: str) -> list[str]:
    return text[:200].split()[:QUERY_WORDS]


def _part(token: str, likely: Mapping[str, Sequence[str]]) -> str:
    """One word as typed, only begun perhaps, or as the likely words; a cut number in one piece too."""
    words = folded(token)
    if not words:
        return ""
    compact = number_key(token)[:LENGTH]
    spelled = " & ".join(_word(word, likely) for word in words)
    if not _is_number(compact):
        return spelled if len(words) == 1 else f"({spelled})"
    bare = compact.lstrip("0")
    ways = dict.fromkeys((f"({spelled})" if len(words) > 1 else spelled, f"'{compact}':*", f"'{bare}':*"))
    return f"({' | '.join(ways)})"


def _word(word: str, likely: Mapping[str, Sequence[str]]) -> str:
    short = word.isdigit() and len(word) < SHORTEST_NUMBER
    begun = f"'{word}'" if short or len(word) < SHORTEST_BEGINNING else f"'{word}':*"
    others = likely.get(word, ())
    return f"({' | '.join([begun, *map(_quoted, others)])})" if others else begun


def _quoted(word: str) -> str:
    return f"'{word}'"


def _numbers_too(token: str) -> tuple[str, ...]:
    """As `folded`, which would make plain numbers small and remember them in vain: they seldom come again."""
    bare = token.removeprefix("+")
    if bare.isascii() and bare.isalnum() and not bare.isalpha():
        return (bare.lower()[:LENGTH],)
    return folded(token)


def _is_number(compact: str) -> bool:
    bare = compact.lstrip("0")
    return len(bare) >= SHORTEST_NUMBER and any(letter.isdigit() for letter in compact)
