from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "ilex.cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ilex.cases import origins
        from ilex.cases.handing import hand_in  # late: models are ready only now
        from ilex.cases.queries import waiting_for
        from ilex.web.navigation import Item, register

        hand_in()
        origins.hand_in()
        register(Item("cases", _("Cases"), url_name="cases", verb="case.read", order=12))
        # The unit's list and the authority's are one page; of the two verbs an officer mostly has one.
        for name, verb in (("tasks", "task.send"), ("tasks-asked", "task.answer")):
            register(Item(name, _("Tasks"), url_name="tasks", verb=verb, count=waiting_for, order=13))
