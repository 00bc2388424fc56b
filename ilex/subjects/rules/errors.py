"""What the verbs of this room raise: each a clear sentence; nothing was changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ilex.subjects.models import Statement


class Invalid(Exception):
    """The content is not right. `fields` names each field and says in one sentence what is wrong with it.

    Of several statements the fields are counted: "2-value" belongs to the third.
    """

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)


class NotNow(Exception):
    """The subject's state does not allow this, or somebody was faster. The text is one sentence for the officer."""


class Unconfirmed(Exception):
    """These statements must be withdrawn with it, and the officer has not yet said so."""

    def __init__(self, sentence: str, statements: Sequence[Statement]) -> None:
        super().__init__(sentence)
        self.statements = tuple(statements)
