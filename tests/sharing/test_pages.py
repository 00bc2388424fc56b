"""The pages of releases, consents and the ledger, as an officer sees them without JavaScript."""

from __future__ import annotations

import csv
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.urls import reverse

from ilex.approvals import actions as approvals
from ilex.approvals.queries import waiting_for
from ilex.cases.actions import open_case
from ilex.gate.models import Receipt
from ilex.journal.models import Line
from ilex.sharing import actions, cases
from ilex.sharing.cases import CaseDoor, register
from ilex.sharing.models import Consent, CourtUse, Disclosure, Recall, Release
from ilex.sharing.tiles import sharing_tiles
from ilex.subjects import actions as subjects
from ilex.subjects.models import Subject
from ilex.subjects.rules import Said
from ilex.units.models import Circle, Officer
from tests.sharing.ceca import Partner, person, statement
from tests.sharing.making import coded, draft, sent
from tests.sharing.making import person as ours

pytestmark = pytest.mark.django_db


def signed_in(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def typed(*statements: object, to: str = "ilecu-mk", **more: object) -> dict[str, object]:
    usual = {"title": "Возило", "purpose": "Проналажење", "language": "sr", "step": "review"}
    return usual | {"statement": [str(one) for one in statements], "to": [to]} | more


def test_release_is_written_reviewed_and_sent(ana: Officer, ceca: Partner) -> None:
    petar = ours(ana, Said("name", "Петар Измишљен"), Said("born", "1985-03"))
    name = petar.statements.get(property="name")
    client = signed_in(ana)

    form = client.get(reverse("release-new"), {"subject": str(petar.pk)})
    assert str(name.pk) in form.content.decode()
    answer = client.post(reverse("release-new"), typed(name.pk))
    release = Release.objects.get()
    assert answer.headers["Location"] == reverse("release-review", args=[release.pk])
    review = client.get(answer.headers["Location"]).content.decode()
    assert "Unit of MK" in review
    assert "Петар Измишљен" in review
    assert "1985-03" not in review
    assert not ceca.mail("sharing.release")

    client.post(reverse("release-review", args=[release.pk]))

    assert len(ceca.mail("sharing.release")) == 1
    page = client.get(reverse("release", args=[release.pk])).content.decode()
    assert "Who has it" in page


def test_picks_of_a_search_on_the_form_keep_what_was_typed(ana: Officer, ceca: Partner) -> None:
    petar = ours(ana, Said("name", "Петар Измишљен"))
    client = signed_in(ana)

    found = client.post(reverse("release-new"), typed(step="find", find="Petar", text="Већ написано"))
    assert str(petar.pk) in found.content.decode()
    shown = client.post(reverse("release-new"), typed(step="add", subject=[str(petar.pk)], text="Већ написано"))

    assert str(petar.statements.get().pk) in shown.content.decode()
    assert "Већ написано" in shown.content.decode()
    assert not Release.objects.exists()


def test_form_without_title_is_shown_again_with_what_was_picked(ana: Officer, ceca: Partner) -> None:
    petar = ours(ana)
    name = petar.statements.get()

    answer = signed_in(ana).post(reverse("release-new"), typed(name.pk, title=" ", subject=[str(petar.pk)]))

    assert answer.status_code == 422
    assert "checked" in answer.content.decode()
    assert not Release.objects.exists()


def test_foreign_number_in_the_form_picks_nothing(ana: Officer, bojan: Officer, ceca: Partner) -> None:
    circle = Circle.objects.create(name="Closed")
    circle.officers.add(bojan)
    hidden = ours(bojan, circle=circle)
    client = signed_in(ana)

    assert client.post(reverse("release-new"), typed(hidden.statements.get().pk)).status_code == 422
    assert client.post(reverse("release-new"), typed(uuid4())).status_code == 422
    page = client.get(reverse("release-new"), {"subject": str(hidden.pk)}).content.decode()
    assert "Петар" not in page
    assert not Release.objects.exists()


def test_review_blocks_what_is_forbidden_and_asks_the_owner(ana: Officer, ceca: Partner, budapest: Partner) -> None:
    row = ceca.gives(person(statement(handling="H2"))).statements.get()
    release = draft(ana, row, to=["spoc-hu"])
    client = signed_in(ana)
    address = reverse("release-review", args=[release.pk])

    shown = client.get(address).content.decode()
    assert "Unit of MK gave this under H2" in shown
    assert "Release it" not in shown
    assert client.post(address).status_code == 422
    client.post(
        reverse("release-consent", args=[release.pk]), {"question": "ilecu-mk:forward", "reason": "За Сегедин."}
    )

    assert len(ceca.mail("sharing.consent-asked")) == 1
    assert "not answered yet" in client.get(address).content.decode()
    consent = Consent.objects.get()
    decision = {"number": str(consent.number), "decision": "granted", "conditions": "Само полиција."}
    ceca.says("sharing.consent-decided", decision, consent.number)
    again = client.get(address).content.decode()
    assert "Само полиција." in again
    assert "Put it before a second person" in again


def test_forbidden_statements_can_be_left_out(ana: Officer, ceca: Partner, budapest: Partner) -> None:
    rows = ceca.gives(person(statement(handling="H2"), statement("born", "1985-03"))).statements.all()
    release = draft(ana, *rows, to=["spoc-hu"])
    client = signed_in(ana)

    client.post(reverse("release-leave-out", args=[release.pk]), {"what": "statements"})

    assert [one.property for one in release.statements.all()] == ["born"]
    client.post(reverse("release-review", args=[release.pk]))
    assert len(budapest.mail("sharing.release")) == 1


def test_author_cannot_approve_and_a_colleague_can(ana: Officer, bojan: Officer, ceca: Partner) -> None:
    release = draft(ana, ours(ana, coded("name", "Петар Измишљен", "H2")))
    client = signed_in(ana)
    client.post(reverse("release-review", args=[release.pk]), {"note": "Молим хитно."})
    approval = waiting_for("release", release.pk)
    assert approval is not None

    client.post(reverse("approval-approve", args=[approval.pk]))
    assert not ceca.mail("sharing.release")
    shown = signed_in(bojan).get(reverse("approval", args=[approval.pk])).content.decode()
    assert "Петар Измишљен" in shown
    approvals.approve(bojan, approval)

    assert len(ceca.mail("sharing.release")) == 1


def test_received_release_is_read_once_and_the_desk_says_so(ana: Officer, dunja: Officer, ceca: Partner) -> None:
    release = ceca.gives(person())
    assert [tile.name for tile in sharing_tiles(ana)] == ["releases"]
    address = reverse("release", args=[release.pk])

    supervising = signed_in(dunja)
    assert "Ѓорѓи" not in supervising.get(address).content.decode()
    assert "Ѓорѓи" in supervising.post(address, {"reason": "Провера"}).content.decode()
    assert not Receipt.objects.filter(way="out", kind="read").exists()
    assert "Ѓорѓи" in signed_in(ana).get(address).content.decode()
    signed_in(ana).get(address)

    assert Receipt.objects.filter(way="out", kind="read").count() == 1
    assert not list(sharing_tiles(ana))
    assert Line.objects.filter(act="release.opened", op="consultation").count() == 3


def test_recall_is_told_to_the_officers_of_both_sides(ana: Officer, ceca: Partner) -> None:
    said = statement()
    hers = ceca.gives(person(said))
    body = {"release": str(hers.message), "items": [{"id": said["id"]}], "reason": "Погрешно лице."}
    ceca.says("sharing.recall", body, hers.conversation)
    petar = ours(ana)
    mine = sent(ana, petar)
    subjects.withdraw(ana, petar.statements.get(), "Није он.")
    assert {tile.name for tile in sharing_tiles(ana)} == {"releases", "recalls", "not-applied"}
    client = signed_in(ana)

    page = client.get(reverse("release", args=[hers.pk])).content.decode()

    assert "Погрешно лице." in page
    assert Recall.objects.get(way="in").seen_by == ana
    ledger = client.get(reverse("ledger"), {"recalls": "open"}).content.decode()
    assert "not applied yet" in ledger
    assert "not applied yet" in client.get(reverse("release", args=[mine.pk])).content.decode()


def test_recall_is_never_told_beside_what_seems_to_be_valid_still(ana: Officer, ceca: Partner) -> None:
    said = statement()
    hers = ceca.gives(person(said))
    body = {"release": str(hers.message), "items": [{"id": said["id"]}], "reason": "Погрешно лице."}
    arrived: list[str] = []

    def arriving(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if not arrived and sql.startswith("SELECT") and 'FROM "sharing_recall"' in sql:
            arrived.append(sql)
            ceca.says("sharing.recall", body, hers.conversation)
        return execute(sql, *rest)

    with connection.execute_wrapper(arriving):
        page = signed_in(ana).get(reverse("release", args=[hers.pk])).content.decode()

    assert arrived
    assert ("Погрешно лице." in page) == ("<s>" in page) == ("withdrawn" in page)


def test_received_release_is_put_into_a_case(ana: Officer, ceca: Partner) -> None:
    put: list[tuple[str, list[Subject]]] = []
    door = CaseDoor(
        open_cases=lambda officer: [("RS-C-2026-000001", "Возило")],
        may_see=lambda officer, number: number == "RS-C-2026-000001",
        subjects=lambda officer, number: [],
        attach=lambda officer, number, found: put.append((number, list(found))),
        page=lambda number: f"/cases/{number}/",
    )
    before = list(cases._door)
    register(door)
    try:
        release = ceca.gives(person())
        client = signed_in(ana)
        client.post(reverse("release-attach", args=[release.pk]), {"case": "RS-C-2026-999999"})
        assert not put
        client.post(reverse("release-attach", args=[release.pk]), {"case": "RS-C-2026-000001"})
    finally:
        cases._door[:] = before

    assert put == [("RS-C-2026-000001", [Subject.objects.get()])]
    release.refresh_from_db()
    assert release.case == "RS-C-2026-000001"


def test_owner_decides_on_the_page(ana: Officer, bojan: Officer, ceca: Partner, budapest: Partner) -> None:
    petar = ours(ana)
    sent(ana, petar)
    number = uuid4()
    item = {"number": str(petar.statements.get().pk), "known_as": "statement", "says": "name: Петар"}
    body = {"number": str(number), "use": "forward", "to": ["spoc-hu"], "items": [item], "reason": "За Сегедин."}
    ceca.says("sharing.consent-asked", body, number)
    consent = Consent.objects.get()
    decide = reverse("consent-decide", args=[consent.pk])
    assert "Grant it" not in signed_in(ana).get(reverse("consent", args=[consent.pk])).content.decode()
    assert signed_in(ana).post(decide, {"decision": "grant"}).status_code == 403
    client = signed_in(bojan)

    assert "Петар Измишљен" in client.get(reverse("consent", args=[consent.pk])).content.decode()
    client.post(decide, {"decision": "refuse", "text": " "})
    assert not ceca.mail("sharing.consent-decided")
    client.post(decide, {"decision": "grant", "text": "Само полицији."})
    client.post(decide, {"decision": "withdraw", "text": "Погрешно лице."})

    assert [one.body["decision"] for one in ceca.mail("sharing.consent-decided")] == ["granted", "withdrawn"]


def test_use_in_court_is_blocked_then_recorded(ana: Officer, bojan: Officer, ceca: Partner) -> None:
    row = ceca.gives(person(statement(handling="H1"))).statements.get()
    address = reverse("statement-court", args=[row.pk])
    client = signed_in(bojan)

    assert "Not without the owner" in client.get(address).content.decode()
    assert client.post(address, {"court": "Виши суд"}).status_code == 422
    how = {"use": "court", "reason": "Телефоном, дежурни у Скопљу.", "step": "record"}
    client.post(reverse("statement-consent", args=[row.pk]), how)
    client.post(address, {"court": "Виши суд"})

    assert CourtUse.objects.get().consent == Consent.objects.get()


def test_question_from_a_statements_page_goes_to_its_owner(ana: Officer, ceca: Partner, budapest: Partner) -> None:
    row = ceca.gives(person(statement(handling="H2"))).statements.get()
    address = reverse("statement-consent", args=[row.pk])
    client = signed_in(ana)

    assert client.post(address, {"use": "forward", "reason": "Треба."}).status_code == 422
    client.post(address, {"use": "forward", "to": ["spoc-hu"], "reason": "Треба."})

    assert len(ceca.mail("sharing.consent-asked")) == 1


def test_ledger_as_a_file_carries_its_code_and_no_formula(ana: Officer, ceca: Partner) -> None:
    sent(ana, ours(ana, Said("name", "=1+1"), coded("born", "1985-03", "H1")))

    answer = signed_in(ana).get(reverse("ledger-csv"), {"unit": "ilecu-mk"})

    assert "H1" in answer.headers["Content-Disposition"]
    rows = list(csv.reader(answer.content.decode().splitlines()))
    assert rows[0][:2] == ["Handling code", "H1"]
    cells = [cell for row in rows for cell in row]
    assert "'=1+1" in cells
    assert "=1+1" not in cells
    assert Line.objects.get(act="ledger.exported").op == "disclosure"


def test_ledger_is_of_one_subject_unit_or_case(ana: Officer, ceca: Partner, budapest: Partner) -> None:
    petar, jovan = ours(ana), ours(ana, Said("name", "Јован Измишљен"))
    sent(ana, petar, to=["ilecu-mk"])
    sent(ana, jovan, to=["spoc-hu"])
    client = signed_in(ana)

    def shown(**query: str) -> set[str]:
        page = client.get(reverse("ledger"), query).content.decode()
        return {name for name in ("Петар Измишљен", "Јован Измишљен") if name in page}

    assert shown() == {"Петар Измишљен", "Јован Измишљен"}
    assert shown(subject=str(petar.pk)) == {"Петар Измишљен"}
    assert shown(unit="spoc-hu") == {"Јован Измишљен"}
    assert shown(case="RS-C-2026-000001") == set()
    assert shown(subject=str(uuid4())) == set()


def test_closed_circle_hides_releases_ledger_consents_and_file(ana: Officer, bojan: Officer, ceca: Partner) -> None:
    circle = Circle.objects.create(name="Closed")
    circle.officers.add(bojan)
    hidden = ours(bojan, circle=circle)
    release = sent(bojan, hidden)
    client = signed_in(ana)

    assert client.get(reverse("release", args=[release.pk])).status_code == 404
    for name in ("releases", "ledger", "ledger-csv", "consents"):
        assert "Петар" not in client.get(reverse(name)).content.decode()
    assert release.title not in client.get(reverse("releases")).content.decode()
    assert "Петар" in signed_in(bojan).get(reverse("ledger")).content.decode()
    assert Disclosure.objects.count() == 1


def test_subject_page_tells_where_it_went(ana: Officer, ceca: Partner) -> None:
    petar = ours(ana)
    release = sent(ana, petar)

    page = signed_in(ana).get(reverse("subject", args=[petar.pk])).content.decode()

    assert reverse("release", args=[release.pk]) in page
    assert reverse("release-new") in page


def test_question_about_a_closed_circle_is_hidden(ana: Officer, bojan: Officer, ceca: Partner) -> None:
    circle = Circle.objects.create(name="Closed")
    circle.officers.add(bojan)
    hidden = ours(bojan, circle=circle)
    sent(bojan, hidden)
    number = uuid4()
    item = {"number": str(hidden.statements.get().pk), "known_as": "statement", "says": "name"}
    body = {"number": str(number), "use": "court", "items": [item], "reason": "Доказ."}
    ceca.says("sharing.consent-asked", body, number)
    consent = Consent.objects.get()

    assert signed_in(ana).get(reverse("consent", args=[consent.pk])).status_code == 404
    assert signed_in(bojan).get(reverse("consent", args=[consent.pk])).status_code == 200


def test_subjects_of_a_received_release_come_into_a_real_case(ana: Officer, ceca: Partner) -> None:
    case = open_case(ana, title="Возило")
    release = ceca.gives(person())

    signed_in(ana).post(reverse("release-attach", args=[release.pk]), {"case": case.number})

    assert [one.subject for one in case.case_subjects.all()] == [Subject.objects.get()]
    form = signed_in(ana).get(reverse("release-new"), {"case": case.number}).content.decode()
    assert str(release.statements.get().pk) in form


def test_circle_drawn_meanwhile_stops_the_draft_of_who_is_outside(ana: Officer, bojan: Officer, ceca: Partner) -> None:
    petar = ours(bojan)
    release = draft(ana, petar)
    circle = Circle.objects.create(name="Closed")
    circle.officers.add(bojan)
    subjects.move_to_circle(bojan, petar, circle, "Под истрагом.")

    with pytest.raises(PermissionDenied):
        actions.put_forward(ana, release)

    assert not ceca.mail("sharing.release")
