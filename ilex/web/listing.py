"""A list that is leafed by its first row: the queries of its filters, and of the rows before and behind."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

LAST = 10_000  # rows beyond this are found by the search, not by leafing


@dataclass(frozen=True)
class Leaf:
    """The queries of the neighbours; empty where there is none."""

    earlier: str
    later: str


def first_row(request: HttpRequest) -> int:
    """Which row stands on top, as `?first=` says it."""
    text = request.GET.get("first", "")
    return min(int(text), LAST) if text.isdecimal() and len(text) < 7 else 0


def query(request: HttpRequest, *without: str, **changed: int) -> str:
    """The query of this page without these filters, from its first row on or another."""
    asked = request.GET.copy()
    for name in (*without, "first"):
        asked.pop(name, None)
    for name, value in changed.items():
        asked[name] = str(value)
    return f"?{asked.urlencode()}"


def leaf(request: HttpRequest, first: int, size: int, *, more: bool) -> Leaf:
    """`size`: rows of one leaf; `more`: whether rows follow."""
    return Leaf(
        earlier=query(request, first=max(first - size, 0)) if first else "",
        later=query(request, first=first + size) if more and first < LAST else "",
    )
