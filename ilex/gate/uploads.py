"""Files that an officer uploads go straight into the sealed store: nothing plain ever touches the disk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from ilex.gate.models import Attachment
from ilex.gate.store import Sealing, StoreError, open_stream, remove_unnamed


class SealedUpload(UploadedFile):  # type: ignore[type-arg]  # generic only for the type checker
    """An uploaded file that is in the store already. Save `attachment` in the transaction of the act.

    When it could not be kept, `attachment` is None and `failure` tells why. What no row names when the
    request is over is removed.
    """

    def __init__(self, name: str, size: int, attachment: Attachment | None, failure: str) -> None:
        media = attachment.media if attachment else None
        super().__init__(file=None, name=name, content_type=media, size=size)
        self.attachment = attachment
        self.failure = failure

    def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
        return iter(()) if self.attachment is None else open_stream(self.attachment)

    def close(self) -> None:
        """Called by the request when it is over."""
        if self.attachment is not None:
            remove_unnamed(bytes(self.attachment.sealed_digest))


class SealingUploadHandler(FileUploadHandler):
    chunk_size = 2**18
    sealing: Sealing | None = None
    failure = ""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        # The form's protection against forgery reads the whole body before any view asks who is there.
        if self.request is None or not self.request.user.is_authenticated:
            raise StopUpload(connection_reset=True)
        self.sealing, self.failure = None, ""
        try:
            self.sealing = Sealing()
        except StoreError as error:
            self.failure = str(error)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        if self.sealing is None:
            return
        try:
            self.sealing.write(raw_data)
        except StoreError as error:
            self.sealing, self.failure = None, str(error)

    def file_complete(self, file_size: int) -> SealedUpload:
        attachment: Attachment | None = None
        if self.sealing is not None:
            try:
                attachment = self.sealing.finish(name=self.file_name or "", media=self.content_type or "")
            except StoreError as error:
                self.failure = str(error)
        name = attachment.name if attachment else self.file_name or ""
        self.sealing = None
        return SealedUpload(name, file_size, attachment, self.failure)

    def upload_interrupted(self) -> None:
        if self.sealing is not None:
            self.sealing.abandon()
            self.sealing = None
