"""The kinds of values that stand on the wire, each with one spelling and a bound."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, PlainSerializer, StringConstraints, WithJsonSchema

MOMENT = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$"
NUMBER = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
NUMBER_7 = r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
BYTES = r"^[A-Za-z0-9_-]{0,2000}$"


def show_moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"  # without "+00:00"


def to_the_millisecond(moment: datetime) -> datetime:
    """As it will come back from the wire."""
    return moment.astimezone(UTC).replace(microsecond=moment.microsecond // 1000 * 1000)


def show_bytes(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode("ascii")


def read_bytes(text: str) -> bytes:
    """Base64url without padding; exactly one spelling for each value."""
    try:
        value = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("not base64url") from error
    # Four letters are three bytes and the other way round. Only what is left at the end has spare bits, and only the
    # letters of the other alphabet, which the decoder takes too, could spell the rest differently.
    rest = len(value) % 3
    if "+" in text or "/" in text or "=" in text or (rest and show_bytes(value[-rest:]) != text[-rest - 1 :]):
        raise ValueError("not base64url")
    return value


def read_moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return to_the_millisecond(value)
    if not isinstance(value, str) or not re.fullmatch(MOMENT, value, re.ASCII):
        raise ValueError("not a moment in UTC with milliseconds")
    moment = datetime.fromisoformat(value)  # ten times as fast as strptime
    if show_moment(moment) != value:  # newer Pythons read 24:00 as the next day
        raise ValueError("not a moment in UTC with milliseconds")
    return moment


def _read_number(pattern: str) -> BeforeValidator:
    def read(value: Any) -> UUID:
        if not re.fullmatch(pattern, str(value) if isinstance(value, UUID) else value):
            raise ValueError("not a UUID of the right kind in lower case")
        return UUID(str(value))

    return BeforeValidator(read)


def _read_bytes(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    if not isinstance(value, str) or not re.fullmatch(BYTES, value):
        raise ValueError("not base64url")
    return read_bytes(value)


def _string(pattern: str, description: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern, "description": description})


Moment = Annotated[
    datetime,
    BeforeValidator(read_moment),
    PlainSerializer(show_moment),
    _string(MOMENT, "UTC with milliseconds"),
]
Number = Annotated[UUID, _read_number(NUMBER), PlainSerializer(str), _string(NUMBER, "UUID")]
Number7 = Annotated[UUID, _read_number(NUMBER_7), PlainSerializer(str), _string(NUMBER_7, "UUID version 7")]
Bytes = Annotated[
    bytes, BeforeValidator(_read_bytes), PlainSerializer(show_bytes), _string(BYTES, "base64url, no padding")
]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]  # SHA-256 in hexadecimal
UnitId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}$")]
TypeName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)+$", max_length=60)]
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=12)]
Handling = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9+]{0,11}$")]  # codes combine: "H1+H2"
Reason = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]  # the code of a refusal
KeyId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]  # RFC 7638 thumbprint
Note = Annotated[str, StringConstraints(max_length=1000)]  # a C2SP signed note
