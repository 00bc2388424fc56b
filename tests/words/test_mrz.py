from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ilex.words.dates import PartialDate
from ilex.words.mrz import MrzError, check_digit, parse

TODAY = date(2026, 11, 21)
LETTERS, SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

PASSPORT = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
CARD = "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
SMALL = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
VISA = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<"
SMALL_VISA = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL8988901C4XXX4009078F9612109<<<<<<<<"


def weighed(field: str) -> str:
    """ICAO Doc 9303-3, 4.9, once more and by another way than the parser's."""
    worth = {sign: place for place, sign in enumerate("0123456789" + LETTERS)} | {"<": 0}
    return str(sum(worth[sign] * (7, 3, 1)[place % 3] for place, sign in enumerate(field)) % 10)


def words(most: int) -> some.SearchStrategy[str]:
    return some.text(LETTERS, min_size=1, max_size=most)


days = some.dates(date(1930, 1, 1), date(2025, 12, 31)).map(lambda day: day.strftime("%y%m%d"))
number = some.text(SIGNS, min_size=1, max_size=9)


@some.composite
def zones(draw: some.DrawFn) -> tuple[str, dict[str, object]]:
    """A right zone of any form, and what it says."""
    form = draw(some.sampled_from(["TD1", "TD2", "TD3", "MRV-A", "MRV-B"]))
    surname, forename = draw(words(12)), draw(words(12))
    no, born, ends = draw(number), draw(days), draw(days)
    sex, optional = draw(some.sampled_from("MF<")), draw(some.text(SIGNS, max_size=7))
    names = f"{surname}<<{forename}"
    middle = f"{no:<<9}{weighed(f'{no:<<9}')}"
    dated, till = born + weighed(born), ends + weighed(ends)
    if form == "TD1":
        one = f"I<SRB{middle}{optional:<<15}"
        two = f"{dated}{sex}{till}SRB{'':<<11}"
        lines = [one, two + weighed(one[5:30] + two[0:7] + two[8:15] + two[18:29]), f"{names:<<30}"]
    else:
        wide = form in ("TD3", "MRV-A")
        width = 44 if wide else 36
        two = f"{middle}SRB{dated}{sex}{till}"
        if form == "TD3":
            two += f"{optional:<<14}{weighed(f'{optional:<<14}')}"
        else:
            two = (two + optional).ljust(width - (form == "TD2"), "<")
        if form in ("TD2", "TD3"):
            two += weighed(two[0:10] + two[13:20] + two[21:])
        code = "V<" if form.startswith("MRV") else ("P<" if wide else "I<")
        lines = [f"{code}SRB{names}".ljust(width, "<"), two]
    said: dict[str, object] = {
        "kind": form,
        "number": no,
        "surname": surname,
        "forenames": forename,
        "optional": optional,
    }
    return "\n".join(lines), said | {"sex": {"M": "male", "F": "female", "<": ""}[sex], "born": born, "ends": ends}


@given(zones())
def test_a_right_zone_is_read_as_it_was_written(made: tuple[str, dict[str, object]]) -> None:
    text, said = made
    found = parse(text, TODAY)
    assert found.wrong == ()
    assert {name: getattr(found, name) for name in said if name not in ("born", "ends")} == {
        name: value for name, value in said.items() if name not in ("born", "ends")
    }
    assert found.born is not None
    assert found.born.value.strftime("%y%m%d") == said["born"]
    assert found.expires is not None
    assert found.expires.value.strftime("%y%m%d") == said["ends"]
    assert found.issuer_country == found.nationality_country == "RS"


@given(zones(), some.data())
def test_how_it_was_pasted_does_not_matter(made: tuple[str, dict[str, object]], data: some.DataObject) -> None:
    text, _ = made
    lines = text.splitlines()
    place = data.draw(some.integers(1, 29))
    blanks = [f"{line[:place]} {line[place:]}" for line in lines]
    ways = [
        text.lower(),
        f"\n\n  {text.replace(chr(10), '  ' + chr(13) + chr(10))} \n",
        "\n".join(blanks),
        text.replace("<<", "«"),
        text.replace("<", "&lt;"),
        "\n".join([lines[0].rstrip("<") if len(lines[0].rstrip("<")) > 30 else lines[0], *lines[1:]]),
    ]
    assert [parse(way, TODAY) for way in ways] == [parse(text, TODAY)] * len(ways)


@given(zones(), some.data())
def test_a_slip_in_a_checked_field_is_reported(made: tuple[str, dict[str, object]], data: some.DataObject) -> None:
    text, said = made
    lines = text.splitlines()
    card = said["kind"] == "TD1"
    line, places, name = data.draw(
        some.sampled_from(
            [(0, range(5, 14), "number"), (1, range(6), "born"), (1, range(8, 14), "expires")]
            if card
            else [(1, range(9), "number"), (1, range(13, 19), "born"), (1, range(21, 27), "expires")]
        )
    )
    place = data.draw(some.sampled_from(places))
    slip = data.draw(some.sampled_from(SIGNS))
    if weighed(slip) == weighed(lines[line][place]):
        return  # the scheme does not tell A from 0: the weights know ten values only
    lines[line] = lines[line][:place] + slip + lines[line][place + 1 :]
    assert name in parse("\n".join(lines), TODAY).wrong


