"""What the verbs of this room raise: each a clear sentence; nothing was changed."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _


class Invalid(Exception):
    """The content is not right. `fields` names each field and says in one sentence what is wrong with it."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)


class NotNow(Exception):
    """The state does not allow this, or somebody was faster. The text is one sentence for the officer."""


def somebody_was_faster() -> NotNow:
    return NotNow(_("Somebody else changed this at the same moment. Look at it again."))


def fitting(field: str, text: str, limit: int) -> str:
    """The text without blanks around it. Raises Invalid when it is too long or cannot be kept."""
    text = text.strip()
    if len(text) > limit or "\0" in text:
        raise Invalid({field: _("The text is too long, or holds a character that cannot be kept.")})
    return text


def written(field: str, text: str, sentence: str, limit: int = 4_000) -> str:
    """As `fitting`; raises Invalid with the sentence when nothing is left."""
    text = fitting(field, text, limit)
    if not text:
        raise Invalid({field: sentence})
    return text
