"""What the verbs of this room raise: each a clear sentence; nothing was changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext


class Invalid(Exception):
    """The content is not right. `fields` names each field and says in one sentence what is wrong with it."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)


class NotNow(Exception):
    """The request's state does not allow this, or somebody was faster. The text is one sentence for the officer."""


@dataclass(frozen=True)
class Warning:
    """Something the officer may do, but should do knowingly."""

    code: str
    sentence: str


class Unconfirmed(Exception):
    """There are warnings, and the officer has not yet said that he saw them."""

    def __init__(self, warnings: Sequence[Warning]) -> None:
        super().__init__(" ".join(warning.sentence for warning in warnings))
        self.warnings = tuple(warnings)


def somebody_was_faster() -> NotNow:
    return NotNow(gettext("Somebody else changed this request at the same moment. Look at it again."))
