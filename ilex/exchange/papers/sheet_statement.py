"""The statement of exchange in words."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext, pgettext

from ilex.exchange.models import Entry, State
from ilex.exchange.papers.evidence import RECORD_NAME, Exchanged, Journalled, Statement
from ilex.exchange.papers.sheet import Block, Note, Row, Run, Section, Sheet, Table
from ilex.exchange.papers.wording import banner, colophon, foot, handling_rows, instant, moment, row, wording
from ilex.gate.models import Receipt
from ilex.words import law


def sheet(statement: Statement, language: str) -> Sheet:
    with_record, alone = colophon(statement.made_at, RECORD_NAME)
    return Sheet(
        title=gettext("Statement of exchange"),
        subtitle=gettext("What was sent and received about one request, and what proves it"),
        language=language,
        author=statement.ours.name or "Ilex",
        banner=banner(statement.handling, statement.handling_note),
        warning="",
        facts=_facts(statement),
        sections=_sections(statement),
        foot=foot(gettext("Statement of exchange"), statement.our_ref),
        page_of=gettext("Page {page} of {pages}"),
        colophon=with_record,
        colophon_alone=alone,
        record_name=RECORD_NAME,
        record_note=gettext("The signed receipts and the proofs of the journal"),
    )


def _facts(statement: Statement) -> tuple[Row, ...]:
    return (
        row(gettext("Our reference"), statement.our_ref),
        row(gettext("Their reference"), statement.their_ref),
        row(gettext("Stated by"), statement.ours.name, statement.ours.state.name),
        row(gettext("Partner"), statement.theirs.name, statement.theirs.state.name),
    )


def _sections(statement: Statement) -> tuple[Section, ...]:
    return (
        Section(gettext("The request"), _request(statement)),
        Section(gettext("Sent and received"), (_table(statement),)),
        Section(gettext("How to check it"), _check(statement)),
    )


def _request(statement: Statement) -> tuple[Block, ...]:
    state = State(statement.state).label if statement.state in State.values else statement.state
    return (
        row(pgettext("of a request", "State"), str(state), moment(statement.settled_at)),
        row(gettext("Reached the requested unit"), moment(statement.received_at)),
        row(gettext("Time limit"), moment(statement.due_at), statement.due_reason),
        *handling_rows(statement.handling_note, ""),
    )


def _table(statement: Statement) -> Table | Note:
    if not statement.exchanged:
        return Note(gettext("Nothing was exchanged."))
    rows = (line for number, one in enumerate(statement.exchanged, 1) for line in _lines(number, one, statement))
    head = (gettext("What"), gettext("When"), gettext("SHA-256 of what was signed"))
    return Table(head, (21, 24, 55), tuple(rows))


def _lines(number: int, one: Exchanged, statement: Statement) -> Iterator[tuple[Run, Run, Run]]:
    """A message, then each receipt for it."""
    kind = Entry.Kind(one.kind).label if one.kind in Entry.Kind.values else one.kind
    way = pgettext("a message", "sent") if one.way == "out" else pgettext("a message", "received")
    yield Run(f"{number}. {kind}, {way}", style="strong"), Run(_when(one)), Run(_proof(one), style="small")
    giver = gettext("by the partner") if one.way == "out" else gettext("by us")
    for word in one.receipts:
        said = Receipt.Kind(word.kind).label if word.kind in Receipt.Kind.values else word.kind
        what = " ".join(filter(None, (f"{said},", giver, word.code)))
        yield Run(what), Run(instant(word.at)), Run(word.sha256, style="small")


def _when(one: Exchanged) -> str:
    reached = None if one.message else one.reached_at  # else the receipts say it
    moments = (
        (gettext("reached the other side"), reached),
        (gettext("corrected"), one.corrected_at),
        (gettext("recalled"), one.recalled_at),
    )
    return "\n".join([instant(one.at), *(f"{what} {instant(at)}" for what, at in moments if at)])


def _proof(one: Exchanged) -> str:
    number = gettext("message %(number)s") % {"number": one.message} if one.message else ""
    unsigned = gettext("%(channel)s: as stated by the officer") % {"channel": wording(law.channels(), one.channel)}
    places = (_place(line) for line in one.journal)
    return "\n".join(filter(None, (one.sha256 or unsigned, " · ".join(filter(None, (number, *places))))))


def _place(line: Journalled) -> str:
    if line.position is None:
        return gettext("journal line waiting for its place")
    return gettext("journal line %(position)d") % {"position": line.position}


def _check(statement: Statement) -> tuple[Block, ...]:
    texts = (
        gettext(
            "Each message is signed by its sender. A receipt is the signed word of the unit that gave it, and names "
            "the message by its SHA-256; the SHA-256 beside a receipt is that of the receipt itself."
        ),
        gettext(
            "Each act of this unit is a line of its journal, whose signed head travels in every message and is kept "
            "by the partners. The record in this file holds the receipts and the way from each line to that head."
        ),
    )
    head = Row(gettext("Signed head of the journal"), (Run(statement.head, style="small"),))
    acts = tuple(Run(f"{line.act} · {_place(line)}", style="small") for line in statement.journal)
    lines = (Row(gettext("Other lines of the journal"), acts),) if acts else ()
    return (*map(Note, texts), *lines, *((head,) if statement.head else ()))
