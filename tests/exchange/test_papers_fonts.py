"""The fonts of the papers are those that were cut, and hold the letters of every language of the network."""

from __future__ import annotations

import hashlib
import tomllib

import pytest

from ilex.exchange.papers.press import FONTS, printable

CATALOGUE = tomllib.loads((FONTS / "fonts.toml").read_text(encoding="utf-8"))

ALPHABETS = {
    "Serbian": "АБВГДЂЕЖЗИЈКЛЉМНЊОПРСТЋУФХЦЧЏШ абвгдђежзијклљмнњопрстћуфхцчџш ČĆĐŠŽ čćđšž",
    "Macedonian": "ЃЅЌѐѝ ѓѕќ",
    "Ukrainian": "ҐЄІЇ ґєії ʼ ’",
    "Russian and Bulgarian": "ЁЪЫЭЮЯ ёъыэюя",
    "Hungarian": "ÁÉÍÓÖŐÚÜŰ áéíóöőúüű",
    "Romanian": "ĂÂÎȘȚ ăâîșț ŞŢşţ",
    "Albanian": "ÇË çë",
    "Georgian": "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
    "Armenian": "ԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖ աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆև ՝ ՞ ։",
    "Turkish and Azerbaijani": "ĞİŞÖÜÇ ğışöüç Əə",
    "Greek": "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ άέήίόύώϊϋΐΰ",
    "Arabic and Hebrew": "محمد عبد الله גבריאל",
    "signs": "☐ ☒ № € ₾ – — “ ” „ « » … · § ° → ≤ ≠ ✓ ● � ½",
}


@pytest.mark.parametrize("font", CATALOGUE["font"], ids=lambda font: str(font["file"]))
def test_a_font_file_is_the_one_that_was_cut(font: dict[str, str]) -> None:
    assert hashlib.sha256((FONTS / font["file"]).read_bytes()).hexdigest() == font["sha256"]


def test_every_font_file_is_listed_and_the_licence_is_there() -> None:
    assert {path.name for path in FONTS.glob("*.ttf")} == {font["file"] for font in CATALOGUE["font"]}
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text(encoding="utf-8")


def test_the_fonts_stay_small() -> None:
    assert sum(path.stat().st_size for path in FONTS.iterdir()) < 1_500_000


@pytest.mark.parametrize("alphabet", ALPHABETS.values(), ids=ALPHABETS)
def test_every_letter_can_be_printed(alphabet: str) -> None:
    for word in alphabet.split():
        assert printable(word).replace("\u200b", "") == word
