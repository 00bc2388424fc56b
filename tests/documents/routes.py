from __future__ import annotations

from ilex.documents import actions
from ilex.units.models import Role
from tests.documents.conftest import sealed
from tests.routes import HANDLE, SUPERVISE, Rule, Rules, World


def of_the_request(world: World) -> list[object]:
    """A file that came with the request: whoever may see the request sees it."""
    return [actions.keep(sealed(b"a note"), ("request", world.asked.pk), by=None).pk]


def on_its_way(world: World) -> list[object]:
    """One whose bytes are not here yet: whoever may have the file is told so."""
    attachment = sealed(b"a note")
    attachment.whole_at = None
    return [actions.keep(attachment, ("request", world.asked.pk), by=None).pk]


RULES: Rules = {
    "documents": Rule(HANDLE | SUPERVISE | {Role.TRANSLATOR, Role.AUTHORITY}),
    "document": Rule(HANDLE | SUPERVISE | {Role.TRANSLATOR}, of_the_request),
    "document-file": Rule(HANDLE | {Role.TRANSLATOR}, on_its_way),  # who supervises reads the text on the page
    "document-free": Rule(HANDLE, of_the_request, post={"reason": "A child is missing."}),
}
