"""Subjects are found by names in any script and order, only begun, mistyped; and by numbers however they are cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilex.journal.models import Line
from ilex.subjects import actions, index, queries, vocabulary
from ilex.subjects.models import Statement, Subject, Word
from ilex.subjects.queries.finding import PAGE
from ilex.subjects.rules import Invalid, Said, name_key, number_key
from ilex.units.models import Officer
from ilex.words import kinds
from tests.subjects.conftest import person, vehicle

HOSTILE = ["' | '", "a:* & !b", "\\", "((", "<->", "a'b''c", "x" * 500, "١٢٣", "ß ſ ﬁ", "-", "0 0 0"]


@pytest.fixture
def known(ana: Officer) -> dict[str, Subject]:
    made = {
        "ana": person(ana, "Ana Marković", Said("born", "1985-03-12"), Said("phone", "+381 64 123 4567")),
        "georgia": person(ana, "ნინო ბერიძე", Said("name", "Nino Beridze", "transliteration")),
        "ukraine": person(ana, "Тарас Шевченко"),
        "armenia": person(ana, "Անի Սարգսյան"),
        "car": vehicle(ana, "BG 123-AB"),
        "account": actions.add_subject(ana, "bank-account", [Said("iban", "RS35 2600 0560 1001 6113 79")]),
    }
    vocabulary.learn(word for row in Subject.objects.all() for word in words_of(row))
    return made


def words_of(subject: Subject) -> list[str]:
    rows = Statement.objects.filter(subject=subject).values_list("property", "value", "key")
    return index.words_of(kinds.kind(subject.kind), rows)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("marković", "ana"),
        ("MARKOVIC ana", "ana"),
        ("Марковић", "ana"),
        ("mark ana", "ana"),
        ("ana 1985", "ana"),
        ("ana 1985-03-12", "ana"),
        ("+381641234567", "ana"),
        ("00381 64 123 4567", "ana"),
        ("064 123 4567", "ana"),
        ("64/123-45-67", "ana"),
        ("ნინო", "georgia"),
        ("beridze nino", "georgia"),
        ("Shevchenko", "ukraine"),
        ("Ševčenko taras", "ukraine"),
        ("sargsyan", "armenia"),
        ("bg123ab", "car"),
        ("BG 123 AB", "car"),
        ("bg-123", "car"),
        ("RS35260005601001611379", "account"),
        ("RS35 2600 0560", "account"),
    ],
)
def test_it_is_found_as_people_type_it(known: dict[str, Subject], ana: Officer, text: str, who: str) -> None:
    found = queries.find(ana, text)
    assert [row.id for row in found if row.exact] == [known[who].pk]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Markoivć", "ana"),  # swapped
        ("Maković", "ana"),  # left out
        ("Markkovjić Ana", "ana"),
        ("Narković", "ana"),  # changed
        ("Bereidze", "georgia"),
        ("Шевченк", "ukraine"),
        ("Sargsjen", "armenia"),
    ],
)
def test_a_mistyped_name_is_found_and_said_to_be_similar(
    known: dict[str, Subject], ana: Officer, text: str, who: str
) -> None:
    assert known[who].pk in [row.id for row in queries.find(ana, text)]


@pytest.mark.django_db
def test_what_is_not_there_is_not_found(known: dict[str, Subject], ana: Officer) -> None:
    for text in ("Jovanović", "BG 999-ZZ", "1985-03-13 ana", "маркови петрови"):
        assert queries.find(ana, text) == [], text


@pytest.mark.django_db
def test_the_same_name_stands_before_longer_ones_and_similar_ones_last(ana: Officer) -> None:
    longer, same, near = person(ana, "Ana Maria Ilić"), person(ana, "Ana Ilić"), person(ana, "Ana Ilići")
    vocabulary.learn(["ilic", "ilici", "maria"])
    rows = queries.find(ana, "ana ilić")
    assert [row.id for row in rows][:2] == [same.pk, longer.pk]
    assert near.pk in [row.id for row in rows]


@pytest.mark.django_db
def test_kind_and_category_narrow_the_search(known: dict[str, Subject], ana: Officer) -> None:
    assert queries.find(ana, "bg123", kind="person") == []
    assert queries.find(ana, "marković", category="victim") == []
    assert queries.find(ana, "marković", kind="person", category="suspect")


@pytest.mark.django_db
def test_a_search_is_paged(ana: Officer) -> None:
    for number in range(PAGE + 3):
        person(ana, f"Ana Marković {number:03}")
    first, second = queries.search(ana, "marković"), queries.search(ana, "marković", page=2)
    assert (first.has_next, second.has_next, len(second.rows)) == (True, False, 3)
    assert not {row.id for row in first.rows} & {row.id for row in second.rows}
    listed = queries.listed(ana, page=2)
    assert (listed.has_previous, listed.has_next, len(listed.rows)) == (True, False, 3)


@pytest.mark.django_db
def test_a_search_says_in_the_journal_what_was_found(known: dict[str, Subject], ana: Officer) -> None:
    queries.search(ana, "marković")
    assert Line.objects.get(act="subject.searched").detail["found"] == [str(known["ana"].pk)]
    with pytest.raises(Invalid):
        queries.search(ana, " ?! ")


@pytest.mark.django_db
def test_who_else_has_this_number_is_told_by_its_key(known: dict[str, Subject], ana: Officer) -> None:
    other = person(ana, "Maja Petrović", Said("phone", "00381641234567"))
    found = queries.same_key("+381 64 123 4567", ana)
    assert {row.subject_id for row in found} == {known["ana"].pk, other.pk}
    assert [row.subject_id for row in queries.page_of(other, ana).same_numbers] == [known["ana"].pk]


@pytest.mark.django_db(transaction=True)
def test_the_vocabulary_learns_the_names_of_what_is_kept_and_of_nothing_else(ana: Officer) -> None:
    with pytest.raises(Invalid):
        person(ana, "Zvezdana Nemanjić", category="ghost")
    assert not Word.objects.exists()
    person(ana, "Zvezdana Nemanjić", Said("passport", "008123456"))
    assert sorted(Word.objects.values_list("text", flat=True)) == ["nemanic", "zvezdana"]
    assert [row.exact for row in queries.find(ana, "Zvezdna Nemanjić")] == [False]


@given(st.text(max_size=200))
def test_any_text_makes_a_query_the_database_can_read(text: str) -> None:
    query = index.query(text)
    assert "''" not in query
    assert query.count("(") == query.count(")")


@pytest.mark.django_db
@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_query_finds_nothing_and_breaks_nothing(known: dict[str, Subject], ana: Officer, text: str) -> None:
    queries.find(ana, text)


@given(st.text(alphabet="abcdefghij", min_size=4, max_size=12), st.integers(0, 11), st.sampled_from("abcdefghij"))
def test_words_one_letter_apart_share_a_cut(word: str, place: int, letter: str) -> None:
    place %= len(word)
    left_out = word[:place] + word[place + 1 :]
    changed = word[:place] + letter + word[place + 1 :]
    put_in = word[:place] + letter + word[place:]
    for other in (left_out, changed, put_in):
        assert set(vocabulary.cuts(word)) & set(vocabulary.cuts(other))
        assert vocabulary.distance(word, other) <= 1


@given(st.text(alphabet="abcde", max_size=8), st.text(alphabet="abcde", max_size=8))
def test_the_distance_of_two_words_is_the_same_both_ways(one: str, other: str) -> None:
    assert vocabulary.distance(one, other) == vocabulary.distance(other, one)
    assert (vocabulary.distance(one, other) == 0) == (one == other)


@given(st.text(max_size=80))
def test_keys_are_plain_and_stay_when_made_again(text: str) -> None:
    for key in (name_key(text), number_key(text)):
        assert key.isascii()
    assert name_key(name_key(text)) == name_key(text)
    assert number_key(number_key(text)) == number_key(text)


@pytest.mark.parametrize("text", ["BG 123-AB", "bg123ab", "BG·123·AB", "ВG123АВ".replace("В", "B").replace("А", "A")])
def test_one_number_has_one_key_however_it_is_cut(text: str) -> None:
    assert number_key(text) == "bg123ab"


@pytest.mark.parametrize("name", ["Ana Marković", "MARKOVIĆ, Ana", "Ана Марковић", "  ana   markovic "])
def test_one_name_has_one_key_in_every_script_and_order(name: str) -> None:
    assert name_key(name) == "ana markovic"


@pytest.mark.django_db
def test_a_list_tells_people_of_one_name_apart_but_no_informant(ana: Officer) -> None:
    person(ana, "Ana Marković", Said("born", "1985"), Said("name", "Ана Марковић", "transliteration"))
    person(ana, "Petar Marković", Said("coded-name", "Falcon"), Said("born", "1970"), category="informant")
    notes = {row.caption: row.note for row in queries.listed(ana).rows}
    assert notes == {"Ana Marković": "1985 · Ана Марковић", "Falcon": ""}
    assert {row.caption: row.note for row in queries.search(ana, "marković").rows} == notes
