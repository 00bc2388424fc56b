"""UUID version 7 (RFC 9562): the first 48 bits tell the millisecond, so that ids sort by time."""

from __future__ import annotations

import secrets
import time
from uuid import UUID


def uuid7() -> UUID:
    milliseconds = time.time_ns() // 1_000_000
    number = (milliseconds & (1 << 48) - 1) << 80
    number |= 0x7 << 76 | secrets.randbits(12) << 64
    number |= 0b10 << 62 | secrets.randbits(62)
    return UUID(int=number)
