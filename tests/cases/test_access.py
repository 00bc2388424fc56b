"""Roles x closed circle x list, page, search, export, verb: of cases, their tasks, subjects and papers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from ilex.cases import actions
from ilex.cases.models import Case, Task
from ilex.documents import actions as documents
from ilex.documents import queries as papers
from ilex.documents.models import Document
from ilex.gate.store import seal_stream
from ilex.subjects.models import Subject
from ilex.units.models import Officer, Organisation, Role
from tests.cases.conftest import a_case
from tests.exchange.conftest import officer
from tests.subjects.conftest import person

pytestmark = pytest.mark.django_db

WORK = {Role.DUTY, Role.CASE, Role.HEAD}
WORD = "Zelenkada"  # stands in the case, and nowhere else


@dataclass
class Scene:
    case: Case
    task: Task
    subject: Subject
    paper: Document


@pytest.fixture
def scene(ana: Officer, vuk: Officer, border: Organisation) -> Scene:
    case = a_case(ana, f"{WORD} lorry")
    subject = person(ana, "Тајна Измишљена")
    actions.add_subject(ana, case, subject)
    task = actions.send_task(ana, authority=border, title="Crossings", text="When?", case=case)
    paper = documents.keep(seal_stream([b"text"], name="a.txt"), ("case", case.pk), by=ana)
    return Scene(case, task, subject, paper)


def closed(scene: Scene, ana: Officer, *inside: Officer) -> None:
    actions.close_circle(
        ana, scene.case, officers=inside, reason="x", subjects=[scene.subject.pk], documents=[scene.paper.pk]
    )


def in_list(client: Client, scene: Scene) -> bool:
    return scene.case.number in client.get(reverse("cases")).text


def by_page(client: Client, scene: Scene) -> bool:
    return client.post(reverse("case", args=[scene.case.number]), {"reason": "Complaint 12"}).status_code == 200


def by_search(client: Client, scene: Scene) -> bool:
    query = urlencode({"q": WORD, "reason": "Complaint 12"})
    return scene.case.number in client.get(f"{reverse('cases')}?{query}").text


def by_export(client: Client, scene: Scene) -> bool:
    answer = client.get(f"{reverse('cases-csv')}?{urlencode({'reason': 'Complaint 12'})}")
    return answer.status_code == 200 and scene.case.number in answer.text


def by_verb(client: Client, scene: Scene) -> bool:
    before = scene.case.steps.count()
    client.post(reverse("case-note", args=[scene.case.number]), {"text": "I was here"})
    return scene.case.steps.count() > before


def task_in_list(client: Client, scene: Scene) -> bool:
    return scene.task.number in client.get(reverse("tasks")).text


def task_by_page(client: Client, scene: Scene) -> bool:
    return client.post(reverse("task", args=[scene.task.number]), {"reason": "Complaint 12"}).status_code == 200


def task_by_verb(client: Client, scene: Scene) -> bool:
    client.post(reverse("task-act", args=[scene.task.number, "withdraw"]), {"text": "not needed"})
    return Task.objects.get(pk=scene.task.pk).state == Task.State.WITHDRAWN


Way = Callable[[Client, Scene], bool]
READ: tuple[Way, ...] = (in_list, by_page, by_search, by_export, task_in_list, task_by_page)
WRITE: tuple[Way, ...] = (by_verb, task_by_verb)


def entered(who: Officer) -> Client:
    client = Client()
    client.force_login(who)
    return client


@pytest.mark.parametrize("circle", [False, True], ids=["open", "circle"])
@pytest.mark.parametrize("role", list(Role))
def test_each_role_comes_to_a_case_only_by_its_rule(
    role: Role, circle: bool, scene: Scene, ana: Officer, house: Organisation
) -> None:
    who = officer(f"x.{role.value}", [role], house)
    if circle:
        closed(scene, ana)
    expected: tuple[Way, ...] = ()
    if role in WORK and not circle:
        expected = READ + WRITE
    if role == Role.PROTECTION:
        expected = READ
    found = tuple(way for way in READ + WRITE if way(entered(who), scene))
    assert found == expected, {way.__name__ for way in set(found) ^ set(expected)}
    in_case = papers.documents_on("case", scene.case.pk, who)
    assert bool(in_case) == (by_page in expected)


@pytest.mark.parametrize("role", sorted(WORK))
def test_who_is_in_the_circle_sees_and_works(role: Role, scene: Scene, ana: Officer, house: Organisation) -> None:
    who = officer(f"x.{role}", [role], house)
    closed(scene, ana, who)
    assert all(way(entered(who), scene) for way in READ + WRITE)


def test_supervisor_without_a_reason_reads_nothing(scene: Scene, dpo: Officer) -> None:
    client = entered(dpo)
    for name, number in (("case", scene.case.number), ("task", scene.task.number)):
        answer = client.get(reverse(name, args=[number]))
        assert "Reason" in answer.text
        assert "lorry" not in answer.text
        assert "When?" not in answer.text
    assert "lorry" not in client.get(reverse("cases")).text
    assert scene.case.number not in client.get(f"{reverse('cases')}?q={WORD}").text.split("<main", 1)[1]
    assert client.get(reverse("cases-csv")).status_code == 422


def test_authority_sees_its_own_task_and_no_case(scene: Scene, as_vuk: Client, ana: Officer) -> None:
    closed(scene, ana)
    assert task_in_list(as_vuk, scene)
    answer = as_vuk.get(reverse("task", args=[scene.task.number]))
    assert answer.status_code == 200
    assert WORD not in answer.text
    assert scene.case.number not in answer.text
    for name in ("cases", "cases-csv", "case-new"):
        assert as_vuk.get(reverse(name)).status_code == 403
    assert as_vuk.get(reverse("case", args=[scene.case.number])).status_code == 403


def test_stranger_authority_learns_nothing_of_a_task(scene: Scene, house: Organisation) -> None:
    customs = Organisation.objects.create(id="customs-rs", kind=Organisation.Kind.AUTHORITY, name="Customs")
    client = entered(officer("zora", [Role.AUTHORITY], customs))
    assert scene.task.number not in client.get(reverse("tasks")).text
    assert client.get(reverse("task", args=[scene.task.number])).status_code == 404
    for verb in ("take", "answer", "return", "ask"):
        assert client.post(reverse("task-act", args=[scene.task.number, verb]), {"text": "x"}).status_code == 404
    for verb in ("accept", "withdraw", "move", "reply", "send-back"):
        assert client.post(reverse("task-act", args=[scene.task.number, verb]), {"text": "x"}).status_code == 403
    assert Task.objects.get(pk=scene.task.pk).state == Task.State.SENT


def test_subject_page_names_only_cases_that_the_officer_may_see(scene: Scene, ana: Officer, bojan: Officer) -> None:
    page = reverse("subject", args=[scene.subject.pk])
    assert scene.case.number in entered(bojan).get(page).text
    actions.close_circle(ana, scene.case, officers=[], reason="x")
    assert scene.case.number not in entered(bojan).get(page).text
    assert scene.case.number in entered(ana).get(page).text


def test_request_in_a_closed_case_does_not_tell_of_it(scene: Scene, ana: Officer, bojan: Officer, ceca: object) -> None:
    asked = ceca.asks()  # type: ignore[attr-defined]
    actions.add_request(ana, scene.case, asked)
    page = reverse("request", args=[asked.our_ref])
    assert scene.case.number in entered(bojan).get(page).text
    closed(scene, ana)
    assert scene.case.number not in entered(bojan).get(page).text
