from __future__ import annotations

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "ilex.exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ilex.exchange.actions.types import register_types  # needs the models, which are loaded only now

        register_types()
