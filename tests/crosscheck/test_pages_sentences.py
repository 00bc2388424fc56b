"""What a comparison says in words: every code has a sentence, names carry their language, nothing accuses."""

from __future__ import annotations

import pytest
from django.template.loader import render_to_string
from django.utils.translation import override

from ilex.crosscheck import sentences
from ilex.crosscheck.views.beside import lines
from ilex.matching.facts import Facts
from ilex.matching.reasons import PARTS, SENTENCES, PartPair, Reason

NAME = Reason("name", "same_sound", "Ђорђе", "Djordje", 2.4, (PartPair("Ђорђе", "Djordje", "same_sound", 2.4),))
OTHER_YEAR = Reason("born", "other_year", "1985", "1990-03-12", -3.0)
SEX = Reason("sex", "same", "m", "m", 0.1)


@pytest.mark.parametrize(("field", "code"), [(field, code) for field, told in SENTENCES.items() for code in told])
def test_every_code_is_said_shortly_and_as_a_sentence(field: str, code: str) -> None:
    reason = Reason(field, code, "Ana", "Ána", 1.0)
    assert sentences.sentence(reason).endswith(".")
    assert code in sentences.SHORT
    assert "_" not in sentences.short(reason)


@pytest.mark.parametrize("code", PARTS)
def test_every_pair_of_words_is_explained(code: str) -> None:
    assert "_" not in sentences.part_words(PartPair("Ana", "Anna", code))


def test_sentence_of_a_code_that_is_gone_still_shows_both_sides() -> None:
    said = sentences.sentence(Reason("name", "no-such-code", "Ana", "Ана", 1.0))
    assert "Ana" in said
    assert "Ана" in said


def test_names_in_a_sentence_carry_their_language_and_cannot_be_markup() -> None:
    said = sentences.sentence(Reason("name", "same", "Ђорђе", "<b>ბზიკური</b>", 1.0))
    assert '<span lang="und-Cyrl" dir="auto">Ђорђе</span>' in said
    assert "<b>" not in said


def test_sentence_is_in_the_language_of_the_officer() -> None:
    with override("en"):
        english = sentences.strength(3.0).words
    assert english == "speaks clearly for it"


def test_summary_tells_what_speaks_for_it_before_what_speaks_against_it() -> None:
    said = sentences.summary([OTHER_YEAR, SEX, NAME])
    assert said.index("sound the same") < said.index("years of birth differ")
    assert "sex" not in said  # it says hardly anything


def test_weight_is_told_in_words() -> None:
    assert [sentences.strength(weight).tone for weight in (3, 1, 0.2, -1, -3)] == [
        *("for", "for", "little", "against", "against")
    ]


@pytest.mark.parametrize("score", [0.0, 0.001, 0.2, 0.5, 0.93, 0.999, 1.0])
def test_score_promises_neither_all_nor_nothing(score: float) -> None:
    said = sentences.share_words(score)
    assert "hits" in said
    assert 1 <= sentences.in_ten(score) <= 9


def test_lines_show_both_sides_and_what_only_one_of_them_says() -> None:
    asked = Facts(kind="person", names=("Ђорђе",), born=("1985",))
    held = Facts(kind="person", names=("George", "Djordje"), born=("1990-03-12",), places=("Niš",))
    shown = {line.label: line for line in lines(asked, held, [NAME, OTHER_YEAR])}
    assert list(shown) == ["Name", "Born", "Place"]
    assert [one.text for one in shown["Name"].held] == ["Djordje", "George"]  # the compared one first
    assert shown["Born"].strength is not None
    assert shown["Born"].strength.tone == "against"
    assert shown["Place"].strength is None
    assert not shown["Place"].asked


def test_numbers_have_a_line_for_each_type() -> None:
    reason = Reason("identifier:plate", "one_slip", "BG 123", "BG 128", 1.0)
    asked = Facts(kind="vehicle", identifiers=(("plate", "BG 123", "rs"),))
    held = Facts(kind="vehicle", identifiers=(("plate", "BG 128", "rs"), ("vin", "TESTVIN", "")))
    assert [line.label for line in lines(asked, held, [reason])] == ["Registration plate", "Chassis number (VIN)"]


def test_word_of_the_page_is_no_name_that_wants_latin_letters() -> None:
    held = Facts(kind="person", names=("Мушки",), sex="m")
    with override("sr"):
        name, sex = (
            render_to_string("crosscheck/values.html", {"values": line.held}) for line in lines(Facts(), held, [])
        )
    assert 'class="latin"' in name
    assert sex.strip().replace("<p>", "").split("</p>")[0].strip() == "мушки"


def test_latin_letters_that_stand_beside_a_name_are_not_said_again() -> None:
    asked = Facts(kind="person", names=("Ђорђе Ђорђевић", "Đorđe Đorđević"))
    held = Facts(kind="person", names=("Ђорђе Ђорђевић",))
    [line] = lines(asked, held, [])
    shown = [render_to_string("crosscheck/values.html", {"values": values}) for values in (line.asked, line.held)]
    assert [text.count("Đorđe Đorđević") for text in shown] == [1, 1]
    assert 'class="latin"' not in shown[0]
    assert 'class="latin"' in shown[1]
