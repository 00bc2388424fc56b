from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LibraryConfig(AppConfig):
    name = "ilex.library"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # These need the models, which are loaded only now.
        from ilex.library.arrivals import register_types
        from ilex.library.queries.items import about
        from ilex.programme.queries.news import hand_in
        from ilex.web.navigation import Item, register

        register_types()
        hand_in(about)
        register(Item("news", _("News"), url_name="news", verb="programme.read", order=65, group=_("Programme")))
