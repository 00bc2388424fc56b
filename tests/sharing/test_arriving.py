"""What a partner gives arrives beside what we have, with its owner and its code, and never over it."""

from __future__ import annotations

import pytest

from ilex.journal.models import Line
from ilex.sharing.models import Given, Release
from ilex.subjects import actions as subjects
from ilex.subjects.models import Link, Statement, Subject
from ilex.subjects.rules import Said
from ilex.units.models import Officer
from tests.sharing.ceca import Partner, person, statement
from tests.sharing.making import person as ours
from tests.sharing.making import sent

pytestmark = pytest.mark.django_db


def test_statements_arrive_with_owner_code_and_source(ana: Officer, ceca: Partner) -> None:
    said = statement(handling="H3", handling_note="Само за оваа истрага.", source_grade="B", information_grade="2")

    release = ceca.gives(person(said))

    row = release.statements.get()
    assert (row.owner_id, row.from_kind, row.from_key) == ("ilecu-mk", "release", str(release.pk))
    assert (row.handling, row.handling_note) == ("H3", "Само за оваа истрага.")
    assert (row.source_grade, row.information_grade, row.made_by) == ("B", "2", None)
    assert row.subject.caption == "Ѓорѓи Измислен"
    assert (release.state, release.handling, release.read_at) == (Release.State.RECEIVED, "H3", None)
    assert Line.objects.filter(act="release.arrived", op="collection").count() == 1


def test_her_numbers_are_kept_beside_and_never_become_ours(ana: Officer, ceca: Partner) -> None:
    said = statement()

    release = ceca.gives(person(said))

    row = release.statements.get()
    assert str(row.pk) != said["id"]
    assert Given.objects.get(statement=row).number.hex == said["id"].replace("-", "")


def test_nothing_is_merged_with_what_is_here(ana: Officer, ceca: Partner) -> None:
    here = ours(ana, Said("name", "Ѓорѓи Измислен"))

    ceca.gives(person())

    assert Subject.objects.count() == 2
    here.refresh_from_db()
    assert here.statements.count() == 1
    assert here.merged_into is None


def test_more_on_the_same_subject_joins_what_she_gave_before(ana: Officer, ceca: Partner) -> None:
    first = person()
    ceca.gives(first)

    ceca.gives(first | {"statements": [*first["statements"], statement("born", "1985-03")]})

    subject = Subject.objects.get()
    assert sorted(subject.statements.values_list("property", flat=True)) == ["born", "name"]
    assert Release.objects.filter(statements__property="name").count() == 2


def test_another_category_changes_nothing_of_what_our_officers_wrote(ana: Officer, ceca: Partner) -> None:
    first = person(category="suspect")
    ceca.gives(first)
    known = Subject.objects.get()
    subjects.state(ana, known, Said("description", "Висок."))

    ceca.gives(first | {"category": "witness", "statements": [statement(value="Ѓорѓи")]})

    known.refresh_from_db()
    assert known.category == "suspect"
    assert known.statements.filter(withdrawn_at=None).count() == 2
    assert Subject.objects.filter(category="witness").count() == 1


def test_links_arrive_between_her_subjects(ana: Officer, ceca: Partner) -> None:
    man = person()
    car = person(statement("plate", "SK 1234 AB"), kind="vehicle", category="")
    link = statement() | {"kind": "owner", "one": man["id"], "other": car["id"], "role": ""}
    for name in ("property", "value"):
        del link[name]

    release = ceca.gives(man, car, links=[link])

    row = Link.objects.get()
    assert (row.kind, row.one.kind, row.other.kind, row.owner_id) == ("owner", "person", "vehicle", "ilecu-mk")
    assert list(release.links.all()) == [row]


def test_our_own_statement_that_comes_back_is_not_kept_twice(ana: Officer, ceca: Partner) -> None:
    petar = ours(ana)
    sent(ana, petar)
    mine = petar.statements.get()
    back = statement(value=mine.value, owner="ilecu-rs", origin=str(mine.pk))

    release = ceca.gives(person(back, statement("born", "1985-03")))

    assert mine in release.statements.all()
    assert Statement.objects.filter(value=mine.value).count() == 1


def test_what_another_unit_owns_keeps_its_owner_when_passed_on(ana: Officer, ceca: Partner, budapest: Partner) -> None:
    passed = statement(
        owner="spoc-hu",
        origin="0198aaaa-0000-4000-8000-000000000002",
        consent="0198aaaa-0000-4000-8000-000000000003",
        handling="H2",
    )

    release = ceca.gives(person(passed))

    row = release.statements.get()
    assert row.owner_id == "spoc-hu"
    given = Given.objects.get(statement=row)
    assert (given.by_id, str(given.origin)) == ("ilecu-mk", passed["origin"])
