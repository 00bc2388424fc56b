"""Who approved what is being released at this moment: named in the entry and in the journal line of the verb.

The verbs stay as they are for what needs no second person; the release of an approved letter wraps the verb in `by`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

_approved: ContextVar[Mapping[str, str] | None] = ContextVar("approved", default=None)


@contextmanager
def by(approval: Mapping[str, str]) -> Iterator[None]:
    token = _approved.set(approval)
    try:
        yield
    finally:
        _approved.reset(token)


def named() -> dict[str, str]:
    """`approval` and `approved_by`; nothing while one person is enough."""
    return dict(_approved.get() or {})
