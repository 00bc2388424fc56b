"""Numbers that are one slip of the pen away from another: a wrong, missing, added or exchanged letter or digit."""

from __future__ import annotations

from collections.abc import Iterator

DIGITS = "0123456789"
MOST_SLIPS = 400
LONGEST, SHORTEST = 40, 5
# Letters and digits that are read for each other.
ALIKE = ("0ODQ", "1IL", "17", "2Z", "5S", "8B", "6G", "UV", "MN")
READ_AS = {sign: "".join(group.replace(sign, "") for group in ALIKE if sign in group) for sign in "".join(ALIKE)}
WITHOUT = ("email", "online", "url", "wallet", "ip", "position", "bic", "lei")  # no one types these from a paper


def slips(kind: str, number: str) -> Iterator[str]:
    """Each other number that is one slip away. Of letters only those that look alike are exchanged."""
    if kind in WITHOUT or not SHORTEST <= len(number) <= LONGEST:
        return
    seen = {number}
    for count, other in enumerate(_slips(number)):
        if count >= MOST_SLIPS:
            return
        if other not in seen:
            seen.add(other)
            yield other


def _slips(number: str) -> Iterator[str]:
    places = range(len(number))
    for at in places[1:]:
        yield number[: at - 1] + number[at] + number[at - 1] + number[at + 1 :]
    for at in places:
        for other in READ_AS.get(number[at], ""):
            yield number[:at] + other + number[at + 1 :]
    for at in places:
        yield number[:at] + number[at + 1 :]
    for at in places:
        for other in DIGITS if number[at] in DIGITS else "":
            yield number[:at] + other + number[at + 1 :]
    for at in (*places, len(number)):
        for other in DIGITS:
            yield number[:at] + other + number[at:]
