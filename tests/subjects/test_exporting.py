from __future__ import annotations

import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as some

from ilex.journal.models import Line, Operation
from ilex.subjects import actions
from ilex.subjects.actions.exporting import GivenOut, give_out
from ilex.subjects.files import csv, ftm, tables, xlsx
from ilex.subjects.files.entries import Drawn, DrawnLink
from ilex.subjects.files.entries import Line as Said
from ilex.subjects.models import Link, Statement, Subject
from ilex.subjects.rules import Evaluation, Invalid
from ilex.subjects.rules import Said as Stated
from ilex.units.models import Circle, Officer, Organisation, Role
from tests.exchange.conftest import officer
from tests.subjects import files
from tests.subjects.conftest import person

pytestmark = pytest.mark.django_db

FORMS = ["ftm", "csv", "xlsx"]
SOURCED = Evaluation(
    from_note="A colleague", source_grade="B", information_grade="2", handling="H3", handling_note="Ask Ana first",
    basis="assessment", since="2020-01", until="2021",
)  # fmt: skip


@pytest.fixture
def vesna(house: Organisation) -> Officer:
    return officer("vesna", [Role.HEAD], house)


@pytest.fixture
def filled(vesna: Officer) -> dict[str, Subject]:
    """One of each kind, with names in three scripts, every evaluation, links, and what CSV and XLSX find hard."""
    said = {
        "person": [
            Stated("name", "Бојан Измишљени", "legal", "sr"),
            Stated("name", "ბოიან გამოგონილი", "transliteration", "ka", SOURCED),
            Stated("name", '=HYPERLINK("x"), "B"', "nickname"),
            Stated("born", "1985-03"),
            Stated("nationality", "RS"),
            Stated("sex", "male"),
            Stated("phone", "+381 64 1234567"),
            Stated("note", "One line\nanother; and 'a third'\n\t-end"),
            Stated("dna", "MK-1", evaluation=Evaluation(necessity="The only trace")),
        ],
        "organisation": [Stated("name", "Izmišljeno d.o.o."), Stated("account", "RS35 2600 0560 1001 6113 79")],
        "vehicle": [Stated("plate", "НС 123-АА"), Stated("country", "RS"), Stated("colour", "'=red")],
        "vessel": [Stated("imo", "9074729")],
        "aircraft": [Stated("registration", "YU-ABC")],
        "document": [Stated("number", "AB123456"), Stated("type", "passport"), Stated("expires", "2030-01-01")],
        "firearm": [Stated("serial", "T-0042"), Stated("make", "Zastava")],
        "communication": [Stated("imei", "490154203237518")],
        "bank-account": [Stated("wallet", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT")],
        "place": [Stated("address", "Улица 1, Београд"), Stated("position", "44.81, 20.46")],
        "event": [Stated("title", "Sastanak"), Stated("begins", "2024-05-01")],
    }
    made = {
        kind: actions.add_subject(vesna, kind, lines, category="suspect" if kind == "person" else "")
        for kind, lines in said.items()
    }
    for kind, one, other, role in (
        ("owner", "person", "organisation", "51 %"),
        ("user", "person", "vehicle", ""),
        ("holder", "person", "document", "in his hand"),
        ("part-in", "person", "event", ""),
        ("used-in", "firearm", "event", "=found"),
        ("connected", "place", "communication", ""),
    ):
        actions.link(vesna, made[one], made[other], kind, role, SOURCED)
    return made


def given_out(by: Officer, form: str, kind: str = "") -> tuple[bytes, GivenOut]:
    file = io.BytesIO()
    given = give_out(by, file, form, "Trial", kind)
    return file.getvalue(), given


EVALUATION = (
    *("source_grade", "information_grade", "handling", "handling_note", "basis", "special", "necessity", "since"),
    *("until", "owner_id"),
)


def on_file(source: str | None = None) -> tuple[set[tuple[Any, ...]], set[tuple[Any, ...]]]:
    """All statements and links with their evaluation, under the ids that the file had."""
    key = "pk" if source is None else "source_key"
    subjects = Subject.objects.filter(source=source or "")
    names = {one.pk: str(getattr(one, key)) for one in subjects}
    statements = Statement.objects.filter(subject__in=names)
    said = statements.values_list(
        "subject_id", "subject__kind", "subject__category", "subject__caption", "property", "name_kind", "value",
        "key", "language", *EVALUATION,
    )  # fmt: skip
    links = Link.objects.filter(one__in=names).values_list("one_id", "other_id", "kind", "role", *EVALUATION)
    return (
        {(names[row[0]], *row[1:]) for row in said},
        {(names[row[0]], names[row[1]], *row[2:]) for row in links},
    )


@pytest.mark.parametrize("form", FORMS)
def test_what_is_given_out_comes_in_again_as_it_was(vesna: Officer, filled: dict[str, Subject], form: str) -> None:
    content, given = given_out(vesna, form)
    assert (given.subjects, given.links, given.kept_back) == (len(filled), 6, 0)
    files.take(vesna, form, content, source="Again")
    assert on_file("Again") == on_file()


@pytest.mark.parametrize("form", FORMS)
def test_notes_of_the_source_come_in_again(vesna: Officer, filled: dict[str, Subject], form: str) -> None:
    files.take(vesna, form, given_out(vesna, form)[0], source="Again")
    notes = set(Statement.objects.filter(subject__source="Again").values_list("from_note", flat=True))
    assert notes == {"A colleague", "Again"}


def test_others_can_read_what_ilex_writes(vesna: Officer, filled: dict[str, Subject]) -> None:
    """Without our own words beside them the entities still say who, what and how they are linked."""
    lines = [json.loads(line) for line in given_out(vesna, "ftm")[0].splitlines()]
    bare = [{name: line[name] for name in ("id", "schema", "properties")} for line in lines]
    known = [line for line in bare if line["schema"] != "Asset"]  # firearms and handsets have no schema there
    ids = {line["id"] for line in known}
    ends = [{*line["properties"].get("subject", ()), *line["properties"].get("object", ())} for line in known]
    kept = [line for line, names in zip(known, ends, strict=True) if names <= ids]
    files.take(vesna, "ftm", files.ftm(*kept), source="Bare", category="suspect")
    said = files.said("Bare")
    assert said[str(filled["person"].pk)] >= {("name", "Бојан Измишљени"), ("born", "1985-03"), ("nationality", "RS")}
    assert said[str(filled["document"].pk)] >= {("number", "AB123456"), ("type", "passport")}
    assert said[str(filled["bank-account"].pk)] == {("wallet", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT")}
    assert {kind for kind, *_ends in files.linked("Bare")} == {"owner", "holder", "connected"}


def test_one_kind_can_be_given_out_alone(vesna: Officer, filled: dict[str, Subject]) -> None:
    content, given = given_out(vesna, "ftm", "vehicle")
    assert (given.subjects, given.links) == (1, 0)
    assert [json.loads(line)["schema"] for line in content.splitlines()] == ["Vehicle"]


def test_closed_circles_stay_closed(vesna: Officer) -> None:
    circle = Circle.objects.create(name="Winter")
    circle.officers.add(vesna)
    person(vesna, "Ana Skrivena", circle=circle)
    assert given_out(vesna, "csv")[1].subjects == 0


def test_what_its_owner_keeps_from_being_passed_on_stays_here(vesna: Officer, skopje: Organisation) -> None:
    theirs = Evaluation(owner=skopje.pk, handling="H2", from_kind="release", from_key="1")
    free = Evaluation(owner=skopje.pk, handling="H0", from_kind="release", from_key="1")
    made = person(
        vesna, "Ana Izmišljena", Stated("born", "1985", evaluation=free), Stated("sex", "female", evaluation=theirs)
    )
    content, given = given_out(vesna, "csv")
    assert (given.statements, given.kept_back) == (2, 1)
    assert b"female" not in content
    files.take(vesna, "csv", content, source="Again")
    assert Statement.objects.get(subject__source="Again", property="born").owner == skopje
    assert made.statements.count() == 3


def test_the_journal_keeps_the_disclosure(vesna: Officer, filled: dict[str, Subject]) -> None:
    given_out(vesna, "xlsx")
    line = Line.objects.get(act="subject.exported")
    assert (line.op, line.by, line.reason) == (Operation.DISCLOSURE, str(vesna.pk), "Trial")
    assert line.detail["subjects"] == len(filled)


def test_only_the_head_of_the_unit_gives_out_files_and_says_why(ana: Officer, vesna: Officer) -> None:
    with pytest.raises(PermissionDenied):
        give_out(ana, io.BytesIO(), "csv", "Trial")
    for form, purpose in (("csv", " "), ("doc", "Trial")):
        with pytest.raises(Invalid):
            give_out(vesna, io.BytesIO(), form, purpose)


CELLS = some.text(alphabet=some.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40)
HARD = some.sampled_from(["=1+1", "+381", "-5", "@a", "'=x", "''-y", '"', '","', ";", "a\nb", " a", "_x0041_"])


@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(values=some.lists(some.one_of(CELLS, HARD).map(str.strip).filter(bool), min_size=1, max_size=8))
def test_any_text_goes_out_and_comes_in_unchanged(values: list[str]) -> None:
    drawn = Drawn(0, "k", "vehicle", "", [Said("note", value, "note", "", "", Evaluation()) for value in values])
    link = DrawnLink(0, "connected", "k", "l", values[0], Evaluation())
    assert _again("csv", [drawn, link]) == (values, values[0])
    entities = [ftm.entity(drawn), ftm.edge(link, "vehicle", "vehicle")]
    read = list(ftm.read(io.BytesIO(files.ftm(*entities))))
    assert _texts(read) == (values, values[0])
    plain = [value for value in values if value.isprintable() and "_x" not in value]
    if plain:
        drawn.lines, link.role = [Said("note", value, "note", "", "", Evaluation()) for value in plain], plain[0]
        assert _again("xlsx", [drawn, link]) == (plain, plain[0])


def _again(form: str, entries: Iterable[Drawn | DrawnLink]) -> tuple[list[str], str]:
    file = io.BytesIO()
    {"csv": csv.write, "xlsx": xlsx.write}[form](file, entries)
    file.seek(0)
    return _texts({"csv": csv.read, "xlsx": xlsx.read}[form](file, tables.Columns()))


def _texts(read: Iterable[object]) -> tuple[list[str], str]:
    entries = list(read)
    [drawn] = [entry for entry in entries if isinstance(entry, Drawn)]
    [link] = [entry for entry in entries if isinstance(entry, DrawnLink)]
    return [line.value for line in drawn.lines], link.role


def test_the_command_takes_in_and_gives_out(vesna: Officer, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old, again = tmp_path / "old.csv", tmp_path / "again.xlsx"
    old.write_bytes(files.csv(("Број", "Име", "Пасош"), ("1", "Ana Izmišljena", "AB123456")))
    words = ["--source", "Register", "--purpose", "Trial", "--by", "Vesna", "--kind", "person", "--category", "other"]
    columns = ["--column", "Број=id", "--column", "Име=name", "--column", "Пасош=passport"]
    call_command("subjects", "import", str(old), *words, *columns, "--dry-run")
    assert Subject.objects.count() == 0
    call_command("subjects", "import", str(old), *words, *columns, "--handling", "H1")
    call_command("subjects", "export", str(again), "--purpose", "Trial", "--by", "vesna")
    assert capsys.readouterr().out.splitlines() == [
        "Nothing is wrong. Subjects: 1, statements: 2, links: 0.",
        "Taken in. Subjects: 1, statements: 2, links: 0.",
        "Given out: 1 subjects, 2 statements, 0 links.",
    ]
    assert set(Statement.objects.values_list("handling", flat=True)) == {"H1"}
    assert again.stat().st_mode & 0o777 == 0o600
    with pytest.raises(CommandError, match="is there already"):
        call_command("subjects", "export", str(again), "--purpose", "Trial", "--by", "vesna")


def test_the_command_names_every_wrong_row(vesna: Officer, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = tmp_path / "old.csv"
    old.write_bytes(files.csv(("id", "name", "born"), ("1", "Ana", "1985-13"), ("2", "Ana", "")))
    words = ["--source", "Register", "--purpose", "Trial", "--by", "vesna", "--kind", "person"]
    with pytest.raises(CommandError, match="Nothing was taken in: 2 rows are wrong"):
        call_command("subjects", "import", str(old), *words)
    told = capsys.readouterr().out.splitlines()
    assert [line.partition(": ")[0] for line in told] == ["row 2, category", "row 3, category"]
