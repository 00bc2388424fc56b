"""What an officer, a file or a partner says of a subject, before it is checked and kept."""

from __future__ import annotations

from dataclasses import dataclass, field

FACT, ASSESSMENT = "fact", "assessment"
CATEGORIES = frozenset({"suspect", "convicted", "victim", "witness", "contact", "informant", "other"})


@dataclass(frozen=True, kw_only=True)
class Evaluation:
    """Whose it is, from where, how sure, and what may be done with it. An empty owner means this unit."""

    owner: str = ""  # id of an organisation
    from_kind: str = "officer"  # officer, entry, document, release, import
    from_key: str = ""  # the id of that entry, document, release or import
    from_note: str = ""  # the source in words
    source_grade: str = ""
    information_grade: str = ""
    handling: str = "H0"
    handling_note: str = ""
    basis: str = FACT
    special: str = ""
    necessity: str = ""
    since: str = ""
    until: str = ""


@dataclass(frozen=True)
class Said:
    """One thing said of a subject: a property of its kind and the value as written."""

    property: str
    value: str
    name_kind: str = ""
    language: str = ""
    evaluation: Evaluation = field(default_factory=Evaluation)


@dataclass(frozen=True)
class Stated:
    """What was said, checked, with the key by which it is compared."""

    said: Said
    key: str
