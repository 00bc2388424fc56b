from __future__ import annotations

from pathlib import Path

import pytest
from django.core.checks import run_checks

from ilex.approvals.checks import rules_can_be_read
from ilex.words import approval


def test_rules_that_ship_can_be_read() -> None:
    assert rules_can_be_read(None) == []


def test_node_does_not_start_with_rules_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "approval.toml").write_text("alone_after_minutes = 'soon'", encoding="utf-8")
    monkeypatch.setenv("ILEX_LAW", str(tmp_path))
    approval._read.cache_clear()
    (found,) = [one for one in run_checks() if one.id == "approvals.E001"]
    assert "approval.toml" in found.msg
    approval._read.cache_clear()
