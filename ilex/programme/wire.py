"""The kinds of values that stand in the programme's messages, each with one spelling and a bound."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema

from ilex.programme.bounds import within
from ilex.words.amounts import check
from ilex.words.edtf import LONGEST, When
from ilex.words.periods import Duration
from ilex.words.quantities import Quantity


def _when(text: str) -> str:
    return str(within(When.parse(text)))


def _duration(text: str) -> str:
    return str(Duration.parse(text)) if text else ""


def _quantity(text: str) -> str:
    return str(Quantity.parse(text)) if text else ""


def _money(text: str) -> str:
    if text:
        check(Decimal(text))
    return text


DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
MONEY = r"^([0-9]{1,15}\.[0-9]{2})?$"

Version = Annotated[int, Field(ge=1, le=2_147_483_647)]  # as large as the column that keeps it
Edtf = Annotated[
    str,
    StringConstraints(max_length=LONGEST),
    AfterValidator(_when),
    WithJsonSchema({"type": "string", "maxLength": LONGEST, "description": "EDTF; empty: not known"}),
]
Length = Annotated[str, StringConstraints(pattern=r"^(P[1-9][0-9]{0,2}[DWMY])?$"), AfterValidator(_duration)]
Counted = Annotated[str, StringConstraints(max_length=80), AfterValidator(_quantity)]  # >70 people
Money = Annotated[str, StringConstraints(pattern=MONEY), AfterValidator(_money)]  # empty: not known, and not zero
Currency = Annotated[str, StringConstraints(pattern=r"^([A-Z]{3})?$")]
Day = Annotated[str, StringConstraints(pattern=DAY), AfterValidator(_when)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]
PlaceCode = Annotated[str, StringConstraints(pattern=r"^([A-Za-z][A-Za-z-]{0,23})?$")]
Zone = Annotated[str, StringConstraints(pattern=r"^([A-Za-z]+(/[A-Za-z0-9_+-]+){0,2})?$", max_length=40)]
Short = Annotated[str, StringConstraints(max_length=80, strip_whitespace=True)]
Serial = Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True)]
Make = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
Named = Annotated[str, StringConstraints(min_length=1, max_length=160, strip_whitespace=True)]
Titled = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
Signed = Annotated[
    str, StringConstraints(pattern=r"^([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)?$", max_length=2000)
]
