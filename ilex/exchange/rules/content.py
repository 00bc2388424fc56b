"""What an officer writes, and the checks on it: each failed one is a sentence beside its field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from ilex.exchange.rules.errors import Invalid
from ilex.words import law
from ilex.words.dates import PartialDate
from ilex.words.law import Profile

LONG = 40_000  # characters of one text
PARAGRAPH = 4_000
LINE = 300
SUBJECTS = 200
WHOLE = 700_000  # bytes of all texts: a message passes the gate up to 1 MiB, and base64 adds a third
FUTURE = timedelta(minutes=5)  # the officer's wrist watch may be wrong by that much

NODE = "node"
KINDS = {"person", "organisation", "vehicle", "document", "other"}
CATEGORIES = {"suspect", "convicted", "victim", "witness", "contact", "informant", "other"}


@dataclass(frozen=True)
class SubjectContent:
    kind: str
    name: str
    category: str = ""
    language: str = ""
    other_names: tuple[str, ...] = ()
    born: str = ""
    nationality: str = ""
    numbers: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Content:
    """A request as the officer wrote it: the six contents of Art. 4(6), the urgency, the pre-send test."""

    requested_information: str = ""
    facts: str = ""
    underlying_offence: str = ""
    purpose: str = ""
    grounds_available: str = ""
    link_explanation: str = ""
    use_restrictions: str = ""
    offences: tuple[str, ...] = ()
    urgency: str = ""
    urgency_reason: str = ""
    language: str = "en"
    handling: str = "H0"
    handling_note: str = ""
    subjects: tuple[SubjectContent, ...] = ()
    profile: str = ""  # empty: the one agreed between the two places
    on_behalf_of: str = ""
    on_behalf_place: str = ""  # a place code
    necessary: bool = False
    proportionate: bool = False
    available: bool = False
    channel_exception: str = ""
    channel_note: str = ""
    copy_withheld: str = ""
    copy_withheld_reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Supply:
    """The evaluation and the conditions that go with every piece of information."""

    handling: str = "H0"
    handling_note: str = ""
    source_grade: str = ""
    information_grade: str = ""
    use: str = ""
    use_conditions: str = ""
    outcome_wanted: bool = False


@dataclass(frozen=True)
class Information(Supply):
    """What is sent unasked."""

    text: str
    reasons: str = ""
    offences: tuple[str, ...] = ()
    subjects: tuple[SubjectContent, ...] = ()
    language: str = "en"


@dataclass(frozen=True)
class Refused:
    grounds: tuple[str, ...]
    part: str = ""  # empty: the whole
    reasons: str = ""


REQUIRED: dict[str, Promise] = {
    "requested_information": lazy("Say which information you ask for."),
    "facts": lazy("Say what happened."),
    "underlying_offence": lazy("Name the offence behind the request."),
    "purpose": lazy("Say what the information is needed for."),
    "grounds_available": lazy("Say why the other unit should have this information."),
}
TICKS: dict[str, Promise] = {
    "necessary": lazy("Confirm that the information is necessary for the purpose."),
    "proportionate": lazy("Confirm that the request is proportionate to the purpose."),
    "available": lazy("Confirm that there are reasons to believe the other unit has it."),
}


class Faults:
    """Gathers sentences; the first one of a field stays."""

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}

    def say(self, field: str, sentence: str) -> None:
        self.fields.setdefault(field, sentence)

    def check_text(self, field: str, text: str, limit: int = LONG) -> None:
        if "\0" in text:
            self.say(field, _("The text holds a character that cannot be kept."))
        if len(text) > limit:
            self.say(field, _("The text is longer than %(limit)d characters.") % {"limit": limit})

    def check_code(self, field: str, code: str, entries: Iterable[law.Entry]) -> None:
        if code and code not in codes(entries):
            self.say(field, _("Choose one from the list."))

    def raise_any(self) -> None:
        if self.fields:
            raise Invalid(self.fields)


def codes(entries: Iterable[law.Entry]) -> set[str]:
    return {entry.code for entry in entries}


def check_content(content: Content, profile: Profile, channel: str = NODE, *, ours: bool = True) -> dict[str, str]:
    """What is wrong with a request, field by field. One that came by another channel (`ours=False`) may be poorer:
    we must register it as it is, and ask back.
    """
    faults = Faults()
    _check_lengths(faults, content)
    if not content.requested_information.strip():
        faults.say("requested_information", str(REQUIRED["requested_information"]))
    if ours:
        _check_required(faults, content, profile)
        _check_channel(faults, content, profile, channel)
        _check_copy(faults, content, profile)
    faults.check_code("urgency", content.urgency, profile.urgency)
    _check_offences(faults, content.offences)
    _check_handling(faults, content.handling, content.handling_note)
    _check_subjects(faults, content.subjects)
    return faults.fields


def _check_lengths(faults: Faults, content: Content) -> None:
    total = 0
    for field in fields(content):
        value = getattr(content, field.name)
        if isinstance(value, str):
            total += len(value.encode("utf-8", "replace"))
            faults.check_text(field.name, value, PARAGRAPH if field.name in PARAGRAPHS else LONG)
    faults.check_text("on_behalf_of", content.on_behalf_of, 200)
    if total > WHOLE:
        faults.say("facts", _("All texts together are too long for one message. Attach a file instead."))


PARAGRAPHS = {"handling_note", "channel_note", "copy_withheld_reason"}


def _check_required(faults: Faults, content: Content, profile: Profile) -> None:
    for field in required_fields(profile):
        if not getattr(content, field).strip():
            faults.say(field, str(REQUIRED[field]))
    if content.subjects and not content.link_explanation.strip():
        faults.say("link_explanation", _("Say how each person or thing is connected with the purpose."))
    if content.urgency and not content.urgency_reason.strip():
        faults.say("urgency_reason", _("Say why the request is urgent."))
    for field, sentence in TICKS.items():
        if not getattr(content, field):
            faults.say(field, str(sentence))


def required_fields(profile: Profile) -> tuple[str, ...]:
    """What the profile's list of contents asks for; one without a list asks for all of it."""
    listed = codes(profile.contents)
    if not listed:
        return tuple(REQUIRED)
    # Art. 4(6) counts the facts and the offence to the purpose.
    return tuple(field for field in REQUIRED if PART_OF.get(field, field) in listed)


