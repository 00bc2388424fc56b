"""What was said wrongly is corrected or taken back, at everybody who got it."""

from __future__ import annotations

import pytest

from ilex.exchange import actions, queries
from ilex.exchange.models import ClockMove, Entry, State
from ilex.exchange.rules import NotNow
from ilex.gate import store
from ilex.gate.models import Attachment
from ilex.units.models import Officer
from tests.exchange.ceca import Ceca
from tests.exchange.test_asking import CONTENT

pytestmark = pytest.mark.django_db


def test_correction_reaches_every_unit_that_got_the_message(ana: Officer, ceca: Ceca, budapest: Ceca) -> None:
    first, second = actions.ask(ana, CONTENT, to=["ilecu-mk", "spoc-hu"])

    said = actions.correct(ana, first.entries.get(), "Возило је плаво.", "Погрешна боја.")

    assert len(said) == 2
    (hers,), (theirs,) = ceca.mail("exchange.correction"), budapest.mail("exchange.correction")
    assert hers.body == theirs.body
    assert hers.body["about"] == str(first.entries.get(kind=Entry.Kind.REQUEST).message)
    for request in (first, second):
        entry = request.entries.get(kind=Entry.Kind.REQUEST)
        assert entry.corrected_at is not None
        assert [one.text for one in queries.corrections(entry)] == ["Возило је плаво."]
    assert queries.receivers(said[0]) == ["Unit of HU", "Unit of MK"]


def test_recalled_answer_is_hidden_here_and_opens_the_request_again(ana: Officer, ceca: Ceca) -> None:
    request = ceca.asks()
    photograph = store.seal_stream(iter([b"secret"]), name="a.txt", media="text/plain")
    entry = actions.answer(ana, request, "Погрешно лице.", attachments=[photograph])
    paper = entry.papers.get()

    actions.recall(ana, entry, "Послато погрешном лицу.")

    request.refresh_from_db()
    assert request.state == State.WORK
    assert request.settled_at is None
    assert request.clock_moves.filter(kind=ClockMove.Kind.REOPENED).exists()
    assert "Погрешно лице." not in [moment.text for moment in queries.timeline(request)]
    assert Entry.objects.get(pk=entry.pk).text == "Погрешно лице."
    with pytest.raises(Attachment.DoesNotExist):
        queries.paper_for(ana, paper.pk)
    with pytest.raises(NotNow):
        actions.recall(ana, entry, "Још једном.")
    with pytest.raises(NotNow):
        actions.correct(ana, entry, "Ново.", "Исправка.")


def test_partners_recall_hides_its_text_here(ana: Officer, ceca: Ceca) -> None:
    (request,) = actions.ask(ana, CONTENT, to=["ilecu-mk"])
    answer = ceca.says("exchange.answer", {"text": "Тајна.", "stage": "final", "settles": True}, request.inquiry)

    ceca.says("exchange.recall", {"about": str(answer.id), "reason": "Грешка."}, request.inquiry)

    request.refresh_from_db()
    assert request.state == State.SENT
    shown = [moment.text for moment in queries.timeline(request)]
    assert "Тајна." not in shown
    assert "Грешка." in shown
    assert Entry.objects.get(kind=Entry.Kind.ANSWER).text == "Тајна."


def test_partners_correction_is_kept_beside_what_it_corrects(ana: Officer, ceca: Ceca) -> None:
    (request,) = actions.ask(ana, CONTENT, to=["ilecu-mk"])
    answer = ceca.says("exchange.answer", {"text": "Сино.", "stage": "final", "settles": True}, request.inquiry)

    body = {"about": str(answer.id), "text": "Црвено.", "reason": "Погрешна боја."}
    ceca.says("exchange.correction", body, request.inquiry)

    entry = request.entries.get(kind=Entry.Kind.ANSWER)
    assert entry.corrected_at is not None
    assert [one.text for one in queries.corrections(entry)] == ["Црвено."]
    (moment,) = [moment for moment in queries.timeline(request) if moment.entry == entry]
    assert [one.text for one in moment.corrected] == ["Црвено."]


def test_recalled_request_needs_no_answer(ana: Officer, ceca: Ceca) -> None:
    request = ceca.asks()
    letter = request.entries.get(kind=Entry.Kind.REQUEST)

    ceca.says("exchange.recall", {"about": str(letter.message), "reason": "Решено."}, request.inquiry)

    request.refresh_from_db()
    assert (request.state, request.alarm_at) == (State.RECALLED, None)
    assert request.recalled_at is not None
    with pytest.raises(NotNow):
        actions.answer(ana, request, "Не.")
    actions.close(request, by=ana)


def test_our_recall_of_a_request_goes_to_all_who_were_asked(ana: Officer, ceca: Ceca, budapest: Ceca) -> None:
    first, second = actions.ask(ana, CONTENT, to=["ilecu-mk", "spoc-hu"])

    actions.recall(ana, first.entries.get(), "Решено.")

    first.refresh_from_db()
    second.refresh_from_db()
    assert first.state == second.state == State.RECALLED
    assert len(ceca.mail("exchange.recall")) == len(budapest.mail("exchange.recall")) == 1


def test_only_what_we_said_ourselves_is_ours_to_recall(ana: Officer, ceca: Ceca) -> None:
    request = ceca.asks()

    with pytest.raises(NotNow):
        actions.recall(ana, request.entries.get(kind=Entry.Kind.REQUEST), "Не.")


def test_recall_of_something_that_never_came_waits(ana: Officer, ceca: Ceca) -> None:
    (request,) = actions.ask(ana, CONTENT, to=["ilecu-mk"])

    body = {"about": "0198aaaa-0000-7000-8000-000000000000", "reason": "Грешка."}
    envelope = ceca.says("exchange.recall", body, request.inquiry)

    assert envelope.state == "waiting"
