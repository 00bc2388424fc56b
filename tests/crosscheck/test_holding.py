"""Our own records are holdings: found in the very next query, and no longer when they are not said any more."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import Error, connection, transaction
from django.utils.timezone import now

from ilex.crosscheck import actions, jobs, queries
from ilex.crosscheck.actions.indexing import BATCH
from ilex.crosscheck.facts import of_named, of_statements, of_subject
from ilex.crosscheck.models import Access, Hit, Judging, Look, Threshold, Unindexed, Watch
from ilex.crosscheck.rules import SAME, Invalid, typed
from ilex.exchange.models import Subject as Named
from ilex.holdings import actions as holdings
from ilex.holdings.models import Record
from ilex.journal.models import Line
from ilex.matching.facts import Facts
from ilex.subjects import actions as subjects
from ilex.subjects.actions import importing
from ilex.subjects.models import Import, Subject
from ilex.subjects.rules import Said
from ilex.units.models import Officer, Organisation
from ilex.words.crosscheck import term
from tests.crosscheck import wanted
from tests.subjects.conftest import person, vehicle

pytestmark = pytest.mark.django_db

ASKED = Facts(kind="person", names=("Ђорђе Измишљеновић",), born=("1985-03-12",))


def found(officer: Officer, facts: Facts = ASKED) -> set[Subject | None]:
    look = actions.look(officer, facts, reason="Traffic check")
    return {hit.held_subject for hit in queries.hits_in(look, officer)}


def test_subject_is_found_in_the_very_next_query_and_by_a_new_name_too(ana: Officer) -> None:
    subject = person(ana, "Nobody Likethat")
    assert found(ana) == set()
    subjects.state(ana, subject, Said("name", "Djordje Izmisljenovic", name_kind="alias"))
    assert found(ana) == {subject}


def test_withdrawn_name_is_found_no_more(ana: Officer) -> None:
    subject = person(ana, "Djordje Izmisljenovic")
    assert found(ana) == {subject}
    subjects.withdraw(ana, subject.statements.get(), "Another man's name.")
    assert found(ana) == set()


def test_merged_subjects_are_found_as_one_and_parted_as_two(ana: Officer) -> None:
    kept, gone = person(ana, "Djordje Izmisljenovic"), person(ana, "Đorđe Izmišljenović")
    assert found(ana) == {kept, gone}
    merge = subjects.merge(ana, kept, gone, "The same man.")
    assert found(ana) == {kept}
    subjects.unmerge(ana, merge, "Two men after all.")
    assert found(ana) == {kept, gone}


def test_field_that_the_law_forbids_for_the_category_is_not_compared(ana: Officer) -> None:
    said = [("name", "", "Ana A"), ("phone", "", "+381641234567")]
    assert of_statements("person", "suspect", said).identifiers == (("phone", "+381641234567", ""),)
    assert of_statements("person", "victim", said).identifiers == ()


def test_protected_name_of_an_informant_is_never_compared(ana: Officer) -> None:
    said = [("name", "", "Ana A"), ("coded-name", "", "Djordje Izmisljenovic"), ("new-identity", "", "Mira M")]
    assert of_statements("person", "informant", said).names == ("Ana A",)


def test_statements_become_facts(ana: Officer) -> None:
    said = [
        Said("surname", "Izmišljenović"),
        Said("forename", "Đorđe"),
        Said("name", "Đole", name_kind="nickname"),
        Said("born", "1985-03"),
        Said("sex", "male"),
        Said("nationality", "RS"),
        Said("birthplace", "Niš"),
        Said("passport", "009876543"),
    ]
    subject = subjects.add_subject(ana, "person", said, category="suspect")
    assert of_subject(subject) == Facts(
        kind="person",
        names=("Đorđe Izmišljenović",),
        weak_names=("Đole",),
        born=("1985-03",),
        countries=("RS",),
        sex="m",
        places=("Niš",),
        identifiers=(("document", "009876543", "RS"),),
    )


def test_vehicle_is_found_by_its_plate_in_look_alike_letters(ana: Officer) -> None:
    car = vehicle(ana, "BG 123-AB")
    facts = Facts(kind="vehicle", identifiers=(("plate", "ВG123АВ", ""),))
    assert found(ana, facts) == {car}


@pytest.mark.parametrize(
    ("kind", "text", "types"),
    [
        ("person", "009876543", ["document", "national"]),
        ("person", "P1234567", ["document"]),
        ("vehicle", "BG 123-AB", ["plate"]),
        ("vehicle", "WVWZZZ1JZXW000001", ["vin"]),
        ("other", "+381 64 123 45 67", ["phone"]),
        ("other", "ana@example.org", ["email"]),
        ("other", "490154203237518", ["number", "national", "imei"]),
        ("organisation", "RS35 2600 0560 1001 6113 79", ["iban", "number", "tax"]),
    ],
)
def test_number_of_a_letter_can_be_of_these_types(kind: str, text: str, types: list[str]) -> None:
    assert [type for type, _text, _country in typed(kind, text)] == types


def test_thing_that_a_letter_names_is_known_by_its_number() -> None:
    row = Named(kind="vehicle", name="BG 123-AB", numbers=["WVWZZZ1JZXW000001"], nationality="RS")
    facts = of_named(row)
    assert facts.names == ()
    assert [type for type, _text, _country in facts.identifiers] == ["plate", "vin"]


def test_imported_file_of_subjects_is_found_at_once(head: Officer, ana: Officer) -> None:
    rows = "id,kind,category,name,born\n1,person,suspect,Djordje Izmisljenovic,1985-03-12\n2,person,suspect,Petar P,\n"
    asked = importing.Asked(form="csv", name="old.csv", source="old files", purpose="Taking over")
    importing.take_in(head, io.BytesIO(rows.encode()), asked)
    assert found(ana) == {Subject.objects.get(source_key="1")}


def test_large_file_of_subjects_is_found_after_some_turns_of_the_clock(head: Officer, ana: Officer) -> None:
    many = "".join(f"{number:04},person,suspect,Somebody Else{number},\n" for number in range(BATCH + 1))
    rows = f"id,kind,category,name,born\n{many}9999,person,suspect,Djordje Izmisljenovic,1985-03-12\n"
    asked = importing.Asked(form="csv", name="old.csv", source="old files", purpose="Taking over")
    importing.take_in(head, io.BytesIO(rows.encode()), asked)
    assert found(ana) == set()
    assert ("subjects", str(Import.objects.get().pk)) not in jobs.states()
    while jobs.index_files(1):
        pass
    assert found(ana) == {Subject.objects.get(source_key="9999")}
    assert not Unindexed.objects.exists()
    assert ("subjects", str(Import.objects.get().pk)) in jobs.states()


def test_index_of_a_node_that_had_none_is_written_whole(ana: Officer, capsys: pytest.CaptureFixture[str]) -> None:
    subject = person(ana, "Djordje Izmisljenovic")
    holdings.unindex_many("subjects", [str(subject.pk)])
    assert found(ana) == set()
    for _turn in range(2):
        call_command("reindex")
        assert capsys.readouterr().out == "1 record can be found.\n"
        assert found(ana) == {subject}
        assert Record.objects.count() == 1


def test_threshold_of_the_unit_decides_what_is_shown(head: Officer, ana: Officer) -> None:
    wanted.load([wanted.person("w-1", "Đorđe Izmišljenović", "1985")])
    score = queries.hits_in(actions.look(ana, ASKED, reason="Traffic check"), ana)[0].score
    higher = (1 + score) / 2
    actions.set_threshold(head, kind="person", source="wanted", show=higher, strong=higher, reason="Too many")
    assert actions.look(ana, ASKED, reason="Traffic check").found == 0
    actions.drop_threshold(head, Threshold.objects.get(), "It was too strict.")
    assert actions.look(ana, ASKED, reason="Traffic check").found == 1
    with pytest.raises(Invalid) as refused:
        actions.set_threshold(head, kind="dragon", source="nowhere", show=2, strong=1, reason="")
    assert set(refused.value.fields) == {"kind", "source", "show", "reason"}


def test_old_looks_forget_what_was_asked_and_keep_that_it_was(ana: Officer) -> None:
    person(ana, "Djordje Izmisljenovic")
    actions.look(ana, ASKED, reason="Traffic check")
    long_ago = now() - timedelta(days=term("looks").days + 1)
    Look.objects.update(at=long_ago)
    Hit.objects.update(seen_at=long_ago)
    assert jobs.forget_looks() is False
    assert not Hit.objects.exists()
    old = Look.objects.get()
    assert (old.facts, old.caption, old.reason) == ({}, "", "Traffic check")
    assert Line.objects.get(act="crosscheck.forgotten").detail["looks"] == 1


@pytest.mark.django_db(transaction=True)
def test_no_table_of_this_room_changes_without_a_line(ana: Officer, head: Officer, house: Organisation) -> None:
    subject, _other = person(ana, "Djordje Izmisljenovic"), person(ana, "Đorđe Izmišljenović")
    look = actions.look(ana, of_subject(subject), reason="Case work", subject=subject)
    actions.judge(ana, queries.hits_in(look, ana)[0], SAME)
    actions.watch(ana, subject=subject, until=now().date() + timedelta(days=9), reason="Open")
    wanted.load()
    until = now().date() + timedelta(days=9)
    actions.give_access(
        head, system="Border", organisation=house, purpose="x", sources=["wanted"], quota=5, until=until
    )
    actions.set_threshold(head, kind="person", show=0.1, strong=0.9, reason="x")
    for change in (
        lambda: Look.objects.update(reason="x"),
        lambda: Hit.objects.update(judgement="different"),
        lambda: Judging.objects.all().delete(),
        lambda: Watch.objects.update(until=until + timedelta(days=9)),
        lambda: Access.objects.update(quota=99),
        lambda: Threshold.objects.update(show=0.2),
    ):
        with pytest.raises(Error), transaction.atomic():
            change()
        connection.close()


def test_terms_are_data_with_their_sources() -> None:
    assert [term(code).days for code in ("arrival", "watch", "looks")] == [180, 365, 1095]
    assert all(term(code).source for code in ("arrival", "watch", "looks"))
