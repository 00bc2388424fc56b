"""One thing that is looked up in the holdings."""

from __future__ import annotations

from dataclasses import dataclass

from ilex.crosscheck.models import Look
from ilex.crosscheck.rules import TYPED, End
from ilex.exchange.models import Request
from ilex.matching.facts import Facts
from ilex.subjects.models import Subject
from ilex.units.models import Officer


@dataclass(frozen=True)
class Asked:
    """What it is called here, what is known of it, and what it belongs to."""

    end: End
    facts: Facts
    request: Request | None = None
    subject: Subject | None = None
    officer: Officer | None = None  # who typed it

    @property
    def about(self) -> Look.About:
        if self.end.origin == TYPED:
            return Look.About.TYPED
        return Look.About.SUBJECT if self.subject else Look.About.REQUEST

    @property
    def on(self) -> tuple[str, str]:
        """The object of the journal's line."""
        if self.request is not None:
            return "request", str(self.request.pk)
        return ("subject", str(self.subject.pk)) if self.subject else ("look", "")
