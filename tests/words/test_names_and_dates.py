"""What must hold for every name and every date, whoever writes it: shown for hundreds that nobody thought of."""

from __future__ import annotations

import unicodedata
from datetime import date

from hypothesis import given
from hypothesis import strategies as some

from ilex.subjects.rules.keys import name_key, number_key
from ilex.words.dates import PartialDate
from ilex.words.scripts import fold, script_of, to_latin

CYRILLIC = "абвгдђежзијклљмнњопрстћуфхцчџш"
GEORGIAN = "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ"
NAMES = some.text(alphabet=CYRILLIC + GEORGIAN + "abcčćdđefghijklmnoprsštuvzžéüő", min_size=1, max_size=15)
FULL_NAMES = some.lists(NAMES, min_size=1, max_size=4).map(" ".join)
ANY_TEXT = some.text(max_size=80)
PARTIAL = some.one_of(
    some.dates(date(1000, 1, 1)).map(str),
    some.dates(date(1000, 1, 1)).map(lambda day: str(day)[:7]),
    some.dates(date(1000, 1, 1)).map(lambda day: str(day)[:4]),
)


@given(FULL_NAMES)
def test_a_name_is_found_by_capitals_small_letters_and_either_form_of_its_accents(name: str) -> None:
    forms = {fold(name), fold(name.upper()), fold(name.title())}
    forms |= {fold(unicodedata.normalize("NFD", name)), fold(f"  {name.replace(' ', '   ')} ")}
    assert len(forms) == 1


@given(some.lists(some.text(alphabet=CYRILLIC, min_size=1, max_size=12), min_size=1, max_size=3).map(" ".join))
def test_a_serbian_name_is_one_in_both_scripts(name: str) -> None:
    assert fold(to_latin(name, "sr")) == fold(name)
    assert script_of(name) == "Cyrl"


@given(FULL_NAMES)
def test_a_name_in_readable_letters_is_latin(name: str) -> None:
    assert script_of(to_latin(name)) == "Latn"


@given(ANY_TEXT)
def test_folding_gives_plain_words_and_is_done_once(text: str) -> None:
    folded = fold(text)
    assert folded.isascii()
    assert folded == folded.lower() == " ".join(folded.split())
    assert fold(folded) == folded


@given(some.lists(NAMES, min_size=1, max_size=4))
def test_the_order_of_names_does_not_matter(parts: list[str]) -> None:
    turned = list(reversed(parts))
    assert name_key(" ".join(parts)) == name_key(f"{turned[0]}, {' '.join(turned[1:])}")
    assert len(name_key(" ".join(parts * 20))) <= 200


@given(some.text(alphabet="ABCXYZ0123456789", min_size=1, max_size=20), some.sampled_from([" ", "-", ".", "/"]))
def test_a_number_is_one_however_it_is_parted(number: str, sign: str) -> None:
    parted = sign.join(number[at : at + 3] for at in range(0, len(number), 3))
    assert number_key(parted.lower()) == number_key(number)


@given(PARTIAL)
def test_a_date_says_again_what_was_written(text: str) -> None:
    found = PartialDate.parse(text)
    assert str(found) == text
    assert found.first <= found.value <= found.last
    assert PartialDate.parse(f"  {text} ") == found


@given(some.dates(date(1000, 1, 1)), some.dates(date(1000, 1, 1)))
def test_a_date_may_be_what_holds_it_and_nothing_apart_from_it(one: date, other: date) -> None:
    day, month, year = (PartialDate.parse(str(one)[:size]) for size in (10, 7, 4))
    for wider in (day, month, year):
        assert day.may_be(wider)
        assert wider.may_be(day)
        against = PartialDate.parse(str(other))
        assert wider.may_be(against) == against.may_be(wider) == (wider.first <= other <= wider.last)


@given(some.one_of(ANY_TEXT, some.text(alphabet="0123456789-", max_size=12)))
def test_what_is_no_date_is_refused_in_a_sentence(text: str) -> None:
    try:
        found = PartialDate.parse(text)
    except ValueError as error:
        sentence = str(error)
    else:
        assert str(found) == text.strip()
        return
    assert sentence.endswith(".")
