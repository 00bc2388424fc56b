"""What a national authority sees and does on its own small page, and what the unit sees of it."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from ilex.cases import actions
from ilex.cases.models import Task
from ilex.documents.queries import documents_on
from ilex.units.models import Officer, Organisation
from ilex.web import navigation
from tests.cases.conftest import a_case

pytestmark = pytest.mark.django_db


def test_authority_answers_on_its_own_small_page(
    as_ana: Client, as_vuk: Client, ana: Officer, border: Organisation
) -> None:
    task = actions.send_task(ana, authority=border, title="Crossings", text="When?", case=a_case(ana))

    def post(client: Client, verb: str, **fields: object) -> None:
        client.post(reverse("task-act", args=[task.number, verb]), fields)

    assert task.number in as_vuk.get(reverse("tasks")).text
    post(as_vuk, "take")
    post(as_vuk, "ask", text="Which plate?")
    assert "Which plate?" in as_ana.get(reverse("task", args=[task.number])).text
    post(as_ana, "reply", text="BG-123-XX")
    assert "BG-123-XX" in as_vuk.get(reverse("task", args=[task.number])).text
    post(as_vuk, "answer", text="Three times.", files=SimpleUploadedFile("list.txt", b"list", "text/plain"))
    page = as_ana.get(reverse("task", args=[task.number])).text
    assert "Three times." in page
    assert "list.txt" in page
    assert Task.objects.get(pk=task.pk).read_at is not None
    post(as_ana, "accept")
    assert Task.objects.get(pk=task.pk).state == Task.State.ACCEPTED
    assert "Three times." in as_ana.get(reverse("case", args=[task.case.number if task.case else ""])).text


def test_authority_is_led_to_its_tasks_and_its_menu_names_no_requests(as_vuk: Client, vuk: Officer) -> None:
    assert as_vuk.get(reverse("desk"), follow=True).redirect_chain[-1][0] == reverse("tasks")
    programme = ["Actions", "Calendar", "Nominations", "Equipment", "News"]  # it proposes its people there
    assert [str(entry.label) for entry in navigation.entries(vuk, "/tasks/")] == ["Tasks", "Directory", *programme]
    Organisation.objects.filter(pk=vuk.organisation_id).update(designated=True)
    writes_itself = Officer.objects.get(pk=vuk.pk)
    assert "Drafts" in [str(entry.label) for entry in navigation.entries(writes_itself, "/tasks/")]


def test_papers_of_the_answer_stand_beside_its_acceptance(
    as_ana: Client, as_vuk: Client, ana: Officer, border: Organisation
) -> None:
    task = actions.send_task(ana, authority=border, title="Crossings", text="When?", case=a_case(ana))
    upload = {"papers": SimpleUploadedFile("photo.txt", b"text", "text/plain"), "handling": "H1"}
    as_ana.post(reverse("task-documents", args=[task.number]), upload)
    answer = {"text": "Three times.", "files": SimpleUploadedFile("list.txt", b"list", "text/plain")}
    as_vuk.post(reverse("task-act", args=[task.number, "answer"]), answer)
    shown = as_ana.get(reverse("task", args=[task.number])).text
    beside, _button, below = shown.partition("Accept the answer")
    assert "list.txt" in beside
    assert "photo.txt" not in beside
    assert "photo.txt" in below
    assert "list.txt" not in below


def test_withdrawn_task_shows_the_authority_no_text(as_vuk: Client, ana: Officer, border: Organisation) -> None:
    task = actions.send_task(ana, authority=border, title="Crossings", text="When did she cross?", case=a_case(ana))
    actions.withdraw(ana, task, "not needed")
    for name in ("tasks", "task"):
        args = [task.number] if name == "task" else []
        shown = as_vuk.get(reverse(name, args=args), {"show": "over"}).text
        assert task.number in shown
        assert "Crossings" not in shown
        assert "cross?" not in shown


def test_papers_of_a_task_reach_the_authority_and_nobody_else(
    as_ana: Client, as_vuk: Client, ana: Officer, vuk: Officer, border: Organisation
) -> None:
    case = a_case(ana)
    task = actions.send_task(ana, authority=border, title="Crossings", text="When?", case=case)
    upload = {"papers": SimpleUploadedFile("photo.txt", b"text", "text/plain"), "handling": "H1"}
    as_ana.post(reverse("task-documents", args=[task.number]), upload)
    as_ana.post(
        reverse("case-documents", args=[case.number]), {**upload, "papers": SimpleUploadedFile("own.txt", b"x")}
    )
    assert [one.title for one in documents_on("task", task.pk, vuk)] == ["photo.txt"]
    assert documents_on("case", case.pk, vuk) == []
    shown = as_vuk.get(reverse("task", args=[task.number])).text
    assert "photo.txt" in shown
    assert "own.txt" not in shown
    as_vuk.post(reverse("task-act", args=[task.number, "answer"]), {"text": "Three times."})
    assert as_vuk.post(reverse("task-documents", args=[task.number]), upload).status_code == 403
