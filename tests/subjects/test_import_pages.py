"""Files of subjects on the pages: looked at row by row, then taken in, tried again or thrown away."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.timezone import now

from ilex.gate import store
from ilex.gate.models import Attachment
from ilex.journal.models import Line
from ilex.subjects.actions import trials
from ilex.subjects.models import Import, Subject, Trial
from ilex.units.models import Officer, Organisation, Role
from tests.exchange.conftest import officer
from tests.subjects import files

pytestmark = pytest.mark.django_db

GOOD = files.csv(("id", "Презиме", "name"), ("1", "Измишљени", "Bojan"), ("2", "Nepostojeća", "Ceca"))
ASKED = {"source": "Old register", "purpose": "Trial", "kind": "person", "category": "other", "basis": "fact"}
READ = {"meaning": "Презиме=surname"}


@pytest.fixture
def vesna(client: Client, house: Organisation) -> Officer:
    """The head takes in files; she is signed in."""
    found = officer("vesna", [Role.HEAD], house)
    client.force_login(found)
    return found


def send(client: Client, content: bytes, name: str = "old.csv", **more: str) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post("/subjects/imports/new/", {**ASKED, **more, "file": file}, follow=True)


def test_a_file_is_looked_at_first_and_then_taken_in_whole(client: Client, vesna: Officer) -> None:
    page = send(client, GOOD, **READ)
    assert "Nothing is wrong. Subjects: 2, statements: 4, links: 0." in page.content.decode()
    assert Subject.objects.count() == 0
    trial = Trial.objects.get()
    assert "old.csv" in client.get("/subjects/imports/").content.decode()

    page = client.post(f"/subjects/imports/{trial.pk}/take/", follow=True)
    said = page.content.decode()
    assert "Taken in. Subjects: 2, statements: 4, links: 0." in said
    assert "Old register" in said
    row = Import.objects.get()
    assert (row.name, row.counts["subjects"], row.by) == ("old.csv", 2, vesna)
    assert {one.source for one in Subject.objects.all()} == {"Old register"}
    assert not Trial.objects.exists()
    assert [line.act for line in Line.objects.filter(act__startswith="subject.").order_by("pk")] == [
        "subject.file-tried",
        "subject.imported",
    ]


def test_refused_rows_are_named_by_row_column_and_reason(client: Client, vesna: Officer) -> None:
    rows = [("id", "name", "born"), ("1", "Ana Izmišljena", "1985-03"), ("2", "Bojan Izmišljeni", "yesterday")]
    said = send(client, files.xlsx(*rows), "old.xlsx").content.decode()
    assert "Nothing was taken in: 1 row is wrong." in said
    assert '<td class="number">3</td>' in said
    assert "born" in said
    assert "Take all of it in" not in said
    assert Subject.objects.count() == 0


def test_a_file_is_looked_at_again_when_its_columns_are_explained(client: Client, vesna: Officer) -> None:
    said = send(client, GOOD).content.decode()
    assert "nobody said what these columns hold: “Презиме”" in said
    trial = Trial.objects.get()
    said = client.post(f"/subjects/imports/{trial.pk}/", {**ASKED, **READ}, follow=True).content.decode()
    assert "Nothing is wrong" in said
    assert "Презиме=surname" in said


def test_the_file_stays_sealed_on_the_disk_and_goes_with_the_decision(
    client: Client, vesna: Officer, django_capture_on_commit_callbacks: Any
) -> None:
    send(client, GOOD, **READ)
    kept = Attachment.objects.get()
    place = store.where(kept.sealed_digest)
    assert place.exists()
    assert b"Bojan" not in place.read_bytes()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"/subjects/imports/{Trial.objects.get().pk}/drop/")
    assert not place.exists()
    assert not Attachment.objects.exists()
    assert Subject.objects.count() == 0


def test_a_file_on_which_nobody_decides_is_thrown_away_after_a_day(client: Client, vesna: Officer) -> None:
    send(client, GOOD, **READ)
    trials.sweep()
    assert Trial.objects.count() == 1
    trials.sweep(now() + timedelta(hours=25))
    assert not Trial.objects.exists()


def test_a_file_that_no_longer_fits_is_not_taken_in_and_says_why(client: Client, vesna: Officer) -> None:
    send(client, GOOD, **READ)
    send(client, GOOD, **READ)
    second, first = Trial.objects.order_by("-made_at")
    client.post(f"/subjects/imports/{first.pk}/take/")
    said = client.post(f"/subjects/imports/{second.pk}/take/", follow=True).content.decode()
    assert "Nothing was taken in: 2 rows are wrong." in said
    assert "This subject was imported before from the same source." in said
    assert Import.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"source": ""}, "This field is required."),
        ({"meaning": "Презиме"}, "Write “Презиме” as the name of the column, =, and what it holds."),
        ({"handling": "H3"}, "H3"),
    ],
)
def test_what_is_asked_wrongly_is_told_beside_its_field(
    client: Client, vesna: Officer, more: dict[str, str], sentence: str
) -> None:
    page = send(client, GOOD, **more)
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert not Trial.objects.exists()


def test_only_files_that_ilex_reads_are_looked_at(client: Client, vesna: Officer) -> None:
    page = send(client, b"%PDF-1.7", "old.pdf")
    assert page.status_code == 422
    assert "Only files that end in .json" in page.content.decode()
    page = send(client, b"x," * (trials.LARGEST // 2 + 1), "old.csv")
    assert page.status_code == 422
    assert "larger than 16 MiB" in page.content.decode()


def test_a_colleague_does_not_see_what_another_tried(client: Client, vesna: Officer, house: Organisation) -> None:
    send(client, GOOD, **READ)
    client.force_login(officer("mira", [Role.HEAD], house))
    assert client.get(f"/subjects/imports/{Trial.objects.get().pk}/").status_code == 404
    client.force_login(officer("milan", [Role.CASE], house))
    assert client.get("/subjects/imports/").status_code == 403
    assert "Files taken in" not in client.get("/subjects/").content.decode()


def test_a_workbook_that_unpacks_to_more_than_a_page_can_hold_is_refused(client: Client, vesna: Officer) -> None:
    file = io.BytesIO(files.xlsx(("id", "name"), ("1", "Ana Izmišljena")))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as parts:
        for number in range(trials.LARGEST_UNPACKED // 2**20):
            parts.writestr(f"xl/media/{number}.bin", bytes(2**20))
    assert len(file.getvalue()) < 2**20
    said = send(client, file.getvalue(), "old.xlsx").content.decode()
    assert "The workbook is too large when it is unpacked." in said
    trial = Trial.objects.get()
    again = client.post(f"/subjects/imports/{trial.pk}/take/", follow=True).content.decode()
    assert "The workbook is too large when it is unpacked." in again
    assert Subject.objects.count() == 0
    assert files.take(vesna, "xlsx", file.getvalue(), kind="person").subjects == 1  # as the command does
