"""What the gate costs: the parts of a message one by one, and an attachment over a line that is cut."""

from __future__ import annotations

from ilex.gate.bench.parts import Parts, parts
from ilex.gate.bench.transfer import Transfer, transfer

__all__ = ["Parts", "Transfer", "parts", "transfer"]
