"""What units say to one another about statements, as it stands on the wire."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from ilex.exchange.messages import Body, Code, InformationGrade, Line, Long, Paragraph, SourceGrade, Written
from ilex.gate.fields import Handling, Language, Moment, Number, UnitId

VERSION = 1

MOST_STATEMENTS = 500  # of one release, links too
Value = Annotated[str, StringConstraints(min_length=1, max_length=4_000, strip_whitespace=True)]
Partial = Annotated[str, StringConstraints(pattern=r"^([0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?)?$")]
Title = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]


class EvaluatedBody(BaseModel):
    """What goes with every statement and every link: whose it is, how sure, and what may be done with it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Number  # the sender's number; a recall names it
    owner: UnitId  # who decides on its use: the sender, or the unit that gave it to the sender
    origin: Number | None = None  # the owner's own number, where the owner is not the sender
    consent: Number | None = None  # by which the owner allowed the sender to pass it on, where that was needed
    stated: Moment  # when it was stated at the sender's
    source_grade: SourceGrade = ""
    information_grade: InformationGrade = ""
    handling: Handling
    handling_note: Paragraph = ""
    basis: Literal["fact", "assessment"]
    special: Code | Literal[""] = ""
    necessity: Paragraph = ""
    since: Partial = ""
    until: Partial = ""

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if self.special and not self.necessity:
            raise ValueError("a special category without the reason why it is necessary")
        return self


class StatementBody(EvaluatedBody):
    property: Code
    name_kind: Code | Literal[""] = ""
    value: Value
    language: Language | Literal[""] = ""


class LinkBody(EvaluatedBody):
    kind: Code
    one: Number  # numbers of subjects of the same release
    other: Number
    role: Annotated[Line, StringConstraints(max_length=200)] = ""


class SubjectBody(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Number
    kind: Code
    category: Literal["", "suspect", "convicted", "victim", "witness", "contact", "informant", "other"] = ""
    statements: Annotated[list[StatementBody], Field(min_length=1, max_length=MOST_STATEMENTS)]


class ReleaseBody(Body):
    title: Title
    purpose: Written  # for what it may be used
    text: Long = ""
    about: Line = ""  # the receiver's or sender's reference of the request it belongs to
    subjects: Annotated[list[SubjectBody], Field(min_length=1, max_length=100)]
    links: Annotated[list[LinkBody], Field(max_length=MOST_STATEMENTS)] = []

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        numbers = [item.id for subject in self.subjects for item in subject.statements]
        numbers += [link.id for link in self.links]
        if len(numbers) > MOST_STATEMENTS:
            raise ValueError("too many statements for one release")
        subjects = {subject.id for subject in self.subjects}
        if len(subjects) != len(self.subjects) or len(set(numbers)) != len(numbers):
            raise ValueError("a number stands twice")
        if any({link.one, link.other} - subjects or link.one == link.other for link in self.links):
            raise ValueError("a link of subjects that are not in the release")
        return self


class RecalledBody(BaseModel):
    """One statement or link that is taken back, and what stands in its place."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Number
    instead: StatementBody | None = None


class RecallBody(Body):
    release: Number  # the message with which it was given
    items: Annotated[list[RecalledBody], Field(min_length=1, max_length=MOST_STATEMENTS)]
    reason: Written


class ConsentItemBody(BaseModel):
    """What the question is about, by the number under which the owner knows it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: Number
    known_as: Literal["statement", "message"]  # a statement or link of a release, or a message of the exchange
    says: Paragraph


class ConsentAskedBody(Body):
    number: Number  # of the question; the answer names it
    use: Literal["forward", "court", "third"]
    to: Annotated[list[UnitId], Field(max_length=60)] = []  # who would get it
    items: Annotated[list[ConsentItemBody], Field(min_length=1, max_length=MOST_STATEMENTS)]
    reason: Written
    done: bool = False  # it could not wait and was done; this informs the owner

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if (self.use == "court") == bool(self.to):
            raise ValueError("a use in court has no recipients, every other has")
        return self


class ConsentDecidedBody(Body):
    number: Number
    decision: Literal["granted", "refused", "withdrawn"]
    conditions: Paragraph = ""
    why: Paragraph = ""


BODIES: dict[str, type[Body]] = {
    "sharing.release": ReleaseBody,
    "sharing.recall": RecallBody,
    "sharing.consent-asked": ConsentAskedBody,
    "sharing.consent-decided": ConsentDecidedBody,
}
