"""What can be done now, and which of it is the one main thing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from ilex.exchange.models import Entry, Request, State, Twin, Way
from ilex.exchange.queries.access import permits
from ilex.exchange.rules.state import STEPS
from ilex.units.models import Officer


@dataclass(frozen=True)
class NextStep:
    label: str  # translated, an imperative
    url: str
    method: str = "get"
    why: str = ""


def steps(request: Request, officer: Officer) -> set[str]:
    """The names of the verbs that this officer may use on this request now."""
    return {name for name in STEPS if allowed(name, request, officer)}


def allowed(name: str, request: Request, officer: Officer) -> bool:
    step = STEPS[name]
    fits = request.state in step.states and step.way in ("", request.way)
    if request.kind == Request.Kind.INFORMATION and not step.information:
        fits = name == "report_outcome" and request.way == Way.IN and request.state != State.RECALLED
    if name == "record_entry" and request.on_node:
        return False
    return fits and permits(officer, step.verb, request)


def next_step(request: Request, officer: Officer, *, awaited: bool | None = None) -> NextStep | None:
    """The one main thing to do; none while we wait for the other side.

    `awaited` tells whether they wait for an outcome report, when the caller knows it already.
    """

    def can(name: str) -> bool:
        return allowed(name, request, officer)

    if request.state == State.RECEIVED and can("take"):
        informed = request.kind == Request.Kind.INFORMATION
        label = _("Take this information") if informed else _("Take this request")
        return NextStep(label, _page("request-take", request), "post")
    if request.state in TO_ANSWER and can("answer"):
        return NextStep(_("Answer"), _letter(request, "answer"))
    if request.way == Way.OUT and request.state == State.CLARIFYING and can("give_clarification"):
        return NextStep(_("Answer the question"), _letter(request, "clarification"), why=_("The clock stands."))
    if can("report_outcome") and (bool(awaiting_outcome([request.pk])) if awaited is None else awaited):
        return NextStep(_("Report the outcome"), _letter(request, "outcome"), why=_("They asked for it."))
    if over(request) and can("close"):
        return NextStep(_("Close"), _page("request-close", request), "post")
    return None


TO_ANSWER = (State.WORK, State.PARTLY, State.JUDICIAL)


def over(request: Request) -> bool:
    """Nothing is awaited any more."""
    if request.kind == Request.Kind.INFORMATION:
        return request.state in (State.WORK, State.RECALLED)
    return request.state in (State.ANSWERED, State.REFUSED, State.RECALLED)


def closable(request: Request) -> bool:
    """Whether it is closed without a reason: it is over, or it is the same as another one."""
    if over(request) or request.kind == Request.Kind.INFORMATION:
        return True
    return request.twins.filter(judgement=Twin.Judgement.SAME).exists()


def awaiting_outcome(requests: Sequence[UUID]) -> set[UUID]:
    """Those whose partner asked to hear what came of it, and was not told."""
    if not requests:
        return set()
    wanted = Entry.objects.filter(request__in=requests, way=Way.IN, outcome_wanted=True, recalled_at=None)
    told = Entry.objects.filter(request__in=requests, way=Way.OUT, kind=Entry.Kind.OUTCOME)
    asked = set(wanted.values_list("request", flat=True))
    return asked - set(told.values_list("request", flat=True)) if asked else asked


def _page(name: str, request: Request) -> str:
    return reverse(name, args=[request.our_ref])


def _letter(request: Request, kind: str) -> str:
    return reverse("letter", args=[request.our_ref, kind])
