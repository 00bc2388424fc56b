"""Forms A and B out of the record: who asked whom, what was said, in the language of the letter."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, override
from pydantic import ValidationError

from ilex.exchange.models import Access, Entry, Request, Subject, Way
from ilex.exchange.papers import crosswalk
from ilex.exchange.papers.fields import (
    Agent,
    Delay,
    FormA,
    FormB,
    FormError,
    OtherState,
    Paper,
    Person,
    Recipient,
    Refusal,
)
from ilex.exchange.papers.parties import authority, state
from ilex.exchange.papers.wording import page_language, wording
from ilex.gate.models import Attachment
from ilex.units.models import Organisation
from ilex.units.queries import here
from ilex.words import law

ANSWERS = (Entry.Kind.ANSWER, Entry.Kind.DELAY, Entry.Kind.REFUSAL)


@contextmanager
def _letter(language: str) -> Iterator[None]:
    """Names of states and channels stand on a form in the language of the letter, whoever prints it."""
    try:
        with override(page_language(language)):
            yield
    except ValidationError as error:
        raise FormError(gettext("A text of this record is too long for the form.")) from error


def form_b(request: Request, at: datetime | None = None) -> FormB:
    """The request as form B, as it stands on file now. `at` is the moment of the paper. Raises FormError."""
    if request.kind == Request.Kind.INFORMATION:
        raise FormError(gettext("Nothing was requested here: print the information as form A."))
    with _letter(request.language):
        return FormB(**_shared(request, request.handling, request.handling_note, at), **_asked(request))


def form_a(entry: Entry, at: datetime | None = None) -> FormA:
    """An answer, delay, refusal or own-initiative information as form A. Raises FormError for any other entry."""
    if entry.kind not in (*ANSWERS, Entry.Kind.INFORMATION):
        raise FormError(gettext("Form A is for answers, delays, refusals and information given without a request."))
    with _letter(entry.language):
        return FormA(**_shared(entry.request, entry.handling, entry.handling_note, at), **_said(entry))


def _shared(request: Request, handling: str, note: str, at: datetime | None) -> dict[str, Any]:
    asking, asked = (here(), request.partner) if request.way == Way.OUT else (request.partner, here())
    if request.kind == Request.Kind.INFORMATION:
        asking, asked = asked, asking  # who sends information stands where an answer would come from
    return {
        "made_at": at or timezone.now(),
        "profile": request.profile,
        "handling": handling,
        "handling_note": note,
        "requesting": authority(asking),
        "requested": authority(asked),
        "due_at": request.due_at,
        "due_reason": request.due_reason,
    }


def _asked(request: Request) -> dict[str, Any]:
    letter = request.entries.filter(kind=Entry.Kind.REQUEST).order_by("at").first()
    same_names = (
        *("requested_information", "facts", "underlying_offence", "purpose", "grounds_available"),
        *("link_explanation", "urgency", "urgency_reason", "language"),
    )
    return {
        **{name: getattr(request, name) for name in same_names},
        **_restriction(request.use_restrictions),
        "agent": _agent(letter),
        "reference": request.our_ref if request.way == Way.OUT else request.their_ref,
        "recalled_at": letter.recalled_at if letter else None,
        "corrected_at": letter.corrected_at if letter else None,
        "on_behalf_of": _on_behalf_of(request),
        "sent_at": _sent_at(request, letter),
        "sent_to": (_recipient(request),),
        "other_states": tuple(_other_states(request)),
        "urgent": bool(request.urgency),
        "offences": tuple(request.offences),
        "subjects": tuple(_person(subject) for subject in request.subjects.order_by("order")),
    }


def _restriction(text: str) -> dict[str, str]:
    """A text that is one of the form's four codes ticks its box."""
    if text.strip() in {entry.code for entry in law.use_restrictions()}:
        return {"restriction": text.strip()}
    return {"use_restrictions": text}


def _agent(entry: Entry | None) -> Agent:
    """The function of whoever wrote the letter: ours from his own page, theirs as the letter said it."""
    if entry is None:
        return Agent()
    return Agent(function=entry.by.function if entry.by else str(entry.details.get("agent", "")))


