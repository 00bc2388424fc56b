from __future__ import annotations

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "ilex.exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # These need the models, which are loaded only now.
        from ilex.approvals.registry import ask_who_is_on_duty
        from ilex.duty.queries import on_duty
        from ilex.exchange import documents, four_eyes
        from ilex.exchange.actions.types import register_types
        from ilex.exchange.statistics import median_answer_times
        from ilex.gate.board import measure_answers_with

        register_types()
        documents.hand_in()
        four_eyes.register()
        ask_who_is_on_duty(on_duty)
        measure_answers_with(median_answer_times)
