"""A receipt as it travels: one signed word of a node about one message."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self

from joserfc.jwk import ECKey
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from ilex.gate.canonical import Malformed, canonical, strict_canonical
from ilex.gate.codes import Code, Refused
from ilex.gate.fields import Digest, Moment, Note, Number7, Reason, UnitId
from ilex.gate.keys import KeyRing
from ilex.gate.models import Envelope
from ilex.gate.signing import BadSignature, kid_of, verify

TYP = "ilex-receipt-1+jws"
LIMIT = 16 * 1024  # bytes


class ReceiptBody(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    format: Literal["ilex-receipt-1"] = "ilex-receipt-1"
    of: Number7  # the message's id
    sender: UnitId  # who sent that message: ids are unique per sender
    digest: Digest  # of the message as signed
    kind: Literal["stored", "processed", "refused", "read"]
    code: Reason | Literal[""] = ""  # of a refusal
    at: Moment
    by: UnitId
    head: Note = ""  # of the journal of `by`
    witness: Note = ""  # the newest head of the sender's journal that `by` holds

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if (self.kind == "refused") != bool(self.code):
            raise ValueError("a refusal has a code and nothing else has")
        return self


def make_receipt(
    ring: KeyRing,
    envelope: Envelope,
    kind: str,
    at: datetime,
    *,
    code: str = "",
    head: str = "",
    witness: str = "",
) -> str:
    body = ReceiptBody(
        of=envelope.id,
        sender=envelope.sender,
        digest=bytes(envelope.digest).hex(),
        kind=kind,  # type: ignore[arg-type]  # a value of Receipt.Kind, which are the same four
        code=code,
        at=at,
        by=ring.unit,
        head=head,
        witness=witness,
    )
    return ring.seal.sign(TYP, canonical(body.model_dump(mode="json")))


def receipt_kid(text: str) -> str:
    """Whose key signed it, as it claims. Raises Refused."""
    if len(text) > LIMIT:
        raise Refused(Code.TOO_LARGE)
    try:
        return kid_of(text, TYP)
    except BadSignature as error:
        raise Refused(Code.MALFORMED) from error


def check_receipt(text: str, key: ECKey) -> ReceiptBody:
    """What a receipt says, after its signature was found to hold. Raises Refused."""
    try:
        return ReceiptBody.model_validate(strict_canonical(verify(text, key, TYP)))
    except BadSignature as error:
        raise Refused(Code.BAD_SEAL) from error
    except (Malformed, ValidationError) as error:
        raise Refused(Code.MALFORMED) from error
