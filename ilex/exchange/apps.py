from __future__ import annotations

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "ilex.exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # These need the models, which are loaded only now.
        from ilex.exchange.actions.types import register_types
        from ilex.exchange.statistics import median_answer_times
        from ilex.gate.board import measure_answers_with

        register_types()
        measure_answers_with(median_answer_times)
