"""An answer drafted from confirmed hits says what may be told, and nothing that is another's or was not confirmed."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from ilex.crosscheck import actions, queries
from ilex.crosscheck.models import Hit
from ilex.crosscheck.rules import DIFFERENT, SAME, NotNow
from ilex.exchange import actions as exchange
from ilex.exchange.models import Draft, Request
from ilex.exchange.pad import Pad
from ilex.journal.models import Line
from ilex.subjects.actions import Arrived, ArrivedStatement, receive
from ilex.subjects.rules import Evaluation, Said
from ilex.units.models import Officer, Organisation, Role
from tests.crosscheck import wanted
from tests.crosscheck.test_arrival import SOUGHT, look_up_everything
from tests.exchange.ceca import Ceca
from tests.exchange.conftest import officer
from tests.subjects.conftest import person

pytestmark = pytest.mark.django_db


def came(ceca: Ceca, judge: Officer, judgement: str = SAME) -> Request:
    """Skopje's request, looked up on arrival and its hits judged."""
    request = ceca.asks(subjects=[SOUGHT])
    look_up_everything()
    for hit in queries.waiting_hits(judge, request=request):
        actions.judge(judge, hit, judgement)
    return request


def text_of(draft: Draft) -> str:
    return str(draft.fields["text"][0])


def test_draft_says_what_the_list_holds_and_opens_as_the_officers_letter(ceca: Ceca, ana: Officer) -> None:
    wanted.load()
    request = came(ceca, ana)
    draft = actions.draft_from_hits(ana, request)
    assert "On Ђорђе Измишљеновић we hold in “Wanted”:" in text_of(draft)
    assert "- Name: Đorđe Izmišljenović" in text_of(draft)
    assert "- Born or founded: 1985-03-12" in text_of(draft)
    pad = Pad.blank(ana, "answer", request.our_ref)
    assert (pad.id, pad.form().data.get("text")) == (draft.pk, text_of(draft))
    line = Line.objects.get(act="answer.drafted")
    assert line.object_id == str(request.pk)
    assert not request.entries.filter(kind="answer").exists()  # nothing left


def test_draft_says_who_a_subject_is_and_not_what_is_of_a_special_category(ceca: Ceca, ana: Officer) -> None:
    person(
        ana,
        "Djordje Izmisljenovic",
        Said("born", "1985-03-12"),
        Said("passport", "009876543"),
        Said("lifestyle", "Sleeps by day"),
    )
    draft = actions.draft_from_hits(ana, came(ceca, ana))
    assert "- Passport number: 009876543" in text_of(draft)
    assert "Sleeps" not in text_of(draft)


def test_draft_carries_the_strictest_handling_of_what_it_tells(ceca: Ceca, ana: Officer) -> None:
    only = Evaluation(handling="H1")
    person(ana, "Djordje Izmisljenovic", Said("born", "1985-03-12", evaluation=only))
    assert actions.draft_from_hits(ana, came(ceca, ana)).fields["handling"] == ["H1"]


def test_what_another_unit_must_first_allow_stays_out(ceca: Ceca, ana: Officer, house: Organisation) -> None:
    budapest = Organisation.objects.get(pk="spoc-hu")
    barred = Evaluation(handling="H2")
    said = [
        ArrivedStatement(uuid4(), Said("name", "Gyorgye Izmisljenovity", evaluation=barred)),
        ArrivedStatement(uuid4(), Said("born", "1985-03-12", evaluation=barred)),
    ]
    receive(budapest, [Arrived("k1", "person", "suspect", tuple(said))], release=str(uuid4()))
    request = came(ceca, ana)
    assert Hit.objects.filter(judgement=SAME).exists()
    with pytest.raises(NotNow):
        actions.draft_from_hits(ana, request)
    [(_hit, sentence)] = queries.told(ana, request).withheld
    assert "another unit provided" in sentence


def test_what_another_unit_asked_is_not_told(ceca: Ceca, budapest: Ceca, ana: Officer) -> None:
    budapest.asks(subjects=[SOUGHT])
    request = came(ceca, ana)
    with pytest.raises(NotNow):
        actions.draft_from_hits(ana, request)
    [(_hit, sentence)] = queries.told(ana, request).withheld
    assert "Another unit's request" in sentence


def test_source_under_its_providers_control_is_not_told(ceca: Ceca, ana: Officer) -> None:
    wanted.load(handling="H2")
    request = came(ceca, ana)
    with pytest.raises(NotNow):
        actions.draft_from_hits(ana, request)


def test_hit_that_nobody_confirmed_is_not_told(ceca: Ceca, ana: Officer) -> None:
    wanted.load()
    request = came(ceca, ana, DIFFERENT)
    assert not queries.may_draft(ana, request)
    with pytest.raises(NotNow):
        actions.draft_from_hits(ana, request)


def test_what_the_officer_had_begun_to_write_stays_and_a_second_time_adds_nothing(ceca: Ceca, ana: Officer) -> None:
    wanted.load()
    request = came(ceca, ana)
    exchange.keep_draft(ana, "answer", {"text": ["Dear colleagues,"], "stage": ["partial"]}, request=request)
    first = text_of(actions.draft_from_hits(ana, request))
    again = actions.draft_from_hits(ana, request)
    assert first.startswith("Dear colleagues,\n\nOn ")
    assert text_of(again) == first
    assert again.fields["stage"] == ["partial"]
    assert Draft.objects.count() == 1


def test_request_that_is_answered_wants_no_draft(ceca: Ceca, ana: Officer) -> None:
    wanted.load()
    request = came(ceca, ana)
    exchange.answer(ana, request, "He is known here.")
    assert not queries.may_draft(ana, Request.objects.get(pk=request.pk))
    with pytest.raises(NotNow):
        actions.draft_from_hits(ana, request)


def test_whoever_may_not_answer_drafts_nothing(ceca: Ceca, ana: Officer, house: Organisation) -> None:
    wanted.load()
    request = came(ceca, ana)
    translator = officer("tamara", [Role.TRANSLATOR], house)
    assert not queries.may_draft(translator, request)
    with pytest.raises(PermissionDenied):
        actions.draft_from_hits(translator, request)
