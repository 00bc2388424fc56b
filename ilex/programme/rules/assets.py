"""The table of an asset's life, and the hash that both units sign at a hand-over."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

import rfc8785

from ilex.programme.messages import AssetBody

# Each step, the states from which it may be taken, and the state it leads to.
MAY: Final[Mapping[str, tuple[frozenset[str], str]]] = {
    "purchase": (frozenset({"needed"}), "purchased"),
    "handover": (frozenset({"purchased", "refused"}), "on-the-way"),
    "acceptance": (frozenset({"on-the-way"}), "accepted"),
    "refusal": (frozenset({"on-the-way"}), "refused"),
    "check": (frozenset({"accepted"}), "accepted"),
    "write-off": (frozenset({"purchased", "accepted", "refused"}), "written-off"),
}

BETWEEN_SERIALS: Final = re.compile(r"[\n\r\t,;]+")
ON_A_LABEL: Final = "URN:UUID:"  # in capitals, which make a QR code smaller


def serials_of(text: str) -> list[str]:
    """Numbers pasted or scanned in a row, one in a line or with commas between; each once, in their order."""
    found = (" ".join(part.split()) for part in BETWEEN_SERIALS.split(text))
    return list(dict.fromkeys(part for part in found if part))


def label_of(asset: UUID) -> str:
    """What the code on a sticker holds. Scanned where serial numbers are wanted it names the asset."""
    return f"{ON_A_LABEL}{asset}".upper()


def asset_of(label: str) -> UUID | None:
    """The asset that a scanned code names; None for anything else, as a serial number."""
    head, rest = label[: len(ON_A_LABEL)], label[len(ON_A_LABEL) :]
    if head.upper() != ON_A_LABEL:
        return None
    try:
        return UUID(rest)
    except ValueError:
        return None


def handover_digest(assets: Sequence[AssetBody], giver: str, receiver: str, day: date) -> bytes:
    """SHA-256 of the canonical JSON (RFC 8785) of the assets, the units and the day."""
    said: dict[str, Any] = {
        "assets": [asset.model_dump(mode="json") for asset in assets],
        "giver": giver,
        "receiver": receiver,
        "handed_on": day.isoformat(),
    }
    return hashlib.sha256(rfc8785.dumps(said)).digest()
