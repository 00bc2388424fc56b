from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

OF_REQUESTS = ("desk", "drafts", "find")  # nothing waits there for who only answers tasks
ENTRIES = (
    ("desk", _("Desk"), "request.read"),
    ("drafts", _("Drafts"), "note.write"),
    ("find", _("Search"), "request.read"),
    ("directory", _("Directory"), "directory.read"),
    ("board", _("Network"), "board.read"),
    ("statistics", _("Statistics"), "statistics.read"),
    ("journal", _("Journal"), "journal.read"),
)


class DeskConfig(AppConfig):
    """Hands the rooms below what they show of each other: the navigation and the partners that are up."""

    name = "ilex.desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import ilex.desk.searching  # noqa: F401  (late: models are ready only now)
        from ilex.desk.partners import partners_up
        from ilex.desk.shows import answers_tasks_only, reads_requests
        from ilex.web.navigation import Item, register, show_partners

        for place, (name, label, verb) in enumerate(ENTRIES):
            hidden_from = answers_tasks_only if name in OF_REQUESTS else None
            register(Item(name, label, url_name=name, verb=verb, order=10 * place, hidden_from=hidden_from))
        programme = Item("waiting", _("Desk"), "desk", verb="programme.read", order=0, hidden_from=reads_requests)
        register(programme)  # another desk, at the same address
        show_partners(partners_up)
