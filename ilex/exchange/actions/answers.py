"""Answering, refusing, and reporting what came of an answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.exchange.actions import approved, clockwork
from ilex.exchange.actions.entries import locked, say, written
from ilex.exchange.messages import AnswerBody, OutcomeBody, RefusalBody, RefusedBody
from ilex.exchange.models import Entry, Request
from ilex.exchange.rules import (
    Faults,
    Refused,
    Supply,
    answer_settles,
    check_refused,
    check_supply,
    refusal_settles,
)
from ilex.gate.models import Attachment
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Officer
from ilex.units.rules import check
from ilex.words import law

SUPPLY = (
    *("handling", "handling_note", "source_grade", "information_grade"),
    *("use", "use_conditions", "outcome_wanted"),
)


def answer(
    officer: Officer,
    request: Request,
    text: str,
    *,
    stage: str = "final",
    handling: str = "H0",
    handling_note: str = "",
    source_grade: str = "",
    information_grade: str = "",
    use: str = "",
    use_conditions: str = "",
    outcome_wanted: bool = False,
    attachments: Sequence[Attachment] = (),
    refuse_part: Refused | None = None,
    settles: bool | None = None,
    said_at: datetime | None = None,
) -> Entry:
    """Supply what is known. A final answer settles the request, a partial one with `settles`, an interim never.

    `refuse_part` refuses a part in the same message; the rest is what the text supplies. A partial answer that
    refuses the rest settles unless `settles` is False.
    """
    supply = Supply(
        handling=handling,
        handling_note=handling_note.strip(),
        source_grade=source_grade,
        information_grade=information_grade,
        use=use,
        use_conditions=use_conditions.strip(),
        outcome_wanted=outcome_wanted,
    )
    with act("request.answer", Operation.DISCLOSURE, by=officer, on=("request", str(request.pk))) as this:
        this.detail |= approved.named()
        row = locked(officer, "answer", request)
        if refuse_part is not None:
            check(officer, "request.refuse")
        _check_answer(row, text, stage, supply, refuse_part, attachments)
        done = answer_settles(stage, refuse_part is not None if settles is None else settles)
        entry = _say_answer(officer, row, text.strip(), stage, supply, refuse_part, done, attachments, said_at)
        clockwork.reckon(row, now())
        this.recipients = [row.partner_id]
        this.detail |= {"stage": stage, "handling": handling, "settles": done}
        this.detail |= {"grounds": list(refuse_part.grounds)} if refuse_part else {}
    return entry


def _check_answer(
    request: Request,
    text: str,
    stage: str,
    supply: Supply,
    refused: Refused | None,
    attachments: Sequence[Attachment],
) -> None:
    faults = Faults()
    faults.check_text("text", text)
    if not text.strip() and not attachments:
        faults.say("text", _("Write the answer, or attach it."))
    if stage not in ("interim", "partial", "final"):
        faults.say("stage", _("Choose one from the list."))
    check_supply(faults, supply)
    if refused is not None:
        check_refused(faults, refused, law.profile(request.profile), prefix="refuse_")
        if not refused.part.strip():
            faults.say("refuse_part", _("Say which part is refused; to refuse the whole, write a refusal."))
        if stage == "interim":
            faults.say("stage", _("An interim answer cannot refuse a part."))
    faults.raise_any()


def _say_answer(
    officer: Officer,
    request: Request,
    text: str,
    stage: str,
    supply: Supply,
    refused: Refused | None,
    settles: bool,
    attachments: Sequence[Attachment],
    said_at: datetime | None,
) -> Entry:
    columns = {name: getattr(supply, name) for name in SUPPLY}
    carried = {name: value for name, value in columns.items() if name != "handling"}  # stands on the envelope
    body = AnswerBody(
        agent=officer.function,
        text=text,
        stage=stage,
        refused=refused_body(refused) if refused else None,
        settles=settles,
        **carried,
    )
    return say(
        request,
        Entry.Kind.ANSWER,
        body,
        by=officer,
        said_at=said_at,
        attachments=attachments,
        text=text,
        stage=stage,
        settles=settles,
        **columns,
        **(refused_columns(refused) if refused else {}),
    )


def refused_body(refused: Refused) -> RefusedBody:
    return RefusedBody(grounds=list(refused.grounds), part=refused.part.strip(), reasons=refused.reasons.strip())


def refused_columns(refused: Refused) -> dict[str, Any]:
    return {
        "grounds": list(refused.grounds),
        "refused_part": refused.part.strip(),
        "reasons": refused.reasons.strip(),
    }


def refuse(
    officer: Officer,
    request: Request,
    refused: Refused,
    *,
    settles: bool | None = None,
    said_at: datetime | None = None,
) -> Entry:
    """Refuse the whole, or a part, on grounds of the profile's closed list. The rest must still be supplied."""
    with act("request.refusal", Operation.DISCLOSURE, by=officer, on=("request", str(request.pk))) as this:
        this.detail |= approved.named()
        row = locked(officer, "refuse", request)
        faults = Faults()
        check_refused(faults, refused, law.profile(row.profile))
        faults.raise_any()
        done = refusal_settles(refused.part.strip(), settles)
        body = RefusalBody(agent=officer.function, refused=refused_body(refused), settles=done)
        columns = refused_columns(refused)
        entry = say(row, Entry.Kind.REFUSAL, body, by=officer, said_at=said_at, settles=done, **columns)
        clockwork.reckon(row, now())
        this.recipients = [row.partner_id]
        this.detail |= {"grounds": list(refused.grounds), "part": bool(refused.part.strip()), "settles": done}
    return entry


def report_outcome(officer: Officer, request: Request, text: str, *, said_at: datetime | None = None) -> Entry:
    """Tell the unit that answered, or informed us, what came of it."""
    text = written("text", text, _("Say what came of the information."))
    with act("request.outcome", Operation.DISCLOSURE, by=officer, on=("request", str(request.pk))) as this:
        this.detail |= approved.named()
        row = locked(officer, "report_outcome", request)
        this.recipients = [row.partner_id]
        body = OutcomeBody(agent=officer.function, text=text)
        entry = say(row, Entry.Kind.OUTCOME, body, by=officer, said_at=said_at, text=text)
        clockwork.reckon(row, now())
    return entry
