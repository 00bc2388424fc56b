"""What the desk shows of the second pair of eyes, each only while there is something."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from ilex.approvals.queries import returned_to, to_approve, to_note
from ilex.units.models import Officer
from ilex.web.moments import NEAR
from ilex.web.tiles import Tile


def approval_tiles(officer: Officer) -> Iterator[Tile]:
    page = reverse("approvals")
    if waiting := to_approve(officer):
        soon = any(one.due_at and one.due_at - now() <= NEAR for one in waiting)
        yield Tile("approvals", _("To approve"), len(waiting), page, "near" if soon else "", 80)
    if count := returned_to(officer).count():
        yield Tile("returned", _("Came back to you"), count, page, "near", 81)
    if count := to_note(officer).count():
        yield Tile("alone", _("Released alone, to note"), count, page, "near", 82)
