"""What comes is looked up within seconds of its coming, once, with a line for each look; a fault holds nothing up."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connections
from django.utils.timezone import now

from ilex.crosscheck import jobs, queries
from ilex.crosscheck.facts import of_subjects
from ilex.crosscheck.models import Due, Hit, Look, Watch
from ilex.exchange import actions as exchange
from ilex.exchange.messages import AskedBody, InformationBody, SubjectBody
from ilex.exchange.models import Request
from ilex.exchange.rules import Content, SubjectContent
from ilex.holdings import origins
from ilex.journal.models import Line, Operation
from ilex.subjects import actions as subjects
from ilex.subjects.rules import Evaluation, Said
from ilex.units.models import Officer
from tests.exchange.ceca import LETTER, Ceca
from tests.subjects.conftest import person

pytestmark = pytest.mark.django_db

SOUGHT = SubjectBody(kind="person", category="suspect", name="Ђорђе Измишљеновић", language="sr", born="1985-03-12")


def look_up_everything() -> None:
    while jobs.on_arrival(1):
        pass


def test_request_that_comes_is_looked_up_and_its_hit_waits(ceca: Ceca, ana: Officer) -> None:
    held = person(ana, "Djordje Izmisljenovic", Said("born", "1985-03-12"))
    request = ceca.asks(subjects=[SOUGHT])
    look_up_everything()
    [hit] = queries.waiting_hits(ana, request=request)
    assert hit.held_subject == held
    assert (hit.asked_caption, hit.held_caption) == ("Ђорђе Измишљеновић", "Djordje Izmisljenovic")
    assert {reason.field for reason in hit.shown_reasons} >= {"name", "born"}
    assert Watch.objects.get(request=request).until > now().date()


def test_each_subject_is_looked_up_once_with_a_line_for_its_request(ceca: Ceca, ana: Officer) -> None:
    other = SubjectBody(kind="vehicle", name="BG 123-AB")
    request = ceca.asks(subjects=[SOUGHT, other])
    look_up_everything()
    look_up_everything()
    looks = Look.objects.filter(request=request)
    assert sorted(look.caption for look in looks) == ["BG 123-AB", "Ђорђе Измишљеновић"]
    lines = Line.objects.filter(act="crosscheck.looked", object_kind="request", object_id=str(request.pk))
    assert lines.count() == 2
    assert {line.op for line in lines} == {Operation.CONSULTATION}
    assert {line.reason for line in lines} == {"arrival"}
    assert {line.by for line in lines} == {""}  # the node itself
    assert not any("Измишљеновић" in str(line.record) for line in lines)
    assert not Due.objects.exists()


def test_information_nobody_asked_for_is_looked_up_too(ceca: Ceca, ana: Officer) -> None:
    person(ana, "Djordje Izmisljenovic", Said("born", "1985-03-12"))
    asked = {ceca.ours.unit: AskedBody(reference="MK-2026-000099", profile="bilateral")}
    body = InformationBody(asked=asked, text="He was seen in Tetovo.", subjects=[SOUGHT], offences=[])
    conversation = uuid4()
    ceca.says("exchange.information", body.model_dump(mode="json"), conversation)
    look_up_everything()
    assert queries.waiting_hits(ana, request=Request.objects.get(inquiry=conversation)).count() == 1


def test_letter_of_another_channel_is_looked_up_too(ceca: Ceca, ana: Officer) -> None:
    person(ana, "Djordje Izmisljenovic")
    letter = {name: value for name, value in LETTER.items() if name != "subjects"}
    named = SubjectContent(kind="person", category="suspect", name="Ђорђе Измишљеновић")
    content = Content(**letter, language="mk", subjects=(named,))
    request = exchange.record_incoming(ana, content, sender="ilecu-mk", channel="interpol", received_at=now())
    look_up_everything()
    assert queries.waiting_hits(ana, request=request).count() == 1


def test_a_later_request_meets_an_earlier_one(ceca: Ceca, budapest: Ceca, ana: Officer) -> None:
    first = ceca.asks(subjects=[SOUGHT])
    second = budapest.asks(subjects=[SOUGHT.model_copy(update={"name": "Gyorgye IZMISLJENOVITY"})])
    look_up_everything()
    [hit] = Hit.objects.all()
    assert {hit.request, hit.held_request} == {first, second}
    assert list(queries.waiting_hits(ana, request=first)) == list(queries.waiting_hits(ana, request=second)) == [hit]


def test_subject_of_the_same_letter_and_what_was_written_down_from_it_are_no_hits(ceca: Ceca, ana: Officer) -> None:
    twice = [SOUGHT, SOUGHT.model_copy(update={"name": "Djordje Izmisljenovic"})]
    request = ceca.asks(subjects=twice)
    entry = request.entries.get(kind="request")
    said = Said("name", "Ђорђе Измишљеновић", evaluation=Evaluation(from_kind="entry", from_key=str(entry.pk)))
    subjects.add_subject(ana, "person", [said], category="suspect")
    look_up_everything()
    assert not Hit.objects.exists()


def test_recalled_request_is_held_no_more_and_not_looked_for(ceca: Ceca, ana: Officer) -> None:
    person(ana, "Djordje Izmisljenovic")
    request = ceca.asks(subjects=[SOUGHT])
    look_up_everything()
    assert queries.waiting_hits(ana, request=request).exists()
    first = request.entries.get(kind="request")
    ceca.says(
        "exchange.recall",
        {"agent": "", "about": str(first.message), "reason": "Wrong person"},
        request.inquiry,
    )
    assert not Hit.objects.exists()
    assert not Watch.objects.filter(ended_at=None).exists()
    assert set(Look.objects.filter(request=request).values_list("caption", flat=True)) == {""}
    person(ana, "Ђорђе Измишљеновић")
    look_up_everything()
    assert not Hit.objects.exists()


@pytest.fixture
def broken_index() -> Any:
    """Another room's facts cannot be read: every look fails within."""
    whole = origins.origin("subjects")
    assert whole is not None

    def fail(keys: object) -> Any:
        raise RuntimeError("Ђорђе Измишљеновић")

    origins.register(origins.Origin(whole.code, whole.title, fail, whole.page, whole.may_see))
    yield
    origins.register(whole)


