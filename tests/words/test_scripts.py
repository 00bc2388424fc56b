from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilex.words.scripts import fold, folded_words, script_of, sr_latin, to_latin

ANY_TEXT = st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=60)
OUR_LETTERS = st.text(
    alphabet="абвгґдђѓеєжзѕиіїјклљмнњопрстћќуфхцчџшщьюя'čćđšžǆșțăâîőűáéëçqxjyhkst ѐѝабвգեուևჯხαυβσ0129-",
    max_size=40,
)


@pytest.mark.parametrize(
    "spellings",
    [
        "Ђорђевић Đorđević Djordjević Djordjevic DJORDJEVIĆ ЂОРЂЕВИЋ",
        "Шевченко Shevchenko Ševčenko SHEVCHENKO",
        "ჯორჯევიჩი Jorjevichi ᲯᲝᲠᲯᲔᲕᲘᲩᲘ",
        "Հովհաննիսյան Hovhannisyan Hovhannisian ՀՈՎՀԱՆՆԻՍՅԱՆ",
        "Милош Miloš Milos",
        "Ѓорѓи Gjorgji Ǵorǵi",
        "Сергій Serhii Serhij",
        "Юлія Yuliia Yuliya Julija Iuliia",
        "Хоџа Hodža Hoxha Hodza",
        "Ștefănescu Ştefănescu Stefanescu",
        "Ոսկանյան Voskanyan",
        "Първанов Parvanov",
        "Ελευθερία Eleftheria",
        "Szabó SZABÓ Szabo",
        "АВ123 AB123",
        "АВ-123 AB-123",
    ],
)
def test_spellings_of_one_name_fold_alike(spellings: str) -> None:
    assert len({fold(spelling) for spelling in spellings.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("Ana", "Anita"), ("Petrović", "Marković"), ("Шевченко", "Шевчук"), ("BG123", "BG124")]
)
def test_different_names_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


def test_digraph_letters_of_serbian_latin_fold_like_their_two_letters() -> None:
    assert fold("ǅevad ǈubica ǌegoš") == fold("Dževad Ljubica Njegoš")


def test_apostrophes_never_matter() -> None:
    assert {fold(name) for name in ("Знам'янка", "Знам’янка", "Знамʼянка", "Знамянка")} == {"znamianka"}


def test_words_with_digits_keep_all_their_letters() -> None:
    assert fold("KH 1122 / KH1122") == "h 1122 kh1122"


def test_letters_of_unknown_scripts_are_still_found() -> None:
    assert fold("محمد") == fold("محمد ") != ""


def test_hyphens_part_words_and_spaces_are_single() -> None:
    assert folded_words("  Ана-Марија\tПетровић ") == ["ana", "maria", "petrovic"]


@given(ANY_TEXT)
def test_folding_takes_any_text_and_gives_plain_words(text: str) -> None:
    folded = fold(text)
    assert folded.isascii()
    assert folded == " ".join(folded_words(text))
    assert all(word.isalnum() and word == word.lower() for word in folded.split())


@given(st.one_of(ANY_TEXT, OUR_LETTERS))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.one_of(ANY_TEXT, OUR_LETTERS))
def test_composed_and_decomposed_text_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text)) == fold(text)


@given(OUR_LETTERS)
def test_case_never_matters(text: str) -> None:
    assert fold(text.upper()) == fold(text) == fold(text.lower())


@given(ANY_TEXT)
def test_transliteration_takes_any_text(text: str) -> None:
    to_latin(text)
    sr_latin(text)
    script_of(text)


@given(st.text(alphabet="абвгдђежзијклљмнњопрстћуфхцчџш", max_size=30))
def test_serbian_in_both_scripts_folds_alike(text: str) -> None:
    assert fold(sr_latin(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "latin"),
    [
        ("Ђорђе Љубичић", "Đorđe Ljubičić"),
        ("МИРОЉУБ ЏАЈИЋ", "MIROLJUB DŽAJIĆ"),
        ("Љ.", "Lj."),
        ("Поздрав, %(name)s! ნინო Ana", "Pozdrav, %(name)s! ნინო Ana"),
    ],
)
def test_serbian_latin_keeps_case_and_leaves_the_rest_alone(text: str, latin: str) -> None:
    assert sr_latin(text) == latin


@pytest.mark.parametrize(
    ("text", "language", "latin"),
    [
        ("Згурський", "uk", "Zghurskyi"),
        ("Юрій Єва Знам'янка", "uk", "Yurii Yeva Znamianka"),
        ("Юрій Шевченко", "", "Yurii Shevchenko"),
        ("Михаило Ђорђевић", "", "Mihailo Đorđević"),
        ("Ѓорѓи Ќосев", "mk", "Gjorgji Kjosev"),
        ("ЩЕРЕВ Първанов", "bg", "SHTEREV Parvanov"),
        ("ნინო ჯაფარიძე", "ka", "nino japaridze"),
        ("Անի Հովհաննիսյան", "hy", "Ani Hovhannisyan"),
        ("Παύλος Ευτυχία", "el", "Pavlos Eftychia"),
        ("Szabó Ágnes", "hu", "Szabó Ágnes"),
    ],
)
def test_transliteration_is_readable(text: str, language: str, latin: str) -> None:
    assert to_latin(text, language) == latin


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("Ђорђевић", "Cyrl"),
        ("Đorđević", "Latn"),
        ("ჯაფარიძე", "Geor"),
        ("Հովհաննիսյան", "Armn"),
        ("Παύλος", "Grek"),
        ("123", ""),
        ("محمد", ""),
        ("Ana Ђорђевић", "Cyrl"),
    ],
)
def test_script_is_that_of_most_letters(text: str, script: str) -> None:
    assert script_of(text) == script
