from __future__ import annotations

import gettext
from pathlib import Path

from ilex.config.catalogues import compile_all

PO = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "Request"
msgstr "Захтев"
"""


def test_texts_are_compiled_when_they_changed_and_not_otherwise(tmp_path: Path) -> None:
    folder = tmp_path / "sr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(PO, encoding="utf-8")
    assert compile_all(tmp_path) == 1
    assert compile_all(tmp_path) == 0
    with (folder / "django.mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Request") == "Захтев"
    assert sorted(path.name for path in folder.iterdir()) == ["django.mo", "django.po"]
