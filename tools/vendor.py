"""Refresh the fonts and other files of other people that are committed under ilex/web/static/vendor.

A maintainer runs it: `python tools/vendor.py` fetches the versions that vendor.toml names with `npm pack`, copies
the files, writes their SHA-256 back and makes fonts.css. `python tools/vendor.py --check` only compares.
Nobody needs npm to install or run Ilex.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "ilex" / "web" / "static" / "vendor"
LIST = FOLDER / "vendor.toml"
HEAD = "# Files of other people, as they came. To change a version, write it here and run tools/vendor.py.\n"


class VendorError(Exception):
    """One clear sentence for the maintainer."""


@dataclass(frozen=True)
class Package:
    name: str
    version: str
    licence: str
    folder: str
    family: str  # of the @font-face rules
    subsets: tuple[str, ...]
    files: dict[str, str]  # name in our folder -> SHA-256

    @property
    def stem(self) -> str:
        return self.name.rpartition("/")[2]

    def font(self, subset: str) -> str:
        return f"{self.stem}-{subset}-wght-normal.woff2"


def read_list() -> list[Package]:
    entries = tomllib.loads(LIST.read_text(encoding="utf-8"))["package"]
    return [Package(**{**entry, "subsets": tuple(entry["subsets"])}) for entry in entries]


def write_list(packages: list[Package]) -> None:
    parts = [HEAD]
    for package in packages:
        files = "".join(f'"{name}" = "{digest}"\n' for name, digest in sorted(package.files.items()))
        parts.append(
            f'\n[[package]]\nname = "{package.name}"\nversion = "{package.version}"\nlicence = "{package.licence}"\n'
            f'folder = "{package.folder}"\nfamily = "{package.family}"\n'
            f"subsets = {json.dumps(list(package.subsets))}\n\n[package.files]\n{files}"
        )
    LIST.write_text("".join(parts), encoding="utf-8")


def differences(packages: list[Package]) -> list[str]:
    """One sentence for each committed file that is missing or not what vendor.toml says."""
    wrong = []
    for package in packages:
        for name, digest in package.files.items():
            path = FOLDER / package.folder / name
            if not path.exists():
                wrong.append(f"{package.folder}/{name} is missing.")
            elif _digest(path.read_bytes()) != digest:
                wrong.append(f"{package.folder}/{name} is not the file that vendor.toml names.")
    return wrong


def refresh(package: Package) -> tuple[Package, str]:
    """Fetch one package; gives it back with its digests, and its @font-face rules."""
    with tempfile.TemporaryDirectory() as place:
        contents = _fetch(package, Path(place))
        target = FOLDER / package.folder
        target.mkdir(parents=True, exist_ok=True)
        digests = {}
        for name, inside in {
            "LICENSE": "LICENSE",
            **{package.font(s): f"files/{package.font(s)}" for s in package.subsets},
        }.items():
            content = (contents / inside).read_bytes()
            (target / name).write_bytes(content)
            digests[name] = _digest(content)
        ranges = json.loads((contents / "unicode.json").read_text(encoding="utf-8"))
    rules = "".join(_face(package, subset, ranges[subset]) for subset in package.subsets)
    return Package(**{**vars(package), "files": digests}), rules


def _fetch(package: Package, place: Path) -> Path:
    wanted = f"{package.name}@{package.version}"
    done = subprocess.run(  # noqa: S603 (the names come from our own list)
        ["npm", "pack", "--silent", "--pack-destination", str(place), wanted],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    )
    archives = list(place.glob("*.tgz"))
    if done.returncode or len(archives) != 1:
        raise VendorError(f"npm could not fetch {wanted}: {done.stderr.strip() or 'no message'}")
    with tarfile.open(archives[0]) as archive:
        archive.extractall(place, filter="data")
    return place / "package"


def _face(package: Package, subset: str, characters: str) -> str:
    return (
        f'@font-face {{\n  font-family: "{package.family}";\n  font-weight: 100 900;\n  font-display: swap;\n'
        f'  src: url("{package.folder}/{package.font(subset)}") format("woff2");\n'
        f"  unicode-range: {characters.replace(',', ', ')};\n}}\n"
    )


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare the committed files with vendor.toml")
    packages = read_list()
    if parser.parse_args().check:
        wrong = differences(packages)
        print("\n".join(wrong) or "Every file is what vendor.toml names.")
        return 1 if wrong else 0
    try:
        fetched = [refresh(package) for package in packages]
    except (VendorError, OSError, KeyError, tarfile.TarError) as error:
        print(error, file=sys.stderr)
        return 1
    write_list([package for package, _ in fetched])
    rules = "".join(rules for _, rules in fetched)
    (FOLDER / "fonts.css").write_text(
        f"/* Made by tools/vendor.py. Loaded by unicode-range: only what a page shows. */\n{rules}",
        encoding="utf-8",
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
