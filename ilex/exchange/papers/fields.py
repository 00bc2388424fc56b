"""What forms A and B hold, field by field, as it is printed and as it rides along inside the PDF.

The numbers and letters are those of the forms in the annexes to Framework Decision 2006/960/JHA. A form names persons
and authorities as the record named them at that moment: it can be read by a node that knows none of them.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

RECORD_NAME = "ilex-form.json"  # of the record inside the PDF
TEXT_LIMIT = 50_000  # characters of one text
LIST_LIMIT = 200  # entries of one list


class FormError(Exception):
    """One clear sentence for the officer: this paper cannot be made or read."""


# Control characters mean nothing on paper, PDF/A has no glyph for them, and PostgreSQL keeps no null byte.
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


def _clean(text: str) -> str:
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def _clean_line(text: str) -> str:
    return " ".join(_clean(text).split())


Text = Annotated[str, StringConstraints(max_length=TEXT_LIMIT), AfterValidator(_clean)]
Line = Annotated[str, StringConstraints(max_length=1000), AfterValidator(_clean_line)]
# A code of one of the lists of ilex.words.law. One that a list does not know is kept, and printed as it is.
Code = Annotated[str, StringConstraints(max_length=60, pattern=r"^[A-Za-z0-9_.+\-]*$")]
Digest = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")]
Count = Annotated[int, Field(ge=0, le=2**53)]


class Part(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class State(Part):
    code: Code = ""
    name: Line = ""
    footnote: Text = ""


class Authority(Part):
    unit: Code = ""  # its id in the directory, when it has one
    name: Line = ""
    address: Line = ""
    telephone: Line = ""
    fax: Line = ""
    email: Line = ""
    state: State = State()


class Agent(Part):
    """The handling agent: a function, never a private name or line."""

    function: Line = ""
    telephone: Line = ""
    email: Line = ""


class Previous(Part):
    kind: Literal["request", "answer"]
    at: AwareDatetime | None = None
    reference: Line = ""


class Recipient(Part):
    """One of several authorities in the same State to which the request went."""

    name: Line = ""
    channel: Code = ""
    other_channel: Line = ""
    purpose: Literal["", "execution", "information"] = ""


class OtherState(Part):
    state: State
    authority: Line = ""
    unit: Code = ""
    channel: Line = ""


class Person(Part):
    """A main subject: a person, or a thing by its number. Field names are those of the record."""

    kind: Literal["person", "organisation", "vehicle", "document", "other"] = "person"
    category: Literal["", "suspect", "convicted", "victim", "witness", "contact", "informant", "other"] = ""
    name: Line = ""
    language: Code = ""
    other_names: tuple[Line, ...] = Field(default=(), max_length=LIST_LIMIT)
    born: Line = ""
    nationality: Line = ""
    numbers: tuple[Line, ...] = Field(default=(), max_length=LIST_LIMIT)
    note: Text = ""


class Paper(Part):
    """A file that goes with the answer, named by its digest."""

    name: Line = ""
    size: Count = 0
    sha256: Digest = ""


class Delay(Part):
    """Point 12: why the answer comes later, and when."""

    reasons: Text = ""
    expected: Code = ""
    expected_at: AwareDatetime | None = None
    judicial: bool = False  # a judicial authority was asked for its authorisation
    judicial_weeks: Count | None = None


class Refusal(Part):
    """Point 13. `grounds` are the codes of the legal profile; `reasons` the form's own where there is one."""

    reasons: tuple[Code, ...] = Field(default=(), max_length=LIST_LIMIT)
    grounds: tuple[Code, ...] = Field(default=(), max_length=LIST_LIMIT)
    part: Text = ""  # which part is refused; empty: the whole
    offence: Text = ""  # of reason D: named and legally qualified
    text: Text = ""


class Form(Part):
    """What both forms share."""

    version: Literal[1] = 1
    made_at: AwareDatetime  # of this paper
    profile: Code = ""  # the legal profile under which the two units exchange
    language: Code = ""  # of the texts
    handling: Code = "H0"
    handling_note: Text = ""
    requesting: Authority = Authority()
    requested: Authority = Authority()
    agent: Agent = Agent()
    reference: Line = ""  # of this form
    due_at: AwareDatetime | None = None
    due_reason: Line = ""
    corrected_at: AwareDatetime | None = None
    recalled_at: AwareDatetime | None = None


class FormA(Form):
    """Annex A: transmission, delay or refusal of information; also information given without being asked."""

    form: Literal["A"] = "A"
    stage: Literal["", "interim", "partial", "final"] = ""
    answered_at: AwareDatetime | None = None  # 3
    previous_at: AwareDatetime | None = None
    previous_reference: Line = ""
    request_at: AwareDatetime | None = None  # 4
    request_reference: Line = ""
    limit: Code = ""  # 5
    listed_offence: bool | None = None
    direct_access: bool | None = None
    information: Text = ""  # 6
    papers: tuple[Paper, ...] = Field(default=(), max_length=LIST_LIMIT)
    use: Code = ""  # 7
    use_conditions: Text = ""
    reliability: Code = ""  # 8
    accuracy: Code = ""  # 9
    outcome_wanted: bool | None = None  # 10
    spontaneous: bool = False
    spontaneous_reasons: Text = ""  # 11
    delay: Delay | None = None  # 12
    refusal: Refusal | None = None  # 13


class FormB(Form):
    """Annex B: a request. Fields that the record has too carry the record's names."""

    form: Literal["B"] = "B"
    on_behalf_of: Line = ""
    sent_at: AwareDatetime | None = None  # I
    first: bool | None = None
    previous: tuple[Previous, ...] = Field(default=(), max_length=LIST_LIMIT)
    sent_to: tuple[Recipient, ...] = Field(default=(), max_length=LIST_LIMIT)
    other_states: tuple[OtherState, ...] = Field(default=(), max_length=LIST_LIMIT)
    urgent: bool = False  # II
    urgency: Code = ""
    urgency_reason: Text = ""
    requested_information: Text = ""  # III
    underlying_offence: Text = ""
    facts: Text = ""
    offences: tuple[Code, ...] = Field(default=(), max_length=LIST_LIMIT)  # of the list of 32
    purpose: Text = ""
    link_explanation: Text = ""
    subjects: tuple[Person, ...] = Field(default=(), max_length=LIST_LIMIT)
    grounds_available: Text = ""
    restriction: Code = ""  # IV
    use_restrictions: Text = ""
