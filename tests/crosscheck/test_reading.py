"""What an officer reads leaves its line and needs its reason; what is hidden from him stays hidden."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from ilex.cases import actions as cases
from ilex.cases import moments
from ilex.crosscheck import actions, queries
from ilex.crosscheck.facts import of_named, of_subject
from ilex.crosscheck.models import Hit, Look
from ilex.crosscheck.rules import DIFFERENT, SAME, TYPED
from ilex.exchange import actions as exchange
from ilex.exchange.models import Request
from ilex.exchange.rules import Content, SubjectContent
from ilex.journal.models import Line
from ilex.matching.facts import Facts
from ilex.subjects.actions import move_to_circle
from ilex.subjects.models import Subject
from ilex.subjects.rules import Said
from ilex.units.models import Circle, Officer, Organisation, Role
from tests.crosscheck import wanted
from tests.crosscheck.test_arrival import SOUGHT
from tests.crosscheck.test_judging import looked_up, two_reviewers  # noqa: F401  (fixture)
from tests.crosscheck.test_pages import client_of, text
from tests.exchange.ceca import LETTER, Ceca
from tests.exchange.conftest import officer
from tests.subjects.conftest import person

pytestmark = pytest.mark.django_db

STRANGER = Facts(kind="person", names=("Petar Petrović",), born=("1970-01-01",))
UNSAID = {"name": "Petar Petrović", "kind": "person", "born": "1970-01-01", "reason": "Control"}


@pytest.fixture
def subject(ana: Officer) -> Subject:
    """With more names and dates than the form has fields for."""
    said = (Said("name", "Đole", name_kind="nickname"), Said("born", "1985-03-12"), Said("born", "1985"))
    return person(ana, "Djordje Izmisljenovic", *said)


@pytest.fixture
def circle(ana: Officer) -> Circle:
    made = Circle.objects.create(name="Winter")
    made.officers.add(ana)
    return made


# --- whose facts they are ---


def test_facts_of_a_stranger_are_not_looked_up_as_those_of_a_subject(ana: Officer, subject: Subject) -> None:
    wanted.load([wanted.person("w-2", "Petar Petrović", "1970-01-01")])
    look = actions.look(ana, STRANGER, reason="Control", subject=subject)
    assert (look.subject, look.about, look.origin) == (None, Look.About.TYPED, TYPED)
    [hit] = queries.hits_in(look, ana)
    assert (hit.subject, hit.officer) == (None, ana)
    assert not queries.hits_of(ana, subject=subject).exists()


def test_facts_of_a_stranger_are_not_looked_up_as_those_of_a_request(ceca: Ceca, ana: Officer) -> None:
    wanted.load([wanted.person("w-2", "Petar Petrović", "1970-01-01")])
    request = ceca.asks(subjects=[SOUGHT])
    look = actions.look(ana, STRANGER, reason="Control", request_subject=request.subjects.get())
    assert (look.request, look.about) == (None, Look.About.TYPED)
    assert not queries.hits_of(ana, request=request).exists()


def test_form_that_is_left_as_it_was_filled_in_looks_for_all_that_the_subject_says(
    as_ana: Client, ana: Officer, subject: Subject
) -> None:
    page = f"{reverse('check')}?subject={subject.pk}"
    first = as_ana.get(page).context["form"].initial
    as_ana.post(page, {**first, "reason": "Control"})
    look = Look.objects.get()
    assert (look.subject, look.asked) == (subject, of_subject(subject))
    as_ana.post(page, {**first, **UNSAID})
    assert Look.objects.get(about=Look.About.TYPED).asked.names[0] == "Petar Petrović"


def test_search_over_every_record_asks_for_what_the_subject_says_now(
    as_ana: Client, ana: Officer, subject: Subject
) -> None:
    look = actions.look(ana, of_subject(subject), reason="Case work", subject=subject)
    person(ana, "Somebody Else")
    Look.objects.update(facts={"kind": "person", "names": ["Petar Petrović"]})
    as_ana.post(reverse("check-harder", args=[look.pk]))
    again = Look.objects.get(harder=True)
    assert (again.subject, again.asked) == (subject, of_subject(subject))


# --- what was lost ---


def test_own_look_at_a_subject_that_went_into_a_circle_is_lost_with_it(
    ana: Officer, bojan: Officer, subject: Subject, circle: Circle
) -> None:
    look = actions.look(bojan, of_subject(subject), reason="Case work", subject=subject)
    typed = actions.look(bojan, STRANGER, reason="Control")
    client = client_of(bojan)
    page = reverse("check-look", args=[look.pk])
    assert client.get(page).status_code == 200
    move_to_circle(ana, subject, circle, "It became delicate.")
    assert list(queries.visible_looks(bojan)) == [typed]
    assert list(queries.visible_looks(ana)) == [look]
    assert client.get(page).status_code == 404
    assert client.get(reverse("check"), {"again": str(look.pk)}).status_code == 404
    assert client.post(reverse("check-harder", args=[look.pk])).status_code == 404
    assert client.post(reverse("check-watch", args=[look.pk]), {"until": "2099-01-01"}).status_code == 404


def test_look_at_a_request_that_was_recalled_is_not_repeated(as_ana: Client, ana: Officer, ceca: Ceca) -> None:
    request = ceca.asks(subjects=[SOUGHT])
    named = request.subjects.get()
    look = actions.look(ana, of_named(named), reason="Control", request_subject=named)
    first = request.entries.get(kind="request")
    ceca.says("exchange.recall", {"agent": "", "about": str(first.message), "reason": "Wrong"}, request.inquiry)
    assert as_ana.post(reverse("check-harder", args=[look.pk])).status_code == 404


# --- lines and reasons ---


def test_form_that_is_filled_in_leaves_the_line_of_what_was_read(
    as_ana: Client, ana: Officer, ceca: Ceca, subject: Subject
) -> None:
    request = ceca.asks(subjects=[SOUGHT])
    as_ana.get(reverse("check"), {"subject": str(subject.pk)})
    as_ana.get(reverse("check"), {"request": request.our_ref})
    assert Line.objects.get(act="subject.opened", by=str(ana.pk)).object_id == str(subject.pk)
    assert Line.objects.get(act="request.previewed", by=str(ana.pk)).object_id == str(request.pk)
    assert request.entries.filter(read_at=None).exists()  # its sender hears nothing of it


def test_look_of_a_colleague_that_fills_the_form_in_leaves_its_line(
    ana: Officer, bojan: Officer, subject: Subject
) -> None:
    look = actions.look(ana, of_subject(subject), reason="Case work", subject=subject)
    for who in (ana, bojan):
        client_of(who).get(reverse("check"), {"again": str(look.pk)})
    assert Line.objects.get(act="look.opened").by == str(bojan.pk)


@pytest.fixture
def withheld(house: Organisation, ceca: Ceca) -> Request:
    """The copy of a letter that the customs keep from the unit."""
    customs = Organisation.objects.create(
        id="rs-customs", kind=Organisation.Kind.AUTHORITY, name="Customs", place=house.place, designated=True
    )
    letter = {name: value for name, value in LETTER.items() if name != "subjects"}
    named = SubjectContent(kind="person", category="suspect", name="Ђорђе Измишљеновић", born="1985-03-12")
    content = Content(**letter, language="mk", subjects=(named,), necessary=True, proportionate=True, available=True)
    content = replace(content, copy_withheld="a", copy_withheld_reason="It would endanger the investigation.")
    return exchange.ask(officer("vuk", [Role.AUTHORITY], customs), content, to=["ilecu-mk"], confirmed=True)[0]


def test_withheld_copy_fills_the_form_in_for_a_typed_reason_only(withheld: Request, house: Organisation) -> None:
    both = officer("mira", [Role.CASE, Role.PROTECTION], house)
    client, page = client_of(both), f"{reverse('check')}?request={withheld.our_ref}"
    shown = text(client.get(page))
    assert "Reason for reading" in shown
    assert "Измишљеновић" not in shown
    assert "Измишљеновић" not in text(client.post(page, {"reason": " "}))
    assert not Line.objects.filter(act="request.opened").exists()
    assert "Ђорђе Измишљеновић" in text(client.post(page, {"reason": "Complaint 12"}))
    line = Line.objects.get(act="request.opened", by=str(both.pk))
    assert (line.object_id, line.reason) == (str(withheld.pk), "Complaint 12")


def test_withheld_copy_does_not_exist_in_the_form_of_a_case_officer(withheld: Request, as_ana: Client) -> None:
    assert as_ana.get(reverse("check"), {"request": withheld.our_ref}).status_code == 404


def test_leaf_of_the_list_leaves_one_line_for_everybody(as_ana: Client, ana: Officer, subject: Subject) -> None:
    wanted.load()
    actions.look(ana, of_subject(subject), reason="Case work", subject=subject)
    as_ana.get(reverse("hits-list"), {"subject": str(subject.pk)})
    line = Line.objects.get(act="hits.listed")
    assert (line.by, line.object_kind, line.object_id) == (str(ana.pk), "subject", str(subject.pk))
    assert line.detail["hits"] == [str(Hit.objects.get().pk)]


# --- the second reviewer ---


@pytest.mark.parametrize("second", [SAME, DIFFERENT])
def test_second_reviewer_is_not_told_what_the_first_one_said(
    second: str,
    two_reviewers: None,  # noqa: F811
    ana: Officer,
    bojan: Officer,
    subject: Subject,
) -> None:
    case = cases.open_case(ana, title="Blue lorry", subjects=[subject])
    person(ana, "Đorđe Izmišljenović", Said("born", "1985-03-12"))
    hit = looked_up(ana, subject)
    actions.judge(ana, hit, SAME, "The scar.")
    half = queries.hit_for(bojan, hit.pk)
    assert [queries.why_needed(bojan, half, one) for one in (SAME, DIFFERENT)] == [False, False]
    shown = text(client_of(bojan).get(reverse("hit", args=[hit.pk])))
    assert shown.count("formnovalidate") >= 3
    assert "The scar." not in shown
    assert not any(moment.kind == "hit" for moment in moments.others(case, bojan))
    actions.judge(bojan, half, second)  # no reason is asked of him
    assert sum(moment.kind == "hit" for moment in moments.others(case, bojan)) == 2


# --- hidden cases ---


def test_number_of_a_hidden_case_is_shown_to_nobody_else(
    ana: Officer, bojan: Officer, subject: Subject, circle: Circle
) -> None:
    hidden = cases.open_case(ana, title="Winter", subjects=[subject], circle=circle)
    look = actions.look(bojan, of_subject(subject), reason="Case work", subject=subject)
    assert look.case == hidden.number  # for the journal
    for who, seen in ((ana, True), (bojan, False)):
        client = client_of(who)
        for shown in (
            client.get(reverse("check-look", args=[look.pk])),
            client.get(reverse("check"), {"again": str(look.pk)}),
            client.post(reverse("check-harder", args=[look.pk]), follow=True),
        ):
            assert shown.status_code == 200
            assert (hidden.number in text(shown)) is seen
