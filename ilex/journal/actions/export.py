"""Giving the log out of the house, which is itself an act."""

from __future__ import annotations

import json
from typing import TextIO

from ilex.journal.actions.lines import act
from ilex.journal.ecs import as_ecs
from ilex.journal.models import Operation
from ilex.journal.queries.lines import by_position
from ilex.units.models import Officer


def export(file: TextIO, *, by: Officer | None, reason: str, after: int = -1) -> int:
    """Write the lines behind position `after` as JSON lines, in the order of the tree; returns how many."""
    with act("journal.exported", Operation.DISCLOSURE, by=by, on=("journal", ""), reason=reason) as this:
        count, last = 0, after
        for line in by_position(after):
            file.write(json.dumps(as_ecs(line), ensure_ascii=False, separators=(",", ":")) + "\n")
            count, last = count + 1, line.position or 0
        this.detail |= {"lines": count, "after": after, "last": last}
    return count
