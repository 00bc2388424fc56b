"""What was found of records that are erased is forgotten by the clock; of what was judged only the judgement stays."""

from __future__ import annotations

import pytest

from ilex.crosscheck import actions, jobs
from ilex.crosscheck.models import Hit
from ilex.holdings import actions as holdings
from ilex.holdings.models import Source
from ilex.journal.models import Line
from ilex.units.models import Officer
from tests.crosscheck import wanted
from tests.crosscheck.holding import typed

pytestmark = pytest.mark.django_db


def test_hits_on_erased_records_are_forgotten(ana: Officer, head: Officer) -> None:
    wanted.load()
    jobs.notice_changes()
    typed(ana, "Ђорђе Измишљеновић", born=("1985-03-12",))
    assert Hit.objects.get().held_facts
    holdings.erase(head, Source.objects.get(code="wanted"), "Its provider took it back.")
    jobs.notice_changes()
    assert not Hit.objects.exists()
    assert Line.objects.get(act="hits.forgotten").detail["records"] == 1


def test_judgement_of_an_erased_record_stays_without_what_it_said(ana: Officer, head: Officer) -> None:
    wanted.load()
    jobs.notice_changes()
    typed(ana, "Ђорђе Измишљеновић", born=("1985-03-12",))
    actions.judge(ana, Hit.objects.get(), "different", "He is in prison.")
    holdings.erase(head, Source.objects.get(code="wanted"), "Its provider took it back.")
    jobs.notice_changes()
    hit = Hit.objects.get()
    assert (hit.held_facts, hit.held_caption, hit.reasons) == ({}, "", [])
    assert hit.judgement == "different"
