from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CrosscheckConfig(AppConfig):
    name = "ilex.crosscheck"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ilex.crosscheck.handing import hand_in  # late: models are ready only now
        from ilex.crosscheck.uses import register_uses
        from ilex.web.navigation import Item, register

        hand_in()
        register_uses()
        register(Item("check", _("Cross-check"), url_name="check", verb="crosscheck.look", order=16))
        # Without a number: the desk has it, and to count what an officer may see is dear on every single page.
        register(Item("hits", _("Hits"), url_name="hits", verb="crosscheck.judge", order=17))
