"""The words of a certificate, signed by the organiser's node: whoever holds its card verifies them without a line.

A certificate is a compact JWS (ES256) by the seal key of the node, small enough for a QR code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from joserfc.jwk import ECKey
from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from ilex.gate.canonical import Malformed, canonical, strict_canonical
from ilex.gate.fields import UnitId
from ilex.gate.signing import BadSignature, Signer, kid_of
from ilex.gate.signing import verify as holds

TYP: Final = "ilex-certificate-1+jws"
LARGEST: Final = 900  # bytes of the signed text: a QR code of them is still read from paper
LONGEST_TEXT: Final = 4_000  # of what somebody pastes

Text = Annotated[str, StringConstraints(max_length=300)]


class NotVerified(Exception):
    """The text is no certificate, or it does not hold. One sentence, in English, by `code` in the words of a page."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code  # unreadable, unknown-key, forged


class Words(BaseModel):
    """What a certificate says."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    v: Literal[1] = 1
    no: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    name: Annotated[str, StringConstraints(min_length=1, max_length=160)]
    title: Text
    when: Annotated[str, StringConstraints(max_length=40)] = ""  # EDTF
    place: Text = ""
    by: UnitId


@dataclass(frozen=True)
class Key:
    """A seal key and the unit whose it is or was."""

    key: ECKey
    unit: str


def sign(words: Words, signer: Signer) -> str:
    """The signed text. A title or place that is too long for the code is cut; a name never.

    Raises ValueError when even then it does not fit.
    """
    for title, place in ((300, 300), (160, 120), (100, 60), (60, 40), (30, 20)):
        fitting = words.model_copy(update={"title": _cut(words.title, title), "place": _cut(words.place, place)})
        signed = signer.sign(TYP, canonical(fitting.model_dump(mode="json")))
        if len(signed) <= LARGEST:
            return signed
    raise ValueError("The name is too long for a certificate.")


def verify(signed: str, keys: Mapping[str, Key]) -> Words:
    """What it says, once its signature holds under one of these keys (by their thumbprints). Raises NotVerified."""
    signed = "".join(signed.split())
    try:
        if len(signed) > LONGEST_TEXT:
            raise NotVerified("unreadable")
        kid = kid_of(signed, TYP)
    except BadSignature as error:
        raise NotVerified("unreadable") from error
    if kid not in keys:
        raise NotVerified("unknown-key")
    try:
        words = Words.model_validate(strict_canonical(holds(signed, keys[kid].key, TYP)))
    except (BadSignature, Malformed, ValidationError) as error:
        raise NotVerified("forged") from error
    if words.by != keys[kid].unit:
        raise NotVerified("forged")
    return words


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
