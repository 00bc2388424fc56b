"""A value as people read it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext

from ilex.words import kinds


def in_words(kind: str, property: str, value: str, countries: Mapping[str, str] | None = None) -> str:
    """A choice by its text in the page's language, a country by its name where names are given; all else as it is."""
    one = kinds.kind(kind).properties.get(property)
    if one is not None and one.type == "choice":
        return next((gettext(choice.text) for choice in one.choices if choice.code == value), value)
    if one is not None and one.type == "country" and countries and value in countries:
        return f"{countries[value]} ({value})"
    return value