def _on_behalf_of(request: Request) -> str:
    submitter = request.submitted_name
    if not submitter and request.submitted_by_id not in (request.partner_id, here().pk):
        submitter = request.submitted_by.name
    return ", ".join(filter(None, (submitter, request.on_behalf_of)))


def _sent_at(request: Request, letter: Entry | None) -> datetime:
    if letter is None:
        return request.made_at
    return letter.envelope.issued if letter.envelope else letter.at


def _recipient(request: Request) -> Recipient:
    box = crosswalk.channel(request.channel)
    other = wording(law.channels(), request.channel) if box == "OTHER" else ""
    asked = request.partner if request.way == Way.OUT else here()
    return Recipient(name=asked.name, channel=box, other_channel=other, purpose="execution")


def _other_states(request: Request) -> Iterator[OtherState]:
    channels = dict(Request.objects.filter(inquiry=request.inquiry).values_list("partner_id", "channel"))
    units = Organisation.objects.select_related("place").in_bulk(request.also_sent_to)
    for code in request.also_sent_to:
        unit = units.get(code)
        yield OtherState(
            unit=code,
            state=state(unit.place if unit else None),
            authority=unit.name if unit else code,
            channel=channels.get(code, ""),
        )


def _person(subject: Subject) -> Person:
    several = {"other_names": tuple(subject.other_names), "numbers": tuple(subject.numbers)}
    return Person.model_validate(
        {name: getattr(subject, name) for name in Person.model_fields if name not in several} | several
    )


def _said(entry: Entry) -> dict[str, Any]:
    request = entry.request
    ours = entry.way == Way.OUT
    spontaneous = entry.kind == Entry.Kind.INFORMATION
    return {
        "language": entry.language,
        "agent": _agent(entry),
        "reference": request.our_ref if ours else request.their_ref,
        "answered_at": entry.envelope.issued if entry.envelope else entry.at,
        "recalled_at": entry.recalled_at,
        "corrected_at": entry.corrected_at,
        "stage": entry.stage,
        "information": entry.text if entry.kind in (Entry.Kind.ANSWER, Entry.Kind.INFORMATION) else "",
        "papers": tuple(_paper(paper) for paper in entry.papers.order_by("order", "name")),
        "use": entry.use,
        "use_conditions": entry.use_conditions,
        "reliability": crosswalk.grade(law.source_grades(), entry.source_grade),
        "accuracy": crosswalk.grade(law.information_grades(), entry.information_grade),
        "outcome_wanted": entry.outcome_wanted,
        "spontaneous": spontaneous,
        "spontaneous_reasons": entry.reasons if spontaneous else "",
        "delay": _delay(entry) if entry.kind == Entry.Kind.DELAY else None,
        "refusal": _refusal(entry) if entry.grounds else None,
        **({} if spontaneous else _answering(entry)),
    }


def _answering(entry: Entry) -> dict[str, Any]:
    request = entry.request
    before = request.entries.filter(kind__in=ANSWERS, way=entry.way, at__lt=entry.at).order_by("-at").first()
    ours = entry.way == Way.OUT
    letter = request.entries.filter(kind=Entry.Kind.REQUEST).order_by("at").first()
    return {
        "previous_at": before.at if before else None,
        "previous_reference": "" if before is None else request.our_ref if ours else request.their_ref,
        "request_at": _sent_at(request, letter),
        "request_reference": request.their_ref if ours else request.our_ref,
        "limit": crosswalk.limit(request.received_at, request.first_due_at),
        "listed_offence": bool(request.offences),
        "direct_access": request.access == Access.DIRECT,
    }


def _paper(paper: Attachment) -> Paper:
    return Paper(name=paper.name, size=paper.size, sha256=bytes(paper.digest).hex())


def _delay(entry: Entry) -> Delay:
    """A delay of the record is always one for judicial authorisation."""
    return Delay(
        reasons=entry.reasons or entry.text,
        expected=crosswalk.expected(entry.at, entry.expected_at),
        expected_at=entry.expected_at,
        judicial=True,
        judicial_weeks=crosswalk.weeks(entry.at, entry.expected_at),
    )


def _refusal(entry: Entry) -> Refusal:
    return Refusal(
        reasons=crosswalk.reasons(entry.request.profile, entry.grounds),
        grounds=tuple(entry.grounds),
        part=entry.refused_part,
        text=entry.reasons,
    )
