"""The gate's own message: a renewed card, from a node to its peers."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

CARD = "gate.card"


class CardBody(BaseModel):
    """The renewed card of the sender, signed by its new seal key and by the one that it replaces."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    card: Annotated[str, StringConstraints(min_length=1, max_length=65536)]
