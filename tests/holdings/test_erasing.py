"""What a source holds is erased when its legal end has come, or when somebody says why."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.utils.timezone import localdate, now

from ilex.holdings import actions, jobs
from ilex.holdings.errors import Invalid
from ilex.holdings.models import Gone, Piece, Record, Source
from ilex.journal.models import Line
from ilex.units.models import Officer
from tests.holdings.files import found, ftm, people, person, take

pytestmark = pytest.mark.django_db


def test_an_erased_source_holds_nothing_and_others_all(ceca: Officer) -> None:
    take(ftm([person("a", "Zagorka Izmislic")]), "one")
    take(ftm([person("b", "Zagorka Izmislic"), *people(20)]), "two")
    source = Source.objects.get(code="one")
    assert actions.erase(ceca, source, " Its provider took it back. ") == 1
    assert found("Zagorka Izmislic")[0] == "b"
    assert "a" not in found("Zagorka Izmislic", harder=True)
    assert not Record.objects.filter(source=source).exists()
    assert (source.records, source.changed_by) == (0, ceca)
    line = Line.objects.get(act="holding.erased")
    assert (line.op, line.object_id, line.reason) == ("erasure", "one", "Its provider took it back.")
    assert line.detail["records"] == 1
    assert Source.objects.get(code="two").records == Record.objects.count() == 21


def test_what_shares_a_piece_with_others_leaves_it_with_its_renewal(ceca: Officer) -> None:
    for number in range(6):
        take(ftm(people(40, first=100 * number)), f"list-{number}")
    while jobs.tidy():
        pass
    assert Piece.objects.filter(retired_at=None).count() < 6
    actions.erase(ceca, Source.objects.get(code="list-0"), "No longer needed.")
    assert Record.objects.count() == 200
    while jobs.tidy(at=now() + timedelta(days=8)):
        pass
    assert sum(Piece.objects.filter(retired_at=None).values_list("records", flat=True)) == 200
    assert not Gone.objects.exists()


def test_the_clock_erases_what_is_past_its_legal_end_and_nothing_else() -> None:
    for code in ("past", "today", "tomorrow", "open"):
        take(ftm([person(code, "Zagorka Izmislic")]), code)
    for code, days in (("past", -9), ("today", 0), ("tomorrow", 1)):
        Source.objects.filter(code=code).update(ends_on=localdate() + timedelta(days=days))
    while actions.erase_ended():
        pass
    assert set(Record.objects.values_list("key", flat=True)) == {"tomorrow", "open"}
    lines = Line.objects.filter(act="holding.erased")
    assert {(line.object_id, line.by) for line in lines} == {("past", ""), ("today", "")}
    assert not actions.erase_ended()


def test_only_who_may_load_erases_and_says_why(ana: Officer, ceca: Officer) -> None:
    take(ftm(people(3)))
    source = Source.objects.get()
    with pytest.raises(PermissionDenied):
        actions.erase(ana, source, "I wish it.")
    with pytest.raises(Invalid):
        actions.erase(ceca, source, " ")
    assert Record.objects.count() == 3


def test_the_operator_erases_by_the_command(ceca: Officer) -> None:
    take(ftm(people(3)))
    said = io.StringIO()
    call_command("erase", source="list", reason="The agreement ended.", by="ceca", stdout=said)
    assert said.getvalue() == "Erased: 3 records.\n"
    assert not Record.objects.exists()
    with pytest.raises(CommandError, match="no source"):
        call_command("erase", source="other", reason="The agreement ended.")
