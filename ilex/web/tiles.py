"""A number on the desk that is a link: what a room says about its work that waits."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise


@dataclass(frozen=True)
class Tile:
    """`tone` is "overdue", "near" or ""; it is shown only while the count is not zero."""

    name: str
    label: str | Promise
    count: int
    url: str
    tone: str = ""
    order: int = 50
