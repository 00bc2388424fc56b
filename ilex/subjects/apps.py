from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SubjectsConfig(AppConfig):
    name = "ilex.subjects"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ilex.web.navigation import Item, register  # late: models are ready only now

        register(Item("subjects", _("Subjects"), url_name="subjects", verb="subject.read", order=14))
