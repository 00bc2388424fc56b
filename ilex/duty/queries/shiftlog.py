"""The lines of the shift log."""

from __future__ import annotations

from django.core.paginator import Page, Paginator

from ilex.duty.models import LogLine

LEAF = 50


def log(page: str = "") -> Page[LogLine]:
    """One leaf of the log, newest line first."""
    lines = LogLine.objects.select_related("by").order_by("-at", "-pk")
    return Paginator(lines, LEAF).get_page(page)
