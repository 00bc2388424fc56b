from __future__ import annotations

import json
import stat
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from ilex.journal.actions import erase, grow, write
from ilex.journal.models import Line, Operation
from ilex.journal.queries import head_note
from ilex.units.models import Officer

pytestmark = pytest.mark.django_db


def run(*arguments: str | Path) -> tuple[str, str]:
    out, errors = StringIO(), StringIO()
    try:
        call_command("journal", *map(str, arguments), stdout=out, stderr=errors)
    except CommandError as error:
        errors.write(f"{error}\n")
    return out.getvalue(), errors.getvalue()


def log_of(count: int) -> None:
    for number in range(count):
        write("request.read", Operation.CONSULTATION, by=None, on=("request", str(number)))
    grow()


def test_whole_journal_is_told_in_one_sentence() -> None:
    log_of(3)
    root = head_note().split("\n")[2]

    assert run("verify") == (
        f"The journal is whole at size 3 with root {root}"
        " (heads: 1, erased lines: 0, lines waiting for their position: 0).\n",
        "",
    )


def test_faults_are_told_and_the_status_is_not_zero() -> None:
    log_of(3)
    Line.objects.filter(position=1).delete()

    assert run("verify") == (
        "",
        "Position 1: No line stands here.\nThe journal is not whole. Faults: 1, of which told above: 1.\n",
    )


def test_head_is_printed_as_it_travels() -> None:
    log_of(3)

    assert run("--head") == (head_note(), "")


def test_journal_without_a_head_says_so() -> None:
    assert run("--head") == ("", "The journal has no head yet.\n")


def test_journal_is_verified_against_a_head_that_a_partner_kept(tmp_path: Path) -> None:
    log_of(3)
    kept = tmp_path / "head-from-skopje.txt"
    kept.write_text(head_note(), encoding="utf-8")
    log_of(2)

    assert run("verify", "--against", kept)[1] == ""
    kept.write_text("nothing", encoding="utf-8")
    assert "Head that others kept: This is not a signed head" in run("verify", "--against", kept)[1]
    assert run("verify", "--against", tmp_path / "none")[1] == f"The head in {tmp_path / 'none'} cannot be read.\n"


def test_export_gives_each_line_in_the_names_of_the_common_schema(tmp_path: Path, ana: Officer) -> None:
    write(
        *("request.sent", Operation.DISCLOSURE),
        by=ana,
        on=("request", "17"),
        reason="Члан 4",
        recipients=["ilecu-mk"],
        fields=6,
    )
    grow()

    out, errors = run("--export", tmp_path / "log.jsonl", "--reason", "daily feed")

    assert (out, errors) == (f"Lines written to {tmp_path / 'log.jsonl'}: 1.\n", "")
    (line,) = map(json.loads, (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines())
    assert line["event"]["action"] == "request.sent"
    assert line["event"]["type"] == ["access"]
    assert line["event"]["reason"] == "Члан 4"
    assert line["user"] == {"id": str(ana.pk)}
    assert line["organization"] == {"id": "ilecu-rs"}
    assert line["ilex"]["object"] == {"kind": "request", "id": "17"}
    assert (line["ilex"]["recipients"], line["ilex"]["detail"]) == (["ilecu-mk"], {"fields": 6})
    assert line["@timestamp"].endswith("Z")


def test_export_is_itself_logged(tmp_path: Path) -> None:
    log_of(3)

    run("--export", tmp_path / "log.jsonl", "--reason", "daily feed")

    line = Line.objects.latest("id")
    assert (line.act, line.op, line.reason) == ("journal.exported", "disclosure", "daily feed")
    assert line.detail == {"lines": 3, "after": -1, "last": 2}
    assert stat.S_IMODE((tmp_path / "log.jsonl").stat().st_mode) == 0o600


def test_export_goes_on_behind_the_last_position(tmp_path: Path) -> None:
    log_of(5)

    run("--export", tmp_path / "log.jsonl", "--reason", "daily feed", "--after", "2")

    lines = map(json.loads, (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines())
    assert [line["ilex"]["position"] for line in lines] == [3, 4]


def test_erased_line_is_exported_with_its_place_alone(tmp_path: Path) -> None:
    log_of(1)
    line = Line.objects.get()
    erase(before=line.at.max.replace(tzinfo=line.at.tzinfo))

    run("--export", tmp_path / "log.jsonl", "--reason", "daily feed")

    (erased,) = map(json.loads, (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines())
    assert erased["ilex"] == {"leaf": bytes(line.leaf).hex(), "position": 0, "erased": True}
    assert "user" not in erased


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "Say what to do: verify, --head or --export FILE."),
        (["--export", "FOLDER/log"], "Say with --reason why the journal is exported."),
        (["--export", "FOLDER", "--reason", "x"], "The file FOLDER is there already."),
        (
            ["--export", "FOLDER/none/log", "--reason", "x"],
            "The file cannot be written: No such file or directory.",
        ),
    ],
)
def test_wrong_use_gets_one_sentence_and_changes_nothing(tmp_path: Path, arguments: list[str], sentence: str) -> None:
    folder = str(tmp_path)

    out, errors = run(*[argument.replace("FOLDER", folder) for argument in arguments])

    assert (out, errors) == ("", sentence.replace("FOLDER", folder) + "\n")
    assert not Line.objects.exists()
    assert list(tmp_path.iterdir()) == []
