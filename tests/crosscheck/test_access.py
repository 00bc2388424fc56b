"""Who sees a hit: whoever may see both its ends, and nobody else, in lists, counts and stories too."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied

from ilex.cases import actions as cases
from ilex.cases import moments
from ilex.cases.models import Case
from ilex.crosscheck import actions, queries
from ilex.crosscheck.facts import of_subject
from ilex.crosscheck.models import Hit, Look
from ilex.crosscheck.rules import SAME, Invalid
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
from tests.crosscheck.test_arrival import SOUGHT, look_up_everything
from tests.exchange.ceca import LETTER, Ceca
from tests.exchange.conftest import officer
from tests.subjects.conftest import person

pytestmark = pytest.mark.django_db

ASKED = Facts(kind="person", names=("Ђорђе Измишљеновић",), born=("1985-03-12",))


@pytest.fixture
def circle(ana: Officer) -> Circle:
    """A closed circle with Ana alone in it."""
    made = Circle.objects.create(name="Winter")
    made.officers.add(ana)
    return made


@pytest.fixture
def secret(ana: Officer, circle: Circle) -> Subject:
    return person(ana, "Djordje Izmisljenovic", Said("born", "1985-03-12"), circle=circle)


def test_hit_on_a_subject_of_a_closed_circle_waits_for_its_circle_alone(
    ceca: Ceca, ana: Officer, bojan: Officer, secret: Subject
) -> None:
    request = ceca.asks(subjects=[SOUGHT])
    look_up_everything()
    assert queries.waiting_hits(ana, request=request).count() == 1
    assert not queries.hits_of(bojan, request=request).exists()
    assert (queries.waiting_count(ana), queries.waiting_count(bojan)) == (1, 0)
    with pytest.raises(Hit.DoesNotExist):
        queries.hit_for(bojan, Hit.objects.get().pk)
    with pytest.raises(Hit.DoesNotExist):
        actions.judge(bojan, Hit.objects.get(), SAME)


def test_officer_who_types_finds_and_counts_only_what_he_may_see(ana: Officer, bojan: Officer, secret: Subject) -> None:
    hers, his = (actions.look(one, ASKED, reason="Traffic check") for one in (ana, bojan))
    assert [hit.held_subject for hit in queries.hits_in(hers, ana)] == [secret]
    assert (his.found, his.fresh, queries.hits_in(his, bojan)) == (0, 0, [])
    line = Line.objects.filter(act="crosscheck.looked", by=str(bojan.pk)).get()
    assert line.detail["found"] == 0


def test_subject_that_goes_into_a_circle_takes_its_hits_with_it(ana: Officer, bojan: Officer, circle: Circle) -> None:
    wanted.load()
    subject = person(ana, "Djordje Izmisljenovic", Said("born", "1985-03-12"))
    actions.look(ana, of_subject(subject), reason="Case work", subject=subject)
    assert queries.waiting_count(bojan) == 1
    move_to_circle(ana, subject, circle, "It became delicate.")
    assert queries.waiting_count(bojan) == 0


def test_what_an_officer_typed_is_his_alone(ana: Officer, bojan: Officer, house: Organisation) -> None:
    wanted.load()
    look = actions.look(ana, ASKED, reason="Traffic check")
    [hit] = queries.hits_in(look, ana)
    with pytest.raises(Look.DoesNotExist):
        queries.look_for(bojan, look.pk)
    with pytest.raises(Hit.DoesNotExist):
        queries.hit_for(bojan, hit.pk)
    assert queries.waiting_count(ana) == 0  # nobody waits for it
    assert queries.waiting_hits(ana, look=look).count() == 1


@pytest.mark.parametrize("role", [Role.TRANSLATOR, Role.AUTHORITY, Role.AUDITOR, Role.ADMINISTRATOR])
def test_roles_without_holdings_see_no_hit_and_look_nothing_up(
    role: Role, ceca: Ceca, ana: Officer, house: Organisation
) -> None:
    wanted.load()
    ceca.asks(subjects=[SOUGHT])
    look_up_everything()
    stranger = officer("stranger", [role], house)
    assert queries.waiting_count(stranger) == 0
    for refused in (
        lambda: queries.hits_of(stranger),
        lambda: queries.hit_for(stranger, Hit.objects.get().pk),
        lambda: queries.visible_looks(stranger),
        lambda: queries.watches_of(stranger),
        lambda: actions.look(stranger, ASKED, reason="Curious"),
        lambda: actions.judge(stranger, Hit.objects.get(), SAME),
    ):
        with pytest.raises(PermissionDenied):
            refused()


def test_protection_officer_reads_every_hit_with_a_reason_and_judges_none(
    ceca: Ceca, ana: Officer, dpo: Officer, secret: Subject
) -> None:
    ceca.asks(subjects=[SOUGHT])
    look_up_everything()
    hit = queries.hit_for(dpo, Hit.objects.get().pk)
    with pytest.raises(Invalid):
        queries.consult(dpo, hit)
    queries.consult(dpo, hit, "Complaint 12")
    assert Line.objects.get(act="hit.opened").reason == "Complaint 12"
    for refused in (
        lambda: actions.judge(dpo, hit, SAME),
        lambda: actions.look(dpo, ASKED, reason="Complaint 12"),
    ):
        with pytest.raises(PermissionDenied):
            refused()


def test_withheld_copy_of_an_authority_is_no_holding(house: Organisation, ana: Officer, ceca: Ceca) -> None:
    customs = Organisation.objects.create(
        id="rs-customs", kind=Organisation.Kind.AUTHORITY, name="Customs", place=house.place, designated=True
    )
    vuk = officer("vuk", [Role.AUTHORITY], customs)
    letter = {name: value for name, value in LETTER.items() if name != "subjects"}
    content = Content(
        **letter,
        language="mk",
        subjects=(SubjectContent(kind="person", category="suspect", name="Ђорђе Измишљеновић", born="1985-03-12"),),
        copy_withheld="a",
        necessary=True,
        proportionate=True,
        available=True,
        copy_withheld_reason="It would endanger the investigation.",
    )
    exchange.ask(vuk, content, to=["ilecu-mk"], confirmed=True)
    assert actions.look(ana, ASKED, reason="Traffic check").found == 0
    shared = replace(content, copy_withheld="", copy_withheld_reason="")
    exchange.ask(ana, shared, to=["ilecu-mk"], confirmed=True)
    assert actions.look(ana, ASKED, reason="Traffic check").found == 1


def test_letter_to_several_units_is_held_once(house: Organisation, ana: Officer, ceca: Ceca, budapest: Ceca) -> None:
    letter = {name: value for name, value in LETTER.items() if name != "subjects"}
    named = SubjectContent(kind="person", category="suspect", name="Ђорђе Измишљеновић", born="1985-03-12")
    content = Content(**letter, language="mk", subjects=(named,), necessary=True, proportionate=True, available=True)
    sent = exchange.ask(ana, content, to=["ilecu-mk", "spoc-hu"], confirmed=True)
    [hit] = queries.hits_in(actions.look(ana, ASKED, reason="Traffic check"), ana)
    assert hit.held_request == sent[0]


# --- the story of a case ---


@pytest.fixture
def case(ceca: Ceca, ana: Officer) -> Case:
    """With Skopje's request in it, which was looked up."""
    wanted.load()
    made = cases.open_case(ana, title="Blue lorry", requests=[ceca.asks(subjects=[SOUGHT])])
    look_up_everything()
    return made


