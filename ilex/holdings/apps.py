from __future__ import annotations

from django.apps import AppConfig


class HoldingsConfig(AppConfig):
    name = "ilex.holdings"
    default_auto_field = "django.db.models.BigAutoField"
