"""Writing actions down and changing them: each with its line, and found again by its words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from ilex.journal.models import Line
from ilex.programme.actions.actions import Money, add_action, change_action, set_amounts, set_objectives, write_text
from ilex.programme.actions.findings import note_finding, remark, settle_finding
from ilex.programme.actions.involving import involve, release_involvement
from ilex.programme.finding import search
from ilex.programme.loading import load_programme
from ilex.programme.models import Action, Involvement, Person
from ilex.programme.queries.listing import ActionFilter, Mark, listed
from ilex.programme.rules.errors import Invalid, NotNow
from ilex.units.actions import load_directory
from ilex.units.models import Officer, Organisation
from tests.programme.inviting import workshop

pytestmark = pytest.mark.django_db


def project(vera: Officer, title: str = "Joint training of border police", **more: Any) -> Action:
    return add_action(vera, title=title, kind="project", **more)


def titles(officer: Officer, **filters: object) -> list[str]:
    return [row.title for row in listed(officer, ActionFilter(**filters)).rows]  # type: ignore[arg-type]


def test_action_is_ours_and_leaves_a_line(vera: Officer) -> None:
    action = project(vera, when="2027-01/2027-12", themes=["training"], duration="P12M")
    assert (action.owner_id, action.key, str(action.first), str(action.last)) == (
        "ilecu-rs",
        "joint-training-of-border-police",
        "2027-01-01",
        "2027-12-31",
    )
    line = Line.objects.get(act="action.added")
    assert (line.object_kind, line.object_id, line.by) == ("action", str(action.pk), str(vera.pk))


def test_two_actions_of_one_title_have_keys_of_their_own(vera: Officer) -> None:
    assert project(vera, "New").key != project(vera, "New").key
    assert project(vera, "Обука полиције", language="sr").key == "obuka-policije"


def test_changed_action_is_one_version_further_and_found_by_its_new_words(vera: Officer, ana: Officer) -> None:
    action = project(vera)
    change_action(vera, action, version=1, title="Обука граничне полиције", status="running")
    action.refresh_from_db()
    assert (action.version, action.status, action.kind) == (2, "running", "project")
    assert titles(ana, words="obuka granicne") == ["Обука граничне полиције"]
    assert titles(ana, words="joint") == []
    assert [row.title for row in search(ana, "ОБУКА").rows] == ["Обука граничне полиције"]


def test_who_saw_an_older_version_changes_nothing(vera: Officer) -> None:
    action = project(vera)
    change_action(vera, action, version=1, title="First")
    with pytest.raises(NotNow):
        change_action(vera, action, version=1, title="Second")
    action.refresh_from_db()
    assert action.title == "First"


def test_record_of_another_unit_is_theirs_to_change(vera: Officer) -> None:
    action = project(vera)
    Action.objects.filter(pk=action.pk).update(owner="ilecu-mk")
    with pytest.raises(NotNow, match="only they change it"):
        change_action(vera, action, title="Ours now")


def test_duty_officer_reads_and_does_not_write(ana: Officer, vera: Officer) -> None:
    action = project(vera)
    assert titles(ana) == [action.title]
    for verb in (lambda: project(ana), lambda: remark(ana, action, kind="rule", text="x")):
        with pytest.raises(PermissionDenied):
            verb()


def test_seed_that_was_changed_is_ours_and_loading_leaves_it_alone(vera: Officer) -> None:
    load_directory()
    load_programme()
    network = Action.objects.get(key="ilecu-network")
    change_action(vera, network, title="The network", status="completed")
    set_amounts(vera, network, [Money("total", Decimal(1000), "EUR")])
    meetings = Action.objects.get(key="ilecu-network-meetings")
    involve(vera, meetings, role="participant", place="HU")
    note_finding(vera, meetings, kind="lesson", text="Meet earlier.")
    load_programme()
    network.refresh_from_db()
    assert (network.title, network.status, network.owner_id) == ("The network", "completed", "ilecu-rs")
    assert [one.value for one in network.amounts.all()] == [Decimal("1000.00")]
    assert network.involvements.filter(role="focus-country").count() == 5
    assert meetings.involvements.filter(place="HU").count() == 1
    assert meetings.findings.get().text == "Meet earlier."


def test_amounts_that_stay_keep_their_source_and_unknown_is_not_zero(vera: Officer) -> None:
    load_directory()
    load_programme()
    action = Action.objects.get(key="training-institutions")
    [stated] = action.amounts.all()
    same = Money("total", stated.value, "EUR", stated.funding_line, stated.printed, stated.note)
    set_amounts(vera, action, [same, Money("own", None, note="The sheet does not say.")])
    kept, unknown = action.amounts.order_by("pk")
    assert (kept.pk, kept.source_id) == (stated.pk, stated.source_id)
    assert (unknown.value, unknown.currency) == (None, "")


def test_objectives_and_texts_are_kept_in_their_order(vera: Officer) -> None:
    action = project(vera)
    set_objectives(vera, action, [("overall", "More trust"), ("specific", "One curriculum")])
    set_objectives(vera, action, [("specific", "One curriculum"), ("lasting", "It goes on")])
    assert [(one.level, one.text) for one in action.objectives.all()] == [
        ("specific", "One curriculum"),
        ("lasting", "It goes on"),
    ]
    write_text(vera, action, language="sr", title="Заједничка обука")
    assert titles(vera, words="zajednicka") == [action.title]
    write_text(vera, action, language="sr", title="")
    assert not action.texts.exists()


def test_part_that_ended_stays_on_file_and_can_be_taken_up_again(vera: Officer) -> None:
    action = project(vera)
    part = involve(vera, action, role="partner", organisation="ilecu-mk", printed="Skopje's unit")
    release_involvement(vera, part, "Left the project")
    with pytest.raises(NotNow):
        release_involvement(vera, part, "Again")
    again = involve(vera, action, role="partner", organisation="ilecu-mk")
    assert (again.pk, again.state) == (part.pk, "")
    assert Involvement.objects.count() == 1


def test_name_of_a_person_stays_out_of_the_journal_and_out_of_the_search(vera: Officer) -> None:
    activity = workshop()
    involve(
        vera, activity, role="speaker", function="Head of training", name="Ceca Izmišljena", organisation="ilecu-mk"
    )
    assert Person.objects.get().name == "Ceca Izmišljena"
    assert "Izmi" not in str(list(Line.objects.values_list("detail", "reason")))
    assert [row.title for row in search(vera, "head of training").rows] == [activity.title]
    assert search(vera, "Izmišljena").rows == ()


def test_need_is_met_once(vera: Officer) -> None:
    action = project(vera)
    need = note_finding(vera, action, kind="need", text="Radios are missing.", places=["MK"])
    option = note_finding(vera, action, kind="option", text="Buy radios.", answers=need)
    settle_finding(vera, need, "Forty radios were handed over.")
    with pytest.raises(NotNow):
        settle_finding(vera, need, "Again")
    with pytest.raises(Invalid):
        settle_finding(vera, option, "It is no need")
    assert need.answered_by.get() == option


def test_list_is_narrowed_by_each_filter(vera: Officer) -> None:
    load_directory()
    load_programme()
    assert len(titles(vera, kind="facility")) >= 1
    assert "Building the capacities" in " ".join(titles(vera, place="XK"))
    assert titles(vera, organisation="europol-emsc") == []  # it takes part in an activity only
    assert "International Law Enforcement" in " ".join(titles(vera, organisation="ilecu-hu"))
    assert {row.status for row in listed(vera, ActionFilter(status="completed")).rows} == {"Completed"}
    assert all(not row.status for row in listed(vera, ActionFilter(status="unsaid")).rows)
    assert "Joint patrols" in listed(vera, ActionFilter(theme="joint-patrols")).rows[0].themes
    assert len(titles(vera, year=2015)) < len(titles(vera))
    assert "Building the capacities" in " ".join(titles(vera, year=2015))
    assert not any("component" in row.kind.lower() for row in listed(vera).rows)
    assert len(titles(vera, parts=True)) > len(titles(vera))


def test_pages_of_the_list_hold_each_action_once_also_those_without_a_date(vera: Officer) -> None:
    wanted = {
        project(vera, f"Number {number}", when=f"201{number % 3}" if number % 2 else "").pk for number in range(11)
    }
    seen, mark, pages = [], None, 0
    while True:
        page = listed(vera, None, mark, count=3)
        seen += [row.key for row in page.rows]
        pages += 1
        if page.next is None:
            break
        mark = Mark.read(str(page.next))
    assert (pages, len(seen), len(set(seen))) == (4, 11, 11)
    assert set(Action.objects.filter(key__in=seen).values_list("pk", flat=True)) == wanted


def test_directory_knows_who_is_meant_by_a_name(vera: Officer, house: Organisation) -> None:
    part = involve(vera, project(vera), role="country", place="north macedonia")
    assert part.place_id == "MK"
