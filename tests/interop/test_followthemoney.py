"""What FollowTheMoney's own library writes Ilex reads, and what Ilex writes the library takes. `make interop` runs it.

ILEX_FTM_PYTHON names the Python in whose environment the library is; ILEX_FTM_FILES may name a folder with files that
others published (*.json, *.ijson, *.jsonl), which are read too.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
from pathlib import Path

import pytest

from ilex.subjects.actions.exporting import give_out
from ilex.subjects.actions.importing import rehearse
from ilex.subjects.models import Subject
from ilex.units.models import Officer, Organisation, Role
from ilex.words import kinds
from tests.exchange.conftest import house, officer, ours  # noqa: F401  (fixtures)
from tests.subjects import files
from tests.subjects.test_exporting import filled  # noqa: F401  (fixture)

PYTHON = os.environ.get("ILEX_FTM_PYTHON", "")
PUBLISHED = Path(os.environ.get("ILEX_FTM_FILES") or "/nonexistent")
BESIDE = Path(__file__).parents[2] / "tools" / "followthemoney.py"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not PYTHON, reason="the library is not installed here: make interop"),
]


@pytest.fixture
def vesna(house: Organisation) -> Officer:  # noqa: F811
    return officer("vesna", [Role.HEAD], house)


@pytest.fixture
def theirs(tmp_path: Path) -> bytes:
    """Every schema of the library with every property, written by the library."""
    path = tmp_path / "theirs.ijson"
    _library("write", path)
    return path.read_bytes()


def _library(verb: str, path: Path) -> None:
    done = subprocess.run([PYTHON, str(BESIDE), verb, str(path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_everything_that_the_library_can_write_is_taken_in(vesna: Officer, theirs: bytes) -> None:
    report = files.take(vesna, "ftm", theirs, category="suspect")
    assert report.faults == ()
    assert set(Subject.objects.values_list("kind", flat=True)) == {
        kind.code
        for kind in kinds.kinds()
        if kind.code != "firearm"  # they have none
    }
    assert {kind for kind, *_ends in files.linked()} >= {"owner", "director", "member", "relative", "holder", "payment"}


def test_what_came_from_the_library_goes_back_to_it(vesna: Officer, theirs: bytes, tmp_path: Path) -> None:
    files.take(vesna, "ftm", theirs, category="suspect")
    _library("check", _given_out(vesna, tmp_path))


def test_everything_that_ilex_can_say_is_taken_by_the_library(
    vesna: Officer,
    filled: dict[str, Subject],  # noqa: F811
    tmp_path: Path,
) -> None:
    _library("check", _given_out(vesna, tmp_path))


def _given_out(vesna: Officer, folder: Path) -> Path:
    path = folder / "ours.ftm.json"
    with path.open("wb") as file:
        given = give_out(vesna, file, "ftm", "Trial")
    assert given.subjects == len([line for line in path.read_bytes().splitlines() if _is_subject(line)]) > 0
    return path


def _is_subject(line: bytes) -> bool:
    return "statements" in json.loads(line)["ilex"]


@pytest.mark.parametrize("path", sorted(PUBLISHED.glob("**/*json*")), ids=lambda path: path.name)
def test_files_that_others_published_are_taken_in(vesna: Officer, path: Path) -> None:
    """Such files tell of real people: nobody is called a suspect, and nothing is kept."""
    report = rehearse(vesna, io.BytesIO(path.read_bytes()), files.asked("ftm", category="contact", exact=False))
    assert report.faults == ()
    assert report.subjects > 0