PART_OF = {"facts": "purpose", "underlying_offence": "purpose"}


def _check_channel(faults: Faults, content: Content, profile: Profile, channel: str) -> None:
    if channel not in codes(law.channels()):
        faults.say("channel", _("Choose one from the list."))
    if profile.needs_channel_exception(channel):
        if not content.channel_exception:
            faults.say("channel_exception", _("Say why the usual channel is not used."))
        faults.check_code("channel_exception", content.channel_exception, profile.channel_exceptions)


def _check_copy(faults: Faults, content: Content, profile: Profile) -> None:
    faults.check_code("copy_withheld", content.copy_withheld, profile.copy_exceptions)
    if content.copy_withheld and not content.copy_withheld_reason.strip():
        faults.say("copy_withheld_reason", _("Say why the copy is withheld."))


def _check_offences(faults: Faults, offences: Sequence[str]) -> None:
    if not set(offences) <= codes(law.offences()):
        faults.say("offences", _("Choose from the list of offences."))


def _check_handling(faults: Faults, handling: str, note: str) -> None:
    try:
        marked = law.handling(handling)
    except law.LawError:
        faults.say("handling", _("Choose a handling code from the list."))
        return
    if any(code.needs_note for code in marked) and not note.strip():
        faults.say("handling_note", _("This handling code needs its restriction in words."))


