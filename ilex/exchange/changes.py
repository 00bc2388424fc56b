"""Who must know that requests were registered or taken back: told by the higher rooms when the node starts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ilex.exchange.models import Request

# Requests of one transaction, with their subjects; whether they came in just now, or were recalled.
Registered = Callable[[Sequence[Request]], None]
Recalled = Callable[[Request], None]

_registered: list[Registered] = []
_recalled: list[Recalled] = []


def register(registered: Registered, recalled: Recalled) -> None:
    """Both are called in the transaction of the change, after the rows are written."""
    if registered not in _registered:
        _registered.append(registered)
        _recalled.append(recalled)


def tell_registered(*requests: Request) -> None:
    for registered in _registered if requests else ():
        registered(requests)


def tell_recalled(request: Request) -> None:
    for recalled in _recalled:
        recalled(request)
