"""Taking in what partners say: each message becomes an entry and moves the clock, exactly once.

The gate calls these in the transaction that marks the envelope as taken. `Refuse` keeps the message and tells the
partner a code; `NotYet` leaves it waiting for what it belongs to.
"""

from __future__ import annotations

from typing import Any, cast

from django.utils.timezone import now

from ilex.exchange import index
from ilex.exchange.actions import clockwork
from ilex.exchange.actions.entries import keep, questions_asked
from ilex.exchange.documents import close_papers, keep_papers
from ilex.exchange.messages import (
    AcknowledgementBody,
    AnswerBody,
    ClarificationBody,
    CorrectionBody,
    DelayBody,
    OutcomeBody,
    QuestionBody,
    RecallBody,
    RefusalBody,
    RefusedBody,
    SupplyBody,
)
from ilex.exchange.models import Entry, Request, Way
from ilex.exchange.rules import (
    Faults,
    Refused,
    Supply,
    answer_settles,
    check_refused,
    check_supply,
    reference_key,
    refusal_settles,
)
from ilex.gate.fields import to_the_millisecond
from ilex.gate.registry import Arrived, NotYet, Refuse
from ilex.journal.actions import write
from ilex.journal.models import Operation
from ilex.words import law


def take_in_acknowledgement(arrived: Arrived) -> None:
    """Their reference, and how they reach the information; we compute the deadline ourselves from the same facts."""
    body = cast(AcknowledgementBody, arrived.body)
    request = conversation_of(arrived, Way.OUT)
    details = {"due_at": body.due_at.isoformat(), "access": body.access}
    entry = arrive(arrived, request, Entry.Kind.ACKNOWLEDGEMENT, reasons=body.reason, details=details)
    Entry.objects.filter(pk=entry.pk).update(read_at=entry.at)  # nobody has to open it
    if request.their_ref != body.reference:
        names = {"their_ref": body.reference, "their_ref_key": reference_key(body.reference)}
        Request.objects.filter(pk=request.pk).update(**names)
        index.add_words(request, body.reference, reference_key(body.reference))
    if request.access != body.access:
        clockwork.change_access(request, body.access, now(), body.reason)


def take_in_question(arrived: Arrived) -> None:
    """The clock stops at the moment at which our gate kept the question: our receipt tells them the same moment."""
    body = cast(QuestionBody, arrived.body)
    request = conversation_of(arrived, Way.OUT)
    arrive(arrived, request, Entry.Kind.QUESTION, news=True, text=body.text)


def take_in_clarification(arrived: Arrived) -> None:
    body = cast(ClarificationBody, arrived.body)
    request = conversation_of(arrived, Way.IN)
    asked = request.entries.filter(kind=Entry.Kind.QUESTION, way=Way.OUT)
    answered = list(asked.filter(message__in=body.questions).values_list("pk", flat=True))
    # A node that names none of them answers what is open.
    answered = answered or list(questions_asked(request, Way.OUT))
    details = {"questions": [str(pk) for pk in answered]}
    arrive(arrived, request, Entry.Kind.CLARIFICATION, news=True, text=body.text, details=details)


def take_in_delay(arrived: Arrived) -> None:
    body = cast(DelayBody, arrived.body)
    request = conversation_of(arrived, Way.OUT)
    arrive(arrived, request, Entry.Kind.DELAY, news=True, reasons=body.reason, expected_at=body.expected_at)


def take_in_answer(arrived: Arrived) -> None:
    body = cast(AnswerBody, arrived.body)
    request = conversation_of(arrived, Way.OUT)
    arrive(
        arrived,
        request,
        Entry.Kind.ANSWER,
        news=True,
        text=body.text,
        stage=body.stage,
        settles=answer_settles(body.stage, body.settles),
        **supplied(arrived, body),
        **(refused_by(request, body.refused) if body.refused else {}),
    )


def take_in_refusal(arrived: Arrived) -> None:
    body = cast(RefusalBody, arrived.body)
    request = conversation_of(arrived, Way.OUT)
    settles = refusal_settles(body.refused.part, body.settles)
    arrive(arrived, request, Entry.Kind.REFUSAL, news=True, settles=settles, **refused_by(request, body.refused))


def take_in_outcome(arrived: Arrived) -> None:
    """What came of our answer, or of what we told unasked."""
    body = cast(OutcomeBody, arrived.body)
    request = conversation_of(arrived, "")
    if (request.kind == Request.Kind.INFORMATION) != (request.way == Way.OUT):
        raise Refuse("wrong-side", "This is for the other side to do.")
    arrive(arrived, request, Entry.Kind.OUTCOME, news=True, text=body.text)