def test_looks_and_judgements_stand_in_the_story_of_their_case(case: Case, ana: Officer) -> None:
    [hit] = queries.waiting_hits(ana, case=case)
    actions.judge(ana, hit, SAME, "The scar.")
    actions.undo(ana, hit)
    told = [(moment.kind, moment.title, moment.text) for moment in moments.others(case, ana)]
    assert ("look", "Looked up on arrival", "Ђорђе Измишљеновић") in told
    assert ("hit", "Hit judged: The same (taken back)", "The scar.") in told


def test_look_of_a_request_carries_the_number_of_its_case(case: Case, ana: Officer) -> None:
    assert Look.objects.get().case == case.number
    assert Line.objects.get(act="crosscheck.looked").case == case.number
    actions.judge(ana, queries.waiting_hits(ana, case=case)[0], SAME)
    assert Line.objects.get(act="hit.judged").case == case.number


def test_story_tells_no_hit_to_whom_it_is_hidden(case: Case, ana: Officer, bojan: Officer, secret: Subject) -> None:
    request = Request.objects.get()
    look_up_everything()
    [hit] = [one for one in queries.hits_of(ana, request=request) if secret in (one.subject, one.held_subject)]
    actions.judge(ana, hit, SAME)
    assert any(moment.kind == "hit" for moment in moments.others(case, ana))
    assert not any("Izmisljenovic" in f"{moment.about}{moment.text}" for moment in moments.others(case, bojan))


def test_look_needs_something_to_look_for_and_a_purpose(ana: Officer) -> None:
    with pytest.raises(Invalid) as refused:
        actions.look(ana, Facts(kind="person", born=("1985",)), reason=" ", case="RS-C-2026-999999")
    assert set(refused.value.fields) == {"name", "reason", "case"}
    assert not Look.objects.exists()


def test_case_of_a_closed_circle_is_no_case_for_others(ana: Officer, bojan: Officer, circle: Circle) -> None:
    closed = cases.open_case(ana, title="Winter", circle=circle)
    with pytest.raises(Invalid):
        actions.look(bojan, ASKED, reason="Traffic check", case=closed.number)
    assert actions.look(ana, ASKED, reason="Traffic check", case=closed.number).case == closed.number
