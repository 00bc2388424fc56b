"""Every letter an officer can write: its form, who may release it, and the verb that does so."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ilex.exchange import actions
from ilex.exchange.forms.asking import InformationForm, RecordForm, RequestForm
from ilex.exchange.forms.letter import LetterForm
from ilex.exchange.forms.replying import (
    AnswerForm,
    ClarificationForm,
    CorrectionForm,
    DelayForm,
    OutcomeForm,
    QuestionForm,
    RecallForm,
    RefusalForm,
)
from ilex.exchange.models import Request
from ilex.gate.models import Attachment
from ilex.units.models import Officer


@dataclass(frozen=True)
class Release:
    """What the officer confirmed on the page that showed recipients and fields."""

    officer: Officer
    papers: Sequence[Attachment]
    confirmed: bool
    about: Request | None = None


@dataclass(frozen=True)
class Letter:
    kind: str
    title: object
    button: object  # of the releasing page
    may: str  # the verb of units.rules
    form: type[LetterForm]
    send: Callable[[Any, Release], str]  # takes the form above; runs the verb; gives the page to go to
    reviewed: bool = True  # shows recipients and fields before it goes; False for what stays in the house


# The steps of queries.steps that are letters, in the order in which the page offers them.
REPLIES = {
    "answer": "answer",
    "question": "question",
    "give_clarification": "clarification",
    "delay": "delay",
    "refuse": "refusal",
    "report_outcome": "outcome",
}


def replies(steps: Collection[str]) -> list[tuple[str, object]]:
    """Kind and title of the letters that may be written now."""
    return [(kind, LETTERS[kind].title) for step, kind in REPLIES.items() if step in steps]


def page_of(request: Request) -> str:
    return reverse("request", args=[request.our_ref])


def _about(release: Release) -> Request:
    return cast(Request, release.about)  # the pad loads it for every letter that is about a request


def send_request(form: RequestForm, release: Release) -> str:
    sent = actions.ask(
        release.officer,
        form.content(),
        to=form.cleaned_data["to"],
        attachments=release.papers,
        confirmed=release.confirmed,
    )
    return page_of(sent[0])


def send_information(form: InformationForm, release: Release) -> str:
    sent = actions.inform(
        release.officer,
        form.information(),
        to=form.cleaned_data["to"],
        attachments=release.papers,
        confirmed=release.confirmed,
    )
    return page_of(sent[0])


def keep_record(form: RecordForm, release: Release) -> str:
    typed = form.cleaned_data
    kept = actions.record_incoming(
        release.officer,
        form.content(),
        sender=typed["sender"],
        channel=typed["channel"],
        received_at=typed["received_at"],
        their_ref=typed["their_ref"],
        originals=release.papers,
    )
    return page_of(kept)


def send_question(form: QuestionForm, release: Release) -> str:
    about = _about(release)
    actions.question(release.officer, about, form.cleaned_data["text"], **form.said())
    return page_of(about)


def send_clarification(form: ClarificationForm, release: Release) -> str:
    about = _about(release)
    actions.give_clarification(
        release.officer, about, form.cleaned_data["text"], attachments=release.papers, **form.said()
    )
    return page_of(about)


def send_delay(form: DelayForm, release: Release) -> str:
    about = _about(release)
    typed = form.cleaned_data
    actions.delay(release.officer, about, typed["reason"], typed["expected_at"], **form.said())
    return page_of(about)


ANSWER_FIELDS = (
    *("stage", "handling", "handling_note", "source_grade", "information_grade"),
    *("use", "use_conditions", "outcome_wanted"),
)


def send_answer(form: AnswerForm, release: Release) -> str:
    about = _about(release)
    typed = form.cleaned_data
    actions.answer(
        release.officer,
        about,
        typed["text"],
        attachments=release.papers,
        refuse_part=form.refused(),
        settles=typed["settles"] or None,
        **{name: typed[name] for name in ANSWER_FIELDS},
        **form.said(),
    )
    return page_of(about)


def send_refusal(form: RefusalForm, release: Release) -> str:
    about = _about(release)
    settles = form.cleaned_data["settles"] or None
    actions.refuse(release.officer, about, form.refused(), settles=settles, **form.said())
    return page_of(about)


def send_outcome(form: OutcomeForm, release: Release) -> str:
    about = _about(release)
    actions.report_outcome(release.officer, about, form.cleaned_data["text"], **form.said())
    return page_of(about)


def send_correction(form: CorrectionForm, release: Release) -> str:
    actions.correct(release.officer, form.entry, form.cleaned_data["text"], form.cleaned_data["reason"])
    return page_of(_about(release))


def send_recall(form: RecallForm, release: Release) -> str:
    actions.recall(release.officer, form.entry, form.cleaned_data["reason"])
    return page_of(_about(release))


LETTERS = {
    letter.kind: letter
    for letter in (
        Letter("request", _("New request"), _("Send the request"), "request.send", RequestForm, send_request),
        Letter(
            "information",
            _("Own-initiative information"),
            _("Send the information"),
            "request.send",
            InformationForm,
            send_information,
        ),
        Letter(
            "record",
            _("Record an incoming request"),
            _("Record it"),
            "request.record",
            RecordForm,
            keep_record,
            reviewed=False,
        ),
        Letter("answer", _("Answer"), _("Release the answer"), "request.answer", AnswerForm, send_answer),
        Letter("refusal", _("Refuse"), _("Send the refusal"), "request.refuse", RefusalForm, send_refusal),
        Letter("question", _("Ask back"), _("Send the question"), "request.answer", QuestionForm, send_question),
        Letter(
            "clarification",
            _("Answer the question"),
            _("Send the clarification"),
            "request.send",
            ClarificationForm,
            send_clarification,
        ),
        Letter("delay", _("Announce a delay"), _("Send the notice"), "request.answer", DelayForm, send_delay),
        Letter("outcome", _("Report the outcome"), _("Send the report"), "request.send", OutcomeForm, send_outcome),
        Letter(
            "correction",
            _("Correct what was sent"),
            _("Send the correction"),
            "request.answer",
            CorrectionForm,
            send_correction,
        ),
        Letter("recall", _("Recall what was sent"), _("Recall it"), "request.answer", RecallForm, send_recall),
    )
}
