from __future__ import annotations

from django.apps import AppConfig
from django.core import checks
from django.utils.translation import gettext_lazy as _


class ApprovalsConfig(AppConfig):
    name = "ilex.approvals"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ilex.approvals.checks import rules_can_be_read
        from ilex.approvals.queries import count_for  # late: models are ready only now
        from ilex.web.navigation import Item, register

        checks.register(rules_can_be_read)
        register(
            Item("approvals", _("To approve"), url_name="approvals", verb="approval.give", count=count_for, order=15)
        )
