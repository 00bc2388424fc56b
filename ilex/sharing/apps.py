from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SharingConfig(AppConfig):
    name = "ilex.sharing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # These need the models, which are loaded only now.
        from ilex.exchange import onward
        from ilex.sharing.actions.approval import register_kind
        from ilex.sharing.actions.consents import allows_letter
        from ilex.sharing.actions.recalls import changed
        from ilex.sharing.actions.types import register_types
        from ilex.sharing.uses import register_uses
        from ilex.subjects import changes
        from ilex.web.navigation import Item, register

        register_types()
        register_kind()
        register_uses()
        changes.register(changed)
        onward.allow_by(allows_letter)
        register(Item("releases", _("Releases"), url_name="releases", verb="subject.read", order=26))
