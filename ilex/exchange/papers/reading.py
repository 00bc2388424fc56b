"""Reads the record back out of a form that came as PDF, by e-mail or from a liaison officer's hand.

The record is what the sender's machine wrote; nobody has signed it. It fills a draft that an officer compares with
the page and sends on under his own name, and nothing else.
"""

from __future__ import annotations

import io
import logging
from itertools import islice
from typing import Annotated

from django.utils.translation import gettext
from pydantic import Field, TypeAdapter, ValidationError
from pypdf import Configuration, PdfReader, apply_configuration
from pypdf.errors import LimitReachedError
from pypdf.generic import EmbeddedFile

from ilex.exchange.papers.fields import RECORD_NAME, FormA, FormB, FormError
from ilex.exchange.papers.press import RECORD_LIMIT, digest_note

FILE_LIMIT = 20 * 2**20  # bytes
PAGE_LIMIT = 1000
STREAM_LIMIT = 16 * 2**20  # bytes of one unpacked stream of the file's own tables
FILES_LIMIT = 100  # attachments looked at

# pypdf warns with pieces of the file it reads, and those may be names: they stay out of our log.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

FORM: TypeAdapter[FormA | FormB] = TypeAdapter(Annotated[FormA | FormB, Field(discriminator="form")])


def read_pdf(content: bytes) -> FormA | FormB:
    """The form inside a PDF that Ilex made. Raises FormError with one sentence for the officer."""
    record = _record(content)
    try:
        return FORM.validate_json(record)
    except ValidationError as error:
        raise FormError(_damaged()) from error


def _record(content: bytes) -> bytes:
    if len(content) > FILE_LIMIT:
        raise FormError(gettext("This file is larger than 20 MiB. A form is never that large."))
    if b"%PDF-" not in content[:1024]:
        raise FormError(gettext("This file is not a PDF."))
    if b"%%EOF" not in content[-1024:]:
        raise FormError(_broken())
    try:
        with apply_configuration(_limits(STREAM_LIMIT)):
            # Strict, because the attempts to mend a file take minutes on one that was made for it.
            reader = PdfReader(io.BytesIO(content), strict=True, root_object_recovery_limit=0)
            _check(reader)
            return _content(_found(reader))
    except FormError:
        raise
    except Exception as error:  # whatever a broken file makes the reader stumble over is the file's fault
        raise FormError(_broken()) from error


def _broken() -> str:
    return gettext("This PDF is damaged and cannot be read. Ask for it again.")


def _limits(size: int) -> Configuration:
    """How much may come out of one packed stream, whatever packed it, and how large the tree of pages may be."""
    return Configuration(
        zlib_maximum_output_length=size,
        lzw_maximum_output_length=size,
        run_length_maximum_output_length=size,
        brotli_maximum_output_length=size,
        array_based_stream_maximum_output_length=size,
        stream_decoding_work_maximum_length=size,
        page_tree_maximum_entries=2 * PAGE_LIMIT,
    )


def _check(reader: PdfReader) -> None:
    if reader.is_encrypted:
        raise FormError(gettext("This PDF is locked with a password. Ask for it without one."))
    if reader.get_num_pages() > PAGE_LIMIT:
        raise FormError(gettext("This PDF has more than 1000 pages. A form is never that long."))


def _found(reader: PdfReader) -> EmbeddedFile:
    files = list(islice(reader.attachment_list, FILES_LIMIT + 1))
    if len(files) > FILES_LIMIT:
        raise FormError(gettext("This PDF carries more than 100 files. A form carries one."))
    match [file for file in files if file.name == RECORD_NAME]:
        case [file]:
            return file
        case []:
            raise FormError(
                gettext("This PDF carries no Ilex record. Type the fields by hand and keep the PDF as the original.")
            )
    raise FormError(gettext("This PDF carries two Ilex records. Type the fields by hand."))


def _content(file: EmbeddedFile) -> bytes:
    too_large = gettext("The Ilex record in this PDF is larger than 256 KiB. Type the fields by hand.")
    try:
        with apply_configuration(_limits(RECORD_LIMIT + 1)):
            content = file.content
    except LimitReachedError as error:
        raise FormError(too_large) from error
    if len(content) > RECORD_LIMIT:
        raise FormError(too_large)
    if not (file.description or "").endswith(digest_note(content)):
        raise FormError(_damaged())
    return content


def _damaged() -> str:
    return gettext("The Ilex record in this PDF is damaged or of a newer version. Type the fields by hand.")
