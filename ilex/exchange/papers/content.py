"""A form that was read becomes a draft of the recording page: the same facts under the names of the record."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from ilex.exchange.models import Entry, Way
from ilex.exchange.papers.crosswalk import grade_of
from ilex.exchange.papers.fields import FormA, FormB, Person
from ilex.exchange.papers.wording import wording
from ilex.words import law


def to_content(form: FormA | FormB) -> dict[str, Any]:
    """The fields of a request (form B) or of an entry (form A) by their names in the models.

    `partner` is the other unit's id, empty when the form does not know it. Nothing here is checked against the
    directory or the code lists: the page on which the officer records it does that.
    """
    return _request(form) if isinstance(form, FormB) else _entry(form)


def _common(form: FormA | FormB, *, sender: str, receiver: str) -> dict[str, Any]:
    ours = sender == settings.ILEX_UNIT
    return {
        "way": (Way.OUT if ours else Way.IN).value,
        "partner": receiver if ours else sender,
        "language": form.language,
        "handling": form.handling,
        "handling_note": form.handling_note,
    }


def _request(form: FormB) -> dict[str, Any]:
    common = _common(form, sender=form.requesting.unit, receiver=form.requested.unit)
    return {
        **common,
        "profile": form.profile,
        "their_ref": form.reference if common["way"] == Way.IN else "",
        "on_behalf_of": form.on_behalf_of,
        "also_sent_to": [other.unit for other in form.other_states if other.unit],
        "made_at": form.sent_at,
        "requested_information": form.requested_information,
        "facts": form.facts,
        "underlying_offence": form.underlying_offence,
        "offences": list(form.offences),
        "purpose": form.purpose,
        "grounds_available": form.grounds_available,
        "link_explanation": form.link_explanation,
        "use_restrictions": _restrictions(form),
        "urgency": form.urgency,
        "urgency_reason": form.urgency_reason,
        "subjects": [_subject(subject) for subject in form.subjects],
    }


def _restrictions(form: FormB) -> str:
    """The record has one text for what the form splits into a box and a text."""
    box = wording(law.use_restrictions(), form.restriction) if form.restriction else ""
    return "\n".join(filter(None, (box, form.use_restrictions)))


def _subject(subject: Person) -> dict[str, Any]:
    fields = subject.model_dump()
    return {**fields, "other_names": list(subject.other_names), "numbers": list(subject.numbers)}


def _entry(form: FormA) -> dict[str, Any]:
    common = _common(form, sender=form.requested.unit, receiver=form.requesting.unit)
    ours = common["way"] == Way.OUT
    return {
        **common,
        "kind": _kind(form).value,
        "our_ref": "" if ours else form.request_reference,
        "their_ref": form.request_reference if ours else form.reference,
        "at": form.answered_at,
        "text": form.information,
        "reasons": _reasons(form),
        "stage": form.stage,
        "source_grade": grade_of(law.source_grades(), form.reliability),
        "information_grade": grade_of(law.information_grades(), form.accuracy),
        "grounds": list(form.refusal.grounds) if form.refusal else [],
        "refused_part": form.refusal.part if form.refusal else "",
        "use": form.use,
        "use_conditions": form.use_conditions,
        "outcome_wanted": bool(form.outcome_wanted),
        "expected_at": form.delay.expected_at if form.delay else None,
    }


def _kind(form: FormA) -> Entry.Kind:
    if form.spontaneous:
        return Entry.Kind.INFORMATION
    if form.information or form.papers:
        return Entry.Kind.ANSWER
    if form.refusal:
        return Entry.Kind.REFUSAL
    return Entry.Kind.DELAY if form.delay else Entry.Kind.ANSWER


def _reasons(form: FormA) -> str:
    if form.delay and not form.refusal:
        return form.delay.reasons
    return form.refusal.text if form.refusal else form.spontaneous_reasons
