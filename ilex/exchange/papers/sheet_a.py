"""Form A, the answer, in words: points 1 to 13 as in annex A. What a paper does not use says so in one line."""

from __future__ import annotations

from django.utils.translation import gettext

from ilex.exchange.papers.crosswalk import FORMS
from ilex.exchange.papers.fields import Delay, FormA, Paper, Refusal
from ilex.exchange.papers.sheet import Block, Note, Option, Row, Run, Section, Ticks
from ilex.exchange.papers.wording import (
    agent_row,
    authority_row,
    digest,
    handling_rows,
    moment,
    prose,
    row,
    ticks,
    yes_or_no,
)
from ilex.words import law


def sections(form: FormA) -> tuple[Section, ...]:
    return (
        Section(gettext("The authorities and the request"), _administrative(form), gutter=True),
        Section(gettext("Information transmitted"), _transmitted(form), gutter=True),
        Section(gettext("Delay"), _delay(form.delay, form.language), gutter=True),
        Section(gettext("Refusal"), _refusal(form.refusal, form), gutter=True),
    )


def facts(form: FormA) -> tuple[Row, ...]:
    return (
        row(gettext("Reference"), form.reference),
        row(gettext("In answer to"), form.request_reference),
        row(gettext("From"), form.requested.name, form.requested.state.name),
        row(gettext("To"), form.requesting.name, form.requesting.state.name),
    )


def _administrative(form: FormA) -> tuple[Block, ...]:
    before = ", ".join(filter(None, (form.previous_reference, moment(form.previous_at))))
    return (
        authority_row(gettext("Requested authority"), form.requested, "1"),
        agent_row(form.agent, "2"),
        row(gettext("Reference of this answer"), form.reference, number="3"),
        row(gettext("Date of this answer"), moment(form.answered_at)),
        row(gettext("Previous answer"), before),
        authority_row(gettext("Requesting authority"), form.requesting, "4"),
        row(gettext("Date and time of the request"), moment(form.request_at)),
        row(gettext("Reference of the request"), form.request_reference),
        *(() if form.spontaneous else _limit(form)),
        *handling_rows(form.handling_note, form.language),
    )


def _limit(form: FormA) -> tuple[Block, ...]:
    about = (
        Option(form.listed_offence is True, gettext("The offence is one of the 32 listed offences")),
        Option(form.direct_access is True, gettext("The information is in a directly accessible database")),
    )
    return (
        ticks(gettext("Time limit that applies"), law.profile(FORMS).limits, form.limit, number="5"),
        Ticks(gettext("About this request"), about),
        row(gettext("Answer expected by"), moment(form.due_at), form.due_reason),
    )


def _transmitted(form: FormA) -> tuple[Block, ...]:
    if not (form.information or form.papers or form.spontaneous):
        return (_unused("6–11"),)
    ours = law.profile(FORMS)
    return (
        prose(gettext("Information and intelligence provided"), form.information, form.language, "6"),
        *((row(gettext("Extent"), _stage(form.stage)),) if form.stage else ()),
        *((Row(gettext("Attached files"), _papers(form.papers)),) if form.papers else ()),
        ticks(gettext("Use of the information"), ours.use_conditions, form.use, number="7"),
        *((prose(gettext("Conditions"), form.use_conditions, form.language),) if form.use_conditions else ()),
        ticks(gettext("Reliability of the source"), ours.source_reliability, form.reliability, number="8"),
        ticks(gettext("Accuracy of the information"), ours.information_accuracy, form.accuracy, number="9"),
        yes_or_no(gettext("The outcome must be reported to us"), form.outcome_wanted, "10"),
        *_spontaneous(form),
    )


def _stage(stage: str) -> str:
    return {
        "interim": gettext("Interim answer: more will follow"),
        "partial": gettext("Partial answer: a part stays open"),
        "final": gettext("Final answer"),
    }[stage]


def _papers(papers: tuple[Paper, ...]) -> tuple[Run, ...]:
    runs = ((Run(paper.name or "—"), _size(paper), digest(paper.sha256)) for paper in papers)
    return tuple(run for three in runs for run in three)


def _size(paper: Paper) -> Run:
    return Run(gettext("%(size)d bytes") % {"size": paper.size}, style="small", inline=True)


def _spontaneous(form: FormA) -> tuple[Block, ...]:
    label = gettext("Given without a request: reasons to believe that it is of use")
    if not form.spontaneous:
        return (row(label, gettext("Not applicable: this answers a request"), number="11"),)
    return (prose(label, form.spontaneous_reasons, form.language, "11"),)


def _delay(delay: Delay | None, language: str) -> tuple[Block, ...]:
    if delay is None:
        return (_unused("12"),)
    delays = law.profile(FORMS).delays
    asked = gettext("The authorisation of a judicial authority has been requested")
    weeks = row(gettext("Expected length of that procedure, in weeks"), str(delay.judicial_weeks or ""))
    return (
        prose(gettext("Reasons why the answer cannot be given within the time limit"), delay.reasons, language, "12"),
        ticks(gettext("The answer is"), (entry for entry in delays if not entry.judicial), delay.expected),
        row(gettext("Expected on"), moment(delay.expected_at)),
        Ticks("", (Option(delay.judicial, asked),)),
        *((weeks,) if delay.judicial else ()),
    )


def _refusal(refusal: Refusal | None, form: FormA) -> tuple[Block, ...]:
    if refusal is None:
        return (_unused("13"),)
    whole = gettext("The whole request")
    offence = prose(gettext("Nature and legal qualification of the offence"), refusal.offence, form.language)
    return (
        row(gettext("What is refused"), refusal.part or whole, number="13", language=form.language),
        Ticks(gettext("Reasons"), _boxes(refusal.reasons)),
        *((offence,) if refusal.offence else ()),
        *(
            (row(gettext("Grounds in law"), *(_ground(form, code) for code in refusal.grounds)),)
            if refusal.grounds
            else ()
        ),
        prose(gettext("Further reasons (optional)"), refusal.text, form.language),
    )


def _boxes(chosen: tuple[str, ...]) -> tuple[Option, ...]:
    """Boxes A (three), B (one for all that the law keeps apart), D, E and F. The form has no C."""
    entries = law.profile(FORMS).refusal
    letters: dict[str, list[str]] = {}
    ticked: set[str] = set()
    for entry in entries:
        box = "B" if entry.code.startswith("B.") else entry.code
        letters.setdefault(box, []).append(gettext(entry.text))
        ticked |= {box} & ({"B"} if box == "B" and entry.code in chosen else set(chosen))
    known = {entry.code for entry in entries} | set(letters)
    boxes = [Option(box in ticked, f"{box[0]}. " + "; ".join(texts)) for box, texts in letters.items()]
    return (*boxes, *(Option(True, code) for code in chosen if code not in known))


def _ground(form: FormA, code: str) -> str:
    known = {profile.code: profile for profile in law.profiles()}
    entries = known[form.profile].refusal if form.profile in known else ()
    entry = next((entry for entry in entries if entry.code == code), None)
    return f"{code}: {gettext(entry.text)} ({entry.source})" if entry else code


def _unused(number: str) -> Note:
    return Note(gettext("This part of the form is not used."), number)
