from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ProgrammeConfig(AppConfig):
    name = "ilex.programme"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # These need the models, which are loaded only now.
        from ilex.programme.arrivals.types import register_types
        from ilex.web.navigation import Item, register

        register_types()
        may = "programme.read"
        group = _("Programme")
        register(
            Item("actions", pgettext_lazy("programme", "Actions"), url_name="actions", verb=may, order=60, group=group)
        )
        planned = ("/activities/", "/series/", "/map/")
        register(Item("calendar", _("Calendar"), url_name="calendar", verb=may, order=61, also=planned, group=group))
        propose = "nomination.propose"
        certified = ("/certificates/",)
        register(
            Item("nominations", _("Nominations"), "nominations", verb=propose, order=62, also=certified, group=group)
        )
        register(
            Item(
                "equipment",
                _("Equipment"),
                url_name="equipment",
                verb=may,
                order=63,
                also=("/agreements/",),
                group=group,
            )
        )
