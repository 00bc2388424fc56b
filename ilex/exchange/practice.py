"""The practice partner: a node whose officer is the program, so that one person can try everything.

It speaks through the same verbs as an officer, in the language of the request where the catalogue has it, and
always does the same for the same request:

- it takes a request after some seconds and answers: first a part, then the rest;
- an urgent request that does not say how its subjects are connected with the purpose is asked back once;
- words in the request's text steer it: `?clarify` asks back, `?delay` announces a judicial delay, `?refuse f.ii`
  refuses the whole on that ground, `?partly f.ii` refuses a part on it, `?outcome` asks for an outcome report,
  `?silent` never answers, so that the clock can be watched.
"""

from __future__ import annotations

import logging
import re
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import translation
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.exchange import actions, queries
from ilex.exchange.models import OPEN, Entry, Request, State, Way
from ilex.exchange.rules import Invalid, NotNow, Refused
from ilex.gate.failures import kind_and_place
from ilex.units.models import Officer
from ilex.units.rules import may
from ilex.words import law

TAKES_AFTER = timedelta(seconds=2)
SPEAKS_AFTER = timedelta(seconds=4)  # since the last word of either side
DELAYS_BY = timedelta(days=9)
MOST = 200
GROUND = re.compile(r"\?(refuse|partly)\s+([A-Za-z](?:\.[0-9ivx]+)?)")

log = logging.getLogger(__name__)


def practise(at: datetime | None = None) -> int:
    """Do the next thing for each request that waits for us; returns how many things were done.

    Does nothing on a node that is not a practice partner, or has no officer for it.
    """
    officer = practising_officer() if settings.ILEX_PRACTICE else None
    if officer is None:
        return 0
    waiting = Request.objects.filter(way=Way.IN, state__in=OPEN, channel="node").order_by("-made_at")
    return sum(_step(officer, request, at or now()) for request in waiting.select_related("partner")[:MOST])


def practising_officer() -> Officer | None:
    officers = Officer.objects.filter(is_active=True).select_related("organisation").order_by("sign_in")
    return next((officer for officer in officers if may(officer, "practice")), None)


def _step(officer: Officer, request: Request, at: datetime) -> bool:
    last = request.entries.exclude(kind=Entry.Kind.NOTE).order_by("-at").first()
    pause = TAKES_AFTER if request.owner_id is None else SPEAKS_AFTER
    if last is None or at - last.at < pause:
        return False
    try:
        with translation.override(request.language):
            return _act(officer, request)
    except (Invalid, NotNow) as error:
        log.warning("The practice partner could not go on with %s: %s", request.our_ref, kind_and_place(error))
        return False


def _act(officer: Officer, request: Request) -> bool:
    if request.owner_id is None:
        queries.consult(officer, request)
        actions.take(officer, request)
        return True
    if request.kind == Request.Kind.INFORMATION:
        return _thank(officer, request)
    text, said = text_of(request), set(request.entries.filter(way=Way.OUT).values_list("kind", flat=True))
    if "?silent" in text or request.state == State.CLARIFYING:
        return False
    if request.unread_since is not None:
        queries.consult(officer, request)
    if wants_question(request, text) and Entry.Kind.QUESTION not in said:
        actions.question(officer, request, _("Please say how each person or thing is connected with the purpose."))
    elif "?delay" in text and Entry.Kind.DELAY not in said:
        reason = _("A judge has to authorise this. We expect the decision in nine days.")
        actions.delay(officer, request, reason, now() + DELAYS_BY)
    elif "?refuse" in text:
        actions.refuse(officer, request, Refused((ground_of(request, text),), "", _refusal_reasons()))
    elif Entry.Kind.ANSWER not in said:
        _answer_a_part(officer, request)
    else:
        _answer_the_rest(officer, request, text)
    return True


def text_of(request: Request) -> str:
    return f"{request.requested_information}\n{request.facts}\n{request.purpose}"


def wants_question(request: Request, text: str) -> bool:
    return "?clarify" in text or bool(request.urgency and not request.link_explanation)


def ground_of(request: Request, text: str) -> str:
    """The ground that the text names, if the profile knows it; else the profile's first."""
    known = [entry.code for entry in law.profile(request.profile).refusal]
    named = GROUND.search(text)
    return named[2] if named and named[2] in known else known[0]


def _refusal_reasons() -> str:
    return _("This is practice: the ground was named in your request.")


def _answer_a_part(officer: Officer, request: Request) -> None:
    text = _("This is practice. The first registers have been searched; here is what they hold. The rest follows.")
    actions.answer(officer, request, text, stage="partial", source_grade="B", information_grade="2")


def _answer_the_rest(officer: Officer, request: Request, text: str) -> None:
    outcome_wanted = "?outcome" in text
    if "?partly" in text:
        refused = Refused((ground_of(request, text),), _("What concerns the open investigation."), _refusal_reasons())
        words = _("This is practice. All but one part of what you asked is supplied with this.")
        actions.answer(officer, request, words, stage="partial", refuse_part=refused, outcome_wanted=outcome_wanted)
        return
    words = _("This is practice. All registers have been searched. Nothing more is known here.")
    actions.answer(
        officer,
        request,
        words,
        stage="final",
        source_grade="A",
        information_grade="1",
        outcome_wanted=outcome_wanted,
    )


def _thank(officer: Officer, request: Request) -> bool:
    if queries.awaiting_outcome([request.pk]):
        actions.report_outcome(officer, request, _("This is practice. Thank you: the information was of use."))
    else:
        actions.close(request, by=officer)
    return True
