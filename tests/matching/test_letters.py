"""Every usual spelling of one name, in every script, shares a skeleton with the others. The names are of nobody."""

from __future__ import annotations

import lzma
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ilex.matching import letters
from ilex.matching.equivalents import EQUIVALENTS
from ilex.matching.facts import Facts, Part
from ilex.matching.prepare import prepare

ONE_NAME = [
    "Щукин Shchukin Schtschukin Szczukin Chtchoukine Ščukin Shukin",
    "Ђорђевић Đorđević Djordjevic DJORDJEVIC Djordjević Џорџевић Джорджевич ჯორჯევიჩი Ջորջևիչ Dzhordzhevich",
    "Đorđević Dordevic",
    "Хачатрян Խաչատրյան Khachatryan Khachatrian Hachatrjan Chatschatrjan ხაჩატურიანი Xaçatryan",
    "Aliyev Əliyev Алиев Aliev Alijew Алијев علییف Алієв ალიევი Ալիև",
    "Mohammed Muhamed Mehmet Mohamad Мухаммед Магомед محمد Μοχάμεντ მუჰამედ",
    "Papadopoulos Παπαδόπουλος ΠΑΠΑΔΟΠΟΥΛΟΣ Papadopulos Пападопулос პაპადოპულოსი",
    "Shevchenko Шевченко Ševčenko Schewtschenko Szewczenko Chevtchenko შევჩენკო Շևչենկո Σεφτσένκο",
    "Hoxha Hodža Hodzha Ходжа Хоџа Hodscha",
    "Yuliya Julija Iuliia Юлия Јулија Юлія იულია Յուլիա",
    "Jovanović Йованович Јовановић Jovanovic Iovanovici იოვანოვიჩი",
    "Tchaikovsky Чайковский Tschaikowski Czajkowski Čajkovskij Chaykovskiy",
    "Gjorgjiev Ѓорѓиев Djordjiev Ǵorǵiev",
    "Žarković Zharkovich Жаркович ZARKOVIC Scharkowitsch Жарковић",
    "Хрущов Khrushchov Chruščov Hruschow",
    "Yıldız Yildiz YILDIZ Йылдыз Γιλντίζ იილდიზ",
    "İbrahim IBRAHIM Ibrahim Ибрагим Ибрахим إبراهيم იბრაჰიმ Իբրահիմ",
    "გიორგაძე Giorgadze Гиоргадзе Γκιοργκάντζε ᲒᲘᲝᲠᲒᲐᲫᲔ Գիորգաձե",
    "Husein Хусеин حسین Гусейн Hüseyn Χουσεΐν חוסיין",
    "Kovács Kovac KOVACS Ковач",
    "Tsvetanov Цветанов Cvetanov Zwetanow Τσβετάνοφ",
    "Sarkisian Саркисян Սարգսյան Sargsyan Sarkissian სარქისიანი",
    "Wójcik Войчик Wojcik",
    "Σταματίου Stamatiou Stamatiu Стаматиу",
    "Μπακόλας Bakolas Baκolas Баколас",
    "Evangelou Ευαγγέλου Evaggelou",
    "יעקב Yaakov Jakov Яаков",
    "رضایی Rezaei Rezai Резаи",
    "کەریم Karim Kerîm کریم Карим",
    "Oleksandr Олександр",
    "Nagy Надь",
    "Ceaușu Ceausu Чаушу",
]


def part_of(text: str) -> Part:
    (name,) = prepare(Facts(kind="person", names=(text,))).names
    return name.parts[0]


@pytest.mark.parametrize("spellings", ONE_NAME)
def test_every_spelling_of_a_name_shares_a_skeleton_with_the_first(spellings: str) -> None:
    first, *others = [part_of(spelling) for spelling in spellings.split()]
    apart = [other.written for other in others if not set(first.skeletons) & set(other.skeletons)]
    assert apart == []


def test_most_spellings_meet_each_other_too() -> None:
    pairs = [pair for spellings in ONE_NAME for pair in combinations(map(part_of, spellings.split()), 2)]
    meeting = sum(bool(set(one.skeletons) & set(other.skeletons)) for one, other in pairs)
    assert meeting / len(pairs) > 0.93


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Petrović", "Pavlović"),
        ("Иванов", "Степанов"),
        ("Hakobyan", "Harutyunyan"),
        ("محمد", "محسن"),
        ("Maria", "Nadia"),
    ],
)
def test_different_names_do_not_meet(one: str, other: str) -> None:
    assert not set(part_of(one).skeletons) & set(part_of(other).skeletons)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Вucic", "bucic"),  # a Cyrillic В before Latin letters
        ("Mаrkоvić", "marković"),
        ("Mарковић", "марковић"),
        ("Ηatzis", "hatzis"),
        ("Nik0la", "nikola"),
        ("Иван0в", "иванов"),
        ("İSMAİL", "ismail"),
        ("ᲒᲘᲝᲠᲒᲘ", "გიორგი"),
        ("ΓΙΩΡΓΟΣ", "γιωργος"),
    ],
)
def test_letters_of_another_script_are_put_right(written: str, meant: str) -> None:
    part = part_of(written)
    assert part.plain.replace("ς", "σ") == meant.replace("ς", "σ")
    assert part.written == written


def test_final_sigma_and_sigma_are_one() -> None:
    assert part_of("ΠΑΠΠΑΣ").sound == part_of("Παππάς").sound


@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error(text: str) -> None:
    for name in prepare(Facts(kind="person", names=(text,), weak_names=(text,), born=(text,), places=(text,))).names:
        for part in name.parts:
            assert part.plain
            assert part.skeletons
            assert all(part.skeletons)


@given(st.text(alphabet="abcdefghijklmnoprstuvzžščćđ", min_size=1, max_size=20))
def test_capitals_change_nothing(text: str) -> None:
    loud, quiet = (prepare(Facts(names=(spelled,))).names for spelled in (text.upper(), text))
    assert [part.sound for name in loud for part in name.parts] == [part.sound for name in quiet for part in name.parts]


def test_the_table_of_equivalents_was_made_with_these_letters() -> None:
    """If this fails, run tools/name_tables.py again: the table holds sounds."""
    lines = lzma.decompress(EQUIVALENTS.read_bytes()).decode().splitlines()
    assert lines[1] == f"# letters {letters.mark()}"
