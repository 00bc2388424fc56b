"""What the whole room holds to: which years it knows, and which words are no keys."""

from __future__ import annotations

from typing import Final

from ilex.words.edtf import When

FIRST, LAST = 1900, 2199  # calendars count days beyond both ends of a date, and know no year after 9999
RESERVED: Final = {"new"}  # stands in an address where a key would


def within(read: When) -> When:
    """The same. Raises ValueError with one sentence for a year that no calendar of ours shows."""
    for day in (read.first, read.last):
        if day is not None and not FIRST <= day.year <= LAST:
            raise ValueError(f"Write a year from {FIRST} to {LAST}.")
    return read
