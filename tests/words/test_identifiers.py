from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ilex.words import identifiers, law
from ilex.words.identifiers import TYPES, Wrong, clean, warning
from ilex.words.identifiers.letters import compact

ANY_TEXT = some.text(max_size=80)
LIKELY = some.text(alphabet="0123456789ABCXYZabcŠšĐđАВСЕНІабвгџ中ΑΒΥ -./<>@+:_()*,٣", max_size=40)
COUNTRIES = some.sampled_from(["", "RS", "UA", "BG", "RO", "MD", "GE", "AM", "HU", "HR", "MK", "XK", "AL", "ZZ", "rs"])
DIGITS = "0123456789"


def numbers(size: int) -> some.SearchStrategy[str]:
    return some.text(alphabet=DIGITS, min_size=size, max_size=size)


def luhn(text: str) -> str:
    """The check digit of ISO/IEC 7812-1."""
    total = sum(value - 9 if value > 9 else value for value in _double_every_second(text))
    return str(-total % 10)


def _double_every_second(text: str) -> list[int]:
    """From the right, the place of the check digit not counted."""
    return [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(text))]


@given(type=some.sampled_from(sorted(TYPES)), text=some.one_of(ANY_TEXT, LIKELY), country=COUNTRIES)
def test_any_text_is_cleaned_once_for_all_or_refused_in_a_sentence(type: str, text: str, country: str) -> None:
    try:
        found = clean(type, text, country)
    except Wrong as wrong:
        sentence = str(wrong)
    else:
        _check_clean(type, text, country, found)
        return
    assert sentence.endswith(".")


def _check_clean(type: str, text: str, country: str, found: str) -> None:
    assert found
    assert len(found) <= 2000
    assert clean(type, found, country) == found
    assert isinstance(warning(type, text, country), str)


@given(text=LIKELY, country=COUNTRIES, signs=some.lists(some.sampled_from(" -./"), max_size=5))
def test_blanks_strokes_and_small_letters_do_not_matter(text: str, country: str, signs: list[str]) -> None:
    try:
        found = compact(text, country)
    except Wrong:
        return
    middle = len(found) // 2
    assert compact(found[:middle].lower() + "".join(signs) + found[middle:], country) == found


@given(body=numbers(14), slip=some.integers(0, 14), by=some.integers(1, 9))
def test_one_wrong_digit_of_an_imei_or_card_is_told(body: str, slip: int, by: int) -> None:
    imei = body + luhn(body)
    assert warning("imei", imei) == ""
    wrong = imei[:slip] + str((int(imei[slip]) + by) % 10) + imei[slip + 1 :]
    assert clean("imei", wrong) == wrong
    assert "check digit" in warning("imei", wrong)
    assert warning("card", imei) == ""
    assert "check digit" in warning("card", wrong)


@given(bank=numbers(18), slip=some.integers(2, 21), by=some.integers(1, 9))
def test_one_wrong_digit_of_an_iban_is_refused(bank: str, slip: int, by: int) -> None:
    check = 98 - int(f"{bank}272800") % 97  # RS00
    iban = f"RS{check:02}{bank}"
    spaced = " ".join(iban[at : at + 4] for at in range(0, len(iban), 4))
    assert clean("iban", spaced.lower()) == iban
    wrong = iban[:slip] + str((int(iban[slip]) + by) % 10) + iban[slip + 1 :]
    with pytest.raises(Wrong, match="not an IBAN"):
        clean("iban", wrong)


@given(day=some.integers(1, 28), month=some.integers(1, 12), year=some.integers(900, 999), rest=numbers(5))
def test_a_jmbg_and_its_check_digit(day: int, month: int, year: int, rest: str) -> None:
    body = f"{day:02}{month:02}{year:03}{rest}"
    total = sum(int(digit) * weight for digit, weight in zip(body, (7, 6, 5, 4, 3, 2) * 2, strict=True))
    check = (11 - total % 11) % 11
    if check == 10:
        return  # never given out
    number = f"{body}{check}"
    for country in ("RS", "ME", "BA", "MK", "XK", "SI"):
        assert warning("national", number, country) == ""
    assert "breaks this country's rule" in warning("national", f"{body}{(check + 1) % 10}", "RS")


@given(letters=some.text(alphabet="ABCEHIKMOPTX", min_size=4, max_size=4), middle=numbers(4))
def test_ukrainian_plates_are_one_in_both_alphabets(letters: str, middle: str) -> None:
    cyrillic = letters.translate(str.maketrans("ABCEHIKMOPTX", "АВСЕНІКМОРТХ"))
    latin, other = (f"{two[:2]} {middle} {two[2:]}" for two in (letters, cyrillic))
    assert clean("plate", latin, "UA") == clean("plate", other, "UA") == clean("plate", other)
    assert warning("plate", other, "UA") == ""


@given(number=some.integers(600_000_000, 699_999_999))
def test_a_telephone_number_has_one_form(number: int) -> None:
    form = f"+381{number}"
    for way in (form, f"00381 {number}", f"0{number}", f"(0) {str(number)[:2]} / {str(number)[2:]}"):
        assert clean("phone", way, "RS") == form
    with pytest.raises(Wrong, match="code of its country"):
        clean("phone", f"0{number}")


