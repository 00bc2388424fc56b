"""What an officer uploads is sealed while it comes in, and swept away when nobody keeps it."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest
from django.test import RequestFactory
from pytest_django import Settings

from ilex.gate.downloads import download
from ilex.gate.forms import AttachmentsField
from ilex.gate.leftovers import clear_leftovers
from ilex.gate.models import Attachment
from ilex.gate.store import Sealing, incoming, open_stream, seal_stream, where
from ilex.gate.uploads import SealedUpload, SealingUploadHandler
from ilex.journal.models import Line
from ilex.units.models import Officer

pytestmark = pytest.mark.django_db

CONTENT = b"%PDF-1.7 " + bytes(range(256)) * 5000


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.ILEX_FOLDER = tmp_path
    return tmp_path


def posted(fields: Mapping[str, object], *, by: object = None) -> HttpRequest:
    request = RequestFactory().post("/", fields)
    request.user = by or Officer(sign_in="ana")  # type: ignore[assignment]
    request.upload_handlers = [SealingUploadHandler(request)]
    return request


def blobs(folder: Path) -> list[Path]:
    return [path for path in (folder / "blobs").rglob("*") if path.is_file()]


def test_uploaded_file_is_sealed_and_its_fields_come_along() -> None:
    request = posted({"subject": "Провера", "file": SimpleUploadedFile("spisak.pdf", CONTENT, "text/html")})

    upload = request.FILES["file"]
    assert request.POST["subject"] == "Провера"
    assert isinstance(upload, SealedUpload)
    assert upload.attachment is not None
    assert (upload.attachment.name, upload.attachment.media) == ("spisak.pdf", "application/pdf")
    assert b"".join(upload.chunks()) == CONTENT


def test_stranger_cannot_fill_the_store(folder: Path) -> None:
    request = posted({"file": SimpleUploadedFile("a", CONTENT)}, by=AnonymousUser())

    assert not request.FILES
    assert blobs(folder) == []


def test_upload_is_removed_with_its_request_unless_a_row_names_it(folder: Path) -> None:
    request = posted({"kept": SimpleUploadedFile("a", CONTENT), "lost": SimpleUploadedFile("b", CONTENT)})
    kept = request.FILES["kept"]
    assert isinstance(kept, SealedUpload)
    assert kept.attachment is not None
    kept.attachment.save()

    request.close()

    assert blobs(folder) == [where(kept.attachment.sealed_digest)]


def test_too_large_file_becomes_an_error_of_its_field(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sealing.__init__, "__kwdefaults__", {"limit": 100_000})
    request = posted({"file": [SimpleUploadedFile("mali.txt", b"a"), SimpleUploadedFile("veliki.pdf", CONTENT)]})

    with pytest.raises(Exception, match=r"veliki\.pdf: The file is larger than 97\.7"):
        AttachmentsField().clean(request.FILES.getlist("file"))
    request.close()
    assert blobs(folder) == []


def test_form_gives_the_attachments() -> None:
    request = posted({"file": [SimpleUploadedFile("a.txt", b"a"), SimpleUploadedFile("b.txt", b"b")]})

    attachments = AttachmentsField().clean(request.FILES.getlist("file"))

    assert [attachment.name for attachment in attachments] == ["a.txt", "b.txt"]
    assert AttachmentsField(required=False).clean([]) == []


def test_empty_file_is_refused() -> None:
    request = posted({"file": SimpleUploadedFile("prazan.txt", b"")})

    with pytest.raises(Exception, match=r"prazan\.txt is empty"):
        AttachmentsField().clean(request.FILES.getlist("file"))


def test_connection_that_breaks_leaves_no_part(folder: Path) -> None:
    request = posted({"file": SimpleUploadedFile("a", CONTENT)})
    whole = request.environ["wsgi.input"].read()  # type: ignore[attr-defined]
    handler = SealingUploadHandler(request)
    handler.new_file("file", "a", "application/pdf", None)
    handler.receive_data_chunk(whole[:5000], 0)
    assert len(blobs(folder)) == 1

    handler.upload_interrupted()

    assert blobs(folder) == []


def test_handler_that_is_forgotten_leaves_no_part(folder: Path) -> None:
    handler = SealingUploadHandler(posted({}))
    handler.new_file("file", "a", "application/pdf", None)
    handler.receive_data_chunk(CONTENT, 0)

    del handler

    assert blobs(folder) == []


def test_the_settings_name_this_handler(settings: Settings) -> None:
    assert settings.FILE_UPLOAD_HANDLERS == ["ilex.gate.uploads.SealingUploadHandler"]
    assert MemoryFileUploadHandler.__module__ not in settings.FILE_UPLOAD_HANDLERS


def test_download_is_always_a_file_to_save() -> None:
    attachment = seal_stream([b"<script>alert(1)</script>"], name='izveštaj "1".html', media="text/html")

    response = download(attachment)

    assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"  # type: ignore[arg-type]
    assert response["Content-Type"] == "text/plain"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''izve")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]


def age(path: Path, days: int) -> None:
    moment = time.time() - days * 86_400
    os.utime(path, (moment, moment))


def test_sweep_takes_only_what_is_old_and_owned_by_nobody() -> None:
    forgotten, young = seal_stream([b"a"], name="a"), seal_stream([b"b"], name="b")
    nameless = seal_stream([b"c"], name="c")
    forgotten.save()
    young.save()
    for attachment in (forgotten, nameless):
        age(where(attachment.sealed_digest), 8)

    assert clear_leftovers() == 2

    assert list(Attachment.objects.values_list("name", flat=True)) == ["b"]
    assert b"".join(open_stream(young)) == b"b"
    assert not where(nameless.sealed_digest).exists()
    assert Line.objects.filter(act="attachment.swept", object_id=str(forgotten.pk)).exists()


def test_sweep_removes_parts_of_broken_uploads() -> None:
    part = incoming() / "0123.part"
    part.write_bytes(b"sealed")
    age(part, 8)

    assert clear_leftovers(timedelta(days=7)) == 1
    assert not part.exists()
