"""What was corrected, withdrawn or switched off is not told, shown or judged any more as it was."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate, now

from ilex.crosscheck import actions, queries
from ilex.crosscheck.actions import indexing, keeping
from ilex.crosscheck.facts import of_subject
from ilex.crosscheck.models import Due, Hit, Look
from ilex.crosscheck.rules import SAME, NotNow
from ilex.exchange.models import Draft, Request
from ilex.holdings import actions as holdings
from ilex.holdings import queries as held
from ilex.holdings.models import Source
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.matching.facts import Facts
from ilex.subjects import actions as subjects
from ilex.subjects.rules import Said
from ilex.units.models import Officer
from tests.crosscheck import wanted
from tests.crosscheck.test_arrival import SOUGHT, look_up_everything
from tests.crosscheck.test_watching import ask_everything_again
from tests.exchange.ceca import Ceca
from tests.subjects.conftest import person

pytestmark = pytest.mark.django_db

HELD = wanted.person("w-1", "Djordje Izmisljenovic", "1985-03-12", nationality="rs")
CORRECTED = wanted.person("w-1", "Djordje Izmisljenovic", "1985-03-12", nationality="me")
OTHER = wanted.person("w-9", "Petar Petrović")


@pytest.fixture
def confirmed(ceca: Ceca, ana: Officer) -> Hit:
    """A record of the list that Ana judged to be the man whom Skopje seeks."""
    wanted.load([HELD, OTHER])
    request = ceca.asks(subjects=[SOUGHT])
    look_up_everything()
    [hit] = queries.waiting_hits(ana, request=request)
    return actions.judge(ana, hit, SAME)


def request_of(hit: Hit) -> Request:
    assert hit.request is not None
    return hit.request


def withheld(officer: Officer, hit: Hit) -> list[str]:
    return [sentence for _hit, sentence in queries.told(officer, request_of(hit)).withheld]


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


# --- what may be told ---


def test_record_that_was_corrected_since_it_was_judged_is_not_told(confirmed: Hit, ana: Officer) -> None:
    assert withheld(ana, confirmed) == []
    wanted.load([CORRECTED, OTHER])
    assert withheld(ana, confirmed) == ["It has changed since it was judged."]
    with pytest.raises(NotNow):
        actions.draft_from_hits(ana, request_of(confirmed))
    assert not Draft.objects.exists()


def test_officer_is_told_why_a_corrected_record_is_not_in_his_draft(
    confirmed: Hit, as_ana: Client, ana: Officer
) -> None:
    wanted.load([CORRECTED, OTHER])
    shown = text(as_ana.post(reverse("hits-draft", args=[request_of(confirmed).our_ref]), follow=True))
    assert "Not in the draft: Djordje Izmisljenovic. It has changed since it was judged." in shown


def test_record_that_was_gone_and_came_back_is_told_when_it_is_judged_again(confirmed: Hit, ana: Officer) -> None:
    wanted.load([OTHER])
    ask_everything_again()
    wanted.load([CORRECTED, OTHER])
    ask_everything_again()
    assert withheld(ana, confirmed) == ["It has changed since it was judged."]
    actions.judge(ana, confirmed, SAME)
    assert withheld(ana, confirmed) == []
    assert "- Country: ME" in queries.told(ana, request_of(confirmed)).lines


def test_judgement_taken_back_and_given_again_is_of_what_the_record_says_now(confirmed: Hit, ana: Officer) -> None:
    wanted.load([CORRECTED, OTHER])
    actions.undo(ana, confirmed)
    ask_everything_again()
    actions.judge(ana, confirmed, SAME)
    assert withheld(ana, confirmed) == []


def test_of_a_judged_hit_whose_record_is_gone_only_the_judgement_stays(confirmed: Hit, ana: Officer) -> None:
    wanted.load([OTHER])
    ask_everything_again()
    kept = Hit.objects.get(pk=confirmed.pk)
    assert (kept.judgement, kept.asked_facts, kept.held_facts, kept.reasons) == (SAME, {}, {}, [])
    with pytest.raises(NotNow):
        actions.judge(ana, kept, SAME)


def test_of_a_judged_hit_whose_subject_says_nothing_any_more_only_the_judgement_stays(ana: Officer) -> None:
    one, two = person(ana, "Djordje Izmisljenovic"), person(ana, "Djordje Izmisljenovic")
    [hit] = queries.hits_in(actions.look(ana, of_subject(one), reason="Case work", subject=one), ana)
    actions.judge(ana, hit, SAME)
    subjects.withdraw(ana, two.statements.get(), "Another man's name.")
    kept = Hit.objects.get(pk=hit.pk)
    assert (kept.judgement, kept.held_facts, kept.held_caption, kept.reasons) == (SAME, {}, "", [])


# --- sources that are switched off, or ended ---


@pytest.fixture(params=["switched off", "ended"])
def closed(request: pytest.FixtureRequest, confirmed: Hit, head: Officer) -> Hit:
    source = Source.objects.get(code="wanted")
    if request.param == "ended":
        with act("holding.described", Operation.ALTERATION, by=head, on=("source", source.code)):
            Source.objects.filter(pk=source.pk).update(ends_on=localdate() - timedelta(days=1))
    else:
        holdings.switch(head, source, False, "The agreement ended.")
    return confirmed


def test_hit_of_a_source_that_is_not_searched_shows_its_judgement_and_nothing_of_the_record(
    closed: Hit, as_ana: Client, ana: Officer
) -> None:
    found = queries.hit_for(ana, closed.pk)
    assert (found.judgement, found.held_facts, found.held_caption, found.reasons) == (SAME, {}, "", [])
    shown = text(as_ana.get(reverse("hit", args=[closed.pk])))
    assert "It is no longer held." in shown
    assert "The same" in shown
    assert "Djordje Izmisljenovic" not in shown
    assert 'name="judgement"' not in shown


def test_hit_of_a_source_that_is_not_searched_is_not_judged(closed: Hit, bojan: Officer) -> None:
    with pytest.raises(NotNow):
        actions.judge(bojan, closed, SAME)
    assert closed.judgings.count() == 1


def test_last_judgement_is_not_shown_with_a_name_that_is_not_held_any_more(closed: Hit, as_ana: Client) -> None:
    since = str(int((now() - timedelta(hours=1)).timestamp() * 1000))
    assert "Djordje Izmisljenovic" not in text(as_ana.get(reverse("hits"), {"since": since}))


def test_record_that_leaves_a_list_which_is_switched_off_is_forgotten_too(
    confirmed: Hit, ana: Officer, head: Officer
) -> None:
    source = Source.objects.get(code="wanted")
    holdings.switch(head, source, False, "The agreement ended.")
    looks = Look.objects.count()
    ask_everything_again()
    assert Hit.objects.get(pk=confirmed.pk).held_facts  # switched off is not gone
    wanted.load([OTHER])
    ask_everything_again()
    assert Hit.objects.get(pk=confirmed.pk).held_facts == {}
    assert Look.objects.count() == looks  # nobody asks a list that is switched off


# --- the queue and the index ---


def test_what_waits_for_its_arrival_and_its_index_goes_on_waiting_for_both() -> None:
    indexing.queue("requests", ["1"], arrivals=["1"], unindexed=True)
    indexing.queue("requests", ["1"])
    assert Due.objects.filter(arrival=True, unindexed=True).count() == 1
    indexing.queue("requests", ["2", "3"])
    indexing.queue("requests", ["2"], arrivals=["2"])
    indexing.queue("requests", ["3"], unindexed=True)
    assert list(Due.objects.order_by("key").values_list("arrival", "unindexed")) == [
        (True, True),
        (True, False),
        (False, True),
    ]


def test_index_that_could_not_be_taken_away_is_taken_away_later(ana: Officer, monkeypatch: pytest.MonkeyPatch) -> None:
    subject = person(ana, "Djordje Izmisljenovic")
    look_up_everything()

    def fail(origin: str, keys: object) -> None:
        raise OSError

    with monkeypatch.context() as broken:
        broken.setattr(holdings, "unindex_many", fail)
        subjects.withdraw(ana, subject.statements.get(), "Another man's name.")
        look_up_everything()
    [due] = Due.objects.all()
    assert (due.key, due.unindexed, due.tries) == (str(subject.pk), True, 1)
    Due.objects.update(not_before=now())
    look_up_everything()
    assert not Due.objects.exists()
    assert not held.common(Facts(kind="person", names=("Djordje Izmisljenovic",)))


def test_every_hit_of_a_record_is_compared_anew_however_many_there_are(
    ana: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "BATCH", 2)
    subject = person(ana, "Djordje Izmisljenovic", Said("born", "1985-03-12"))
    others = [
        person(ana, f"{name} Izmišljenović", Said("born", "1985-03-12")) for name in ("Đorđe", "Djordje", "Ђорђе")
    ]
    look = actions.look(ana, of_subject(subject), reason="Case work", subject=subject)
    assert {hit.held_subject for hit in queries.hits_in(look, ana)} == set(others)
    born = subject.statements.get(property="born")
    subjects.correct(ana, born, Said("born", "1986-03-12"), "A slip of the pen.")
    assert {hit.asked.born for hit in Hit.objects.all()} == {("1986-03-12",)}
    assert Hit.objects.count() == len(others)
