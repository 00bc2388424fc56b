from __future__ import annotations

from django.apps import AppConfig


class GateConfig(AppConfig):
    name = "ilex.gate"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ilex.gate import keys, registry
        from ilex.gate.actions.renewed import CARD_TYPE
        from ilex.journal import actions as journal

        registry.register(CARD_TYPE)
        # The keys are read at the first head, not now: commands run on a node that has none yet.
        journal.sign_heads_with(lambda: keys.own().log, former=lambda: keys.own().logs)
