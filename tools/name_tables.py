"""Makes ilex/matching/data/equivalents.txt.xz from the names of rigour 1.8.2 (MIT; of Wikidata, CC0).

`.venv/bin/python -m tools.name_tables FOLDER/rigour/data/names/persons.txt`, with rigour's wheel unpacked in FOLDER.
To be run again whenever the letter tables change: the table holds sounds, and a test compares its mark of the letters.
"""

from __future__ import annotations

import lzma
import sys
from pathlib import Path

from ilex.matching import letters
from ilex.matching.equivalents import EQUIVALENTS
from ilex.matching.parts import words

SOURCE = "rigour 1.8.2, rigour/data/names/persons.txt, MIT, Copyright 2023-2025 OpenSanctions; from Wikidata, CC0"


def main(path: str) -> None:
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    groups = sorted({group for line in lines if (group := _group(line.partition(" => ")[0]))})
    text = "\n".join([f"# {SOURCE}", f"# letters {letters.mark()}", *groups])
    EQUIVALENTS.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))
    print(f"{len(groups):,} groups, {EQUIVALENTS.stat().st_size:,} bytes")


def _group(line: str) -> str:
    """The sounds of a group; nothing when they all share a skeleton: then the letters find them without any table."""
    known: dict[str, set[str]] = {}
    for form in line.split(","):
        found = words(form)
        if len(found) == 1:
            reading = letters.read(found[0].plain)
            known.setdefault(reading.sound, set()).update(reading.skeletons)
    clusters: list[set[str]] = []
    for skeletons in known.values():
        near = [cluster for cluster in clusters if cluster & skeletons]
        clusters = [cluster for cluster in clusters if cluster not in near] + [skeletons.union(*near)]
    return " ".join(sorted(known)) if len(clusters) > 1 else ""


if __name__ == "__main__":
    main(sys.argv[1])
