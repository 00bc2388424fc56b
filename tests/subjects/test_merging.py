"""Two that are one, and parted again; and another category, with what the law takes away."""

from __future__ import annotations

import pytest
from django.db import connection

from ilex.journal.models import Line
from ilex.subjects import actions, queries
from ilex.subjects.models import Merge, Statement, Subject
from ilex.subjects.rules import Evaluation, Invalid, NotNow, Said, Unconfirmed
from ilex.units.models import Circle, Officer
from tests.subjects.conftest import person, vehicle

pytestmark = pytest.mark.django_db


def values(subject: Subject, by: Officer) -> set[str]:
    return {row.value for row in queries.statements_of(subject, by)}


def test_merged_ones_are_shown_as_one_each_statement_with_its_own_source(ana: Officer, bojan: Officer) -> None:
    one = person(ana, "Ana Marković")
    other = person(bojan, "Ана Марковић", Said("born", "1985", evaluation=Evaluation(from_note="Letter")))
    car = vehicle(ana, "BG 123-AB")
    actions.link(bojan, other, car, "owner")
    actions.merge(ana, one, other, "Same passport.")
    assert queries.subject_for(ana, other.pk) == one
    assert values(one, ana) == {"Ana Marković", "Ана Марковић", "1985"}
    born = next(row for row in queries.statements_of(one, ana) if row.property == "born")
    assert (born.subject_id, born.made_by, born.from_note) == (other.pk, bojan, "Letter")
    assert [link.other for link in queries.links_of(one, ana)] == [car]
    assert [line.other for line in queries.page_of(car, ana).links] == [one]
    assert [row.id for row in queries.listed(ana).rows if row.kind == "person"] == [one.pk]


def test_the_one_that_stays_is_found_by_the_words_of_both(ana: Officer) -> None:
    one, other = person(ana, "Ana Marković"), person(ana, "Zoja Petrović")
    merge = actions.merge(ana, one, other, "Same passport.")
    assert [row.id for row in queries.find(ana, "petrović")] == [one.pk]
    assert Subject.objects.get(pk=one.pk).caption == "Ana Marković"
    actions.unmerge(ana, merge, "Twins.")
    assert [row.id for row in queries.find(ana, "petrović")] == [other.pk]


def test_undone_both_stand_as_they_stood(ana: Officer, bojan: Officer) -> None:
    one, other = person(ana, "Ana Marković"), person(ana, "Ана Марковић", Said("born", "1985"))
    merge = actions.merge(ana, one, other, "Same passport.")
    actions.state(ana, queries.subject_for(ana, other.pk), Said("note", "Said of the one that stood."))
    actions.unmerge(bojan, merge, "Twins.")
    assert values(one, ana) == {"Ana Marković", "Said of the one that stood."}
    assert values(queries.subject_for(ana, other.pk), ana) == {"Ана Марковић", "1985"}
    merge.refresh_from_db()
    assert (merge.undone_by, merge.undone_why) == (bojan, "Twins.")
    with pytest.raises(NotNow):
        actions.unmerge(ana, merge, "Again.")
    assert set(Line.objects.filter(op="combination").values_list("act", flat=True)) == {
        "subject.merged",
        "subject.unmerged",
    }


def test_a_chain_of_merges_leads_to_its_end_and_parts_in_any_order(ana: Officer) -> None:
    a, b, c = (person(ana, name) for name in ("Ana A", "Ana B", "Ana C"))
    first = actions.merge(ana, b, a, "x")
    second = actions.merge(ana, c, b, "x")
    assert queries.subject_for(ana, a.pk) == c
    assert values(c, ana) == {"Ana A", "Ana B", "Ana C"}
    actions.unmerge(ana, first, "x")
    assert queries.subject_for(ana, a.pk) == a
    assert queries.subject_for(ana, b.pk) == c
    again = actions.merge(ana, b := queries.subject_for(ana, b.pk), a, "x")
    assert b == c
    actions.unmerge(ana, second, "x")
    assert queries.subject_for(ana, b.pk) == c
    assert values(c, ana) == {"Ana A", "Ana C"}
    actions.unmerge(ana, again, "x")
    assert {row.merged_into for row in Subject.objects.all()} == {None}


def test_a_part_of_a_chain_keeps_what_went_into_it(ana: Officer) -> None:
    a, b, c = (person(ana, name) for name in ("Ana A", "Ana B", "Ana C"))
    actions.merge(ana, b, a, "x")
    second = actions.merge(ana, c, b, "x")
    actions.unmerge(ana, second, "x")
    assert queries.subject_for(ana, a.pk) == b
    assert values(b, ana) == {"Ana A", "Ana B"}


