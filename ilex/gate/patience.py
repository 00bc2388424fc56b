"""How long the relay waits, for whom, and when a person is told: tables and pure functions."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Now

from ilex.gate.models import Peer

# The breaker: how long a peer is left alone after so many failures one after another.
PAUSES = (1, 2, 5, 10, 20, 40, 60)  # seconds; the last holds from then on
# One message that the peer could not take now: by attempts of this message.
RETRIES = (5, 15, 60, 300, 900)  # seconds
RECEIPT_RETRY = timedelta(minutes=1)  # also how long our word waits while a partner learns our new keys
BLOB_RETRY = {  # by the code of `arrivals.Turned`
    "busy": timedelta(seconds=5),
    "damaged": timedelta(seconds=30),
    "quota": timedelta(hours=1),
    "storage-full": timedelta(minutes=10),
    "storage-failure": timedelta(minutes=10),
}
BLOB_RETRY_ELSE = timedelta(minutes=10)
LONGEST = timedelta(hours=1)  # of all of these

# No stored receipt after this long: a person is told. A stick is carried by hand.
LATE = {Peer.Carrier.HTTPS: timedelta(minutes=10), Peer.Carrier.FILE: timedelta(days=3)}
_late_by_type: dict[str, timedelta] = {}


def late_after(type: str, wait: timedelta) -> None:
    """A room says how soon one of its message types is late on the line, where that is not ten minutes."""
    _late_by_type[type] = wait


def late_types() -> dict[str, timedelta]:
    return dict(_late_by_type)


def pause(failures: int, chance: Callable[[], float] = random.random) -> timedelta:
    """How long the breaker stays open: a step of the table, somewhere between half of it and all of it."""
    return _spread(PAUSES, failures, chance)


def retry(attempts: int, chance: Callable[[], float] = random.random) -> timedelta:
    return _spread(RETRIES, attempts, chance)


def blob_retry(code: str) -> timedelta:
    return BLOB_RETRY.get(code, BLOB_RETRY_ELSE)


def over(column: str, longest: timedelta = LONGEST, at: datetime | Combinable | None = None) -> Q:
    """Rows whose pause is over: that of this column, where nobody notes a longer one than `longest`.

    What is noted for a moment further ahead was noted before the clock of the machine was set back, and is not
    waited for. Twice as far: `Now()` is the moment at which our transaction began, and the pause may be younger.
    """
    at = Now() if at is None else at
    return Q(**{f"{column}__lte": at}) | Q(**{f"{column}__gt": at + 2 * longest})


def _spread(steps: tuple[int, ...], count: int, chance: Callable[[], float]) -> timedelta:
    # Spread, so that seven nodes that lost the same partner do not come back in the same second.
    step = steps[min(max(count, 1), len(steps)) - 1]
    return timedelta(seconds=step * (0.5 + chance() / 2))
