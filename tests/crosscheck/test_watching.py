"""What is watched is asked again when the holdings change, until its day; only what is new is shown."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils.timezone import localdate

from ilex.crosscheck import actions, jobs, queries
from ilex.crosscheck.models import Hit, Look, Watch
from ilex.crosscheck.rules import DIFFERENT, SAME, Invalid, NotNow
from ilex.exchange.models import Request
from ilex.holdings import actions as holdings
from ilex.journal.models import Line
from ilex.subjects.models import Subject
from ilex.subjects.rules import Said
from ilex.units.models import Circle, Officer, Organisation
from tests.crosscheck import wanted
from tests.crosscheck.test_arrival import SOUGHT, look_up_everything
from tests.exchange.ceca import Ceca
from tests.subjects.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_of_skopje(ceca: Ceca) -> Request:
    """Looked up on arrival, when nothing was held."""
    made = ceca.asks(subjects=[SOUGHT])
    look_up_everything()
    assert not Hit.objects.exists()
    return made


def ask_everything_again() -> None:
    while jobs.ask_again(1):
        pass


def until(days: int) -> date:
    return localdate() + timedelta(days=days)


def test_new_record_of_a_list_is_found_for_a_request_that_came_before(request_of_skopje: Request, ana: Officer) -> None:
    wanted.load()
    ask_everything_again()
    [hit] = queries.waiting_hits(ana, request=request_of_skopje)
    assert (hit.held_origin, hit.held_key) == ("wanted", "w-1")
    line = Line.objects.filter(act="crosscheck.looked", object_id=str(request_of_skopje.pk)).latest("id")
    assert line.reason == "watch"


def test_holdings_that_did_not_change_are_not_asked_again(request_of_skopje: Request) -> None:
    wanted.load()
    ask_everything_again()
    looks = Look.objects.count()
    ask_everything_again()
    wanted.load()  # the same file once more changes the source's day, and nothing is new
    ask_everything_again()
    assert Look.objects.count() == looks + 1
    assert Look.objects.latest("at").fresh == 0


def test_new_statement_on_a_subject_reaches_who_watches(request_of_skopje: Request, ana: Officer) -> None:
    person(ana, "Djordje Izmisljenovic")
    look_up_everything()
    assert queries.waiting_hits(ana, request=request_of_skopje).count() == 1


def test_watched_subject_hears_of_a_request_that_comes_later(ceca: Ceca, ana: Officer) -> None:
    subject = person(ana, "Djordje Izmisljenovic", Said("born", "1985-03-12"))
    actions.watch(ana, subject=subject, until=until(30), reason="Open investigation")
    ceca.asks(subjects=[SOUGHT])
    look_up_everything()
    assert queries.waiting_hits(ana, subject=subject).count() == 1


def test_watched_subject_is_asked_for_at_once_and_then_by_what_changes(ana: Officer, house: Organisation) -> None:
    subject = person(ana, "Djordje Izmisljenovic", Said("born", "1985-03-12"))
    wanted.load()
    actions.watch(ana, subject=subject, until=until(30), reason="Open investigation")
    ask_everything_again()
    [hit] = queries.waiting_hits(ana, subject=subject)
    actions.judge(ana, hit, SAME)
    wanted.load([wanted.DJORDJE, wanted.person("w-2", "Djordje IZMISLJENOVIC", "1985")])
    ask_everything_again()
    [fresh] = queries.waiting_hits(ana, subject=subject)
    assert fresh.held_key == "w-2"


def test_judged_pair_stays_judged_when_the_list_is_loaded_anew(request_of_skopje: Request, ana: Officer) -> None:
    wanted.load()
    ask_everything_again()
    [hit] = queries.waiting_hits(ana, request=request_of_skopje)
    actions.judge(ana, hit, DIFFERENT, "Another place of birth.")
    wanted.load([wanted.person("w-1", "Đorđe Izmišljenović", "1985-03-12", nationality="me")])
    ask_everything_again()
    assert not queries.waiting_hits(ana, request=request_of_skopje).exists()
    assert Hit.objects.get(pk=hit.pk).judgement == DIFFERENT


def test_record_that_left_the_list_is_shown_no_more_and_its_judgement_comes_back_with_it(
    request_of_skopje: Request, ana: Officer
) -> None:
    others = [wanted.person("w-9", "Petar Petrović")]
    wanted.load([wanted.DJORDJE, *others])
    ask_everything_again()
    [hit] = queries.waiting_hits(ana, request=request_of_skopje)
    actions.judge(ana, hit, SAME)
    wanted.load(others)
    ask_everything_again()
    assert not queries.hits_of(ana, request=request_of_skopje).exists()
    gone = Hit.objects.get(pk=hit.pk)
    assert (gone.held_caption, gone.reasons, gone.held_facts) == ("", [], {})
    wanted.load([wanted.DJORDJE, *others])
    ask_everything_again()
    [back] = queries.hits_of(ana, request=request_of_skopje)
    assert (back.pk, back.judgement, back.held_caption) == (hit.pk, SAME, "Đorđe Izmišljenović")


def test_unjudged_hit_of_a_record_that_left_the_list_is_away(request_of_skopje: Request, ana: Officer) -> None:
    others = [wanted.person("w-9", "Petar Petrović")]
    wanted.load([wanted.DJORDJE, *others])
    ask_everything_again()
    wanted.load(others)
    ask_everything_again()
    assert not Hit.objects.exists()


def test_source_that_is_switched_off_shows_no_hits_until_it_is_on_again(
    request_of_skopje: Request, ana: Officer, head: Officer
) -> None:
    source = wanted.load()
    ask_everything_again()
    assert queries.waiting_count(ana) == 1
    holdings.switch(head, source, False, "The agreement ended.")
    assert queries.waiting_count(ana) == 0
    holdings.switch(head, source, True, "It was renewed.")
    assert queries.waiting_count(ana) == 1


def test_watch_ends_with_its_day(request_of_skopje: Request, ana: Officer) -> None:
    Watch.objects.filter(request=request_of_skopje).update(until=localdate() - timedelta(days=1))
    wanted.load()
    ask_everything_again()
    assert not Hit.objects.exists()


def test_officer_ends_a_watch_once(request_of_skopje: Request, ana: Officer) -> None:
    [watch] = queries.watches_of(ana)
    actions.unwatch(ana, watch)
    wanted.load()
    ask_everything_again()
    assert not Hit.objects.exists()
    with pytest.raises(NotNow):
        actions.unwatch(ana, watch)


def test_watch_needs_a_day_within_the_term_and_a_reason(ana: Officer) -> None:
    subject = person(ana, "Djordje Izmisljenovic")
    for day in (until(-1), until(4_000)):
        with pytest.raises(Invalid) as refused:
            actions.watch(ana, subject=subject, until=day, reason=" ")
        assert set(refused.value.fields) == {"until", "reason"}
    assert not Watch.objects.exists()


def test_second_watch_of_one_subject_sets_its_day_anew(ana: Officer, bojan: Officer) -> None:
    subject = person(ana, "Djordje Izmisljenovic")
    first = actions.watch(ana, subject=subject, until=until(10), reason="Open investigation")
    second = actions.watch(bojan, subject=subject, until=until(20), reason="Still open")
    assert first.pk == second.pk
    assert Watch.objects.get().until == until(20)


def test_subject_of_a_closed_circle_is_watched_by_its_circle_alone(ana: Officer, bojan: Officer) -> None:
    circle = Circle.objects.create(name="Winter")
    circle.officers.add(ana)
    subject = person(ana, "Djordje Izmisljenovic", circle=circle)
    actions.watch(ana, subject=subject, until=until(10), reason="Open investigation")
    assert queries.watches_of(ana).count() == 1
    assert not queries.watches_of(bojan).exists()
    with pytest.raises(Subject.DoesNotExist):
        actions.watch(bojan, subject=subject, until=until(10), reason="Curious")
