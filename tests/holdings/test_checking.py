"""`ilex load` and `ilex check` as an operator meets them: files in, files out, one sentence for every error."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from ilex.holdings.models import Record, Source
from ilex.journal.models import Line
from ilex.units.models import Officer, Role
from tests.holdings.files import ftm, people, person

pytestmark = pytest.mark.django_db


def write(path: Path, *entities: object) -> Path:
    path.write_bytes(ftm(entities).read())
    return path


def load(file: Path, **options: object) -> str:
    said = io.StringIO()
    call_command("load", str(file), stdout=said, **{"source": "list", **options})
    return said.getvalue()


def check(asked: Path, out: Path, **options: object) -> str:
    said = io.StringIO()
    call_command("check", asked=asked, out=out, stdout=said, **{"processes": 1, **options})
    return said.getvalue()


def test_a_file_of_questions_is_answered_line_by_line(tmp_path: Path) -> None:
    load(write(tmp_path / "list.jsonl", person("a", "Ђорђе Измишљени", birthDate="1971-02-03"), *people(30)))
    questions = [person("q1", "Djordje Izmisljeni", birthDate="1971"), person("q2", "Qqq Xxx")]
    asked = write(tmp_path / "asked.jsonl", *questions)
    told = check(asked, tmp_path / "out.jsonl", limit=5)
    assert told.startswith("2 questions")
    first, second = map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())
    assert (first["query"], second["query"]) == ("q1", "q2")
    best = first["candidates"][0]
    assert best["id"] == "a"
    assert 0 < best["score"] <= 1
    assert {one["field"] for one in best["why"]} == {"name", "born"}
    assert "Ђорђе Измишљени" in best["why"][0]["says"]
    scores = [one["score"] for one in first["candidates"]]
    assert scores == sorted(scores, reverse=True)
    assert (tmp_path / "out.jsonl").stat().st_mode & 0o077 == 0
    line = Line.objects.get(act="holding.checked")
    assert (line.op, line.detail["queries"]) == ("consultation", 2)
    assert "Djordje" not in json.dumps(line.detail)


def test_questions_that_cannot_be_read_are_answered_with_the_reason(tmp_path: Path) -> None:
    load(write(tmp_path / "list.jsonl", *people(5)))
    asked = write(tmp_path / "asked.jsonl", b"{\n", person("q", "Gordana Izmislic"), person("x", "A", schema="Ghost"))
    with pytest.raises(CommandError, match="2 questions could not be read"):
        check(asked, tmp_path / "out.jsonl")
    answers = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [one["query"] for one in answers] == [None, "q", "x"]
    assert [bool(one.get("error")) for one in answers] == [True, False, True]


def test_bad_rows_go_into_the_dead_letter_file_with_line_and_reason(tmp_path: Path) -> None:
    bad = person("bad", "Ana Izmislic", birthDate="soon")
    file, letters = write(tmp_path / "list.jsonl", *people(3), bad, b"not JSON\n"), tmp_path / "dead.jsonl"
    told = load(file, dead_letters=letters)
    assert "3 new" in told
    assert "Izmislic" not in told  # a terminal's scrollback is no place for persons
    first, second = map(json.loads, letters.read_text().splitlines())
    assert (first["line"], first["column"], json.loads(first["row"])) == (4, "birthDate", bad)
    assert first["reason"].startswith("Write the date as")
    assert (second["line"], second["row"]) == (5, "not JSON")
    assert letters.stat().st_mode & 0o077 == 0


def test_a_dry_run_says_so_and_keeps_nothing(tmp_path: Path) -> None:
    assert load(write(tmp_path / "list.jsonl", *people(3)), dry_run=True).startswith("Would be: 3 new")
    assert not Record.objects.exists()


def test_the_operator_names_purpose_code_and_end(tmp_path: Path, ceca: Officer) -> None:
    file = write(tmp_path / "list.jsonl", *people(3))
    load(file, purpose="To find the wanted", handling="H2", ends_on="2099-01-31", title="Wanted", by="CECA")
    source = Source.objects.get()
    assert (source.purpose, source.handling, source.title) == ("To find the wanted", "H2", "Wanted")
    assert str(source.ends_on) == "2099-01-31"
    assert source.changed_by == ceca


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("list.doc", {}),
        ("list.jsonl", {"by": "nobody"}),
        ("list.jsonl", {"source": "not a code"}),
        ("list.jsonl", {"handling": "H9"}),
        ("list.csv", {}),
    ],
)
def test_what_cannot_be_taken_in_is_one_sentence(tmp_path: Path, name: str, options: dict[str, str]) -> None:
    with pytest.raises(CommandError) as refused:
        load(write(tmp_path / name, *people(3)), **options)
    assert str(refused.value)
    assert not Source.objects.exists()


def test_a_check_that_ends_early_stands_in_the_journal_all_the_same(tmp_path: Path) -> None:
    load(write(tmp_path / "list.jsonl", *people(5)))
    asked = write(tmp_path / "asked.jsonl", *people(1))
    (tmp_path / "out.jsonl").mkdir()  # the answers cannot take their place
    with pytest.raises(IsADirectoryError):
        check(asked, tmp_path / "out.jsonl", reason="Asked by the court")
    line = Line.objects.get(act="holding.check-begun")
    assert (line.op, line.reason, line.object_id) == ("consultation", "Asked by the court", "asked.jsonl")
    assert not Line.objects.filter(act="holding.checked").exists()


def test_a_dead_letter_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    letters = tmp_path / "dead.jsonl"
    letters.write_text("old")
    letters.chmod(0o644)
    load(write(tmp_path / "list.jsonl", *people(3), b"not JSON\n"), dead_letters=letters)
    assert letters.stat().st_mode & 0o077 == 0
    assert "old" not in letters.read_text()


def test_only_who_may_look_has_a_file_checked_in_their_name(tmp_path: Path, ceca: Officer) -> None:
    load(write(tmp_path / "list.jsonl", *people(5)))
    asked, out = write(tmp_path / "asked.jsonl", *people(1)), tmp_path / "out.jsonl"
    ceca.roles = [Role.AUDITOR]
    ceca.save()
    with pytest.raises(PermissionDenied):
        check(asked, out, by=ceca.sign_in)
    with pytest.raises(CommandError, match="No officer signs in"):
        check(asked, out, by="nobody")
    assert not out.exists()
    assert not Line.objects.filter(act__startswith="holding.check").exists()
    ceca.roles = [Role.CASE]
    ceca.save()
    assert check(asked, out, by=ceca.sign_in).startswith("1 question")
