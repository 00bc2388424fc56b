"""An officer looks somebody or something up in the holdings."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence

from django.utils.translation import gettext as _

from ilex.crosscheck.actions.asking import ask
from ilex.crosscheck.asked import Asked
from ilex.crosscheck.facts import of_named, of_subject, tells
from ilex.crosscheck.freezing import frozen_facts
from ilex.crosscheck.models import Look
from ilex.crosscheck.queries.cases import number_of, seen_case
from ilex.crosscheck.rules import REQUESTS, SUBJECTS, TYPED, End, Invalid
from ilex.exchange import queries as exchange
from ilex.exchange.models import Request
from ilex.exchange.models import Subject as Named
from ilex.holdings import origins
from ilex.holdings.queries import Candidate
from ilex.matching.facts import Facts
from ilex.subjects import queries as subjects
from ilex.subjects.models import Subject
from ilex.units.models import Officer
from ilex.units.rules import check

LONGEST = 500  # characters of a reason


def look(
    officer: Officer,
    facts: Facts,
    *,
    reason: str,
    case: str = "",
    harder: bool = False,
    request_subject: Named | None = None,
    subject: Subject | None = None,
) -> Look:
    """Look up what the officer typed, or one of our own records that he may see. He finds what he may see.

    Facts that are not those of the record are his own words: then it is a look of his, and nothing of the record's.
    `harder` compares with all holdings, also those that share no key. Raises Invalid ("name", "reason", "case").
    """
    check(officer, "crosscheck.look")
    faults: dict[str, str] = {}
    if not tells(facts):
        faults["name"] = _("Type a name or a number.")
    if not reason.strip() or len(reason) > LONGEST:
        faults["reason"] = _("Say for which purpose you look, in at most %(limit)d characters.") % {"limit": LONGEST}
    asked = _asked(officer, facts, request_subject, subject)
    if case and not seen_case(officer, case):
        faults["case"] = _("There is no such case.")
    if faults:
        raise Invalid(faults)
    number = case or number_of(asked.request.pk if asked.request else None, asked.subject.pk if asked.subject else None)
    return ask(
        asked,
        by=officer,
        reason=reason.strip(),
        case=number,
        harder=harder,
        sieve=lambda found: visible_to(officer, found),
    )


def visible_to(officer: Officer, found: Sequence[Candidate]) -> list[Candidate]:
    """Without the records of other rooms that he may not see."""
    keys: dict[str, list[str]] = defaultdict(list)
    for one in found:
        keys[one.source].append(one.key)
    seen = {code: origin.may_see(officer, keys[code]) for code in keys if (origin := origins.origin(code)) is not None}
    return [one for one in found if one.source not in seen or one.key in seen[one.source]]


def _asked(officer: Officer, facts: Facts, request_subject: Named | None, subject: Subject | None) -> Asked:
    """Raises Request.DoesNotExist or Subject.DoesNotExist when it is not for this officer."""
    if request_subject is not None:
        request = exchange.visible_requests(officer).get(pk=request_subject.request_id)
        if request.recalled_at is not None:
            raise Request.DoesNotExist
        if facts == of_named(request_subject):
            return Asked(End(REQUESTS, str(request_subject.pk)), facts, request=request)
    elif subject is not None:
        standing = subjects.subject_for(officer, subject.pk)
        if facts == of_subject(standing):
            return Asked(End(SUBJECTS, str(standing.pk)), facts, subject=standing)
    return Asked(End(TYPED, typed_key(officer, facts)), facts, officer=officer)


def typed_key(officer: Officer, facts: Facts) -> str:
    """The same for the same words of the same officer: what he judged stays judged when he types them again."""
    words = json.dumps([str(officer.pk), frozen_facts(facts)], sort_keys=True)
    return hashlib.sha256(words.encode()).hexdigest()
