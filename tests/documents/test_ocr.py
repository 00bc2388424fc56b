"""Scans are read where tesseract is installed, and said not to be where it is not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import typst

from ilex.documents import child

FOLDER = Path(__file__).parents[2] / "ilex/exchange/papers/fonts"
FONTS = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER)])
with_tesseract = pytest.mark.skipif(
    not shutil.which("tesseract"), reason="tesseract is not installed: apt-get install tesseract-ocr"
)


def picture(text: str) -> bytes:
    """A page with this text as PNG."""
    page = f'#set page(width: 16cm, height: 4cm)\n#set text(font: "Noto Sans", size: 20pt)\n{text}'
    made = typst.compile(page.encode(), format="png", ppi=150.0, font_paths=FONTS)
    assert isinstance(made, bytes)
    return made


@with_tesseract
def test_text_in_a_picture_is_recognised_and_said_to_be_so() -> None:
    reading = child.read([picture("Vehicle BELGRADE 4711")], "en")
    assert "BELGRADE 4711" in reading.text
    assert (reading.kind, reading.ocr) == ("image", True)


@with_tesseract
def test_scanned_pdf_is_recognised(tmp_path: Path) -> None:
    (tmp_path / "scan.png").write_bytes(picture("Vehicle BELGRADE 4711"))
    (tmp_path / "page.typ").write_text('#image("scan.png")')
    made = typst.compile(tmp_path / "page.typ", root=tmp_path, format="pdf")
    assert isinstance(made, bytes)
    reading = child.read([made], "en")
    assert "BELGRADE 4711" in reading.text
    assert (reading.kind, reading.pages, reading.ocr) == ("pdf", 1, True)


@with_tesseract
def test_picture_without_text_has_none() -> None:
    reading = child.read([picture("")], "en")
    assert (reading.text, reading.why) == ("", "")


@with_tesseract
def test_picture_that_is_broken_has_no_text() -> None:
    assert child.read([picture("x")[:300]]).text == ""


def test_node_without_tesseract_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    reading = child.read([picture("Vehicle")])
    assert (reading.kind, reading.text, reading.why) == ("image", "", "no-ocr")