def test_letters_of_serbian_plates_stand_for_their_sounds() -> None:
    assert clean("plate", "НС 123-АА", "RS") == clean("plate", "NS 123-AA", "RS") == "NS123AA"
    assert clean("plate", "ША 001-ЋЏ", "RS")[:5] == "SA001"
    assert clean("plate", "ŠA 001-AB") == clean("plate", "SA 001-AB")


@pytest.mark.parametrize(
    ("type", "text", "country", "found"),
    [
        ("document", "аа 123456", "UA", "AA123456"),
        ("document", "L898902C3<", "", "L898902C3"),
        ("vin", "1M8GDM9A-XKP042788", "", "1M8GDM9AXKP042788"),
        ("imo", "IMO 9074729", "", "9074729"),
        ("mmsi", "279 202 870", "", "279202870"),
        ("icao24", "4c:a2:b1", "", "4CA2B1"),
        ("aircraft", "YU-ABC", "", "YUABC"),
        ("firearm", "№ Т-0042", "", "T0042"),
        ("imsi", "220 01 1234567890", "", "220011234567890"),
        ("iccid", "8938 1001 2345 6789 012F", "", "8938100123456789012"),
        ("bic", "nbsrrsbg", "", "NBSRRSBG"),
        ("lei", "5299 00T8 BM49 AURS DO55", "", "529900T8BM49AURSDO55"),
        ("email", " Ana.Ana@Пример.СРБ ", "", "ana.ana@xn--e1afmkfd.xn--90a3ac"),
        ("url", "HTTPS://Example.ORG:8443/Ab/?c=D#e", "", "https://example.org:8443/Ab?c=D"),
        ("ip", "2001:DB8::0001", "", "2001:db8::1"),
        ("online", "  Telegram:  @Ana ", "", "telegram: @ana"),
        ("position", "44.810000; 20.46", "", "44.81,20.46"),
        ("card", "5312 34** **** 1234", "", "531234XXXXXX1234"),
        ("wallet", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"),
    ],
)
def test_each_type_has_its_compact_form(type: str, text: str, country: str, found: str) -> None:
    assert clean(type, text, country) == found


@pytest.mark.parametrize(
    ("type", "text"),
    [
        ("document", "ABCDEF"),
        ("document", "12"),
        ("plate", "1"),
        ("vin", "1M8GDM9AXKP0427881"),
        ("imei", "12345"),
        ("imo", "907472"),
        ("mmsi", "27920287"),
        ("icao24", "4CA2BG"),
        ("icao24", "000000"),
        ("bic", "ABC"),
        ("email", "ana"),
        ("email", "ana@example"),
        ("email", "ana ana@example.org"),
        ("url", "javascript:alert(1)"),
        ("url", "https://exa mple.org"),
        ("ip", "300.1.1.1"),
        ("position", "91, 0"),
        ("phone", "+381 1"),
        ("number", "…"),
        ("wallet", "too short"),
        ("national", "ABCDE"),
    ],
)
def test_what_cannot_be_of_the_type_is_refused(type: str, text: str) -> None:
    with pytest.raises(Wrong):
        clean(type, text)


@pytest.mark.parametrize(
    ("type", "text", "country", "word"),
    [
        ("vin", "1M8GDM9AXKP042789", "", "check digit"),
        ("vin", "WVWZZZ1JZ3W38675O", "", "I, O and Q"),
        ("vin", "ABC12345", "", "17 places"),
        ("imo", "9074728", "", "check digit"),
        ("mmsi", "970000000", "", "Ships"),
        ("plate", "AB1", "RS", "look otherwise"),
        ("national", "123456", "GE", "look otherwise"),
        ("national", "2 0000101 2000 5", "RO", "breaks"),
        ("tax", "100000000", "RS", "breaks"),
        ("wallet", "1BoatSLRHtKNngkdXEeobR76b53LETtpyU", "", "check digit"),
        ("phone", "+381 99 9999999", "", "no numbers of this kind"),
        ("document", "12345678901", "", "nine places"),
        ("firearm", "77777", "", "filed off"),
    ],
)
def test_doubts_are_told_and_the_number_is_kept(type: str, text: str, country: str, word: str) -> None:
    assert clean(type, text, country)
    assert word in warning(type, text, country)


@pytest.mark.parametrize(("country", "number"), [("HR", "33392005961"), ("RO", "1630615123457"), ("BG", "7523169263")])
def test_numbers_that_keep_their_states_rule_raise_no_doubt(country: str, number: str) -> None:
    assert warning("national", number, country) == ""


def test_examples_of_plates_have_the_form_of_their_state() -> None:
    content = tomllib.loads((law.OURS / "plates.toml").read_text(encoding="utf-8"))
    for state in content["plates"]:
        for example in state["examples"]:
            assert clean("plate", example, state["code"]) == example
            assert warning("plate", example, state["code"]) == "", (state["code"], example)


def test_an_unknown_type_is_an_error_of_the_program() -> None:
    with pytest.raises(KeyError):
        identifiers.clean("shoe-size", "43")
