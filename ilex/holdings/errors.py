"""What the verbs of this room raise: each a clear sentence; nothing was changed."""

from __future__ import annotations

from collections.abc import Mapping


class Invalid(Exception):
    """The content is not right. `fields` names each field and says in one sentence what is wrong with it."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)


class OtherFormat(Exception):
    """The index was written by another version of Ilex, and a wrong reading of it would say "no hits"."""


class FileRefused(Exception):
    """The file as a whole cannot be read: one clear sentence."""
