"""What every check of an identifier raises."""

from __future__ import annotations


class Wrong(ValueError):
    """The text cannot be an identifier of this type: one sentence for the officer, to be shown through gettext."""


def N_(sentence: str) -> str:
    """Marks a sentence for the message catalogues; who shows it translates it."""
    return sentence
