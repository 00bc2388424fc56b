"""Mail on a stick, for partners without a line: sealed here, opened there, the receipts carried back."""

from __future__ import annotations

from ilex.gate.stick.opening import Opened, open_stick
from ilex.gate.stick.sealing import Written, seal_stick

__all__ = ["Opened", "Written", "open_stick", "seal_stick"]
