"""The signed part of a message: what stands in it, and what may."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from ilex.gate.fields import Bytes, Digest, Handling, Language, Moment, Note, Number, Number7, TypeName, UnitId

PROFILE = "ilex-1"
MOST_RECIPIENTS = 64
MOST_ATTACHMENTS = 50
LONGEST_LIFE = timedelta(days=180)
LARGEST_FILE = 2 * 2**30  # bytes, plain
LARGEST_SEALED = LARGEST_FILE + 40 + 16 * 2049  # with the stream's header and a tag for each segment of 1 MiB


def _key(value: bytes) -> bytes:
    if len(value) != 32:
        raise ValueError("not a key of 32 bytes")
    return value


class Manifest(BaseModel):
    """One attachment: its sealed stream travels beside the message, its key only in here."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    id: Number
    name: Annotated[str, StringConstraints(min_length=1, max_length=255)]
    media: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,100}$")]
    size: Annotated[int, Field(ge=0, le=LARGEST_FILE)]
    sha256: Digest
    sealed_size: Annotated[int, Field(ge=0, le=LARGEST_SEALED)]
    sealed_sha256: Digest
    key: Annotated[Bytes, AfterValidator(_key)]


class Header(BaseModel):
    """Everything about a message except what it says."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    profile: Literal["ilex-1"] = "ilex-1"
    id: Number7
    type: TypeName
    version: Annotated[int, Field(ge=1, le=999)]
    sender: UnitId
    recipients: Annotated[list[UnitId], Field(min_length=1, max_length=MOST_RECIPIENTS)]
    conversation: Number
    sequence: Annotated[int, Field(ge=1, le=2**31 - 1)]
    issued: Moment
    expires: Moment
    handling: Handling
    language: Language
    attachments: Annotated[list[Manifest], Field(max_length=MOST_ATTACHMENTS)] = []
    journal_head: Note = ""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if len(set(self.recipients)) != len(self.recipients):
            raise ValueError("a recipient stands twice")
        if self.expires <= self.issued:
            raise ValueError("it expires before it was issued")
        return self


class Content(Header):
    """A whole message: header and body."""

    body: dict[str, Any]
