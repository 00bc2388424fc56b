"""The pages of cases and tasks, as forms post them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate, now

from ilex.cases import actions, moments, queries
from ilex.cases.models import Case, Step, Task
from ilex.config import clock
from ilex.desk.tiles import tiles
from ilex.documents.queries import documents_on
from ilex.duty.models import Delegation
from ilex.exchange.models import Request
from ilex.units.models import Officer, Organisation
from tests.cases.conftest import a_case
from tests.exchange.ceca import Ceca
from tests.subjects.conftest import person

pytestmark = pytest.mark.django_db


def page_of(case: Case) -> str:
    return reverse("case", args=[case.number])


def test_case_is_opened_from_the_page_of_a_request(as_ana: Client, ana: Officer, ceca: Ceca) -> None:
    asked = ceca.asks(reference="MK-77")
    before = as_ana.get(reverse("request", args=[asked.our_ref])).text
    address = f"{reverse('case-new')}?request={asked.our_ref}"
    assert address in before
    assert asked.our_ref in as_ana.get(address).text
    answer = as_ana.post(address, {"title": "Blue lorry", "template": "vehicle", "references": "OLD-1\nOLD-2"})
    case = Case.objects.get()
    assert answer.headers["Location"] == page_of(case)
    assert (case.references, case.area) == (["OLD-1", "OLD-2"], "stolen-vehicles")
    shown = as_ana.get(page_of(case)).text
    for text in (asked.our_ref, "MK-77", "Blue lorry", "Own holdings searched", "Border crossings of the vehicle"):
        assert text in shown
    assert case.number in as_ana.get(reverse("request", args=[asked.our_ref])).text


def test_wrong_form_opens_nothing_and_says_so(as_ana: Client) -> None:
    answer = as_ana.post(reverse("case-new"), {"title": "  "})
    assert answer.status_code == 422
    assert not Case.objects.exists()


@pytest.mark.parametrize("query", ["request=RS-2026-999999", "subject=nothing", "subject=" + "0" * 32])
def test_case_is_not_opened_from_what_does_not_exist(as_ana: Client, query: str) -> None:
    assert as_ana.get(f"{reverse('case-new')}?{query}").status_code == 404


def test_everything_on_the_page_of_a_case_works(as_ana: Client, ana: Officer, bojan: Officer, ceca: Ceca) -> None:
    asked, case, other = ceca.asks(), a_case(ana, template="vehicle"), a_case(ana, "Red lorry")
    maria = person(ana, "Марија Измишљена")

    def post(name: str, **fields: object) -> None:
        answer = as_ana.post(reverse(name, args=[case.number]), fields)
        assert answer.headers["Location"] == page_of(case), name

    post("case-request", request=asked.our_ref)
    post("case-subject", subject=maria.pk, role="driver")
    post("case-note", text="Seen at Tabanovce")
    post("case-link", other=other.number, why="the same driver")
    post("case-check", line=case.checks.all()[0].pk, done="yes")
    post("case-documents", papers=SimpleUploadedFile("a.txt", b"text", "text/plain"), handling="H1")
    post("case-wake", wake_at=localdate() + timedelta(days=3), wake_why="Ask the court")
    post("case-woken")
    post("case-assign", to=bojan.pk)
    shown = as_ana.get(page_of(case)).text
    for text in (asked.our_ref, "Марија", "driver", "Seen at Tabanovce", other.number, "a.txt", bojan.name):
        assert text in shown, text
    [paper] = documents_on("case", case.pk, ana)
    assert paper.handling == "H1"
    post("case-request", request=asked.our_ref, out="yes")
    post("case-subject", subject=maria.pk, out="yes")
    post("case-unlink", link=case.links_from.get().pk)
    assert (queries.requests_of(case, ana), queries.subjects_of(case, ana)) == ([], [])
    assert not case.links_from.exists()


def test_sentence_of_a_refused_verb_stands_on_the_page(as_ana: Client, ana: Officer) -> None:
    case = a_case(ana)
    answer = as_ana.post(
        reverse("case-link", args=[case.number]), {"other": "RS-C-2026-777777", "why": "x"}, follow=True
    )
    assert "There is no case" in answer.text


def test_merge_shows_what_comes_along_before_it_is_done(as_ana: Client, ana: Officer) -> None:
    kept, gone = a_case(ana), a_case(ana, "Same lorry")
    actions.note(ana, gone, "Seen at Tabanovce")
    address = reverse("case-merge", args=[kept.number])
    typed = {"other": gone.number, "reason": "one lorry"}
    assert "Seen at Tabanovce" in as_ana.post(address, typed).text
    assert Case.objects.get(pk=gone.pk).state == Case.State.OPEN
    as_ana.post(address, {**typed, "confirmed": "yes"})
    assert Case.objects.get(pk=gone.pk).merged_into == kept
    assert as_ana.get(page_of(gone)).headers["Location"] == page_of(kept)


def test_split_edit_and_close_by_their_pages(as_ana: Client, ana: Officer, ceca: Ceca) -> None:
    one, two = ceca.asks(reference="MK-1"), ceca.asks(reference="MK-2")
    case = a_case(ana, requests=[one, two])
    address = reverse("case-split", args=[case.number])
    assert as_ana.post(address, {"title": "Other", "reason": "x"}).status_code == 422
    as_ana.post(address, {"title": "Other", "reason": "two matters", "requests": [str(two.pk)]})
    new = Case.objects.get(title="Other")
    assert queries.requests_of(new, ana) == [two]
    as_ana.post(reverse("case-edit", args=[case.number]), {"title": "Green lorry", "team": [str(ana.pk)]})
    assert Case.objects.get(pk=case.pk).title == "Green lorry"
    assert one.our_ref in as_ana.get(reverse("case-close", args=[case.number])).text  # it stays open
    as_ana.post(reverse("case-close", args=[case.number]), {"outcome": "answered", "text": "done"})
    assert Case.objects.get(pk=case.pk).state == Case.State.CLOSED
    assert as_ana.get(reverse("case-close", args=[case.number])).status_code == 404
    as_ana.post(reverse("case-reopen", args=[case.number]), {"why": "more"})
    assert Case.objects.get(pk=case.pk).state == Case.State.OPEN


def test_circle_is_closed_only_after_the_page_that_says_what_it_does(
    as_ana: Client, ana: Officer, bojan: Officer
) -> None:
    case, elsewhere = a_case(ana), a_case(ana, "Red lorry")
    maria = person(ana, "Марија Измишљена")
    for one in (case, elsewhere):
        actions.add_subject(ana, one, maria)
    address = reverse("case-circle", args=[case.number])
    shown = as_ana.get(address).text
    assert "stands in other cases too" in shown
    assert elsewhere.number in shown
    typed = {"officers": [str(bojan.pk)], "reason": "an informant", "subjects": [str(maria.pk)]}
    as_ana.post(address, typed)
    maria.refresh_from_db()
    assert maria.circle is not None
    assert set(maria.circle.officers.all()) == {ana, bojan}
    as_ana.post(address, {"reason": "over", "step": "open"})
    maria.refresh_from_db()
    assert maria.circle_id is None
    assert Case.objects.get(pk=case.pk).circle_id is None


def test_task_goes_after_the_page_that_names_recipient_and_fields(
    as_ana: Client, as_vuk: Client, ana: Officer, border: Organisation, ceca: Ceca
) -> None:
    asked = ceca.asks()
    case = a_case(ana, requests=[asked])
    maria = person(ana, "Марија Измишљена")
    actions.add_subject(ana, case, maria)
    address = reverse("case-task", args=[case.number])
    assert "Border police" in as_ana.get(address).text
    typed = {
        "authority": border.pk,
        "request": asked.our_ref,
        "title": "Crossings",
        "text": "When did she cross?",
        "handling": "H0",
        "shown": [str(maria.statements.get().pk)],
    }
    look = as_ana.post(address, {**typed, "step": "look"}).text
    for text in ("Border police", "When did she cross?", "Марија Измишљена", asked.our_ref):
        assert text in look
    assert not Task.objects.exists()
    as_ana.post(address, {**typed, "step": "send"})
    task = Task.objects.get()
    shown = as_vuk.get(reverse("task", args=[task.number])).text
    assert "Марија Измишљена" in shown
    assert case.number not in shown
    assert asked.our_ref not in shown.split("<main", 1)[1]


def test_task_due_after_the_law_asks_for_a_word_first(
    as_ana: Client, vuk: Officer, border: Organisation, ceca: Ceca
) -> None:
    asked = Request.objects.get(pk=ceca.asks().pk)
    assert asked.due_at is not None
    late = (asked.due_at + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    typed = {"authority": border.pk, "request": asked.our_ref, "title": "x", "text": "x", "handling": "H0"}
    typed |= {"due_at": late, "due_why": "archive on paper"}
    address = reverse("request-task", args=[asked.our_ref])
    assert "after the legal deadline" in as_ana.post(address, {**typed, "step": "look"}).text
    as_ana.post(address, {**typed, "step": "send"})
    assert not Task.objects.exists()
    as_ana.post(address, {**typed, "step": "send", "confirmed": "on"})
    assert Task.objects.get().request == asked


def test_case_in_which_nothing_was_asked_names_its_next_step(as_ana: Client, ana: Officer) -> None:
    case = a_case(ana)

    def next_step() -> str:
        return as_ana.get(page_of(case)).text.split('<section class="next"', 1)[1].split("</section>", 1)[0]

    assert reverse("case-subjects", args=[case.number]) in next_step()
    actions.add_subject(ana, case, person(ana, "Марија Измишљена"))
    assert reverse("case-task", args=[case.number]) in next_step()
    actions.wake_on(ana, case, localdate() + timedelta(days=3), "Ask the court again")
    assert '<section class="next"' not in as_ana.get(page_of(case)).text


def test_list_is_filtered_and_searched(as_ana: Client, ana: Officer, bojan: Officer) -> None:
    blue, red = a_case(ana, "Blue lorry", area="stolen-vehicles"), a_case(bojan, "Red boat", area="drugs")
    cases = reverse("cases")

    def listed(**query: Any) -> set[str]:
        text = as_ana.get(cases, query).text.split("<main", 1)[1]
        return {case.number for case in (blue, red) if case.number in text}

    assert listed() == {blue.number, red.number}
    assert listed(owner=bojan.pk) == listed(area="drugs") == listed(q="boat") == {red.number}
    assert listed(show="mine") == {blue.number}
    assert listed(show="closed") == listed(state="closed") == listed(q="tractor") == set()
    assert listed(show="nonsense", state="nonsense", owner="x", first="x") == {blue.number, red.number}
    exported = as_ana.get(reverse("cases-csv"), {"area": "drugs"}).text
    assert red.number in exported
    assert blue.number not in exported


def test_who_stands_in_finds_the_absent_ones_cases_as_his(as_ana: Client, ana: Officer, bojan: Officer) -> None:
    case = a_case(bojan)
    assert case.number not in as_ana.get(reverse("cases"), {"show": "mine"}).text
    Delegation.objects.create(
        absent=bojan, deputy=ana, begins=now() - timedelta(hours=1), ends=now() + timedelta(days=1)
    )
    shown = as_ana.get(reverse("cases"), {"show": "mine"}).text
    assert case.number in shown
    assert bojan.name in shown


def test_desk_tells_of_late_tasks_answers_and_cases_to_wake(ana: Officer, vuk: Officer, border: Organisation) -> None:
    def numbers() -> dict[str, int]:
        return {tile.name: tile.count for tile in tiles(ana) if tile.name.startswith(("tasks", "cases"))}

    assert numbers() == {}
    case = a_case(ana)
    late = actions.send_task(ana, authority=border, title="x", text="x", case=case)
    told = actions.send_task(ana, authority=border, title="x", text="x", case=case)
    Task.objects.filter(pk=late.pk).update(due_at=now() - timedelta(hours=1))
    actions.answer(vuk, told, "x")
    actions.wake_on(ana, case, localdate() + timedelta(days=1), "x")
    Case.objects.filter(pk=case.pk).update(wake_at=localdate())
    next(job for job in clock.jobs() if job.name == "cases that rest").run()
    assert numbers() == {"tasks-late": 1, "tasks-spoken": 1, "cases-woken": 1}
    assert case.steps.filter(kind=Step.Kind.WOKEN).exists()


def test_spreadsheet_takes_no_title_for_a_formula(as_ana: Client, ana: Officer) -> None:
    a_case(ana, "=1+1")
    assert "'=1+1" in as_ana.get(reverse("cases-csv")).text


def test_two_officers_who_take_a_case_at_once_hear_who_was_faster(
    as_ana: Client, ana: Officer, bojan: Officer, head: Officer
) -> None:
    case = a_case(head)
    Case.objects.filter(pk=case.pk).update(owner=None)
    actions.take(bojan, case)
    answer = as_ana.post(reverse("case-take", args=[case.number]), follow=True)
    assert f"{bojan.name} has taken this case." in answer.text


def test_due_date_is_changed_on_the_page_and_the_authority_hears_when_and_why(
    as_ana: Client, as_vuk: Client, ana: Officer, border: Organisation, ceca: Ceca
) -> None:
    asked = ceca.asks()
    task = actions.send_task(ana, authority=border, title="Crossings", text="When?", request=asked)
    sooner = (now() + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
    as_ana.post(reverse("task-act", args=[task.number, "move"]), {"due_at": sooner, "due_why": "the train leaves"})
    assert Task.objects.get(pk=task.pk).due_at < task.due_at
    shown = as_vuk.get(reverse("task", args=[task.number])).text.split("<main", 1)[1]
    assert "the train leaves" in shown
    assert asked.our_ref not in shown


def test_rooms_above_add_to_the_timeline(as_ana: Client, ana: Officer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moments, "_sources", {})
    case = a_case(ana)
    hit = moments.Moment(now(), "hit", "Hit", about="Own holdings")
    moments.register(moments.Source("crosscheck", lambda case, officer: [hit]))
    assert "Own holdings" in as_ana.get(page_of(case)).text


def test_subject_written_down_at_a_case_stands_in_it(as_ana: Client, ana: Officer) -> None:
    case = a_case(ana)
    address = f"{reverse('subject-new')}?kind=person&category=suspect&case={case.number}"
    assert "Role in the case" in as_ana.get(address).text
    typed = {"name.0": "Марија Измишљена", "basis": "fact", "role_in_case": "the driver"}
    answer = as_ana.post(address, typed)
    assert answer.headers["Location"] == page_of(case)
    shown = as_ana.get(page_of(case)).text
    assert "Марија Измишљена" in shown
    assert "the driver" in shown


def test_subject_written_down_at_a_closed_case_stands_alone(as_ana: Client, ana: Officer) -> None:
    case = a_case(ana)
    actions.close(ana, case, outcome="answered", text="done")
    address = f"{reverse('subject-new')}?kind=person&category=suspect&case={case.number}"
    answer = as_ana.post(address, {"name.0": "Марија Измишљена", "basis": "fact"})
    assert "/subjects/" in answer.headers["Location"]
    assert not case.case_subjects.exists()
