"""Who works at a measured node."""

from __future__ import annotations

OFFICER, PASSWORD = "bench", "holly-and-ivy"
