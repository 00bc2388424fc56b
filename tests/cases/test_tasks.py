"""Tasks to national authorities: what is sent, when it is due, who sees what, and what is said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.timezone import now

from ilex.cases import actions, queries
from ilex.cases.models import Case, Task, TaskStep
from ilex.cases.rules import BECOMES, OVER, TASK
from ilex.documents.queries import documents_on
from ilex.exchange import actions as exchange
from ilex.exchange.models import Request
from ilex.exchange.rules import Invalid, NotNow, Unconfirmed
from ilex.gate.store import seal_stream
from ilex.journal.models import Line, Operation
from ilex.subjects import actions as subjects
from ilex.subjects.models import Statement, Subject
from ilex.subjects.rules import Evaluation, Said
from ilex.units.models import Officer, Organisation, Role
from ilex.words import casework
from tests.cases.conftest import a_case
from tests.exchange.ceca import Ceca
from tests.exchange.conftest import officer
from tests.subjects.conftest import person

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SOON = timedelta(seconds=30)  # what passes between two readings of the clock in one test


def a_task(by: Officer, to: Organisation, **more: object) -> Task:
    given = {"title": "Border crossings", "text": "When did it cross?", **more}
    if not {"case", "request"} & set(given):
        given["case"] = a_case(by)
    return actions.send_task(by, authority=to, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("left", "share"), [(7 * DAY, 0.7), (3 * DAY, 0.7), (3 * DAY - HOUR, 0.6), (8 * HOUR, 0.6), (5 * HOUR, 0.5)]
)
def test_authority_gets_its_share_of_the_legal_time(left: timedelta, share: float) -> None:
    at = now()
    due = casework.due(at, at + left)
    assert abs((due.at - at) - left * share) < timedelta(seconds=1)
    assert at < due.at <= at + left


def test_stopped_clock_takes_no_time_from_the_authority() -> None:
    at = now()
    assert casework.due(at, at - 20 * HOUR, stopped_at=at - 30 * HOUR).at == casework.due(at, at + 10 * HOUR).at


def test_past_deadline_leaves_two_hours_and_no_clock_two_weeks() -> None:
    at = now()
    assert casework.due(at, at - HOUR).at == at + 2 * HOUR
    assert casework.due(at, None).at == at + 14 * DAY


def test_due_date_follows_the_clock_of_the_request_and_says_why(
    ana: Officer, vuk: Officer, border: Organisation, ceca: Ceca
) -> None:
    asked = ceca.asks()
    task = a_task(ana, border, request=asked)
    asked = Request.objects.get(pk=asked.pk)
    assert asked.due_at is not None
    assert abs(casework.due(task.sent_at, asked.due_at).at - task.due_at) < SOON
    assert asked.our_ref in task.due_reason
    assert asked.due_reason in task.due_reason


def test_more_time_needs_a_reason_and_time_beyond_the_law_a_word(
    ana: Officer, vuk: Officer, border: Organisation, ceca: Ceca
) -> None:
    asked = Request.objects.get(pk=ceca.asks().pk)
    assert asked.due_at is not None
    shorter = a_task(ana, border, request=asked, due_at=now() + HOUR)
    assert "shorter" in shorter.due_reason
    with pytest.raises(Invalid) as refused:
        a_task(ana, border, request=asked, due_at=asked.due_at - HOUR)
    assert "due_why" in refused.value.fields
    longer = a_task(ana, border, request=asked, due_at=asked.due_at - HOUR, due_why="archive on paper")
    assert "archive on paper" in longer.due_reason
    with pytest.raises(Unconfirmed):
        a_task(ana, border, request=asked, due_at=asked.due_at + DAY, due_why="archive on paper")
    late = a_task(ana, border, request=asked, due_at=asked.due_at + DAY, due_why="archive on paper", confirmed=True)
    assert late.due_at > asked.due_at
    with pytest.raises(Invalid):
        a_task(ana, border, request=asked, due_at=now() - HOUR)
    assert Task.objects.count() == 3


def test_task_goes_only_to_an_authority_whose_officers_sign_in(ana: Officer, border: Organisation) -> None:
    for nobody in (border, Organisation.objects.get(pk="ilecu-mk")):
        with pytest.raises(Invalid) as refused:
            a_task(ana, nobody)
        assert "authority" in refused.value.fields
    assert not Task.objects.exists()


def a_person_from_skopje(case: Case, ana: Officer, handling: str, note: str = "") -> tuple[Subject, Statement]:
    theirs = Evaluation(owner="ilecu-mk", from_kind="release", handling=handling, handling_note=note)
    who = subjects.add_subject(ana, "person", [Said("name", "Ана Измишљена", evaluation=theirs)], category="suspect")
    actions.add_subject(ana, case, who)
    return who, who.statements.get(property="name")


def test_authority_reads_the_chosen_lines_and_nothing_else(ana: Officer, vuk: Officer, border: Organisation) -> None:
    case = a_case(ana)
    maria = person(ana, "Марија Измишљена", Said("born", "1985"), Said("note", "knows everybody"))
    actions.add_subject(ana, case, maria)
    born = maria.statements.get(property="born")
    task = a_task(ana, border, case=case, chosen=[born.pk])
    [part] = task.shown
    assert [line["value"] for line in part["lines"]] == ["1985"]
    assert part["caption"] == ""
    line = Line.objects.get(act="task.sent")
    assert (line.op, line.recipients, line.detail["statements"]) == (
        Operation.DISCLOSURE,
        ["border-rs"],
        [str(born.pk)],
    )


def test_authority_reads_words_and_no_codes(ana: Officer, vuk: Officer, border: Organisation) -> None:
    case = a_case(ana)
    maria = person(ana, "Марија Измишљена", Said("sex", "female"))
    actions.add_subject(ana, case, maria)
    [(_subject, offered)] = queries.offered(case, ana, border.pk)
    assert [offer.value for offer in offered] == ["Марија Измишљена", "Female"]
    task = a_task(ana, border, case=case, chosen=[maria.statements.get(property="sex").pk])
    assert [line["value"] for line in task.shown[0]["lines"]] == ["Female"]


def test_what_another_unit_forbids_to_pass_on_goes_to_no_authority(
    ana: Officer, vuk: Officer, border: Organisation
) -> None:
    case = a_case(ana)
    _who, statement = a_person_from_skopje(case, ana, "H2")
    with pytest.raises(Invalid) as refused:
        a_task(ana, border, case=case, chosen=[statement.pk])
    assert "shown" in refused.value.fields
    assert not Task.objects.exists()


def test_task_carries_the_strictest_code_and_its_words(ana: Officer, vuk: Officer, border: Organisation) -> None:
    case = a_case(ana)
    _who, statement = a_person_from_skopje(case, ana, "H1+H3", "Only for the border police")
    task = a_task(ana, border, case=case, chosen=[statement.pk])
    assert task.handling == "H1+H3"
    assert "Only for the border police" in task.handling_note
    assert task.shown[0]["caption"] == "Ана Измишљена"


def test_statement_of_a_subject_outside_the_case_is_not_shown(ana: Officer, vuk: Officer, border: Organisation) -> None:
    stranger = person(ana, "Марија Измишљена")
    with pytest.raises(Invalid):
        a_task(ana, border, chosen=[stranger.statements.get().pk])


def test_authority_takes_asks_answers_and_the_unit_accepts(
    ana: Officer, bojan: Officer, vuk: Officer, border: Organisation
) -> None:
    task = a_task(ana, border)
    actions.take_task(vuk, task)
    actions.ask_back(vuk, task, "Which plate?")
    with pytest.raises(NotNow):
        actions.ask_back(vuk, task, "And which colour?")
    actions.reply(bojan, task, "BG-123-XX")
    actions.answer(vuk, task, "Three times.", [seal_stream([b"list"], name="crossings.txt")])
    with pytest.raises(NotNow):
        actions.answer(vuk, task, "Four times.")
    actions.send_back(bojan, task, "And who drove?")
    assert queries.task_for(vuk, task.number).state == Task.State.TAKEN
    actions.answer(vuk, task, "Three times, driven by the owner.")
    actions.accept(ana, task)
    row = queries.task_for(ana, task.number)
    assert (row.state, row.answer) == (Task.State.ACCEPTED, "Three times, driven by the owner.")
    kinds = list(row.steps.order_by("at", "id").values_list("kind", flat=True))
    assert kinds == ["sent", "taken", "asked", "replied", "answered", "back", "answered", "accepted"]
    assert [one.title for one in documents_on("task", row.pk, vuk)] == ["crossings.txt"]
    assert [one.title for one in documents_on("task", row.pk, bojan)] == ["crossings.txt"]


def test_task_that_cannot_be_done_comes_back_with_its_reason(ana: Officer, vuk: Officer, border: Organisation) -> None:
    task = a_task(ana, border)
    with pytest.raises(Invalid):
        actions.return_task(vuk, task, " ")
    actions.return_task(vuk, task, "No records before 2019")
    actions.accept(ana, task)
    assert queries.task_for(ana, task.number).steps.get(kind=TaskStep.Kind.RETURNED).text == "No records before 2019"


def test_nobody_does_the_work_of_the_other_side(
    ana: Officer, vuk: Officer, border: Organisation, house: Organisation
) -> None:
    task = a_task(ana, border)
    customs = Organisation.objects.create(id="customs-rs", kind=Organisation.Kind.AUTHORITY, name="Customs")
    stranger = officer("zora", [Role.AUTHORITY], customs)
    ours = officer("ivo", [Role.AUTHORITY], house)
    for who in (stranger, ours, ana):
        with pytest.raises(PermissionDenied):
            actions.answer(who, task, "Three times.")
    actions.answer(vuk, task, "Three times.")
    with pytest.raises(PermissionDenied):
        actions.accept(vuk, task)
    with pytest.raises(Task.DoesNotExist):
        queries.task_for(stranger, task.number)


def test_every_verb_is_refused_in_every_state_that_is_not_its_own(
    ana: Officer, vuk: Officer, border: Organisation
) -> None:
    task = a_task(ana, border)
    verbs: dict[str, Callable[[], None]] = {
        "take": lambda: actions.take_task(vuk, task),
        "answer": lambda: actions.answer(vuk, task, "x"),
        "return": lambda: actions.return_task(vuk, task, "x"),
        "ask": lambda: actions.ask_back(vuk, task, "x"),
        "reply": lambda: actions.reply(ana, task, "x"),
        "send_back": lambda: actions.send_back(ana, task, "x"),
        "accept": lambda: actions.accept(ana, task),
        "move": lambda: actions.move_due(ana, task, now() + HOUR),
        "withdraw": lambda: actions.withdraw(ana, task, "x"),
    }
    assert set(verbs) == set(TASK) >= set(BECOMES)
    for name, verb in verbs.items():
        for state in Task.State:
            Task.objects.filter(pk=task.pk).update(state=state)
            if state in TASK[name].states:
                verb()
                assert Task.objects.get(pk=task.pk).state == BECOMES.get(name, Task.objects.get(pk=task.pk).state)
            else:
                with pytest.raises(NotNow):
                    verb()
                assert Task.objects.get(pk=task.pk).state == state


def test_withdrawn_task_is_no_longer_read_by_the_authority(ana: Officer, vuk: Officer, border: Organisation) -> None:
    task = a_task(ana, border)
    actions.answer(vuk, task, "Three times.", [seal_stream([b"list"], name="crossings.txt")])
    actions.withdraw(ana, task, "not needed")
    row = queries.task_for(vuk, task.number)
    assert not queries.content_is_shown(row, vuk)
    assert queries.content_is_shown(row, ana)
    assert documents_on("task", row.pk, vuk) == []


def test_lists_show_what_is_late_and_what_was_answered(ana: Officer, vuk: Officer, border: Organisation) -> None:
    late, told, calm = a_task(ana, border), a_task(ana, border), a_task(ana, border)
    Task.objects.filter(pk=late.pk).update(due_at=now() - HOUR)
    actions.answer(vuk, told, "Three times.")
    assert queries.task_counts(ana) == (1, 1)
    assert queries.task_list(ana, "overdue") == [late]
    assert queries.task_list(ana, "for-us") == [told]
    assert queries.task_list(ana, "open")[0] == late
    assert {one.pk for one in queries.task_list(vuk, "open")} == {late.pk, told.pk, calm.pk}
    assert {Task.State(one.state) for one in queries.task_list(ana, "over")} <= set(OVER)


def test_case_with_open_tasks_is_not_closed(ana: Officer, vuk: Officer, border: Organisation) -> None:
    case = a_case(ana)
    task = a_task(ana, border, case=case)
    with pytest.raises(NotNow):
        actions.close(ana, case, outcome="answered")
    actions.withdraw(ana, task, "not needed")
    actions.close(ana, case, outcome="answered")


def test_next_step_of_a_case_is_what_waits_for_us(ana: Officer, vuk: Officer, border: Organisation, ceca: Ceca) -> None:
    asked = ceca.asks()
    exchange.take(ana, asked)
    case = a_case(ana, requests=[asked])

    def step() -> str:
        found = queries.next_step(case, ana, queries.requests_of(case, ana), queries.tasks_of(case))
        return found.label if found else ""

    assert asked.our_ref in step()
    task = a_task(ana, border, case=case, request=asked)
    actions.answer(vuk, task, "Three times.")
    assert step() == "Read the answer"
    actions.accept(ana, task)
    assert asked.our_ref in step()


def test_task_of_a_closed_circle_is_seen_inside_it_and_by_its_authority(
    ana: Officer, bojan: Officer, vuk: Officer, border: Organisation
) -> None:
    case = a_case(ana)
    task = a_task(ana, border, case=case)
    actions.close_circle(ana, case, officers=[], reason="an informant")
    assert list(queries.visible_tasks(bojan)) == []
    assert list(queries.visible_tasks(ana)) == list(queries.visible_tasks(vuk)) == [task]
    with pytest.raises(PermissionDenied):
        actions.accept(bojan, task)
