"""What stands in the code for officers to read must reach the translators."""

from __future__ import annotations

import ast
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2] / "ilex"
CALLED = {"_", "gettext", "gettext_lazy", "pgettext", "pgettext_lazy", "ngettext", "npgettext"}


def test_no_text_hides_inside_another() -> None:
    """Whoever gathers the texts does not look into the braces of an f-string."""
    assert hidden("f\"{_('Host:')} {name}\"") == ["Host:"]
    assert hidden('f"{_(name)}"') == []
    found = {str(path.relative_to(HOUSE)): hidden(path.read_text(encoding="utf-8")) for path in HOUSE.rglob("*.py")}
    assert len(found) > 500
    assert {path: texts for path, texts in found.items() if texts} == {}


def hidden(source: str) -> list[str]:
    inside = [
        part for node in ast.walk(ast.parse(source)) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)
    ]
    calls = [part for part in inside if isinstance(part, ast.Call) and getattr(part.func, "id", "") in CALLED]
    return [str(one.value) for call in calls for one in call.args[:1] if isinstance(one, ast.Constant)]
