"""Form B, the request, in words: parts I to IV as in annex B."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ilex.exchange.models import Subject
from ilex.exchange.papers.crosswalk import FORMS
from ilex.exchange.papers.fields import FormB, OtherState, Person, Previous, Recipient
from ilex.exchange.papers.sheet import Block, Item, Lead, Option, Row, Run, Section, Ticks
from ilex.exchange.papers.wording import (
    agent_row,
    authority_row,
    handling_rows,
    labelled,
    missing,
    moment,
    prose,
    row,
    ticks,
    wording,
    yes_or_no,
)
from ilex.words import law

CHANNELS: Mapping[str, Promise] = {  # the five of the form; each channel of ours says which it is
    "ENU_ELO": _("Europol National Unit or liaison officer"),
    "INTERPOL_NCB": _("INTERPOL National Central Bureau"),
    "SIRENE": _("SIRENE Bureau"),
    "LIAISON_OFFICER": _("Liaison officer"),
    "OTHER": _("Other channel"),
}


def sections(form: FormB) -> tuple[Section, ...]:
    return (
        Section(gettext("Administrative information"), _administrative(form), "I"),
        Section(gettext("Time limits"), _time(form), "II"),
        Section(gettext("Content of the request"), _content(form), "III"),
        Section(gettext("Restrictions on the use of what this request says"), _restrictions(form), "IV"),
    )


def _administrative(form: FormB) -> tuple[Block, ...]:
    behalf = (row(gettext("On behalf of"), form.on_behalf_of),) if form.on_behalf_of else ()
    return (
        authority_row(gettext("Requesting authority"), form.requesting),
        *behalf,
        agent_row(form.agent),
        authority_row(gettext("To the requested State"), form.requested),
        row(gettext("Date and time of this request"), moment(form.sent_at)),
        row(gettext("Reference of this request"), form.reference),
        *_previous(form),
        row(gettext("Sent in the requested State to"), *map(_recipient, form.sent_to)),
        row(gettext("The same request was sent to (optional)"), *map(_other_state, form.other_states)),
        *handling_rows(form.handling_note, form.language),
    )


def _previous(form: FormB) -> tuple[Block, ...]:
    asked = yes_or_no(gettext("This is the first request in this case"), form.first)
    if not form.previous:
        return (asked,)
    return (asked, row(gettext("Earlier requests and answers"), *map(_earlier, form.previous)))


def _earlier(one: Previous) -> str:
    what = gettext("Request") if one.kind == "request" else gettext("Answer")
    return ", ".join(filter(None, (f"{what} {one.reference}".strip(), moment(one.at))))


def _recipient(one: Recipient) -> str:
    purposes = {"execution": gettext("for execution"), "information": gettext("for information")}
    channel = str(CHANNELS.get(one.channel, one.channel))
    through = f"{channel} ({one.other_channel})" if one.other_channel else channel
    return " · ".join(filter(None, (one.name, through, purposes.get(one.purpose, ""))))


def _other_state(one: OtherState) -> str:
    name = one.state.name or one.state.code
    channel = wording(law.channels(), one.channel) if one.channel else ""
    return " · ".join(filter(None, (name, one.authority, channel, one.state.footnote)))


def _time(form: FormB) -> tuple[Block, ...]:
    urgent = Ticks(
        gettext("Urgency"),
        (Option(form.urgent, gettext("Requested")), Option(not form.urgent, gettext("Not requested"))),
    )
    limit = row(gettext("Time limit that applies"), moment(form.due_at), form.due_reason)
    if not form.urgent:
        return (urgent, limit)
    ground = (row(gettext("Ground of urgency"), _urgency(form)),) if form.urgency else ()
    return (urgent, *ground, prose(gettext("Reasons for urgency"), form.urgency_reason, form.language), limit)


def _urgency(form: FormB) -> str:
    known = {profile.code: profile for profile in law.profiles()}
    entries = known[form.profile].urgency if form.profile in known else ()
    return wording(entries, form.urgency)


def _content(form: FormB) -> tuple[Block, ...]:
    tongue = form.language
    return (
        prose(gettext("Information or intelligence requested"), form.requested_information, tongue),
        prose(gettext("Type of crime or criminal activity investigated"), form.underlying_offence, tongue),
        prose(
            gettext("Circumstances: time, place, degree of participation of the person"),
            form.facts,
            tongue,
        ),
        *_nature(form),
        prose(gettext("Purpose for which the information is requested"), form.purpose, tongue),
        prose(
            gettext("Connection between the purpose and the person who is the subject"),
            form.link_explanation,
            tongue,
        ),
        *_subjects(form.subjects),
        prose(
            gettext("Reasons to believe that the information is in the requested State"),
            form.grounds_available,
            tongue,
        ),
    )


def _nature(form: FormB) -> tuple[Block, ...]:
    natures = law.profile(FORMS).offence_natures
    chosen = natures[0].code if form.offences else natures[1].code if form.underlying_offence else ""
    boxes = ticks(gettext("Nature of the offence"), natures, chosen)
    if not form.offences:
        return (boxes,)
    return (boxes, row(gettext("Listed offences"), *(wording(law.offences(), code) for code in form.offences)))


def _subjects(subjects: tuple[Person, ...]) -> tuple[Block, ...]:
    label = gettext("Identity of the main subjects")
    return (Lead(label), *map(_subject, subjects)) if subjects else (row(label),)


def _subject(subject: Person) -> Item:
    what = Subject.Category(subject.category).label if subject.category else Subject.Kind(subject.kind).label
    person = subject.kind == "person"
    runs = (
        *((labelled(gettext("Other names"), "; ".join(subject.other_names)),) if subject.other_names else ()),
        *((labelled(gettext("Born"), subject.born),) if person or subject.born else ()),
        *((labelled(gettext("Nationality"), subject.nationality, inline=person),) if subject.nationality else ()),
        *((labelled(gettext("Numbers"), "; ".join(subject.numbers)),) if subject.numbers else ()),
        *((labelled(gettext("Note"), subject.note),) if subject.note else ()),
    )
    name = Run(subject.name, subject.language, "strong") if subject.name else missing()
    return Item(name, str(what), runs)


def _restrictions(form: FormB) -> tuple[Block, ...]:
    boxes = ticks("", law.profile(FORMS).use_restrictions, form.restriction)
    if not form.use_restrictions:
        return (boxes,)
    return (boxes, prose(gettext("In the words of the requesting authority"), form.use_restrictions, form.language))


def facts(form: FormB) -> tuple[Row, ...]:
    return (
        row(gettext("Reference"), form.reference),
        row(gettext("Answer expected by"), moment(form.due_at)),
        row(gettext("From"), form.requesting.name, form.requesting.state.name),
        row(gettext("To"), form.requested.name, form.requested.state.name),
    )
