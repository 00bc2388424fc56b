"""How two subjects are connected: typed, dated, evaluated; said once, and taken back."""

from __future__ import annotations

import pytest

from ilex.journal.models import Line
from ilex.subjects import actions, queries
from ilex.subjects.chart import MOST, chart
from ilex.subjects.models import Link
from ilex.subjects.rules import Evaluation, Invalid, NotNow, Said
from ilex.units.models import Officer
from tests.subjects.conftest import person, vehicle

pytestmark = pytest.mark.django_db


def test_a_link_is_read_from_both_sides(ana: Officer) -> None:
    made, car = person(ana, "Ana Marković"), vehicle(ana, "BG 123-AB")
    dated = Evaluation(since="2024-05", handling="H1", source_grade="B", basis="assessment")
    actions.link(ana, made, car, "owner", "bought from a friend", dated)
    [there], [back] = queries.page_of(made, ana).links, queries.page_of(car, ana).links
    assert (there.text, there.other, there.row.role) == ("owns", car, "bought from a friend")
    assert (back.text, back.other, back.row.since) == ("is owned by", made, "2024-05")
    assert Line.objects.get(act="subject.linked").op == "combination"


@pytest.mark.parametrize("kind", ["parent", "ghost", "used-in"])
def test_only_connections_that_exist_between_the_kinds_are_kept(ana: Officer, kind: str) -> None:
    made, car = person(ana, "Ana Marković"), vehicle(ana, "BG 123-AB")
    with pytest.raises(Invalid) as refused:
        actions.link(ana, made, car, kind)
    assert list(refused.value.fields) == ["kind"]
    assert not Link.objects.exists()


def test_a_link_needs_two_and_its_evaluation_is_checked(ana: Officer) -> None:
    made, other = person(ana, "Ana Marković"), person(ana, "Maja Petrović")
    with pytest.raises(Invalid):
        actions.link(ana, made, made, "associate")
    with pytest.raises(Invalid):
        actions.link(ana, made, other, "associate", "x" * 201)
    with pytest.raises(Invalid) as refused:
        actions.link(ana, made, other, "associate", evaluation=Evaluation(handling="H3"))
    assert list(refused.value.fields) == ["handling_note"]


def test_the_same_link_is_said_once_and_again_after_it_was_withdrawn(ana: Officer, bojan: Officer) -> None:
    made, car = person(ana, "Ana Marković"), vehicle(ana, "BG 123-AB")
    link = actions.link(ana, made, car, "owner")
    with pytest.raises(NotNow):
        actions.link(bojan, made, car, "owner")
    with pytest.raises(Invalid):
        actions.withdraw_link(bojan, link, " ")
    actions.withdraw_link(bojan, link, "Sold.")
    with pytest.raises(NotNow):
        actions.withdraw_link(ana, link, "Again.")
    assert queries.links_of(made, ana) == []
    [gone] = queries.links_of(made, ana, withdrawn=True)
    assert (gone.withdrawn_by, gone.withdrawn_why) == (bojan, "Sold.")
    actions.link(ana, made, car, "owner")


def test_the_drawing_shows_what_the_table_says(ana: Officer) -> None:
    made = person(ana, "Ana Marković")
    assert chart(made, queries.page_of(made, ana).links) is None
    car, friend = vehicle(ana, "BG 123-AB"), person(ana, "Константин Константинопољски Млађи")
    actions.link(ana, made, car, "owner")
    actions.link(ana, made, car, "user", evaluation=Evaluation(basis="assessment"))
    actions.link(ana, made, friend, "associate", evaluation=Evaluation(basis="assessment"))
    drawn = chart(made, queries.page_of(made, ana).links)
    assert drawn is not None
    assert len(drawn.nodes) == 2
    assert sorted(number for edge in drawn.edges for number in edge.numbers.split(", ")) == ["1", "2", "3"]
    assert {edge.assessed for edge in drawn.edges} == {True, False}
    assert {node.tag for node in drawn.nodes} == {"und-Latn", "und-Cyrl"}
    assert max(len(node.text) for node in drawn.nodes) == 20


def test_a_drawing_of_very_many_says_how_many_it_leaves_out(ana: Officer) -> None:
    made = person(ana, "Ana Marković")
    for number in range(MOST + 2):
        phone = actions.add_subject(ana, "communication", [Said("phone", f"+38164123{number:04}")])
        actions.link(ana, made, phone, "user")
    drawn = chart(made, queries.page_of(made, ana).links)
    assert drawn is not None
    assert (len(drawn.nodes), drawn.left_out) == (MOST, 2)
    assert all(0 < node.x < drawn.width and 0 < node.y < drawn.height for node in drawn.nodes)
