"""A statement can be taken from a message or document of the case: whose it is and its code go along with it."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from ilex.cases import actions
from ilex.cases.models import Case
from ilex.documents.models import Document
from ilex.exchange.models import Entry
from ilex.sharing import queries as sharing
from ilex.subjects import uses
from ilex.subjects.models import Statement
from ilex.units.models import Circle, Officer, Organisation, Role
from tests.cases.conftest import a_case
from tests.exchange.ceca import Ceca
from tests.exchange.conftest import officer
from tests.subjects.conftest import person

pytestmark = pytest.mark.django_db


def paper(client: Client, case: Case, name: str = "own.txt") -> Document:
    upload = {"papers": SimpleUploadedFile(name, b"text", "text/plain"), "handling": "H1"}
    client.post(reverse("case-documents", args=[case.number]), upload)
    return Document.objects.get(title=name)


def test_statement_taken_from_a_partners_message_is_the_partners_under_its_code(
    as_ana: Client, ana: Officer, ceca: Ceca
) -> None:
    asked = ceca.asks(handling="H2")
    entry = Entry.objects.get(request=asked, kind=Entry.Kind.REQUEST)
    case = a_case(ana, requests=[asked])
    maria = person(ana, "Марија Измишљена")
    actions.add_subject(ana, case, maria)
    address = reverse("subject-say", args=[maria.pk]) + "?property=born"
    form = as_ana.get(address).text
    assert f'value="entry:{entry.pk}"' in form
    assert asked.our_ref in form
    as_ana.post(address, {"value": "1985-03", "basis": "fact", "origin": f"entry:{entry.pk}", "handling": ["H1"]})
    row = Statement.objects.get(property="born")
    assert (row.owner_id, row.from_kind, row.from_key, row.handling) == ("ilecu-mk", "entry", str(entry.pk), "H1+H2")
    assert "H2" in sharing.forbids(row, "forward", "spoc-hu")
    page = as_ana.get(reverse("subject", args=[maria.pk])).text
    assert reverse("request", args=[asked.our_ref]) in page


def test_new_subject_of_a_case_is_taken_from_its_document(as_ana: Client, ana: Officer) -> None:
    case = a_case(ana)
    own = paper(as_ana, case)
    address = f"{reverse('subject-new')}?kind=person&category=suspect&case={case.number}"
    assert "own.txt" in as_ana.get(address).text
    as_ana.post(address, {"name.0": "Марија Измишљена", "basis": "fact", "origin": f"document:{own.pk}"})
    row = Statement.objects.get(property="name")
    assert (row.owner_id, row.from_kind, row.from_key, row.handling) == ("ilecu-rs", "document", str(own.pk), "H1")
    page = as_ana.get(reverse("subject", args=[row.subject_id])).text
    assert reverse("document", args=[own.pk]) in page


def test_what_is_not_offered_cannot_be_named(as_ana: Client, ana: Officer, ceca: Ceca) -> None:
    asked = ceca.asks()
    entry = Entry.objects.get(request=asked, kind=Entry.Kind.REQUEST)
    maria = person(ana, "Марија Измишљена")
    address = reverse("subject-say", args=[maria.pk]) + "?property=born"
    assert "Taken from" not in as_ana.get(address).text
    as_ana.post(address, {"value": "1985-03", "basis": "fact", "origin": f"entry:{entry.pk}"})
    assert Statement.objects.get(property="born").from_kind == "officer"
    actions.add_subject(ana, a_case(ana), maria)
    answer = as_ana.post(address, {"value": "1985-04", "basis": "fact", "origin": f"entry:{entry.pk}"})
    assert answer.status_code in (302, 422)
    assert not Statement.objects.filter(from_kind="entry").exists()


def test_message_taken_back_and_papers_of_a_closed_circle_are_not_offered(
    as_ana: Client, ana: Officer, bojan: Officer, ceca: Ceca
) -> None:
    asked = ceca.asks()
    case = a_case(ana, requests=[asked])
    paper(as_ana, case)
    assert {origin.kind for origin in uses.origins(bojan, case.number)} == {"entry", "document"}
    Document.objects.update(circle=Circle.objects.create(name="Winter"))
    assert {origin.kind for origin in uses.origins(bojan, case.number)} == {"entry"}
    Entry.objects.filter(request=asked).update(recalled_at=asked.received_at)
    assert uses.origins(bojan, case.number) == []


def test_who_reads_no_cases_is_offered_nothing(ana: Officer, house: Organisation, ceca: Ceca) -> None:
    case = a_case(ana, requests=[ceca.asks()])
    assert uses.origins(officer("tara", [Role.TRANSLATOR], house), case.number) == []