def take_in_correction(arrived: Arrived) -> None:
    body = cast(CorrectionBody, arrived.body)
    wrong = said_before(arrived, body)
    arrive(arrived, wrong.request, Entry.Kind.CORRECTION, news=True, about=wrong, text=body.text, reasons=body.reason)
    Entry.objects.filter(pk=wrong.pk).update(corrected_at=to_the_millisecond(arrived.envelope.at))


def take_in_recall(arrived: Arrived) -> None:
    """From now on the recalled text is shown to nobody here; it stays in the evidence."""
    body = cast(RecallBody, arrived.body)
    entry = said_before(arrived, body)
    at = to_the_millisecond(arrived.envelope.at)
    Entry.objects.filter(pk=entry.pk, recalled_at=None).update(recalled_at=at)
    close_papers(entry)
    arrive(arrived, entry.request, Entry.Kind.RECALL, news=True, about=entry, reasons=body.reason)


# --- what they share ---


def conversation_of(arrived: Arrived, way: str) -> Request:
    """The request that a message belongs to, its row locked."""
    rows = Request.objects.select_for_update(of=("self",), no_key=True).select_related("partner__place", "owner")
    found = list(rows.filter(inquiry=arrived.envelope.conversation, partner=arrived.sender))
    if not found:
        raise NotYet
    fitting = [request for request in found if way in ("", request.way)]
    if not fitting:
        raise Refuse("wrong-side", "This is for the other side to do.")
    return fitting[0]


def said_before(arrived: Arrived, body: CorrectionBody | RecallBody) -> Entry:
    """The sender's own entry that this message speaks of, its request locked."""
    request = conversation_of(arrived, "")
    entry = request.entries.filter(message=body.about, way=Way.IN).first()
    if entry is None:
        raise NotYet
    entry.request = request
    return entry


def arrive(arrived: Arrived, request: Request, kind: Entry.Kind, *, news: bool = False, **columns: Any) -> Entry:
    """Keep the entry, mark the request as having something unread, reckon its clock, write the line."""
    entry = keep_arrived(arrived, request, kind, **columns)
    if news:
        mark_unread(request, entry)
    clockwork.reckon(request, now())
    write(
        f"{kind}.arrived",
        Operation.COLLECTION,
        by=None,
        on=("request", str(request.pk)),
        sender=arrived.sender.pk,
        message=str(arrived.envelope.id),
    )
    return entry


def keep_arrived(arrived: Arrived, request: Request, kind: Entry.Kind, **columns: Any) -> Entry:
    envelope, at = arrived.envelope, to_the_millisecond(arrived.envelope.at)
    details = {"agent": arrived.body.agent, **columns.pop("details", {})}
    usual = {"handling": envelope.handling, "language": envelope.language, "reached_at": at}
    entry = keep(request, kind, Way.IN, at, envelope, by=None, details=details, **{**usual, **columns})
    if arrived.attachments:
        entry.papers.set(arrived.attachments)
        keep_papers(entry, arrived.attachments)
    return entry


def mark_unread(request: Request, entry: Entry) -> None:
    if request.unread_since is None:
        Request.objects.filter(pk=request.pk, unread_since=None).update(unread_since=entry.at)
        request.unread_since = entry.at


def supplied(arrived: Arrived, body: SupplyBody) -> dict[str, Any]:
    """The columns of evaluation and conditions, checked against the lists that we know."""
    columns = {name: getattr(body, name) for name in SupplyBody.model_fields if name != "agent"}
    faults = Faults()
    check_supply(faults, Supply(handling=arrived.envelope.handling, **columns))
    refuse_any(faults.fields)
    return columns


def refused_by(request: Request, refused: RefusedBody) -> dict[str, Any]:
    faults = Faults()
    grounds = Refused(tuple(refused.grounds), refused.part, refused.reasons)
    check_refused(faults, grounds, law.profile(request.profile))
    refuse_any(faults.fields)
    return {"grounds": refused.grounds, "refused_part": refused.part, "reasons": refused.reasons}


def refuse_any(faults: dict[str, str]) -> None:
    """The partner reads the code, our log which fields it was."""
    if faults:
        raise Refuse("unknown-content", f"Not as the lists of the law have it: {', '.join(sorted(faults))}.")
