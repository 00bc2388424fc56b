"""The peers' door: where paired nodes bring envelopes, receipts and blobs, each with its own certificate."""

from __future__ import annotations

from ilex.gate.door.server import serve

__all__ = ["serve"]
