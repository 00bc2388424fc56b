"""The rules of this room that need no database: what a release must hold, and what its verbs raise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

LINE = 300
LONG = 20_000
MOST_STATEMENTS = 500  # as the wire has it
MOST_SUBJECTS = 100


class Invalid(Exception):
    """The content is not right. `fields` names each field and says in one sentence what is wrong with it."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)


class NotNow(Exception):
    """The state does not allow this, or somebody was faster. The text is one sentence for the officer."""


class Blocked(Exception):
    """Owners must allow something first. Each sentence names who and by which rule."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = tuple(sentences)


class Unconfirmed(Exception):
    """There are conditions of owners which the officer has not yet said he keeps."""

    def __init__(self, conditions: Sequence[str]) -> None:
        super().__init__(" ".join(conditions))
        self.conditions = tuple(conditions)


@dataclass(frozen=True)
class Letter:
    """What an officer writes around the statements."""

    title: str
    purpose: str
    text: str = ""
    threat: str = ""  # why it cannot wait for the owners' permission: LED Art. 35(2)
    language: str = "en"
    case: str = ""
    request_ref: str = ""


def checked(letter: Letter, *, complete: bool) -> dict[str, str]:
    """The fields without blanks around them. Raises Invalid; a draft may still be incomplete."""
    fields = {name: str(value).strip() for name, value in vars(letter).items()}
    faults: dict[str, str] = {}
    limits = {"title": LINE, "purpose": LONG, "text": LONG, "threat": 4_000}
    for name, limit in limits.items():
        if len(fields[name]) > limit or "\0" in fields[name]:
            faults[name] = _("The text is too long, or holds a character that cannot be kept.")
    if not fields["title"]:
        faults["title"] = _("Give it a title by which both sides find it again.")
    if complete and not fields["purpose"]:
        faults["purpose"] = _("Say for what they may use it.")
    if faults:
        raise Invalid(faults)
    return fields


def written(field: str, text: str, sentence: str, limit: int = 4_000) -> str:
    """The text without blanks around it. Raises Invalid with the sentence when nothing is left."""
    text = text.strip()
    if not text:
        raise Invalid({field: sentence})
    if len(text) > limit or "\0" in text:
        raise Invalid({field: _("The text is too long, or holds a character that cannot be kept.")})
    return text
