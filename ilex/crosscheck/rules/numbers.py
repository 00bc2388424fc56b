"""Numbers that letters name without their type: which types they can be of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ilex.words.identifiers import Wrong, clean

LONGEST_PLATE = 10
PHONE = re.compile(r"(\+|00)[\d\s()/.-]{8,}")
IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}")
VIN = re.compile(r"[A-HJ-NPR-Z0-9]{17}")


def typed(kind: str, text: str, country: str = "") -> tuple[tuple[str, str, str], ...]:
    """(type, as written, country) for each type that the number can be of, the likeliest first."""
    return tuple((type, text, country) for type in dict.fromkeys(_types(kind, text)) if _can_be(type, text, country))


def _types(kind: str, text: str) -> Iterator[str]:
    bare = re.sub(r"[\s./-]", "", text).upper()
    if "@" in text:
        yield "email"
        return
    if PHONE.fullmatch(text.strip()):
        yield "phone"
        return
    if IBAN.fullmatch(bare):
        yield "iban"
    if kind == "vehicle":
        yield "vin" if VIN.fullmatch(bare) else "plate" if len(bare) <= LONGEST_PLATE else "number"
        return
    yield from BY_KIND.get(kind, ("number",))
    if bare.isdecimal() and len(bare) >= 9 and kind in ("person", "other", ""):
        yield "national"
    if bare.isdecimal() and len(bare) == 15:
        yield "imei"


BY_KIND = {
    "person": ("document",),
    "document": ("document",),
    "organisation": ("number", "tax"),
}


def _can_be(type: str, text: str, country: str) -> bool:
    try:
        return bool(clean(type, text, country))
    except Wrong:
        return False
