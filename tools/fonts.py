"""Cut the fonts of the printed papers out of Debian's fonts-noto-core, so that the repository stays small.

A maintainer runs it when the fonts are renewed, in a virtual environment of its own (fontTools is no dependency):

    apt-get download fonts-noto-core
    dpkg -x fonts-noto-core_*.deb /tmp/noto
    python3 -m venv /tmp/fonts && /tmp/fonts/bin/pip install fonttools
    /tmp/fonts/bin/python tools/fonts.py /tmp/noto fonts-noto-core_*.deb

It writes the TTF files, the licence and `fonts.toml`: where each file comes from, its SHA-256, and which characters
it holds. The papers ask that list before they print, because PDF/A allows no character without a glyph.
"""

from __future__ import annotations

import hashlib
import re
import sys
from pathlib import Path

from fontTools import subset  # type: ignore[import-not-found, import-untyped, unused-ignore]
from fontTools.ttLib import TTFont  # type: ignore[import-not-found, import-untyped, unused-ignore]

FONTS = Path(__file__).resolve().parent.parent / "ilex" / "exchange" / "papers" / "fonts"
SPACES = "0020 00A0 200C-200F"

# Latin with all diacritics, Greek, Cyrillic, marks, punctuation, currencies and a few signs
LATIN = (
    "0020-007E 00A0-024F 0259 02BB-02BC 02C6-02DD 0300-0304 0306-030C 0323-0328 0331 0342 0345 0370-03FF 0400-052F "
    "1E00-1EFF 2000-200D 2010-2027 202F-203A 2044 2060 2070-209C 20AC 20B4 20BD 20BE 2116 2122 25CC FFFD"
)
FAMILIES = {  # file stem: (family, styles, characters)
    "NotoSans": ("Noto Sans", ("Regular", "Bold", "Italic"), LATIN),
    "NotoSansGeorgian": ("Noto Sans Georgian", ("Regular", "Bold"), f"{SPACES} 10A0-10FF 1C90-1CBF 2D00-2D2F"),
    "NotoSansArmenian": ("Noto Sans Armenian", ("Regular", "Bold"), f"{SPACES} 0530-058F FB13-FB17"),
    "NotoSansArabic": ("Noto Sans Arabic", ("Regular", "Bold"), f"{SPACES} 0600-06FF 0750-077F"),
    "NotoSansHebrew": ("Noto Sans Hebrew", ("Regular", "Bold"), f"{SPACES} 0590-05FF"),
    # boxes to tick, arrows, and the signs that people type from habit
    "NotoSansSymbols2": (
        "Noto Sans Symbols2",
        ("Regular",),
        "25A0-25A1 25AA 25CB 25CF 260E 2610-2612 26A0 2709 2713-2714 2717",
    ),
    "NotoSansMath": ("Noto Sans Math", ("Regular",), "2190-2194 21D2 21D4 2212 221E 2248 2260 2264-2265"),
}


def main(unpacked: Path, package: Path) -> None:
    lines = [
        "# Written by tools/fonts.py. Licence: SIL Open Font License 1.1, see OFL.txt.",
        "",
        "[source]",
        'package = "fonts-noto-core"',
        f'version = "{package.name.split("_")[1]}"',
        f'sha256 = "{_sha256(package)}"',
    ]
    for stem, (family, styles, characters) in FAMILIES.items():
        for style in styles:
            lines += ["", *_cut(unpacked, f"{stem}-{style}.ttf", family, style, characters)]
    (FONTS / "fonts.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    _write_licence(unpacked / "usr/share/doc/fonts-noto-core/copyright")


def _cut(unpacked: Path, name: str, family: str, style: str, characters: str) -> list[str]:
    made = FONTS / name
    subset.main(
        [
            str(unpacked / "usr/share/fonts/truetype/noto" / name),
            "--unicodes=" + ",".join(characters.split()),
            "--layout-features=*",  # Serbian and Macedonian letter shapes, Arabic joining
            "--name-IDs=*",
            "--no-hinting",
            f"--output-file={made}",
        ]
    )
    held = sorted(TTFont(made).getBestCmap())
    return [
        "[[font]]",
        f'file = "{name}"',
        f'family = "{family}"',
        f'style = "{style}"',
        f'sha256 = "{_sha256(made)}"',
        f'characters = "{" ".join(_ranges(held))}"',
    ]


def _ranges(points: list[int]) -> list[str]:
    ranges: list[list[int]] = []
    for point in points:
        if ranges and ranges[-1][1] == point - 1:
            ranges[-1][1] = point
        else:
            ranges.append([point, point])
    return [f"{first:04X}" if first == last else f"{first:04X}-{last:04X}" for first, last in ranges]


def _write_licence(copyright_file: Path) -> None:
    """The package's copyright file holds the text of the OFL behind a one-blank indent."""
    text = copyright_file.read_text(encoding="utf-8")
    licence = re.split(r"(?m)^License: OFL-1.1\n(?= PREAMBLE)", text)[1].split("\nLicense: ")[0]
    lines = [line[1:] if line != " ." else "" for line in licence.splitlines()]
    head = "Copyright 2010-2020 Google LLC (the Noto fonts)\n\nSIL OPEN FONT LICENSE Version 1.1\n\n"
    (FONTS / "OFL.txt").write_text(head + "\n".join(lines).strip() + "\n", encoding="utf-8")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("Usage: tools/fonts.py UNPACKED_PACKAGE PACKAGE.deb (see the first lines of this file)")
    main(Path(sys.argv[1]), Path(sys.argv[2]))