@given(some.one_of(some.text(max_size=200), some.text(SIGNS + "<< \n", max_size=140)))
def test_any_text_is_a_zone_or_refused_in_a_sentence(text: str) -> None:
    try:
        found = parse(text, TODAY)
    except MrzError as error:
        sentence = str(error)
    else:
        assert set(found.wrong) <= {"number", "born", "expires", "optional", "whole"}
        return
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("text", "kind"),
    [(PASSPORT, "TD3"), (CARD, "TD1"), (SMALL, "TD2"), (VISA, "MRV-A"), (SMALL_VISA, "MRV-B")],
)
def test_the_examples_of_the_standard(text: str, kind: str) -> None:
    found = parse(text, TODAY)
    assert (found.kind, found.wrong) == (kind, ())
    assert (found.surname, found.forenames, found.names) == ("ERIKSSON", "ANNA MARIA", "ANNA MARIA ERIKSSON")
    assert found.sex == "female"
    assert found.issuer == "UTO"
    assert found.issuer_country == ""


def test_a_number_of_more_than_nine_places_goes_on_in_the_optional_field() -> None:
    text = "I<UTOD23145890<AB112234566<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<"
    found = parse(text, TODAY)
    assert (found.number, found.optional, found.wrong) == ("D23145890AB11223456", "", ())
    assert found.born == PartialDate.parse("1934-07-12")


def test_the_century_of_birth_is_never_in_the_future() -> None:
    def zone(born: str, ends: str) -> str:
        return f"{VISA.splitlines()[0]}\nL8988901C4UTO{born}{weighed(born)}F{ends}{weighed(ends)}<<<<<<<<<<<<<<<<"

    found = parse(zone("261122", "351231"), TODAY)
    assert (str(found.born), str(found.expires)) == ("1926-11-22", "2035-12-31")
    assert str(parse(zone("250101", "991231"), TODAY).expires) == "1999-12-31"
    assert str(parse(zone("26<<<<", "351231"), TODAY).born) == "2026"


def test_parts_of_a_date_that_nobody_knows_are_left_out() -> None:
    for written, known in (("85<<<<", "1985"), ("8503<<", "1985-03"), ("850300", "1985-03"), ("<<<<<<", "None")):
        lines = SMALL_VISA.splitlines()
        lines[1] = f"{lines[1][:13]}{written}{check_digit(written)}{lines[1][20:]}"
        found = parse("\n".join(lines), TODAY)
        assert (str(found.born), found.wrong) == (known, ())


def test_an_o_for_a_nought_is_reported_and_not_put_right() -> None:
    found = parse(PASSPORT.replace("740812", "74O812"), TODAY)
    assert found.born is None
    assert {"born", "whole"} <= set(found.wrong)
    assert "74O812" in found.lines[1]
    slipped = parse(PASSPORT.replace("L898902C3", "L8989O2C3"), TODAY)
    assert (slipped.number, slipped.wrong) == ("L8989O2C3", ("number", "whole"))


def test_an_impossible_date_is_reported_even_when_its_check_digit_fits() -> None:
    lines = SMALL_VISA.splitlines()
    lines[1] = f"{lines[1][:13]}401399{check_digit('401399')}{lines[1][20:]}"
    found = parse("\n".join(lines), TODAY)
    assert (found.born, found.wrong) == (None, ("born",))


def test_a_name_that_fills_its_field_may_have_been_cut() -> None:
    assert not parse(PASSPORT, TODAY).truncated
    long = "P<UTONILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K\n" + PASSPORT.splitlines()[1]
    found = parse(long, TODAY)
    assert found.truncated
    assert found.forenames == "CHAYAPA DEJTHAMRONG K"
    alone = parse("P<UTOARKFREITH<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<\n" + PASSPORT.splitlines()[1], TODAY)
    assert (alone.surname, alone.forenames) == ("ARKFREITH", "")


def test_a_zone_stands_among_other_text_and_in_one_line() -> None:
    page = f"REPUBLIC OF UTOPIA\nPassport No L898902C3\n\n{PASSPORT}\nsigned Ana"
    assert parse(page, TODAY) == parse(PASSPORT, TODAY)
    for text in (PASSPORT, CARD, SMALL):
        assert parse(text.replace("\n", ""), TODAY) == parse(text, TODAY)


def test_blanks_may_stand_where_fillers_were() -> None:
    assert parse(CARD.replace("<", " "), TODAY) == parse(CARD, TODAY)


def test_countries_of_travel_documents_become_those_of_two_letters() -> None:
    base = parse(PASSPORT, TODAY)
    for code, country in (("D", "DE"), ("RKS", "XK"), ("GBR", "GB"), ("MKD", "MK"), ("XXA", ""), ("UTO", "")):
        assert replace(base, issuer=code).issuer_country == country


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "two or three lines"),
        ("Ana", "two or three lines"),
        (PASSPORT.splitlines()[0], "two or three lines"),
        (PASSPORT[:-1], "too short"),
        (PASSPORT + "0", "too short or too long"),
        ("<" * 3000, "too long"),
        (PASSPORT.replace("P<", "П<"), "letters, digits"),
    ],
)
def test_what_is_not_a_zone_is_refused(text: str, word: str) -> None:
    with pytest.raises(MrzError, match=word):
        parse(text, TODAY)
