from __future__ import annotations

from tests.exchange.conftest import ana, house, ours  # noqa: F401  (fixtures)
from tests.sharing.conftest import ceca  # noqa: F401  (a fixture)