def _check_subjects(faults: Faults, subjects: Sequence[SubjectContent]) -> None:
    if len(subjects) > SUBJECTS:
        faults.say("subjects", _("A request names at most %(count)d subjects.") % {"count": SUBJECTS})
    for number, subject in enumerate(subjects[:SUBJECTS]):
        _check_subject(faults, f"subjects-{number}", subject)


def _check_subject(faults: Faults, field: str, subject: SubjectContent) -> None:
    if subject.kind not in KINDS:
        faults.say(f"{field}-kind", _("Choose one from the list."))
    if not subject.name.strip():
        faults.say(f"{field}-name", _("Give the name or the number."))
    faults.check_text(f"{field}-name", subject.name, LINE)
    faults.check_text(f"{field}-note", subject.note, PARAGRAPH)
    if subject.kind == "person" and subject.category not in CATEGORIES:
        faults.say(f"{field}-category", _("Say in which role the person appears: suspect, victim, witness..."))
    if subject.kind != "person" and subject.category:
        faults.say(f"{field}-category", _("Only persons have a category."))
    for several, limit in ((subject.other_names, LINE), (subject.numbers, 80)):
        if len(several) > 20 or any(len(one) > limit or "\0" in one for one in several):
            faults.say(field, _("Too many other names or numbers, or one of them is too long."))
    if subject.nationality and not (len(subject.nationality) == 2 and subject.nationality.isascii()):
        faults.say(f"{field}-nationality", _("Give the nationality as a code of two letters."))
    _check_born(faults, f"{field}-born", subject.born)


def _check_born(faults: Faults, field: str, born: str) -> None:
    if not born:
        return
    try:
        PartialDate.parse(born)
    except ValueError as error:
        faults.say(field, str(error))


def check_information(information: Information) -> dict[str, str]:
    faults = Faults()
    if not information.text.strip():
        faults.say("text", _("Write the information."))
    faults.check_text("text", information.text)
    faults.check_text("reasons", information.reasons)
    _check_offences(faults, information.offences)
    _check_subjects(faults, information.subjects)
    check_supply(faults, information)
    return faults.fields


def check_supply(faults: Faults, supply: Supply) -> None:
    _check_handling(faults, supply.handling, supply.handling_note)
    faults.check_text("handling_note", supply.handling_note, PARAGRAPH)
    faults.check_code("source_grade", supply.source_grade, law.source_grades())
    faults.check_code("information_grade", supply.information_grade, law.information_grades())
    if bool(supply.source_grade) != bool(supply.information_grade):
        faults.say("information_grade", _("Grade both the source and the information, or neither."))
    faults.check_code("use", supply.use, law.use_conditions())
    faults.check_text("use_conditions", supply.use_conditions, PARAGRAPH)


def check_refused(faults: Faults, refused: Refused, profile: Profile, prefix: str = "") -> None:
    """A refusal needs grounds from the closed list of the profile, and reasons: Art. 6(1)."""
    if not refused.grounds:
        faults.say(f"{prefix}grounds", _("Choose at least one ground."))
    if not set(refused.grounds) <= codes(profile.refusal):
        faults.say(f"{prefix}grounds", _("Choose grounds from the list: it is closed."))
    if not refused.reasons.strip():
        faults.say(f"{prefix}reasons", _("Give the reasons of the refusal."))
    faults.check_text(f"{prefix}reasons", refused.reasons)
    faults.check_text(f"{prefix}part", refused.part, PARAGRAPH)


def check_stated(said_at: datetime | None, channel: str, at: datetime) -> datetime:
    """The moment of a word on a channel that is not our own: only the officer knows it."""
    if channel == NODE:
        if said_at is not None:
            raise Invalid({"said_at": _("On our own line the moment is not stated but taken from the receipt.")})
        return at
    if said_at is None:
        raise Invalid({"said_at": _("Say when it was sent by the other channel.")})
    if said_at > at + FUTURE:
        raise Invalid({"said_at": _("This moment lies in the future.")})
    return said_at
