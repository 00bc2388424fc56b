from __future__ import annotations

import re

from tools import vendor


def test_committed_files_of_others_are_what_the_list_names() -> None:
    assert vendor.differences(vendor.read_list()) == []


def test_every_package_brings_its_licence() -> None:
    for package in vendor.read_list():
        assert package.licence == "OFL-1.1"
        assert "LICENSE" in package.files


def test_the_fonts_are_loaded_from_here_and_by_what_a_page_shows() -> None:
    rules = (vendor.FOLDER / "fonts.css").read_text(encoding="utf-8")
    files = re.findall(r'url\("([^"]+)"\)', rules)
    assert len(files) == rules.count("unicode-range: U+") == 7
    for file in files:
        assert (vendor.FOLDER / file).exists()
