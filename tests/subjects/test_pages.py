"""The pages of subjects by a client: found, read, written, corrected, linked, merged and parted."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ilex.journal.models import Line
from ilex.subjects import actions, queries, uses
from ilex.subjects.models import Link, Merge, Statement, Subject
from ilex.subjects.rules import Evaluation, Said
from ilex.units.models import Circle, Officer
from tests.subjects.conftest import person, vehicle

pytestmark = pytest.mark.django_db


def page_of(client: Client, subject: Subject) -> str:
    answer = client.get(reverse("subject", args=[subject.pk]))
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_page_shows_each_statement_with_its_source_code_and_owner(as_ana: Client, ana: Officer) -> None:
    marked = Evaluation(
        from_note="Register of vehicles", handling="H1+H2", source_grade="A", information_grade="2", basis="assessment"
    )
    made = person(ana, "Марковић Ана", Said("danger", "high", evaluation=marked))
    html = page_of(as_ana, made)
    for text in ("Register of vehicles", "H1", "H2", "ASSESSMENT", "high", 'lang="und-Cyrl"'):
        assert text in html
    assert '<section class="banner"' in html
    assert "H1+H2 ·" in html


def test_opening_a_page_leaves_a_line_with_the_case(as_ana: Client, ana: Officer) -> None:
    made = person(ana, "Ana Marković")
    as_ana.get(reverse("subject", args=[made.pk]), {"case": "RS-C-2026-000412"})
    line = Line.objects.get(act="subject.opened")
    assert (line.object_id, line.case, line.reason) == (str(made.pk), "RS-C-2026-000412", "handling")
    as_ana.get(reverse("subject", args=[made.pk]), {"case": "<script>"})
    assert Line.objects.filter(act="subject.opened", case="").count() == 1


def test_a_page_takes_no_more_reads_when_more_is_known(as_ana: Client, ana: Officer) -> None:
    made = person(ana, "Ana Marković")
    with CaptureQueriesContext(connection) as few:
        page_of(as_ana, made)
    for number in range(12):
        actions.state(ana, made, Said("phone", f"+38164123450{number % 10}{number}"[:13]))
        actions.link(ana, made, vehicle(ana, f"BG {100 + number}-AB"), "owner")
    with CaptureQueriesContext(connection) as many:
        page_of(as_ana, made)
    assert len(many) <= len(few) + 1  # one read of those who share a number


def test_the_protection_officer_reads_with_a_reason_only(client: Client, ana: Officer, dpo: Officer) -> None:
    made = person(ana, "Ana Marković")
    client.force_login(dpo)
    address = reverse("subject", args=[made.pk])
    assert "Marković" not in client.get(address).content.decode()
    assert client.post(address, {"reason": " "}).status_code == 422
    assert not Line.objects.filter(act="subject.opened").exists()
    html = client.post(address, {"reason": "Complaint 7/2026"}).content.decode()
    assert "Marković" in html
    assert "Withdraw" not in html
    assert Line.objects.get(act="subject.opened").reason == "Complaint 7/2026"


def test_the_list_shows_the_newest_and_narrows(as_ana: Client, ana: Officer) -> None:
    person(ana, "Ana Marković")
    person(ana, "Maja Petrović", category="victim")
    vehicle(ana, "BG 123-AB")
    html = as_ana.get(reverse("subjects")).content.decode()
    assert html.index("BG 123-AB") < html.index("Maja Petrović") < html.index("Ana Marković")
    html = as_ana.get(reverse("subjects"), {"category": "victim"}).content.decode()
    assert "Maja" in html
    assert "BG 123-AB" not in html
    html = as_ana.get(reverse("subjects"), {"kind": "vehicle"}).content.decode()
    assert "Maja" not in html
    assert "BG 123-AB" in html


def test_a_search_is_journalled_and_finds_in_every_script(as_ana: Client, ana: Officer) -> None:
    person(ana, "Нино ბერიძე")
    html = as_ana.get(reverse("subjects"), {"q": "beridze nino"}).content.decode()
    assert "ბერიძე" in html
    line = Line.objects.get(act="subject.searched")
    assert line.detail["text"] == "beridze nino"
    assert as_ana.get(reverse("subjects"), {"q": "!!"}).status_code == 422


def test_the_protection_officer_sees_no_list_and_searches_with_a_reason(
    client: Client, ana: Officer, dpo: Officer
) -> None:
    person(ana, "Ana Marković")
    client.force_login(dpo)
    assert "Marković" not in client.get(reverse("subjects")).content.decode()
    assert client.get(reverse("subjects"), {"q": "markovic"}).status_code == 422
    found = client.get(reverse("subjects"), {"q": "markovic", "reason": "Complaint 7/2026"})
    assert "Marković" in found.content.decode()


def test_a_new_subject_is_asked_for_by_kind_and_category(as_ana: Client) -> None:
    new = reverse("subject-new")
    assert as_ana.get(new).status_code == 200
    assert as_ana.get(new, {"kind": "person"}).status_code == 422
    victim = as_ana.get(new, {"kind": "person", "category": "victim"}).content.decode()
    suspect = as_ana.get(new, {"kind": "person", "category": "suspect"}).content.decode()
    assert 'name="convictions"' in suspect
    assert 'name="convictions"' not in victim
    assert 'name="damage"' in victim
    assert 'name="damage"' not in suspect
    assert 'name="plate"' in as_ana.get(new, {"kind": "vehicle", "category": "suspect"}).content.decode()


def test_a_form_of_which_most_may_stay_empty_marks_what_may_not(as_ana: Client) -> None:
    html = as_ana.get(reverse("subject-new"), {"kind": "person", "category": "suspect"}).text
    assert "(optional)" not in html
    assert html.count("(required)") == 1  # whether it is a fact or an assessment
    assert "What must be filled in is marked." in html
    assert "Role in the case" not in html


def test_a_new_person_is_written_down_with_names_in_two_scripts(as_ana: Client, ana: Officer) -> None:
    answer = as_ana.post(
        reverse("subject-new") + "?kind=person&category=suspect",
        {
            "name.0": "Ани Саргсян",
            "name.0.kind": "legal",
            "name.0.language": "ru",
            "name.1": "Անի Սարգսյան",
            "name.1.kind": "legal",
            "name.1.language": "hy",
            "born": "1991-07",
            "basis": "fact",
            "handling": ["H2"],
            "from_note": "Letter of Yerevan",
        },
    )
    made = Subject.objects.get()
    assert answer.headers["Location"] == reverse("subject", args=[made.pk])
    kept = queries.statements_of(made, ana)
    assert [row.value for row in kept] == ["Ани Саргсян", "Անի Սարգսյան", "1991-07"]
    assert {row.handling for row in kept} == {"H2"}
    html = page_of(as_ana, made)
    assert 'lang="hy"' in html
    assert "Անի" in html


def test_faults_of_a_new_subject_stand_beside_their_fields_and_keep_what_was_typed(as_ana: Client) -> None:
    answer = as_ana.post(
        reverse("subject-new") + "?kind=person&category=suspect",
        {"name.0": "Ana", "born": "1991-17", "basis": "fact", "handling": ["H3"]},
    )
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_born"' in html
    assert 'href="#id_handling_note"' in html
    assert 'value="1991-17"' in html
    assert not Subject.objects.exists()
    empty = as_ana.post(reverse("subject-new") + "?kind=person&category=suspect", {"basis": "fact"})
    assert empty.status_code == 422


def test_a_statement_is_added_corrected_and_withdrawn_by_pages(as_ana: Client, ana: Officer) -> None:
    made = person(ana, "Ana Marković")
    say = reverse("subject-say", args=[made.pk])
    assert as_ana.post(say + "?property=born", {"value": "1985-40", "basis": "fact"}).status_code == 422
    assert as_ana.post(say + "?property=born", {"value": "1985", "basis": "fact"}).status_code == 302
    born = Statement.objects.get(property="born")
    correct = reverse("statement-correct", args=[born.pk])
    assert "1985" in as_ana.get(correct).content.decode()
    assert as_ana.post(correct, {"value": "1986", "basis": "fact"}).status_code == 422
    assert as_ana.post(correct, {"value": "1986", "basis": "fact", "why": "Misread."}).status_code == 302
    born = Statement.objects.get(property="born", withdrawn_at=None)
    withdraw = reverse("statement-withdraw", args=[born.pk])
    assert as_ana.get(withdraw).status_code == 200
    assert as_ana.post(withdraw, {}).status_code == 422
    assert as_ana.post(withdraw, {"why": "Not his."}).status_code == 302
    html = page_of(as_ana, made)
    assert "2 withdrawn statements" in html
    assert "Not his." in html


def test_a_field_that_the_law_does_not_allow_has_no_page(as_ana: Client, ana: Officer) -> None:
    made = person(ana, "Maja Petrović", category="victim")
    say = reverse("subject-say", args=[made.pk])
    assert as_ana.get(say, {"property": "convictions"}).status_code == 404
    assert as_ana.get(say, {"property": "nonsense"}).status_code == 404
    assert as_ana.get(say).status_code == 404
    assert "convictions" not in page_of(as_ana, made)


def test_a_special_category_is_asked_for_its_necessity(as_ana: Client, ana: Officer) -> None:
    made = person(ana, "Ana Marković")
    say = reverse("subject-say", args=[made.pk]) + "?property=blood-group"
    assert as_ana.post(say, {"value": "0+", "basis": "fact"}).status_code == 422
    as_ana.post(say, {"value": "0+", "basis": "fact", "necessity": "Injured at the scene."})
    html = page_of(as_ana, made)
    assert "Health" in html
    assert "Injured at the scene." in html


ZONE = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"


def test_a_pasted_zone_becomes_a_document_its_holder_and_their_link(as_ana: Client, ana: Officer) -> None:
    mrz = reverse("subject-mrz")
    assert as_ana.get(mrz).status_code == 200
    assert as_ana.post(mrz, {"zone": "nothing"}).status_code == 422
    read = as_ana.post(mrz, {"zone": ZONE})
    html = read.content.decode()
    assert "All check digits are right" in html
    assert 'value="L898902C3"' in html
    assert 'value="1974-08-12"' in html
    assert not Subject.objects.exists()
    typed = {**fields_of(html), "category": "suspect", "basis": "fact"}
    assert as_ana.post(mrz, typed | {"number": ""}).status_code == 422
    answer = as_ana.post(mrz, typed)
    holder = Subject.objects.get(kind="person")
    document = Subject.objects.get(kind="document")
    assert answer.headers["Location"] == reverse("subject", args=[holder.pk])
    assert (holder.caption, document.caption) == ("ANNA MARIA ERIKSSON", "L898902C3")
    link = Link.objects.get()
    assert (link.one, link.other, link.kind) == (holder, document, "holder")


def test_a_zone_with_a_wrong_digit_says_which_one(as_ana: Client) -> None:
    html = as_ana.post(reverse("subject-mrz"), {"zone": ZONE.replace("7408122", "7408123")}).content.decode()
    assert "The check digit of the date of birth fails." in html
    assert "All check digits are right" not in html


def test_a_zone_is_read_for_a_person_who_is_known(as_ana: Client, ana: Officer) -> None:
    made = person(ana, "Anna Eriksson", category="victim")
    mrz = reverse("subject-mrz") + f"?holder={made.pk}"
    html = as_ana.post(mrz, {"zone": ZONE}).content.decode()
    assert 'name="category"' not in html
    as_ana.post(mrz, {**fields_of(html), "basis": "fact"})
    assert Link.objects.get().one == made
    assert as_ana.get(reverse("subject-mrz"), {"holder": str(uuid4())}).status_code == 404
    assert as_ana.get(reverse("subject-mrz"), {"holder": "x"}).status_code == 404


def fields_of(html: str) -> dict[str, str]:
    """What the browser would send back: texts, and chosen options."""
    typed = dict(re.findall(r'<input type="text" name="([a-z_]+)" value="([^"]*)"', html))
    for name, body in re.findall(r'<select name="([a-z_]+)".*?>(.*?)</select>', html, re.S):
        chosen = re.search(r'value="([^"]*)" selected', body)
        typed[name] = chosen[1] if chosen else ""
    zone = re.search(r'<textarea name="zone".*?>\s*(.*?)</textarea>', html, re.S)
    return typed | ({"zone": zone[1].replace("&lt;", "<")} if zone else {})


def test_two_subjects_are_linked_by_pages_and_drawn(as_ana: Client, ana: Officer) -> None:
    made, car = person(ana, "Ana Marković"), vehicle(ana, "BG 123-AB")
    choose = reverse("subject-link", args=[made.pk])
    assert f"?other={car.pk}" in as_ana.get(choose, {"q": "bg123"}).content.decode()
    link = f"{choose}?other={car.pk}"
    assert "Ana Marković owns BG 123-AB" in as_ana.get(link).content.decode()
    assert as_ana.post(link, {"kind": "parent", "basis": "fact"}).status_code == 422
    assert as_ana.post(link, {"kind": "owner", "basis": "assessment"}).status_code == 302
    html = page_of(as_ana, made)
    assert "BG 123-AB" in html
    assert "<svg" in html
    assert 'class="edge assessed"' in html
    assert "is owned by" in page_of(as_ana, car)
    withdraw = reverse("link-withdraw", args=[Link.objects.get().pk])
    assert as_ana.get(withdraw).status_code == 200
    as_ana.post(withdraw, {"why": "Sold."})
    assert "<svg" not in page_of(as_ana, made).partition("<main")[2]


def test_a_link_can_be_said_from_the_other_side(as_ana: Client, ana: Officer) -> None:
    made, car = person(ana, "Ana Marković"), vehicle(ana, "BG 123-AB")
    link = reverse("subject-link", args=[car.pk]) + f"?other={made.pk}"
    as_ana.post(link, {"kind": "owner:back", "basis": "fact"})
    row = Link.objects.get()
    assert (row.one, row.other) == (made, car)
    assert as_ana.get(reverse("subject-link", args=[car.pk]), {"other": str(car.pk)}).status_code == 404


def test_two_are_compared_merged_and_parted_by_pages(as_ana: Client, ana: Officer) -> None:
    one = person(ana, "Ana Marković", Said("passport", "008123456"))
    other = person(ana, "Ана Марковић", Said("passport", "008 123 456"), Said("born", "1985"))
    html = page_of(as_ana, one)
    assert "Others have the same number" in html
    merge = reverse("subject-merge", args=[one.pk]) + f"?other={other.pk}"
    beside = as_ana.get(merge).content.decode()
    assert "the same" in beside
    assert "1985" in beside
    assert as_ana.post(merge, {"kept": str(one.pk)}).status_code == 422
    assert as_ana.post(merge, {"kept": str(one.pk), "reason": "Same passport."}).status_code == 302
    assert "1985" in page_of(as_ana, one)
    assert as_ana.get(reverse("subject", args=[other.pk])).status_code == 200
    undo = reverse("merge-undo", args=[Merge.objects.get().pk])
    assert "Same passport." in as_ana.get(undo).content.decode()
    assert as_ana.post(undo, {"why": "Twins."}).status_code == 302
    assert "1985" not in page_of(as_ana, one).partition("What is known")[2]
    assert as_ana.get(undo).status_code == 404


def test_two_of_different_categories_are_compared_and_not_merged(as_ana: Client, ana: Officer) -> None:
    one, other = person(ana, "Ana Marković"), person(ana, "Ana Marković", category="victim")
    merge = reverse("subject-merge", args=[one.pk]) + f"?other={other.pk}"
    assert "Give both the same category first" in as_ana.get(merge).content.decode()
    assert as_ana.post(merge, {"kept": str(one.pk), "reason": "x"}).status_code == 422


def test_a_change_of_category_shows_what_goes_before_it_goes(as_ana: Client, ana: Officer) -> None:
    made = person(ana, "Maja Petrović", Said("convictions", "Theft, 2019"), Said("phone", "+381641234567"))
    change = reverse("subject-category", args=[made.pk])
    assert as_ana.get(change).status_code == 200
    asked = as_ana.post(change, {"category": "victim", "reason": "She was forced."})
    html = asked.content.decode()
    assert asked.status_code == 422
    assert "Theft, 2019" in html
    assert "+381641234567" in html
    drop = re.findall(r'name="drop"\s+value="([^"]+)"', html)
    typed = {"category": "victim", "reason": "She was forced."}
    assert as_ana.post(change, typed | {"drop": drop[:1]}).status_code == 422
    assert as_ana.post(change, typed | {"drop": drop}).status_code == 302
    html = page_of(as_ana, made)
    assert "Theft" not in html
    assert "+381641234567" not in html
    assert as_ana.post(change, typed | {"category": "witness", "drop": ["x"]}).status_code == 404


def test_a_vehicle_has_no_category_to_change(as_ana: Client, ana: Officer) -> None:
    assert as_ana.get(reverse("subject-category", args=[vehicle(ana, "BG 1-A").pk])).status_code == 404


def test_a_subject_is_put_into_a_closed_circle(as_ana: Client, ana: Officer, bojan: Officer, circle: Circle) -> None:
    made = person(ana, "Ana Marković")
    as_ana.post(reverse("subject-circle", args=[made.pk]), {"circle": str(circle.pk), "why": "Danger to life."})
    assert "Closed circle: Winter" in page_of(as_ana, made)
    with pytest.raises(Subject.DoesNotExist):
        queries.subject_for(bojan, made.pk)
    as_ana.post(reverse("subject-circle", args=[made.pk]), {"circle": "", "why": "Over."})
    assert queries.subject_for(bojan, made.pk) == made
    refused = as_ana.post(reverse("subject-circle", args=[made.pk]), {"circle": str(uuid4()), "why": "x"}, follow=True)
    assert "card overdue" in refused.content.decode()


def test_higher_rooms_tell_where_a_subject_is_used(
    as_ana: Client, ana: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = person(ana, "Ana Marković", Said("note", "x", evaluation=Evaluation(from_kind="entry", from_key="7")))
    monkeypatch.setattr(uses, "_uses", [])
    monkeypatch.setattr(uses, "_sources", {})
    monkeypatch.setattr(uses, "_steps", [])
    uses.register_step(uses.Step("Release statements", "release.send", lambda subject: f"/r/?subject={subject.pk}"))
    uses.register(uses.Use("Cases", lambda subject, officer: [uses.Row(f"RS-C-1 {officer.sign_in}", "/x/", "suspect")]))
    uses.register(uses.Use("Requests", lambda subject, officer: []))
    uses.register_source(
        uses.Source("entry", "Answer", lambda keys, officer: {key: uses.Row("Answer 7", "/e/") for key in keys})
    )
    html = page_of(as_ana, made)
    assert "RS-C-1 ana" in html
    assert "suspect" in html
    assert "Requests</h2>" not in html
    assert '<a href="/e/">Answer 7</a>' in html
    assert f'<a href="/r/?subject={made.pk}">Release statements</a>' in html


def test_what_an_officer_may_not_see_does_not_exist_for_him(
    client: Client, ana: Officer, bojan: Officer, circle: Circle
) -> None:
    made = person(ana, "Ana Marković", circle=circle)
    [name] = Statement.objects.all()
    car = vehicle(ana, "BG 123-AB")
    link = actions.link(ana, made, car, "owner")
    client.force_login(bojan)
    for address in (
        reverse("subject", args=[made.pk]),
        reverse("subject-say", args=[made.pk]) + "?property=born",
        reverse("subject-link", args=[made.pk]),
        reverse("subject-link", args=[car.pk]) + f"?other={made.pk}",
        reverse("subject-merge", args=[made.pk]),
        reverse("subject-category", args=[made.pk]),
        reverse("statement-correct", args=[name.pk]),
        reverse("statement-withdraw", args=[name.pk]),
        reverse("link-withdraw", args=[link.pk]),
        reverse("subject-mrz") + f"?holder={made.pk}",
    ):
        assert client.get(address).status_code == 404, address
    assert "Marković" not in client.get(reverse("subjects")).content.decode()
    assert "Marković" not in page_of(client, car)
