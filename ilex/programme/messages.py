"""What units say to one another about activities, nominations, agreements and equipment, as it stands on the wire."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ilex.exchange.messages import Body, Line, Paragraph, Reference, Written
from ilex.gate.fields import Digest, Language, Moment, Number, UnitId
from ilex.programme.kinds import ActivityKind, AssetKind, Mode
from ilex.programme.wire import (
    Counted,
    Currency,
    Day,
    Edtf,
    Key,
    Length,
    Make,
    Money,
    Named,
    PlaceCode,
    Serial,
    Short,
    Signed,
    Titled,
    Version,
    Zone,
)

VERSION = 1

MOST_PEOPLE, MOST_ASSETS, MOST_UNITS = 200, 500, 60
Places = Annotated[int, Field(ge=1, le=MOST_PEOPLE)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Timed(Part):
    """What may have hours: an end only with a beginning before it."""

    starts_at: Moment | None = None
    ends_at: Moment | None = None

    @model_validator(mode="after")
    def _ends_after_it_starts(self) -> Self:
        if self.ends_at is not None and (self.starts_at is None or self.ends_at <= self.starts_at):
            raise ValueError("an end that is not after its beginning")
        return self


class SessionBody(Timed):
    order: Annotated[int, Field(ge=1, le=500)]
    title: Titled
    form: Short = ""
    text: Paragraph = ""
    speakers: Annotated[list[Line], Field(max_length=20)] = []  # functions


class ActivityBody(Timed):
    """An activity as its owner tells it. A higher version replaces a lower one, and nothing replaces a higher one."""

    id: Number
    version: Version
    key: Key
    kind: ActivityKind
    title: Titled
    text: Paragraph = ""
    language: Language = "en"
    action: Line = ""  # title of the action it belongs to
    action_key: Key | Literal[""] = ""
    when: Edtf = ""
    printed: Line = ""
    duration: Length = ""
    zone: Zone = ""
    place: PlaceCode = ""
    venue: Line = ""
    mode: Mode | Literal[""] = ""
    format: Short = ""
    languages: Annotated[list[Language], Field(max_length=20)] = []
    capacity: Counted = ""
    hosts: Annotated[list[Line], Field(max_length=20)] = []
    agenda: Annotated[list[SessionBody], Field(max_length=200)] = []
    cancelled: Line = ""  # why


class AnnouncedBody(Body):
    """For the calendar of the network; invites nobody."""

    activity: ActivityBody


class InvitationBody(Body):
    """Invites units to nominate; sent anew when it changes. Each sees the quotas of all, so that they can be fair."""

    number: Number
    version: Version
    activity: ActivityBody
    quotas: Annotated[dict[UnitId, Places], Field(min_length=1, max_length=MOST_UNITS)]
    text: Paragraph = ""
    answer_by: Moment | None = None
    travel_wanted: bool = False
    keep_days: Annotated[int, Field(ge=1, le=3650)] = 180


class InvitationEndedBody(Body):
    number: Number
    ended: Literal["closed", "cancelled"]
    reason: Line = ""


class NominatedBody(Part):
    id: Number
    name: Named
    function: Titled
    organisation: Line = ""
    languages: Annotated[list[Language], Field(max_length=20)] = []
    prepares: bool = False
    note: Line = ""


class NominationsBody(Body):
    """Whom a unit sends, or that it sends nobody. Names only those who were chosen at home."""

    number: Number  # of the invitation
    people: Annotated[list[NominatedBody], Field(max_length=MOST_PEOPLE)] = []
    withdrawn: Annotated[list[Number], Field(max_length=MOST_PEOPLE)] = []
    declined: Line = ""  # why the unit sends nobody

    @model_validator(mode="after")
    def _says_something_once(self) -> Self:
        numbers = [one.id for one in self.people] + self.withdrawn
        if len(set(numbers)) != len(numbers):
            raise ValueError("a nomination stands twice")
        if bool(numbers) == bool(self.declined):
            raise ValueError("either people, or the reason why nobody comes")
        return self


class DecisionBody(Part):
    nomination: Number
    decision: Literal["confirmed", "waiting", "declined"]
    reason: Literal["", "over-quota", "capacity", "too-late", "other"] = ""
    text: Line = ""


class NominationsDecidedBody(Body):
    number: Number
    decisions: Annotated[list[DecisionBody], Field(min_length=1, max_length=MOST_PEOPLE)]


class TravelBody(Part):
    nomination: Number
    arrives_at: Moment | None = None
    leaves_at: Moment | None = None
    travels_from: Line = ""
    document: Short = ""
    needs: Line = ""


class TravelSentBody(Body):
    number: Number
    travel: Annotated[list[TravelBody], Field(min_length=1, max_length=MOST_PEOPLE)]


class AttendedBody(Part):
    nomination: Number
    attended: bool
    certificate: Signed = ""  # the signed words that the QR holds


class AttendanceBody(Body):
    number: Number
    people: Annotated[list[AttendedBody], Field(min_length=1, max_length=MOST_PEOPLE)]


class EvaluationBody(Body):
    """What one participant says, without a name: the organiser needs no more."""

    number: Number
    nomination: Number
    marks: Annotated[dict[Key, Annotated[int, Field(ge=1, le=5)]], Field(max_length=20)] = {}
    text: Paragraph = ""


class CertificateRevokedBody(Body):
    certificate: Short
    reason: Written


class TermsBody(Part):
    """The terms of an exchange of staff. Their canonical JSON is what is hashed: both copies have the same spelling."""

    title: Titled
    sends: Annotated[list[UnitId], Field(min_length=1, max_length=2)]
    hosts: Annotated[list[UnitId], Field(min_length=1, max_length=2)]
    since: Day
    until: Day | Literal[""] = ""
    most_people: Annotated[int, Field(ge=1, le=MOST_PEOPLE)]  # at a time
    stay: Length = ""
    costs: Paragraph = ""
    duties: Paragraph = ""
    text: Annotated[str, Field(max_length=40_000)] = ""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if self.until and self.until < self.since:
            raise ValueError("an end before the beginning")
        return self


class AgreementBody(Body):
    """A copy of an agreement: proposed, or changed. The receiver compares the digest with its own copy."""

    number: Number
    version: Version
    terms: TermsBody
    digest: Digest
    say: Literal["proposed", "changed"]


class AgreementAnsweredBody(Body):
    number: Number
    digest: Digest  # of the terms that are agreed to or declined
    decision: Literal["agreed", "declined", "ended"]
    reason: Line = ""


class AgreementHeldBody(Body):
    """What the sender holds today, so that a copy changed in silence is noticed. Asks for no answer."""

    held: Annotated[dict[Number, Digest], Field(min_length=1, max_length=500)]


class NeedBody(Body):
    """A need of the sender, by which equipment may be asked for."""

    id: Number
    text: Written
    action_key: Key | Literal[""] = ""
    raised_on: Day


class AssetBody(Part):
    id: Number
    need: Number  # of the need it answers: none without it
    need_says: Line
    kind: AssetKind
    name: Make
    quantity: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    serials: Annotated[list[Serial], Field(max_length=1000)] = []
    value: Money = ""
    currency: Currency = ""
    text: Paragraph = ""

    @model_validator(mode="after")
    def _has_a_currency(self) -> Self:
        if self.value and not self.currency:
            raise ValueError("a value without its currency")
        return self


class HandoverBody(Body):
    """The giver's signature is the seal of this message. `digest` is over `assets`, the units and the day."""

    number: Number
    reference: Reference  # RS-E-2026-000003
    receiver: UnitId
    handed_on: Day
    place: Line = ""
    action: Line = ""
    action_key: Key | Literal[""] = ""
    text: Paragraph = ""
    assets: Annotated[list[AssetBody], Field(min_length=1, max_length=MOST_ASSETS)]
    digest: Digest


