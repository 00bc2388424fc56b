"""The pages of the cross-check: what is asked and found, judged, drafted, watched, held and given to other systems."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate, now

from ilex.crosscheck import actions
from ilex.crosscheck.models import Access, Hit, Look, Threshold, Watch
from ilex.exchange import actions as exchange
from ilex.exchange.models import Draft
from ilex.holdings.models import Source
from ilex.journal.actions import act
from ilex.journal.models import Line, Operation
from ilex.subjects import actions as subjects
from ilex.subjects.rules import Said
from ilex.units.models import Circle, Officer, Organisation
from tests.crosscheck.holding import asked, hold, typed
from tests.exchange.ceca import Ceca
from tests.subjects.conftest import person

pytestmark = pytest.mark.django_db

CHECK = {"name": "Ђорђе Јасенолистовић", "kind": "person", "born": "1985-03-12", "reason": "Control at Horgoš"}


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def client_of(officer: Officer) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def test_name_is_checked_and_what_was_found_is_explained(as_ana: Client, ana: Officer) -> None:
    person(ana, "Djordje Jasenolistović")
    answer = as_ana.post(reverse("check"), CHECK, follow=True)
    look = Look.objects.get()
    assert answer.redirect_chain == [(reverse("check-look", args=[look.pk]), 302)]
    shown = text(answer)
    assert '<span lang="und-Cyrl" dir="auto">Ђорђе Јасенолистовић</span>' in shown
    assert "Djordje Jasenolistović" in shown
    assert "Control at Horgoš" in shown
    assert "such hits" in shown  # the score in words


def test_nothing_to_look_for_and_no_reason_are_told_and_leave_no_look(as_ana: Client) -> None:
    answer = as_ana.post(reverse("check"), {"kind": "person", "born": "12.3.1985", "country": "QQ"})
    assert answer.status_code == 422
    shown = text(answer)
    assert "Type a name or a number." in shown
    assert "Write it as 1985, 1985-03 or 1985-03-12." in shown
    assert "This code of a state is not known." in shown
    assert not Look.objects.exists()


def test_number_without_a_type_is_looked_for_as_what_it_can_be(as_ana: Client) -> None:
    as_ana.post(reverse("check"), {"kind": "vehicle", "number": "BG 123-XY", "country": "RS", "reason": "Control"})
    assert Look.objects.get().asked.identifiers == (("plate", "BG 123-XY", "RS"),)


def test_form_is_filled_in_from_a_subject_and_from_a_letter(as_ana: Client, ana: Officer, ceca: Ceca) -> None:
    subject = person(ana, "ვარდო ბზიკური")
    assert "ვარდო ბზიკური" in text(as_ana.get(reverse("check"), {"subject": str(subject.pk)}))
    request = ceca.asks()
    shown = text(as_ana.get(reverse("check"), {"request": request.our_ref}))
    assert "Ѓорѓи Измислен" in shown
    assert as_ana.get(reverse("check"), {"request": request.our_ref, "named": "7"}).status_code == 404
    assert as_ana.get(reverse("check"), {"subject": str(uuid4())}).status_code == 404
    assert as_ana.get(reverse("check"), {"again": "no-uuid"}).status_code == 404


def test_search_goes_on_over_every_record(as_ana: Client, ana: Officer) -> None:
    look = typed(ana)
    answer = as_ana.post(reverse("check-harder", args=[look.pk]), follow=True)
    assert "Every record was looked at" in text(answer)
    assert Look.objects.filter(harder=True, caption=look.caption).count() == 1


def test_what_a_colleague_typed_is_not_found_by_its_address(ana: Officer, bojan: Officer) -> None:
    look = typed(ana)
    assert client_of(bojan).get(reverse("check-look", args=[look.pk])).status_code == 404


def test_hit_in_a_closed_circle_does_not_exist_for_others(ana: Officer, bojan: Officer, ceca: Ceca) -> None:
    circle = Circle.objects.create(name="Winter")
    circle.officers.add(ana)
    person(ana, "Ѓорѓе Јасенолистовиќ", circle=circle)
    asked(ceca, ana)
    hit = Hit.objects.get()
    assert client_of(ana).get(reverse("hit", args=[hit.pk])).status_code == 200
    assert client_of(bojan).get(reverse("hit", args=[hit.pk])).status_code == 404
    answer = client_of(bojan).post(reverse("hit-judge", args=[hit.pk]), {"judgement": "same"})
    assert answer.status_code == 404


def test_hits_stand_on_the_desk_and_on_the_page_of_the_request(as_ana: Client, ana: Officer, ceca: Ceca) -> None:
    hold(ana, 3)
    request = asked(ceca, ana)
    assert "Hits to judge" in text(as_ana.get(reverse("desk")))
    shown = text(as_ana.get(reverse("request", args=[request.our_ref])))
    assert "Perhaps held by your unit" in shown
    assert "3 leads wait for your judgement." in shown
    assert "A lead is no finding" in shown


def test_hit_stands_on_the_page_of_the_subject(as_ana: Client, ana: Officer, ceca: Ceca) -> None:
    [subject] = hold(ana, 1)
    request = asked(ceca, ana)
    shown = text(as_ana.get(reverse("subject", args=[subject.pk])))
    assert "Cross-check" in shown
    assert reverse("hit", args=[Hit.objects.get().pk]) in shown
    assert request.subjects.get().name in shown


def test_answer_is_drafted_from_what_was_confirmed(as_ana: Client, ana: Officer, ceca: Ceca) -> None:
    [subject] = hold(ana, 1)
    request = asked(ceca, ana)
    exchange.take(ana, request)
    actions.judge(ana, Hit.objects.get(), "same")
    assert "Draft an answer from confirmed hits" in text(as_ana.get(reverse("request", args=[request.our_ref])))
    answer = as_ana.post(reverse("hits-draft", args=[request.our_ref]), follow=True)
    assert answer.redirect_chain == [(reverse("letter", args=[request.our_ref, "answer"]), 302)]
    assert subject.caption in Draft.objects.get().fields["text"][0]
    assert subject.caption in text(answer)


def test_nothing_is_drafted_while_nothing_is_confirmed(as_ana: Client, ana: Officer, ceca: Ceca) -> None:
    hold(ana, 1)
    request = asked(ceca, ana)
    answer = as_ana.post(reverse("hits-draft", args=[request.our_ref]), follow=True)
    assert answer.redirect_chain == [(reverse("request", args=[request.our_ref]), 302)]
    assert not Draft.objects.exists()


def test_judgement_without_a_script_goes_on_with_the_next_hit(as_ana: Client, ana: Officer, ceca: Ceca) -> None:
    hold(ana, 2)
    request = asked(ceca, ana)
    review = {"request": request.our_ref, "since": str(int(now().timestamp() * 1000))}
    first = Hit.objects.order_by("-score", "id")[0]
    answer = as_ana.post(reverse("hit-judge", args=[first.pk]), {"judgement": "same", **review}, follow=True)
    assert "2 of 2" in text(answer)
    assert "Undo" in text(answer)


def test_judgement_of_a_script_gets_the_candidate_after_the_one_in_view(
    as_ana: Client, ana: Officer, ceca: Ceca
) -> None:
    hold(ana, 3)
    asked(ceca, ana)
    one, two, three = Hit.objects.order_by("-score", "id")
    since = str(int(now().timestamp() * 1000))
    answer = as_ana.post(
        reverse("hit-judge", args=[one.pk]),
        {"judgement": "different", "shown": str(two.pk), "since": since},
        headers={"X-Part": "card"},
    )
    shown = text(answer)
    assert f'data-hit="{three.pk}"' in shown
    assert "3 of 3" in shown
    assert "<html" not in shown


def test_word_that_is_no_judgement_changes_nothing(as_ana: Client, ana: Officer, ceca: Ceca) -> None:
    hold(ana, 1)
    asked(ceca, ana)
    hit = Hit.objects.get()
    answer = as_ana.post(reverse("hit-judge", args=[hit.pk]), {"judgement": "guilty"}, headers={"X-Part": "card"})
    assert answer.status_code == 409
    assert "Say whether they are the same" in text(answer)
    hit.refresh_from_db()
    assert hit.judgement == "none"


def test_page_of_a_hit_tells_both_sides_and_leaves_a_line_in_the_journal(
    as_ana: Client, ana: Officer, ceca: Ceca
) -> None:
    hold(ana, 1)
    request = asked(ceca, ana)
    hit = Hit.objects.get()
    before = Line.objects.filter(act="hit.opened").count()
    shown = text(as_ana.get(reverse("hit", args=[hit.pk])))
    assert Line.objects.filter(act="hit.opened").count() == before + 1
    assert request.our_ref in shown
    assert "Suspect" in shown
    assert "Is this the same person?" in shown


def test_who_supervises_gives_a_reason_before_he_reads_a_hit(ana: Officer, dpo: Officer, ceca: Ceca) -> None:
    hold(ana, 1)
    asked(ceca, ana)
    address = reverse("hit", args=[Hit.objects.get().pk])
    client = client_of(dpo)
    assert "Reason for reading" in text(client.get(address))
    shown = text(client.post(address, {"reason": "A complaint"}))
    assert "Is this the same person?" in shown
    assert 'name="judgement"' not in shown


def test_who_supervises_gives_a_reason_before_he_reads_lists_and_looks(ana: Officer, dpo: Officer, ceca: Ceca) -> None:
    hold(ana, 2)
    asked(ceca, ana)
    client = client_of(dpo)
    for address in (reverse("hits-list"), reverse("check-look", args=[Look.objects.get().pk])):
        assert "Reason for reading" in text(client.get(address))
        assert "Jasenolistović" in text(client.post(address, {"reason": "A complaint"}))
    line = Line.objects.get(act="hits.listed", by=str(dpo.pk))
    assert (line.reason, len(line.detail["hits"])) == ("A complaint", 2)


def test_list_shows_what_was_judged_and_what_waits(as_ana: Client, ana: Officer, ceca: Ceca) -> None:
    hold(ana, 3)
    asked(ceca, ana)
    first = Hit.objects.order_by("-score", "id")[0]
    actions.judge(ana, first, "unsure")
    assert text(as_ana.get(reverse("hits-list"))).count("data-list") == 1
    unsure = text(as_ana.get(reverse("hits-list"), {"show": "unsure"}))
    assert reverse("hit", args=[first.pk]) in unsure
    waiting = text(as_ana.get(reverse("hits-list"), {"show": "waiting"}))
    assert reverse("hit", args=[first.pk]) not in waiting


def test_subject_is_watched_and_no_longer_watched(as_ana: Client, ana: Officer) -> None:
    subject = person(ana, "Ђорђе Јасенолистовић", Said("born", "1985-03-12"))
    as_ana.post(f"{reverse('check')}?subject={subject.pk}", CHECK)
    look = Look.objects.get()
    assert look.subject == subject
    day = localdate() + timedelta(days=30)
    as_ana.post(reverse("check-watch", args=[look.pk]), {"until": day.isoformat(), "reason": "Still at large"})
    watch = Watch.objects.get()
    assert (watch.subject, watch.until) == (subject, day)
    assert "Still at large" in text(as_ana.get(reverse("watches")))
    as_ana.post(reverse("watch-stop", args=[watch.pk]))
    assert "Nothing is watched" in text(as_ana.get(reverse("watches")))


def test_watch_without_an_end_is_not_begun(as_ana: Client, ana: Officer) -> None:
    subject = person(ana, "Ђорђе Јасенолистовић", Said("born", "1985-03-12"))
    as_ana.post(f"{reverse('check')}?subject={subject.pk}", CHECK)
    look = Look.objects.get()
    far = localdate() + timedelta(days=4000)
    for day in ("", far.isoformat()):
        as_ana.post(reverse("check-watch", args=[look.pk]), {"until": day, "reason": "Still at large"})
    assert not Watch.objects.exists()


def test_what_was_only_typed_cannot_be_watched(as_ana: Client, ana: Officer) -> None:
    look = typed(ana)
    answer = as_ana.post(reverse("check-watch", args=[look.pk]), {"until": localdate().isoformat(), "reason": "x"})
    assert answer.status_code == 404


@pytest.fixture
def old_list(house: Organisation) -> Source:
    with act("holding.loaded", Operation.COLLECTION, by=None, on=("source", "old-list")):
        return Source.objects.create(
            code="old-list",
            title="Стари списак",
            purpose="Провера",
            legal="Art. 12",
            made_at=now(),
            changed_at=now(),
            records=4,
        )


def test_list_of_holdings_is_switched_off_with_a_reason(head: Officer, old_list: Source) -> None:
    client = client_of(head)
    assert "Стари списак" in text(client.get(reverse("sources")))
    page = reverse("source-switch", args=[old_list.code])
    assert client.post(page, {"active": "no", "reason": ""}).status_code == 422
    shown = text(client.post(page, {"active": "no", "reason": "Its ground has fallen away"}, follow=True))
    old_list.refresh_from_db()
    assert not old_list.active
    assert "Its ground has fallen away" in shown
    client.post(page, {"active": "yes", "reason": "Court order"})
    old_list.refresh_from_db()
    assert old_list.active


def test_false_alerts_to_expect_are_told_by_score(as_ana: Client, ana: Officer) -> None:
    shown = text(as_ana.get(reverse("sources")))
    assert "How many false alerts to expect" in shown
    assert "shown from here" in shown
    assert "strong from here" in shown
    hold(ana, 1)
    look = typed(ana, born=("1985-03-12",))
    shown = text(as_ana.get(reverse("check-look", args=[look.pk])))
    assert "Of 1,000 such checks of persons whom nobody holds" in shown


def test_case_officer_reads_about_holdings_and_switches_nothing(as_ana: Client, old_list: Source) -> None:
    shown = text(as_ana.get(reverse("source", args=[old_list.code])))
    assert "Art. 12" in shown
    assert "Switch it off" not in shown
    answer = as_ana.post(reverse("source-switch", args=[old_list.code]), {"active": "no", "reason": "x"})
    assert answer.status_code == 403


def test_threshold_is_decided_and_told(head: Officer, old_list: Source) -> None:
    client = client_of(head)
    wrong = {"kind": "person", "source": "", "show": "60", "strong": "40", "reason": "Fewer strangers"}
    assert client.post(reverse("thresholds"), wrong).status_code == 422
    client.post(reverse("thresholds"), wrong | {"strong": "90"})
    decided = Threshold.objects.get()
    assert (decided.kind, decided.show, decided.strong) == ("person", 0.6, 0.9)
    assert "Fewer strangers" in text(client.get(reverse("thresholds")))


def test_token_of_another_system_is_shown_once(head: Officer, old_list: Source, house: Organisation) -> None:
    client = client_of(head)
    given = {
        "system": "Border control",
        "organisation": house.pk,
        "purpose": "Checks at the border",
        "sources": [old_list.code],
        "quota": "500",
        "until": (localdate() + timedelta(days=100)).isoformat(),
    }
    shown = text(client.post(reverse("access-new"), given))
    access = Access.objects.get()
    token = shown.split('value="ilex_')[1].split('"')[0]
    assert token.startswith(access.begins)
    again = text(client.get(reverse("accesses")))
    assert token not in again
    assert "Checks at the border" in again
    client.post(reverse("access-close", args=[access.pk]), {"why": "Replaced"})
    access.refresh_from_db()
    assert access.closed_at is not None
    assert "Replaced" in text(client.get(reverse("accesses")))


def test_access_without_sources_or_to_another_country_is_not_given(head: Officer, old_list: Source) -> None:
    given = {
        "system": "Border control",
        "organisation": "ilecu-mk",
        "purpose": "x",
        "quota": "5",
        "until": "2020-01-01",
    }
    answer = client_of(head).post(reverse("access-new"), given)
    assert answer.status_code == 422
    assert not Access.objects.exists()


def test_merged_subject_is_checked_as_the_one_it_went_into(as_ana: Client, ana: Officer) -> None:
    kept, gone = person(ana, "Ђорђе Јасенолистовић"), person(ana, "Djordje Jasenolistović")
    subjects.merge(ana, kept, gone, "Same passport.")
    typed = CHECK | {"others": "Djordje Jasenolistović", "born": ""}
    as_ana.post(f"{reverse('check')}?subject={gone.pk}", typed)
    assert Look.objects.get().subject == kept
