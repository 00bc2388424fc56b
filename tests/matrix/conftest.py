from __future__ import annotations

from tests.exchange.conftest import ana, ceca, house, ours  # noqa: F401  (fixtures)
