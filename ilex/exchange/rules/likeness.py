"""When two references, names or dates of birth may mean the same."""

from __future__ import annotations

import re

from ilex.words.scripts import fold

TWIN_DAYS = 60
SHORTEST_NAME = 4  # shorter keys ("bmw") say nothing about the person


def reference_key(reference: str) -> str:
    """References are typed with blanks, strokes and dots as people like: only letters and digits count."""
    return re.sub(r"[^a-z0-9]", "", fold(reference))[:80]


def name_key(name: str) -> str:
    """The same for "Ana Marković", "MARKOVIC, Ana" and "Ана Марковић"."""
    return " ".join(sorted(re.findall(r"[a-z0-9]+", fold(name))))[:300]


def born_agree(one: str, other: str) -> bool:
    """Partial dates agree when neither contradicts the other: 1985 and 1985-03-12 do."""
    return one.startswith(other) or other.startswith(one)