def test_one_that_went_into_another_is_written_on_no_more(ana: Officer) -> None:
    one, other, third = (person(ana, name) for name in ("Ana A", "Ana B", "Ana C"))
    actions.merge(ana, one, other, "x")
    for verb in (
        lambda: actions.state(ana, other, Said("note", "x")),
        lambda: actions.merge(ana, third, other, "x"),
        lambda: actions.merge(ana, other, third, "x"),
        lambda: actions.link(ana, other, third, "relative"),
        lambda: actions.change_category(ana, other, "contact", reason="x"),
    ):
        with pytest.raises(NotNow):
            verb()


def test_a_statement_of_a_merged_one_is_corrected_where_it_stands(ana: Officer) -> None:
    one, other = person(ana, "Ana Marković"), person(ana, "Ana M.", Said("born", "1985"))
    actions.merge(ana, one, other, "x")
    born = Statement.objects.get(property="born")
    new = actions.correct(ana, born, Said("born", "1986"), "Misread.")
    assert new.subject_id == other.pk
    assert "1986" in values(one, ana)
    actions.withdraw(ana, new, "Not hers.")
    assert values(one, ana) == {"Ana Marković", "Ana M."}


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_merge_needs_its_reason(ana: Officer, reason: str) -> None:
    one, other = person(ana, "Ana A"), person(ana, "Ana B")
    with pytest.raises(Invalid):
        actions.merge(ana, one, other, reason)
    merge = actions.merge(ana, one, other, "Same passport.")
    with pytest.raises(Invalid):
        actions.unmerge(ana, merge, reason)


def test_what_cannot_be_one_is_not_merged(ana: Officer, circle: Circle) -> None:
    one = person(ana, "Ana A")
    others = [vehicle(ana, "BG 1-A"), person(ana, "Ana B", category="victim"), person(ana, "Ana C", circle=circle), one]
    for other in others:
        with pytest.raises(Invalid) as refused:
            actions.merge(ana, one, other, "x")
        assert list(refused.value.fields) == ["gone"]
    assert not Merge.objects.exists()


def test_a_new_category_withdraws_what_the_law_takes_away_after_it_was_shown(ana: Officer) -> None:
    made = person(ana, "Maja Petrović", Said("convictions", "Theft"), Said("born", "1990"))
    with pytest.raises(Unconfirmed) as asked:
        actions.change_category(ana, made, "victim", reason="She was forced.")
    assert [row.value for row in asked.value.statements] == ["Theft"]
    assert Subject.objects.get().category == "suspect"
    actions.change_category(ana, made, "victim", [row.pk for row in asked.value.statements], "She was forced.")
    made.refresh_from_db()
    assert made.category == "victim"
    assert values(made, ana) == {"Maja Petrović", "1990"}
    assert "victim" in Statement.objects.get(property="convictions").withdrawn_why.lower()


def test_what_the_law_took_away_is_not_even_among_the_withdrawn(ana: Officer) -> None:
    made = person(ana, "Maja Petrović", Said("convictions", "Theft"))
    drop = list(Statement.objects.filter(property="convictions").values_list("pk", flat=True))
    actions.change_category(ana, made, "victim", drop, "She was forced.")
    made.refresh_from_db()
    assert [row.property for row in queries.statements_of(made, ana, withdrawn=True)] == ["name"]


def test_a_new_category_tests_those_merged_into_it_too(ana: Officer) -> None:
    one, other = person(ana, "Ana A"), person(ana, "Ana B", Said("phone", "+381641234567"))
    merge = actions.merge(ana, one, other, "x")
    with pytest.raises(Unconfirmed) as asked:
        actions.change_category(ana, one, "witness", reason="x")
    actions.change_category(ana, one, "witness", [row.pk for row in asked.value.statements], "x")
    actions.unmerge(ana, merge, "x")
    other.refresh_from_db()
    assert other.category == "witness"
    assert values(other, ana) == {"Ana B"}


def test_a_category_is_one_of_the_list_and_another_one(ana: Officer) -> None:
    made = person(ana, "Ana A")
    with pytest.raises(Invalid):
        actions.change_category(ana, made, "ghost", reason="x")
    with pytest.raises(Invalid):
        actions.change_category(ana, made, "victim")
    with pytest.raises(NotNow):
        actions.change_category(ana, made, "suspect", reason="x")
    with pytest.raises(Invalid):
        actions.change_category(ana, vehicle(ana, "BG 1-A"), "victim", reason="x")


def test_a_subject_goes_into_one_other_at_a_time(ana: Officer) -> None:
    one, other = person(ana, "Ana A"), person(ana, "Ana B")
    merge = actions.merge(ana, one, other, "x")
    with pytest.raises(Exception, match="subjects_merge_once"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO subjects_merge (id, kept_id, gone_id, reason, at, undone_why)"
            " VALUES (gen_random_uuid(), %s, %s, 'x', now(), '')",
            [merge.kept_id, merge.gone_id],
        )
