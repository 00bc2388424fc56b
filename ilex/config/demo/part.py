"""One unit of the demonstration among the others: what it still has to do, and who does it."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from ilex.config.demo import people
from ilex.config.demo.people import Post
from ilex.programme.models import Invitation
from ilex.units.models import Officer

COOPERATION = Path(__file__).with_name("cooperation.toml")


def unit_of(code: str) -> str:
    return f"ilecu-{code.lower()}"


@dataclass
class Part:
    """What a unit still has to do. Serbia leads where it takes part; each gives equipment to the one before it."""

    code: str
    units: Sequence[str]
    rest: list[Move] = field(default_factory=list)

    @property
    def over(self) -> bool:
        return not self.rest

    def turn(self) -> bool:
        """Do what can be done now; False when nothing can."""
        before = len(self.rest)
        self.rest = [move for move in self.rest if not move(self)]
        return len(self.rest) < before

    @cached_property
    def told(self) -> dict[str, Any]:
        return tomllib.loads(COOPERATION.read_text(encoding="utf-8"))

    @property
    def lead(self) -> str:
        return "RS" if "RS" in self.units else self.units[0]

    @property
    def leads(self) -> bool:
        return self.code == self.lead

    @property
    def hosts(self) -> bool:
        return self._beside(self.lead, 1) == self.code

    @property
    def before(self) -> str:
        """The unit to which this one gives."""
        return self._beside(self.code, -1)

    @property
    def behind(self) -> str:
        """The unit from which this one gets."""
        return self._beside(self.code, 1)

    @property
    def others(self) -> list[str]:
        return [code for code in self.units if code != self.code]

    def officer(self, post: Post) -> Officer:
        return Officer.objects.get(sign_in=people.sign_in(post, self.code))

    def invited_to(self, what: str) -> Invitation | None:
        return Invitation.objects.filter(way=Invitation.Way.IN, activity__title=self.told[what]["title"]).first()

    def of_workshop(self) -> Invitation:
        return Invitation.objects.get(way=Invitation.Way.OUT, activity__title=self.told["workshop"]["title"])

    def _beside(self, code: str, step: int) -> str:
        return self.units[(self.units.index(code) + step) % len(self.units)]


# Does its work as soon as it can be done, and returns whether nothing of it is left.
Move = Callable[[Part], bool]
