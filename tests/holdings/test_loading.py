"""A source holds exactly what its newest file holds, and a load is whole or was never there."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils.timezone import localdate

from ilex.holdings import actions
from ilex.holdings.actions import SourceSpec, load
from ilex.holdings.errors import FileRefused, Invalid
from ilex.holdings.files.bounds import Fault
from ilex.holdings.files.chunks import Chunk, opened
from ilex.holdings.files.columns import Mapped, mapped
from ilex.holdings.models import Load, Piece, Record, Source
from ilex.holdings.queries import facts_of, find
from ilex.journal.models import Line
from ilex.matching.facts import Facts
from ilex.units.models import Officer
from tests.holdings.files import csv, found, ftm, people, person, take, xlsx

pytestmark = pytest.mark.django_db


def counts(report: Any) -> tuple[int, int, int, int, int]:
    return report.new, report.changed, report.gone, report.same, report.bad


def test_a_loaded_list_is_searched_at_once_in_every_script() -> None:
    report = take(ftm([person("a", "Ђорђе Измишљени", birthDate="1971-02-03"), *people(50)]))
    assert counts(report) == (51, 0, 0, 0, 0)
    assert found("Djordje Izmisljeni")[0] == "a"
    assert found("DORDE IZMISLJENI", "1971-03-02")[0] == "a"


def test_the_same_file_again_changes_nothing() -> None:
    take(ftm(people(40)))
    before = set(Record.objects.values_list("rid", "key"))
    assert counts(take(ftm(people(40)))) == (0, 0, 0, 40, 0)
    assert set(Record.objects.values_list("rid", "key")) == before


def test_what_is_the_same_can_be_indexed_anew() -> None:
    take(ftm(people(40)))
    assert counts(take(ftm(people(40)), anew=True)) == (0, 40, 0, 0, 0)
    assert Record.objects.count() == 40
    assert found(people(1)[0]["properties"]["name"][0])[0] == "p0"


def test_a_newer_file_changes_adds_and_takes_away() -> None:
    take(ftm([person("a", "Ana Izmislic"), person("b", "Branko Nebilovski"), person("c", "Ceca Kitaletova")]))
    newer = [person("b", "Branimir Nebilovski"), person("c", "Ceca Kitaletova"), person("d", "Dana Vymyslenko")]
    assert counts(take(ftm(newer))) == (1, 1, 1, 1, 0)
    assert "a" not in found("Ana Izmislic")
    assert found("Branimir Nebilovski")[0] == "b"
    assert found("Dana Vymyslenko")[0] == "d"
    assert Source.objects.get().records == 3
    assert list(facts_of([("list", "b"), ("list", "a")])) == [("list", "b")]


def test_what_was_held_under_the_id_of_a_bad_row_stays() -> None:
    take(ftm([person("a", "Ana Izmislic"), person("b", "Branko Nebilovski")]))
    faults: list[Fault] = []
    newer = [person("a", "Ana Izmislic", birthDate="yesterday"), person("b", "Branko Nebilovski")]
    report = take(ftm(newer), faults=faults)
    assert counts(report) == (0, 0, 0, 1, 1)
    assert [(fault.line, fault.column) for fault in faults] == [(1, "birthDate")]
    assert "a" in found("Ana Izmislic")


def test_of_an_id_that_stands_twice_the_first_is_held() -> None:
    faults: list[Fault] = []
    report = take(ftm([person("a", "Ana Izmislic"), *people(3), person("a", "Branko Nebilovski")]), faults=faults)
    assert counts(report) == (4, 0, 0, 0, 1)
    assert [(fault.line, fault.column) for fault in faults] == [(5, "id")]
    assert "a" in found("Ana Izmislic")
    assert "a" not in found("Branko Nebilovski")


def test_a_dry_run_tells_the_same_and_keeps_nothing() -> None:
    assert counts(take(ftm(people(30)), dry_run=True)) == (30, 0, 0, 0, 0)
    assert not Source.objects.exists()
    take(ftm(people(30)))
    lines = Line.objects.count()
    assert counts(take(ftm(people(20, first=15)), dry_run=True)) == (5, 0, 15, 15, 0)
    assert (Record.objects.count(), Load.objects.count(), Line.objects.count()) == (30, 1, lines)


def test_two_processes_give_what_one_gives() -> None:
    many = people(6_000)
    take(ftm(many), "one", processes=0)
    take(ftm(many), "two", processes=2)
    by_source = [
        list(Record.objects.filter(source__code=code).order_by("rid").values_list("key", "digest", "facts"))
        for code in ("one", "two")
    ]
    assert by_source[0] == by_source[1]
    assert len(by_source[0]) == 6_000
    name = many[4_321]["properties"]["name"][0]
    both = {code: [one.key for one in find(Facts("person", (name,)), sources=[code])] for code in ("one", "two")}
    assert both["one"] == both["two"]
    assert "p4321" in both["one"]


def test_one_file_with_all_new_ids_leaves_no_old_piece() -> None:
    take(ftm(people(30)))
    take(ftm(people(30, first=100)))
    assert Piece.objects.filter(retired_at=None).count() == 1
    assert Record.objects.count() == 30


def test_a_load_leaves_one_line_that_says_what_and_why(ceca: Officer) -> None:
    take(ftm(people(5)), by=ceca)
    line = Line.objects.get(act="holding.loaded")
    assert (line.object_id, line.by, line.detail["new"]) == ("list", str(ceca.pk), 5)
    assert line.reason == Source.objects.get().purpose


def test_who_may_not_load_loads_nothing(ana: Officer) -> None:
    with pytest.raises(PermissionDenied):
        take(ftm(people(5)), by=ana)
    assert not Source.objects.exists()


@pytest.mark.parametrize("code", ["", "a b", "ђ", "x" * 61, "../x"])
def test_a_source_has_a_plain_code(code: str) -> None:
    with pytest.raises(Invalid):
        take(ftm(people(2)), code)


def test_a_file_without_any_good_row_empties_no_source() -> None:
    take(ftm(people(5)))
    for content in (b"", b"\n\n", b"{}\n[]\n", b'{"id": "x", "schema": "Sanction", "properties": {}}\n'):
        with pytest.raises(FileRefused):
            take(io.BytesIO(content))
    assert Record.objects.count() == 5


def test_what_is_neither_person_nor_thing_is_counted_and_left_out() -> None:
    edge = {"id": "o", "schema": "Ownership", "properties": {"owner": ["p1"], "asset": ["c1"]}}
    report = take(ftm([*people(2), edge, edge]))
    assert report.left_out == {"Ownership": 2}
    assert counts(report) == (2, 0, 0, 0, 0)


def test_a_table_says_what_its_columns_hold_in_a_mapping_file() -> None:
    said = mapped(
        """
        kind = "person"
        dates = "day-month-year"
        encoding = "windows-1251"
        [columns]
        "Број" = "id"
        "Име" = "given"
        "Презиме" = "family"
        "Рођен" = "born"
        "Пол" = "sex"
        "Пасош" = "id:document"
        "Држава" = "country"
        "Напомена" = "-"
        [values.sex]
        "ж" = "f"
        [values.country]
        "србија" = "RS"
        """
    )
    header = ("Број", "Име", "Презиме", "Рођен", "Пол", "Пасош", "Држава", "Напомена")
    row = ("7", "Гордана", "Измишљић", "3.2.1971.", "Ж", "P1234567; P7654321", "Србија", "=тајна")
    take(csv(header, row, encoding="windows-1251"), form="csv", mapped=said)
    assert facts_of([("list", "7")])[("list", "7")] == Facts(
        kind="person",
        names=("Гордана Измишљић",),
        born=("1971-02-03",),
        countries=("RS",),
        sex="f",
        identifiers=(("document", "P1234567", "RS"), ("document", "P7654321", "RS")),
    )


def test_a_table_in_plain_words_needs_no_mapping_and_a_row_without_id_is_known_again() -> None:
    rows = [("name", "date of birth", "nationality"), ("Gordana Izmislic", "1971-02-03", "RS"), ("", "", "")]
    assert counts(take(xlsx(*rows), form="xlsx")) == (1, 0, 0, 0, 0)
    assert counts(take(xlsx(*rows), form="xlsx")) == (0, 0, 0, 1, 0)
    assert len(found("Gordana Izmislic")) == 1


@pytest.mark.parametrize(
    "content",
    [
        "kind = 5",
        "kind = 'ghost'",
        "dates = 'backwards'",
        "encoding = 'martian'",
        "colour = 'x'",
        "columns = 5",
        "[columns]\na = 5",
        "[columns]\na = 'shoes'",
        "[columns]\na = 'id:shoes'",
        "[values]\nsex = 5",
        "[[",
        "\0",
    ],
)
def test_a_wrong_mapping_file_is_refused_in_a_sentence(content: str) -> None:
    with pytest.raises(FileRefused, match=r"mapping file"):
        mapped(content)


def test_a_source_past_its_legal_end_is_not_searched() -> None:
    take(ftm(people(3)))
    name = people(1)[0]["properties"]["name"][0]
    assert found(name)
    Source.objects.update(ends_on=localdate())
    assert found(name) == []
    assert facts_of([("list", "p0")]) == {}
    Source.objects.update(ends_on=localdate() + timedelta(days=1))
    assert found(name)


def test_a_source_that_is_switched_off_hides_everything_it_holds(ceca: Officer, ana: Officer) -> None:
    take(ftm(people(3)))
    take(ftm(people(3)), "other")
    name, [source, _other] = people(1)[0]["properties"]["name"][0], Source.objects.order_by("pk")
    with pytest.raises(PermissionDenied):
        actions.switch(ana, source, False, "x")
    with pytest.raises(Invalid):
        actions.switch(ceca, source, False, " ")
    actions.switch(ceca, source, False, "The list is being checked.")
    assert {one.source for one in find(Facts("person", (name,)))} == {"other"}
    assert {one.source for one in find(Facts("person", (name,)), harder=True)} == {"other"}
    actions.switch(ceca, source, True, "It is right again.")
    assert {one.source for one in find(Facts("person", (name,)))} == {"list", "other"}
    acts = Line.objects.filter(object_id="list").order_by("pk").values_list("act", "reason")
    assert list(acts)[-2:] == [
        ("holding.switched-off", "The list is being checked."),
        ("holding.switched-on", "It is right again."),
    ]


def test_a_source_is_described_with_purpose_code_and_day_of_review(ceca: Officer) -> None:
    take(ftm(people(2)))
    source = Source.objects.get()
    assert source.purpose
    assert source.review_on
    with pytest.raises(Invalid):
        actions.describe(ceca, source, actions.Description("", ""))
    with pytest.raises(Invalid):
        actions.describe(ceca, source, actions.Description("A list", "To find", handling="H3"))
    told = actions.Description("A list", "To find the wanted", handling="H2", review_on=localdate())
    actions.describe(ceca, source, told)
    assert (source.title, source.handling, source.review_on) == ("A list", "H2", localdate())
    [line] = Line.objects.filter(act="holding.described")
    assert set(line.detail["changed"]) == {"title", "purpose", "handling", "review_on"}


@pytest.mark.django_db(transaction=True)
def test_who_switches_a_source_off_does_not_wait_for_the_end_of_a_load() -> None:
    take(ftm(people(3)))
    read = opened(ftm(people(5)), "ftm", Mapped())

    def meanwhile() -> Iterator[Chunk]:
        with psycopg.connect(**connection.get_connection_params()) as elsewhere:
            yield from read.chunks
            assert elsewhere.execute("SELECT code FROM holdings_source FOR UPDATE NOWAIT").fetchall() == [("list",)]

    assert counts(load(SourceSpec("list"), meanwhile(), by=None)) == (2, 0, 0, 3, 0)
