from __future__ import annotations

from django.apps import AppConfig


class HouseConfig(AppConfig):
    """The roof. Holds the commands, and two messages of its own: a node was restored, a partner remembers."""

    name = "ilex.config"
    label = "config"

    def ready(self) -> None:
        from ilex.config.keeping import after  # late: models are ready only now
        from ilex.gate import notices

        after.register_types()
        notices.register(after.notices)
