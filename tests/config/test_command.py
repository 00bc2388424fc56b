"""Whatever an operator types or sets: one sentence, a status, and nothing changed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ilex.config import command
from tests.config.command import ilex, is_one_sentence


def test_help_lists_every_command_with_one_line(tmp_path: Path) -> None:
    done = ilex(tmp_path, "--help")
    assert done.returncode == 0
    lines = {line.split()[0]: line for line in done.stdout.splitlines() if line.startswith("  ")}
    promised = {"up", "demo", "init", "peer", "seal", "open", "journal", "stats", "export", "backup", "restore"}
    assert promised | {"bench", "officer", "wire", "migrate"} <= set(lines)
    assert all(len(line.split()) > 3 for line in lines.values())
    assert not list(tmp_path.iterdir())


def test_version_is_said_without_a_node(tmp_path: Path) -> None:
    assert ilex(tmp_path, "--version").stdout == "0.1.0\n"


@pytest.mark.parametrize(
    ("words", "status", "why"),
    [
        (["opne"], 2, "there is no command 'opne'"),
        (["runserver"], 2, "there is no command 'runserver'"),
        (["up", "--only", "pages,roof"], 2, "roof is no part of a node"),
        (["up", "--workers", "many"], 2, "'many' is not a number"),
        (["up", "--fast"], 2, "unrecognized arguments: --fast"),
        (["init"], 2, "required: --unit"),
        (["init", "--unit", "ilecu-atlantis"], 1, "the directory knows no unit 'ilecu-atlantis'"),
        (["init", "--unit", "ilecu-rs", "--zone", "Europe/Nowhere"], 1, "zone is not a known time zone"),
        (["init", "--unit", "ilecu-rs", "--pages", "127.0.0.1:0"], 1, "pages is not an address"),
        (["init", "--unit", "ilecu-rs", "--endpoint", "http://rs"], 1, "endpoint is not a web address"),
        (["demo", "--units", "RS"], 2, "a network has two units at least"),
        (["demo", "--units", "RS,XX"], 2, "XX: the demonstration has the units"),
        (["restore", "nothing.tar", "--into", "node"], 1, "cannot be read"),
        (["backup"], 2, "required: file"),
    ],
)
def test_command_that_cannot_be_is_one_sentence(tmp_path: Path, words: list[str], status: int, why: str) -> None:
    done = ilex(tmp_path / "node", *words)
    assert done.returncode == status
    assert why in done.stderr
    assert is_one_sentence(done.stderr)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["up", "officer", "backup", "export"])
def test_command_for_a_node_says_that_there_is_none(tmp_path: Path, name: str) -> None:
    words = {"officer": ["list"], "backup": ["file.tar"], "export": ["--reason", "audit"]}.get(name, [])
    done = ilex(tmp_path / "node", name, *words, ILEX_TESTING="0")
    assert done.returncode == 1
    assert "there is no node in" in done.stderr
    assert is_one_sentence(done.stderr)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("DATABASE_URL", "mysql://ilex@localhost/ilex", "must begin with postgresql://"),
        ("DATABASE_URL", "postgresql://ilex@localhost:port/ilex", "no valid port number"),
        ("DATABASE_URL", "postgresql://ilex:geheim@127.0.0.1:1/ilex", "the database does not answer"),
        ("ILEX_HOME", __file__, "ILEX_HOME must name a folder"),
    ],
)
def test_environment_that_cannot_be_is_one_sentence(tmp_path: Path, name: str, value: str, why: str) -> None:
    done = ilex(tmp_path / "node", "init", "--unit", "ilecu-rs", **{name: value})
    assert done.returncode == 1
    assert why in done.stderr
    assert "geheim" not in done.stderr
    assert is_one_sentence(done.stderr)
    assert not list(tmp_path.iterdir())


def test_folder_that_must_not_be_written_is_one_sentence(tmp_path: Path) -> None:
    done = ilex(Path("/proc/ilex/node"), "init", "--unit", "ilecu-rs")
    assert done.returncode == 1
    assert "cannot be made" in done.stderr
    assert is_one_sentence(done.stderr)


def test_unforeseen_error_is_one_sentence_without_its_text(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(words: list[str]) -> None:
        raise RuntimeError("Петар Петровић")

    monkeypatch.setattr(command, "_run", fail)
    monkeypatch.delenv("ILEX_TRACE", raising=False)
    assert command.main(["up"]) == 1
    said = capsys.readouterr().err
    assert said == "ilex: an error in the program (RuntimeError). ILEX_TRACE=1 shows where.\n"


def test_trace_shows_everything_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(words: list[str]) -> None:
        raise RuntimeError("here")

    monkeypatch.setattr(command, "_run", fail)
    monkeypatch.setenv("ILEX_TRACE", "1")
    with pytest.raises(RuntimeError, match="here"):
        command.main(["up"])


def test_reader_that_goes_away_is_no_error_to_talk_about(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    import subprocess
    import sys

    from tests.config.command import environment

    words = [sys.executable, "-P", "-m", "ilex.config.command", "--help"]
    done = subprocess.run(words, env=environment(tmp_path), stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert done.stderr == b""
