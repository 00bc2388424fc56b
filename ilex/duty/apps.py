from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DutyConfig(AppConfig):
    name = "ilex.duty"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ilex.duty.queries import names_on_duty  # late: models are ready only now
        from ilex.web.navigation import Item, register, show_on_duty

        register(Item("duty", _("Duty"), url_name="duty", verb="duty.log", order=25))
        show_on_duty(names_on_duty)
