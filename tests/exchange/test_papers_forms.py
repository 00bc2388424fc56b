"""Forms A and B as PDF: nothing is lost on the way, nothing that people write can hurt, everybody can read them."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from pydantic import ValidationError
from pypdf import PdfReader

from ilex.exchange.papers.fields import Delay, FormA, FormB, Person, Refusal
from ilex.exchange.papers.forms import read_pdf, to_pdf
from ilex.exchange.papers.press import printable
from tests.exchange.papers_samples import AT, HOSTILE, NAMES, any_form, form_a, form_b

LANGUAGES = ["en", "sr", "sr-latn", "mk", "ro", "uk", "ka", "hy", "hu", "sq"]


def words_of(pdf: bytes) -> str:
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", text)


@settings(max_examples=60)
@given(form=any_form)
def test_any_form_comes_back_out_of_its_pdf_as_it_went_in(form: FormA | FormB) -> None:
    assert read_pdf(to_pdf(form, "en")) == form


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_prints_in_each_page_language_and_says_so(language: str) -> None:
    root: Any = PdfReader(io.BytesIO(to_pdf(form_b(), language))).root_object
    assert root["/Lang"] == language.split("-")[0]


def test_a_letter_in_a_language_without_pages_has_english_labels() -> None:
    assert "Request for information" in words_of(to_pdf(form_b(), "xx"))


def test_the_same_form_gives_the_same_bytes() -> None:
    assert to_pdf(form_b(), "en") == to_pdf(form_b(), "en")


def test_a_form_is_tagged_archivable_and_titled() -> None:
    reader = PdfReader(io.BytesIO(to_pdf(form_b(), "en")))
    root: Any = reader.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Request for information and intelligence"
    xmp = root["/Metadata"].get_data().decode()
    assert "<pdfuaid:part>1<" in xmp
    assert "<pdfaid:part>3<" in xmp
    assert "<pdfaid:conformance>A<" in xmp


def test_headings_and_foreign_names_are_marked_for_reading_aloud() -> None:
    pdf = to_pdf(form_b(), "en")
    kinds, languages = structure(pdf)
    assert {"/H1", "/H2"} <= kinds
    assert set(NAMES) <= languages


def structure(pdf: bytes) -> tuple[set[str], set[str]]:
    """The kinds of the tags and the languages that they name."""
    kinds: set[str] = set()
    languages: set[str] = set()
    reader: Any = PdfReader(io.BytesIO(pdf))
    for number in range(1, reader.trailer["/Size"]):
        found = reader.get_object(number)
        if isinstance(found, dict):
            kinds.add(str(found.get("/S", "")))
            languages.add(str(found.get("/Lang", "")))
    return kinds, languages


def test_names_in_every_script_can_be_copied_out() -> None:
    words = words_of(to_pdf(form_b(), "en"))
    for name in NAMES.values():
        assert name in words


def test_every_form_fits_on_two_pages_when_the_texts_are_short() -> None:
    for form in (form_b(), form_a(), form_a(delay=Delay(reasons="Court", judicial=True), information="")):
        assert len(PdfReader(io.BytesIO(to_pdf(form, "en"))).pages) == 2


def test_the_handling_code_and_the_page_number_stand_on_each_page() -> None:
    pages = PdfReader(io.BytesIO(to_pdf(form_b(facts="A sentence. " * 1500), "en"))).pages
    assert len(pages) > 3
    for number, page in enumerate(pages, 1):
        words = page.extract_text()
        assert "Not to be disclosed in judicial proceedings" in words
        assert f"Page {number} of {len(pages)}" in words


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_printed_as_text_and_comes_back(hostile: str) -> None:
    form = form_b(facts=hostile, reference=hostile, subjects=(Person(name=hostile, note=hostile),))
    pdf = to_pdf(form, "en")
    assert read_pdf(pdf) == form
    assert "root:" not in words_of(pdf)


def test_markup_stands_on_the_page_as_it_was_typed() -> None:
    words = words_of(to_pdf(form_b(facts='#read("/etc/passwd") *bold* $x$ <a>'), "en"))
    assert '#read("/etc/passwd") *bold* $x$ <a>' in words


def test_twenty_thousand_characters_flow_over_pages() -> None:
    form = form_b(facts="".join(f"Sentence number {number}. " for number in range(1000))[:20_000])
    pdf = to_pdf(form, "en")
    assert read_pdf(pdf) == form
    assert "Sentence number 800." in words_of(pdf)


def test_a_word_without_end_stays_inside_the_margins() -> None:
    pdf = to_pdf(form_b(facts="W" * 2000, reference="9" * 900, subjects=(Person(name="Ж" * 900),)), "en")
    lines = [line for page in PdfReader(io.BytesIO(pdf)).pages for line in page.extract_text().splitlines()]
    assert max(line.count("W") for line in lines) < 60  # 60 of them fill the line
    assert max(line.count("Ж") for line in lines) < 60
    assert max(line.count("9") for line in lines) < 70
    assert sum(line.count("W") for line in lines) >= 2000


def test_a_pile_of_marks_on_one_letter_does_not_stop_the_press() -> None:
    form = form_b(facts="e" + "\u0301" * 49_000, purpose="\u200d" * 49_000)
    assert read_pdf(to_pdf(form, "en")) == form


def test_a_text_of_empty_lines_does_not_become_thousands_of_pages() -> None:
    form = form_b(**dict.fromkeys(["facts", "purpose", "grounds_available"], "a\n" * 24_000))
    pdf = to_pdf(form, "en")
    assert read_pdf(pdf) == form
    assert len(PdfReader(io.BytesIO(pdf)).pages) < 150


def test_a_long_handling_note_begins_on_the_banner_and_stands_whole_on_the_form() -> None:
    words = words_of(to_pdf(form_b(handling="H3", handling_note="Only for the court in Subotica. " * 60), "en"))
    assert words.count("Only for the court") >= 60


def test_an_empty_form_prints_what_is_missing() -> None:
    for form in (FormB(made_at=AT), FormA(made_at=AT)):
        pdf = to_pdf(form, "en")
        assert "not stated" in words_of(pdf)
        assert read_pdf(pdf) == form


def test_a_part_that_is_not_used_says_so() -> None:
    words = words_of(to_pdf(form_a(), "en"))
    assert words.count("This part of the form is not used.") == 2


def test_a_refusal_ticks_the_box_of_the_form_and_names_the_ground_of_the_law() -> None:
    refusal = Refusal(reasons=("B.2", "B.3"), grounds=("f.ii", "b"), part="The address", text="Ask again later.")
    words = words_of(to_pdf(form_a(refusal=refusal), "en"))
    assert "Transmission and refusal in part" in words
    assert "☒ B. Supplying it would harm" in words
    assert "☐ E. The information is not available" in words
    assert "f.ii: Supplying it would endanger" in words
    assert "b: The request does not meet" in words


def test_a_code_that_no_list_knows_is_printed_as_it_is() -> None:
    form = form_a(use="UNHEARD_OF", refusal=Refusal(reasons=("Z",), grounds=("z.9",)))
    words = words_of(to_pdf(form, "en"))
    assert "☒ UNHEARD_OF" in words
    assert "☒ Z" in words
    assert "z.9" in words


def test_a_recalled_letter_warns_its_reader() -> None:
    words = words_of(to_pdf(form_a(recalled_at=AT + timedelta(days=1)), "en"))
    assert "Recalled by its author on 22 November 2026" in words


def test_texts_too_long_to_ride_along_are_still_printed() -> None:
    form = form_b(facts="ა" * 45_000, purpose="ა" * 45_000)
    words = words_of(to_pdf(form, "en"))
    assert "The record is too large to be carried by this file." in words


def test_a_text_longer_than_the_form_allows_is_no_form() -> None:
    with pytest.raises(ValidationError):
        form_b(facts="a" * 50_001)


def test_control_characters_do_not_enter_a_form() -> None:
    assert form_b(facts="a\0b\x07c\r\nd\u2028e").facts == "abc\nde"
    assert form_b(reference=" a\n\tb ").reference == "a b"


def test_characters_without_a_glyph_stand_as_one_sign() -> None:
    assert printable("Ana 😀😀 漢字") == "Ana � �"


def test_marks_that_turn_the_reading_order_are_left_out() -> None:
    assert printable("\u202eana\u202c") == "ana"


def test_a_mark_stays_only_on_a_letter_of_its_own_font() -> None:
    assert printable("б́") == "б́"
    assert printable("გ\u0301") == "გ�"