class TakenBody(Part):
    asset: Number
    accepted: bool
    why: Line = ""

    @model_validator(mode="after")
    def _says_why_not(self) -> Self:
        if not self.accepted and not self.why:
            raise ValueError("a refusal without its reason")
        return self


class HandoverAnsweredBody(Body):
    """The receiver's signature: the seal of this message, over the same digest."""

    number: Number
    digest: Digest
    accepted_on: Day
    assets: Annotated[list[TakenBody], Field(min_length=1, max_length=MOST_ASSETS)]


class AssetReportedBody(Body):
    """The holder tells the giver how a thing is used, or that it is no longer there."""

    asset: Number
    report: Literal["check", "write-off"]
    on: Day
    condition: Literal["in-use", "in-store", "broken", "lost"]
    text: Paragraph = ""


BODIES: dict[str, type[Body]] = {
    "programme.activity": AnnouncedBody,
    "programme.invitation": InvitationBody,
    "programme.invitation-ended": InvitationEndedBody,
    "programme.nominations": NominationsBody,
    "programme.nominations-decided": NominationsDecidedBody,
    "programme.travel": TravelSentBody,
    "programme.attendance": AttendanceBody,
    "programme.evaluation": EvaluationBody,
    "programme.certificate-revoked": CertificateRevokedBody,
    "programme.agreement": AgreementBody,
    "programme.agreement-answered": AgreementAnsweredBody,
    "programme.agreement-held": AgreementHeldBody,
    "programme.need": NeedBody,
    "programme.handover": HandoverBody,
    "programme.handover-answered": HandoverAnsweredBody,
    "programme.asset-reported": AssetReportedBody,
}
