"""Sentences for the network board that a higher room has to say."""

from __future__ import annotations

from collections.abc import Callable, Iterable

Provider = Callable[[], Iterable[str]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Told once at start-up; asked each time the board is shown."""
    if provider not in _providers:
        _providers.append(provider)


def notices() -> list[str]:
    return [sentence for provider in _providers for sentence in provider()]
