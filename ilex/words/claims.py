"""Claims: the same fact as several sources state it. They stand side by side; one is preferred, for a reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ilex.words.edtf import When


@dataclass(frozen=True)
class Claim:
    """What one source states of one field. `value` has one spelling for one meaning; `printed` is as it stood there."""

    field: str
    value: str
    source: str
    printed: str = ""
    stated_on: When | None = None
    preferred: bool = False
    reason: str = ""  # why it is preferred

    def __post_init__(self) -> None:
        if self.preferred and not self.reason.strip():
            raise ValueError("Say why this claim is preferred.")
        if not self.source.strip():
            raise ValueError("A claim names its source.")


@dataclass(frozen=True)
class Field:
    """All that is claimed of one field, the preferred one first, the others in their order."""

    name: str
    claims: tuple[Claim, ...]

    @property
    def preferred(self) -> Claim | None:
        return self.claims[0] if self.claims[0].preferred else None

    @property
    def conflict(self) -> bool:
        """Whether the sources differ in their meaning. Two spellings of one value are no conflict."""
        return len({claim.value for claim in self.claims}) > 1

    @property
    def value(self) -> str | None:
        """What the house takes it to be: the preferred value, or the one they agree on; None while it is open."""
        if self.preferred:
            return self.preferred.value
        return None if self.conflict else self.claims[0].value


def settled(claims: Iterable[Claim]) -> dict[str, Field]:
    """Gather claims by field. Raises ValueError when two of one field are preferred."""
    gathered: dict[str, list[Claim]] = {}
    for claim in claims:
        gathered.setdefault(claim.field, []).append(claim)
    for name, group in gathered.items():
        if sum(claim.preferred for claim in group) > 1:
            raise ValueError(f"Two claims of “{name}” are preferred: choose one.")
    return {name: Field(name, _preferred_first(group)) for name, group in gathered.items()}


def _preferred_first(claims: list[Claim]) -> tuple[Claim, ...]:
    return tuple(sorted(claims, key=lambda claim: not claim.preferred))
