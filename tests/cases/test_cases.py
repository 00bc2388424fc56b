"""Opening, changing, merging, splitting, waking and closing cases."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils.timezone import localdate

from ilex.cases import actions, queries
from ilex.cases.models import Case, CaseCounter, Step
from ilex.documents.actions import keep
from ilex.documents.models import Document
from ilex.exchange.rules import Invalid, NotNow
from ilex.gate.store import seal_stream
from ilex.journal.models import Line
from ilex.units.models import Circle, Officer, Organisation, Role
from tests.cases.conftest import a_case
from tests.exchange.ceca import Ceca
from tests.exchange.conftest import officer
from tests.subjects.conftest import person

pytestmark = pytest.mark.django_db


def test_case_opened_from_a_request_carries_its_references(ana: Officer, ceca: Ceca) -> None:
    asked = ceca.asks(reference="MK-77/2026")
    case = a_case(ana, requests=[asked])
    assert queries.requests_of(case, ana) == [asked]
    assert case.owner == ana
    for text in (case.number, asked.our_ref, "MK-77/2026", "lorry", "blue"):
        assert [row.number for row in queries.search(ana, text).rows] == [case.number], text


def test_numbers_run_without_gaps(ana: Officer) -> None:
    first = a_case(ana)
    with pytest.raises(Invalid), transaction.atomic():
        a_case(ana) and a_case(ana, "")
    second = a_case(ana)
    year = localdate().year
    assert [first.number, second.number] == [f"RS-C-{year}-000001", f"RS-C-{year}-000002"]
    assert CaseCounter.objects.get(series="C").last == 2


def test_template_brings_area_and_checklist(ana: Officer) -> None:
    case = a_case(ana, template="vehicle")
    assert case.area == "stolen-vehicles"
    line = case.checks.all()[0]
    actions.check_off(ana, case, line, done=True)
    line.refresh_from_db()
    assert line.done_by == ana


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("title", {"title": "  "}),
        ("area", {"area": "witchcraft"}),
        ("template", {"template": "unknown"}),
        ("references", {"references": ["..."]}),
    ],
)
def test_bad_input_opens_nothing(ana: Officer, field: str, wrong: dict[str, object]) -> None:
    with pytest.raises(Invalid) as refused:
        actions.open_case(ana, **{"title": "Blue lorry", **wrong})  # type: ignore[arg-type]
    assert field in refused.value.fields
    assert not Case.objects.exists()


def test_who_does_not_work_on_cases_opens_none(house: Organisation) -> None:
    for role in (Role.TRANSLATOR, Role.AUTHORITY, Role.AUDITOR, Role.ADMINISTRATOR, Role.PROTECTION):
        with pytest.raises(PermissionDenied):
            a_case(officer(f"x-{role.value}", [role], house))


def test_merged_case_brings_all_it_has_and_its_number_leads_on(ana: Officer, ceca: Ceca) -> None:
    shared, own = ceca.asks(reference="MK-1"), ceca.asks(reference="MK-2")
    kept, gone = a_case(ana, requests=[shared]), a_case(ana, "Same lorry", requests=[shared, own])
    maria = person(ana, "Марија Измишљена")
    actions.add_subject(ana, gone, maria, "driver")
    actions.note(ana, gone, "Seen at Tabanovce")
    paper = keep(seal_stream([b"text"], name="a.txt"), ("case", gone.pk), by=ana)
    older = a_case(ana, "Older")
    actions.merge(ana, gone, older, "the same driver")
    actions.merge(ana, kept, gone, "one lorry")
    assert {one.pk for one in queries.requests_of(kept, ana)} == {shared.pk, own.pk}
    assert [(one.pk, role) for one, role in queries.subjects_of(kept, ana)] == [(maria.pk, "driver")]
    assert kept.steps.filter(kind=Step.Kind.NOTE).get().text == "Seen at Tabanovce"
    assert Document.objects.get(pk=paper.pk).on_id == kept.pk
    for number in (gone.number, older.number):
        assert queries.case_for(ana, number).merged_into == kept
    assert [row.number for row in queries.search(ana, "Tabanovce").rows] == [kept.number]
    assert gone.number in Case.objects.get(pk=kept.pk).references
    with pytest.raises(NotNow):
        actions.note(ana, gone, "too late")


def test_case_in_a_circle_is_not_merged_into_an_open_one(ana: Officer) -> None:
    kept, gone = a_case(ana), a_case(ana)
    actions.close_circle(ana, gone, officers=[], reason="an informant")
    with pytest.raises(Invalid):
        actions.merge(ana, kept, gone, "one lorry")
    assert Case.objects.get(pk=gone.pk).state == Case.State.OPEN


def test_split_takes_what_was_chosen_and_no_more(ana: Officer, ceca: Ceca) -> None:
    one, two = ceca.asks(reference="MK-1"), ceca.asks(reference="MK-2")
    case = a_case(ana, requests=[one, two])
    maria = person(ana, "Марија Измишљена")
    actions.add_subject(ana, case, maria)
    note = actions.note(ana, case, "About the second")
    new = actions.split(
        ana, case, title="The second", reason="two matters", requests=[two.pk], subjects=[maria.pk], notes=[note.pk]
    )
    assert queries.requests_of(case, ana) == [one]
    assert queries.requests_of(new, ana) == [two]
    assert queries.subjects_of(case, ana) == queries.subjects_of(new, ana) != []
    assert not case.steps.filter(kind=Step.Kind.NOTE).exists()
    assert new.split_from == case
    assert [row.number for row in queries.search(ana, "MK-2").rows] == [new.number]


def test_case_rests_and_comes_back_by_itself_once(ana: Officer) -> None:
    case, other = a_case(ana), a_case(ana)
    actions.wake_on(ana, case, localdate() + timedelta(days=3), "Ask the court again")
    assert Case.objects.get(pk=case.pk).state == Case.State.WAITING
    actions.wake(localdate() + timedelta(days=2))
    assert queries.woken_count(ana) == 0
    Case.objects.filter(pk=case.pk).update(wake_at=localdate())
    actions.wake()
    actions.wake()
    row = Case.objects.get(pk=case.pk)
    assert row.state == Case.State.OPEN
    assert case.steps.filter(kind=Step.Kind.WOKEN).count() == 1
    assert queries.woken_count(ana) == 1
    step = queries.next_step(row, ana, [], [])
    assert step is not None
    assert step.why == "Ask the court again"
    actions.woken(ana, row)
    assert queries.woken_count(ana) == 0
    assert Case.objects.get(pk=other.pk).wake_at is None


def test_case_rests_only_until_a_day_to_come(ana: Officer) -> None:
    with pytest.raises(Invalid):
        actions.wake_on(ana, a_case(ana), date(2020, 1, 1), "x")


def test_closed_case_keeps_its_outcome_and_can_be_opened_again(ana: Officer) -> None:
    case = a_case(ana)
    with pytest.raises(Invalid):
        actions.close(ana, case, outcome="victory")
    actions.close(ana, case, outcome="result", text="Lorry found in Horgoš")
    assert [row.number for row in queries.search(ana, "Horgos").rows] == [case.number]
    with pytest.raises(NotNow):
        actions.edit(ana, case, title="x", summary="", area="", references=[])
    actions.reopen(ana, case, "a second lorry")
    row = Case.objects.get(pk=case.pk)
    assert (row.state, row.outcome, row.closed_at) == (Case.State.OPEN, "", None)


def test_taken_case_is_not_taken_again_but_given_away_by_its_owner(ana: Officer, bojan: Officer) -> None:
    case = a_case(ana)
    with pytest.raises(NotNow):
        actions.take(bojan, case)
    with pytest.raises(PermissionDenied):
        actions.assign(bojan, case, bojan)
    actions.assign(ana, case, bojan)
    assert Case.objects.get(pk=case.pk).owner == bojan


def test_circle_hides_case_subject_and_document_from_everybody_outside(
    ana: Officer, bojan: Officer, dpo: Officer, ceca: Ceca
) -> None:
    case = a_case(ana, "Quiet lorry", requests=[ceca.asks()])
    secret, known = person(ana, "Тајна Измишљена"), person(ana, "Позната Измишљена")
    for one in (secret, known):
        actions.add_subject(ana, case, one)
    paper = keep(seal_stream([b"text"], name="a.txt"), ("case", case.pk), by=ana)
    actions.close_circle(ana, case, officers=[], reason="an informant", subjects=[secret.pk], documents=[paper.pk])
    assert not queries.visible_cases(bojan).filter(pk=case.pk).exists()
    assert queries.search(bojan, "Quiet lorry").rows == ()
    with pytest.raises(Case.DoesNotExist):
        queries.case_for(bojan, case.number)
    with pytest.raises(PermissionDenied):
        actions.note(bojan, case, "I was here")
    secret.refresh_from_db()
    known.refresh_from_db()
    assert (secret.circle_id is not None, known.circle_id) == (True, None)
    assert Document.objects.get(pk=paper.pk).circle_id == secret.circle_id
    assert queries.visible_cases(dpo).filter(pk=case.pk).exists()
    actions.change_circle(ana, case, officers=[ana, bojan], reason="he helps")
    assert queries.visible_cases(bojan).filter(pk=case.pk).exists()
    actions.open_circle(ana, case, reason="over")
    secret.refresh_from_db()
    assert secret.circle_id is None
    assert Document.objects.get(pk=paper.pk).circle_id is None


def test_owner_is_never_shut_out_and_strangers_do_not_close_circles(
    ana: Officer, bojan: Officer, head: Officer
) -> None:
    case = a_case(ana)
    with pytest.raises(PermissionDenied):
        actions.close_circle(bojan, case, officers=[ana], reason="x")
    with pytest.raises(Invalid):
        actions.close_circle(head, case, officers=[], reason="x")
    assert not Circle.objects.exists()


def test_linked_case_is_told_to_both_unless_it_is_in_a_circle(ana: Officer, bojan: Officer) -> None:
    one, other, quiet = a_case(ana), a_case(ana), a_case(ana)
    actions.close_circle(ana, quiet, officers=[], reason="x")
    actions.link(ana, one, other, "the same lorry")
    actions.link(ana, Case.objects.get(pk=quiet.pk), other, "the same driver")
    assert set(other.steps.filter(kind=Step.Kind.LINKED).values_list("details__about", flat=True)) == {one.number}


def test_timeline_gathers_what_happened_everywhere(ana: Officer, ceca: Ceca) -> None:
    asked = ceca.asks()
    case = a_case(ana, requests=[asked])
    actions.note(ana, case, "Seen at Tabanovce")
    paper = keep(seal_stream([b"text"], name="photo.txt"), ("case", case.pk), by=ana)
    found = queries.timeline(case, ana, [asked], [], [paper])
    assert {"step", "request", "document"} <= {moment.kind for moment in found}
    assert [moment.at for moment in found] == sorted((moment.at for moment in found), reverse=True)


def test_owner_sees_who_looked_at_his_case(ana: Officer, bojan: Officer, dpo: Officer) -> None:
    case = a_case(ana)
    queries.consult(bojan, case)
    with pytest.raises(Invalid):
        queries.consult(dpo, case)
    queries.consult(dpo, case, "Complaint 12")
    assert [(look.who, look.reason) for look in queries.looks(case)] == [(dpo.name, "Complaint 12"), (bojan.name, "")]


@pytest.mark.django_db(transaction=True)
def test_case_changed_without_a_line_of_the_journal_is_refused(ana: Officer) -> None:
    case = a_case(ana)
    with pytest.raises(Exception, match="journal"), connection.cursor() as cursor:
        cursor.execute("UPDATE cases_case SET title = 'x' WHERE id = %s", [case.pk])
    assert Line.objects.filter(act="case.added", case=case.number).count() == 1
