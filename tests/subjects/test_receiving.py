"""What a partner sent: kept under his ids, with its owner and code; all of it or nothing; never against the law."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from ilex.journal.models import Line
from ilex.subjects import actions, queries
from ilex.subjects.actions import Arrived, ArrivedLink, ArrivedStatement
from ilex.subjects.models import Link, Statement, Subject
from ilex.subjects.rules import Evaluation, Invalid, NotNow, Said
from ilex.units.models import Officer, Organisation
from tests.subjects.conftest import person

pytestmark = pytest.mark.django_db

H2 = Evaluation(handling="H2", source_grade="A", information_grade="1")


def arrived(key: str, *said: Said, category: str = "suspect", kind: str = "person", id: UUID | None = None) -> Arrived:
    return Arrived(key, kind, category, tuple(ArrivedStatement(id or uuid4(), one) for one in said))


def test_statements_keep_their_ids_owner_and_code(skopje: Organisation, ana: Officer) -> None:
    number = uuid4()
    kept = actions.receive(skopje, [arrived("p1", Said("name", "Петар П.", evaluation=H2), id=number)], release="r-1")
    row = Statement.objects.get(pk=number)
    assert (row.owner_id, row.handling, row.from_kind, row.from_key) == ("ilecu-mk", "H2", "release", "r-1")
    assert kept["p1"].caption == "Петар П."
    assert queries.find(ana, "petar")
    assert Line.objects.get(act="subject.received").detail["from"] == "ilecu-mk"


def test_the_provider_of_what_was_passed_on_stays_its_owner(skopje: Organisation, house: Organisation) -> None:
    passed_on = Evaluation(owner="spoc-hu", handling="H1")
    actions.receive(skopje, [arrived("p1", Said("name", "Petar", evaluation=passed_on))], release="r-1")
    assert Statement.objects.get().owner_id == "spoc-hu"
    unknown = Evaluation(owner="nobody")
    with pytest.raises(Invalid):
        actions.receive(skopje, [arrived("p2", Said("name", "Petar", evaluation=unknown))], release="r-2")


def test_a_subject_that_came_before_gets_what_is_new(skopje: Organisation, ana: Officer) -> None:
    name = arrived("p1", Said("name", "Petar"))
    actions.receive(skopje, [name], release="r-1")
    more = Arrived("p1", "person", "suspect", (*name.statements, ArrivedStatement(uuid4(), Said("born", "1980"))))
    kept = actions.receive(skopje, [more], release="r-2")
    assert Subject.objects.count() == 1
    assert [row.value for row in queries.statements_of(kept["p1"], ana)] == ["Petar", "1980"]


def test_links_come_with_their_subjects(skopje: Organisation) -> None:
    subjects = [
        arrived("p1", Said("name", "Petar")),
        arrived("v1", Said("plate", "SK 1-AB"), kind="vehicle", category=""),
    ]
    number = uuid4()
    link = ArrivedLink(number, "owner", "p1", "v1", "", Evaluation(handling="H1"))
    actions.receive(skopje, subjects, [link], release="r-1")
    actions.receive(skopje, subjects, [link], release="r-2")
    row = Link.objects.get()
    assert (row.pk, row.owner_id, row.handling, row.from_key) == (number, "ilecu-mk", "H1", "r-1")
    with pytest.raises(Invalid):
        actions.receive(skopje, subjects, [ArrivedLink(uuid4(), "owner", "p1", "gone")], release="r-3")


@pytest.mark.parametrize(
    "bad",
    [
        arrived("p2", Said("convictions", "Theft"), category="victim"),
        arrived("p2", Said("colour", "red")),
        arrived("p2", Said("born", "yesterday")),
        arrived("p2", Said("blood-group", "0+")),
        arrived("p2", Said("name", "x", evaluation=Evaluation(handling="H3"))),
        arrived("p2", Said("name", "x"), kind="ghost"),
        arrived("p2", Said("name", "x"), category=""),
        arrived("", Said("name", "x")),
    ],
)
def test_what_breaks_the_law_is_refused_and_nothing_is_kept(skopje: Organisation, bad: Arrived) -> None:
    with pytest.raises(Invalid):
        actions.receive(skopje, [arrived("p1", Said("name", "Petar")), bad], release="r-1")
    assert not Subject.objects.exists()


def test_a_number_that_breaks_its_rule_is_kept_as_evidence_of_what_they_have(
    skopje: Organisation, ana: Officer
) -> None:
    kept = actions.receive(skopje, [arrived("p1", Said("account", "RS00 1234"))], release=str(uuid4()))
    [row] = queries.statements_of(kept["p1"], ana)
    assert (row.value, row.key) == ("RS00 1234", "rs001234")
    [line] = queries.page_of(kept["p1"], ana).groups[0].properties[0].lines
    assert line.doubt


def test_nobody_takes_the_number_of_what_another_owns(skopje: Organisation, ana: Officer) -> None:
    person(ana, "Ana Marković")
    ours = Statement.objects.get()
    with pytest.raises(Invalid):
        actions.receive(skopje, [arrived("p1", Said("name", "Evil"), id=ours.pk)], release="r-1")
    ours.refresh_from_db()
    assert (ours.value, ours.owner_id) == ("Ana Marković", "ilecu-rs")


def test_our_own_statement_that_comes_home_is_not_kept_twice(skopje: Organisation, ana: Officer) -> None:
    person(ana, "Ana Marković")
    ours = Statement.objects.get()
    home = Said("name", "Ana Marković", evaluation=Evaluation(owner="ilecu-rs"))
    actions.receive(skopje, [arrived("p1", home, id=ours.pk)], release="r-1")
    assert Statement.objects.count() == 1


def test_a_partner_who_gives_another_category_takes_the_fields_with_it(skopje: Organisation, ana: Officer) -> None:
    actions.receive(skopje, [arrived("p1", Said("name", "Maja"), Said("convictions", "Theft"))], release="r-1")
    kept = actions.receive(skopje, [arrived("p1", Said("name", "Maja P."), category="victim")], release="r-2")
    assert kept["p1"].category == "victim"
    assert [row.value for row in queries.statements_of(kept["p1"], ana)] == ["Maja", "Maja P."]
    with pytest.raises(Invalid):
        actions.receive(skopje, [arrived("p1", Said("plate", "SK 1"), kind="vehicle", category="")], release="r-3")


def test_a_partners_statement_is_recalled_without_an_officer_and_corrected_by_him_alone(
    skopje: Organisation, ana: Officer
) -> None:
    kept = actions.receive(skopje, [arrived("p1", Said("name", "Petar"), Said("born", "1980"))], release="r-1")
    name = Statement.objects.get(property="name")
    with pytest.raises(NotNow):
        actions.correct(ana, name, Said("name", "Pavel"), "x")
    actions.withdraw(None, name, "Recalled by its owner.")
    assert Subject.objects.get().caption == "Person without a name"
    assert [row.value for row in queries.statements_of(kept["p1"], ana)] == ["1980"]
    assert Line.objects.get(act="statement.withdrawn").by == ""


def test_a_partners_subject_can_be_merged_with_ours_and_still_grows(skopje: Organisation, ana: Officer) -> None:
    ours = person(ana, "Petar Petrov")
    theirs = actions.receive(skopje, [arrived("p1", Said("name", "Петар Петров", evaluation=H2))], release="r-1")["p1"]
    actions.merge(ana, ours, theirs, "Same passport.")
    actions.receive(skopje, [arrived("p1", Said("born", "1980", evaluation=H2))], release="r-2")
    rows = queries.statements_of(ours, ana)
    assert {(row.value, row.owner_id) for row in rows} == {
        ("Petar Petrov", "ilecu-rs"),
        ("Петар Петров", "ilecu-mk"),
        ("1980", "ilecu-mk"),
    }
    assert [row.id for row in queries.find(ana, "petar 1980")] == [ours.pk]