def test_fault_of_our_own_delays_the_look_and_stops_nothing(
    ceca: Ceca, ana: Officer, broken_index: None, caplog: pytest.LogCaptureFixture
) -> None:
    person(ana, "Djordje Izmisljenovic")
    Due.objects.all().delete()
    with caplog.at_level(logging.ERROR):
        request = ceca.asks(subjects=[SOUGHT])
        look_up_everything()
    [due] = Due.objects.all()
    assert due.tries == 1
    assert due.not_before > now()
    assert not Look.objects.filter(request=request).exists()
    assert "A look at requests failed: RuntimeError" in caplog.messages


def test_look_that_failed_is_done_when_the_fault_is_gone(ceca: Ceca, ana: Officer, request: Any) -> None:
    request.getfixturevalue("broken_index")
    person(ana, "Djordje Izmisljenovic")
    asked = ceca.asks(subjects=[SOUGHT])
    look_up_everything()
    whole = origins.origin("subjects")
    assert whole is not None
    origins.register(origins.Origin(whole.code, whole.title, of_subjects, whole.page, whole.may_see))
    Due.objects.update(not_before=now() - timedelta(seconds=1))
    look_up_everything()
    assert queries.waiting_hits(ana, request=asked).count() == 1
    assert not Due.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_clocks_share_the_looks_and_do_none_twice(ceca: Ceca, ana: Officer) -> None:
    named = [SOUGHT.model_copy(update={"name": f"{name} Izmišljenović"}) for name in ("Ana", "Petar", "Zoran", "Ivana")]
    request = ceca.asks(subjects=named)

    def clock() -> None:
        try:
            look_up_everything()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(3) as pool:
        for done in [pool.submit(clock) for _ in range(3)]:
            done.result()
    looks = Look.objects.filter(request=request).values_list("key", flat=True)
    assert sorted(looks) == sorted(str(pk) for pk in request.subjects.values_list("pk", flat=True))
    assert not Due.objects.exists()
