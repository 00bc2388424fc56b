"""Which hits are judged one after the other: all that wait, or those of a request, subject, case or look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property

from django.http import Http404
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.cases import queries as cases
from ilex.cases.models import Case
from ilex.crosscheck import queries
from ilex.crosscheck.models import Hit, Look
from ilex.crosscheck.rules import End
from ilex.crosscheck.views.loading import key_of, look_of, request_of, subject_of
from ilex.exchange.models import Request
from ilex.subjects.models import Subject
from ilex.units.models import Officer


@dataclass
class Scope:
    request: Request | None = None
    subject: Subject | None = None
    case: Case | None = None
    look: Look | None = None
    since: datetime = field(default_factory=now)  # what this officer judged from then on counts as done

    @classmethod
    def of(cls, typed: Mapping[str, str], officer: Officer) -> Scope:
        """What the address or the form names. Raises Http404 for what is not there for this officer."""
        return cls(
            request=request_of(officer, typed["request"]) if typed.get("request") else None,
            subject=subject_of(officer, key_of(typed["subject"])) if typed.get("subject") else None,
            case=_case(officer, typed["case"]) if typed.get("case") else None,
            look=look_of(officer, key_of(typed["look"])) if typed.get("look") else None,
            since=_moment(typed.get("since", "")),
        )

    @property
    def about(self) -> dict[str, object]:
        """As the queries take it."""
        return {name: getattr(self, name) for name in ("request", "subject", "case", "look") if getattr(self, name)}

    @property
    def on(self) -> tuple[str, str]:
        """The object of the journal's line."""
        return next(((name, str(getattr(self, name).pk)) for name in self.about), ("hit", ""))

    @cached_property
    def names(self) -> list[tuple[str, str]]:
        named = (
            ("request", self.request.our_ref if self.request else ""),
            ("subject", str(self.subject.pk) if self.subject else ""),
            ("case", self.case.number if self.case else ""),
            ("look", str(self.look.pk) if self.look else ""),
        )
        return [(name, value) for name, value in named if value]

    @cached_property
    def fields(self) -> list[tuple[str, str]]:
        return [*self.names, ("since", str(int(self.since.timestamp() * 1000)))]

    @property
    def query(self) -> str:
        return f"?{urlencode(self.fields)}"

    def facing(self, hit: Hit) -> Hit:
        """The hit with the thing of this page as the one that was asked about."""
        held = End(hit.held_origin, hit.held_key)
        theirs = (
            (self.request and self.request.pk == hit.held_request_id and self.request.pk != hit.request_id)
            or (self.subject and self.subject.pk == hit.held_subject_id)
            or (self.look and held == (self.look.origin, self.look.key))
        )
        return queries.turned(hit, held) if theirs else hit

    def address(self, page: str, **more: str) -> str:
        return f"{reverse(page)}?{urlencode([*self.names, *((name, value) for name, value in more.items() if value)])}"

    @property
    def url(self) -> str:
        return reverse("hits") + self.query

    @property
    def words(self) -> str:
        """What the hits are about; empty for all."""
        if self.request:
            return self.request.our_ref
        if self.subject:
            return self.subject.caption
        if self.case:
            return self.case.number
        return self.look.caption if self.look else ""

    @property
    def back(self) -> str:
        if self.request:
            return reverse("request", args=[self.request.our_ref])
        if self.subject:
            return reverse("subject", args=[self.subject.pk])
        if self.case:
            return reverse("case", args=[self.case.number])
        return reverse("check-look", args=[self.look.pk]) if self.look else ""

    @property
    def back_words(self) -> str:
        return _("Back to %(what)s") % {"what": self.words}


def _case(officer: Officer, number: str) -> Case:
    try:
        return cases.case_for(officer, number)
    except Case.DoesNotExist as error:
        raise Http404 from error


def _moment(text: str) -> datetime:
    """Milliseconds since 1970; now for anything else."""
    if not text.isdecimal() or len(text) > 14:
        return now()
    return datetime.fromtimestamp(int(text) / 1000, UTC)
