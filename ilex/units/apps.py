from __future__ import annotations

from django.apps import AppConfig


class UnitsConfig(AppConfig):
    name = "ilex.units"
    default_auto_field = "django.db.models.BigAutoField"
