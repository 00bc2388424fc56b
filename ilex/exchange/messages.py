"""What units say to one another about a request, as it stands on the wire."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from ilex.gate.fields import Language, Moment, Number, UnitId

VERSION = 1

Line = Annotated[str, StringConstraints(max_length=300, strip_whitespace=True)]
Long = Annotated[str, StringConstraints(max_length=40_000, strip_whitespace=True)]
Written = Annotated[str, StringConstraints(min_length=1, max_length=40_000, strip_whitespace=True)]
Paragraph = Annotated[str, StringConstraints(max_length=4_000, strip_whitespace=True)]
Reference = Annotated[str, StringConstraints(min_length=1, max_length=40, strip_whitespace=True)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$")]
Born = Annotated[str, StringConstraints(pattern=r"^([0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)?$")]
State2 = Annotated[str, StringConstraints(pattern=r"^([A-Z]{2})?$")]  # ISO 3166 or empty
SourceGrade = Literal["", "A", "B", "C", "X"]
InformationGrade = Literal["", "1", "2", "3", "4"]


class Body(BaseModel):
    """Nothing that is not foreseen is taken: a word we do not know could carry a meaning we would lose."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    agent: Line = ""  # the function of the officer, never the name


class SubjectBody(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["person", "organisation", "vehicle", "document", "other"]
    category: Literal["", "suspect", "convicted", "victim", "witness", "contact", "informant", "other"] = ""
    name: Annotated[Line, StringConstraints(min_length=1)]
    language: Language | Literal[""] = ""
    other_names: Annotated[list[Line], Field(max_length=20)] = []
    born: Born = ""
    nationality: State2 = ""
    numbers: Annotated[list[Annotated[str, StringConstraints(max_length=80)]], Field(max_length=20)] = []
    note: Paragraph = ""


class RefusedBody(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    grounds: Annotated[list[Code], Field(min_length=1, max_length=12)]
    part: Paragraph = ""  # empty: the whole
    reasons: Long = ""


class SupplyBody(Body):
    """What goes with every piece of information: its evaluation and the conditions of its use."""

    handling_note: Paragraph = ""
    source_grade: SourceGrade = ""
    information_grade: InformationGrade = ""
    use: Code | Literal[""] = ""
    use_conditions: Paragraph = ""
    outcome_wanted: bool = False


class AskedBody(BaseModel):
    """What differs between the units that one message asks: our reference for each, and the rules that hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reference: Reference
    profile: Code


Asked = Annotated[dict[UnitId, AskedBody], Field(min_length=1, max_length=60)]


class RequestBody(Body):
    asked: Asked
    requested_information: Written
    facts: Long = ""
    underlying_offence: Long = ""
    offences: Annotated[list[Code], Field(max_length=32)] = []
    purpose: Long = ""
    grounds_available: Long = ""
    link_explanation: Long = ""
    use_restrictions: Long = ""
    urgency: Code | Literal[""] = ""
    urgency_reason: Long = ""
    subjects: Annotated[list[SubjectBody], Field(max_length=200)] = []
    handling_note: Paragraph = ""
    channel_exception: Code | Literal[""] = ""
    submitted_by: Line = ""  # the designated authority, when it is not the unit itself
    on_behalf_of: Annotated[Line, StringConstraints(max_length=200)] = ""
    on_behalf_place: Code | Literal[""] = ""


class AcknowledgementBody(Body):
    reference: Reference
    received_at: Moment
    due_at: Moment
    access: Literal["direct", "indirect"]
    reason: Paragraph = ""  # why the access was judged anew


class QuestionBody(Body):
    text: Written


class ClarificationBody(Body):
    text: Written
    questions: Annotated[list[Number], Field(max_length=40)]  # the messages that asked


class DelayBody(Body):
    reason: Written
    expected_at: Moment


class AnswerBody(SupplyBody):
    text: Long = ""
    stage: Literal["interim", "partial", "final"]
    refused: RefusedBody | None = None
    settles: bool


class RefusalBody(Body):
    refused: RefusedBody
    settles: bool


class InformationBody(SupplyBody):
    asked: Asked
    text: Written
    reasons: Long = ""
    offences: Annotated[list[Code], Field(max_length=32)] = []
    subjects: Annotated[list[SubjectBody], Field(max_length=200)] = []


class OutcomeBody(Body):
    text: Written


class CorrectionBody(Body):
    about: Number  # the message that is corrected
    text: Written
    reason: Written


class RecallBody(Body):
    about: Number
    reason: Written


BODIES: dict[str, type[Body]] = {
    "exchange.request": RequestBody,
    "exchange.acknowledgement": AcknowledgementBody,
    "exchange.question": QuestionBody,
    "exchange.clarification": ClarificationBody,
    "exchange.delay": DelayBody,
    "exchange.answer": AnswerBody,
    "exchange.refusal": RefusalBody,
    "exchange.information": InformationBody,
    "exchange.outcome": OutcomeBody,
    "exchange.correction": CorrectionBody,
    "exchange.recall": RecallBody,
}
