"""What invited units tell us: whom they send, when these people travel, and how it was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast
from uuid import UUID

from django.utils.timezone import now

from ilex.gate.fields import to_the_millisecond
from ilex.gate.registry import Arrived, NotYet, Refuse
from ilex.journal.actions import write
from ilex.journal.models import Operation
from ilex.programme.actions.deciding import Decision, tell
from ilex.programme.actions.nominating import key_of
from ilex.programme.actions.stepping import day_of, note, take_step
from ilex.programme.messages import EvaluationBody, NominatedBody, NominationsBody, TravelBody, TravelSentBody
from ilex.programme.models import Evaluation, Invitation, Nomination, Quota, Travel
from ilex.programme.rules.nominations import MAY, OVER, QUESTIONS
from ilex.programme.rules.quotas import counted

State = Nomination.State


def take_in_nominations(arrived: Arrived) -> None:
    """People beyond the quota, and the same person twice, are declined at once: another make may not check."""
    body = cast(NominationsBody, arrived.body)
    invitation, quota = _invited(arrived, body.number)
    if body.declined:
        at = to_the_millisecond(arrived.envelope.at)
        Quota.objects.filter(pk=quota.pk).update(declined_at=at, declined_why=body.declined)
    if body.people:
        if invitation.state != Invitation.State.OPEN:
            raise Refuse("ended", "Nobody more is nominated to this invitation.")
        _take_people(invitation, quota, body.people)
        Quota.objects.filter(pk=quota.pk).update(declined_at=None, declined_why="")
    if body.withdrawn:
        _withdraw(invitation, quota, body.withdrawn)
    _write("nominations.arrived", arrived, invitation, people=len(body.people), withdrawn=len(body.withdrawn))


def take_in_travel(arrived: Arrived) -> None:
    """Only of people of the sender who are confirmed, and only where it was asked for."""
    body = cast(TravelSentBody, arrived.body)
    invitation, quota = _invited(arrived, body.number)
    if not invitation.travel_wanted:
        raise Refuse("not-wanted", "Travel data were not asked for.")
    people = _theirs(invitation, quota, [one.nomination for one in body.travel])
    for said in body.travel:
        if people[said.nomination].state == State.CONFIRMED and invitation.state != Invitation.State.CANCELLED:
            _keep_travel(said)
    _write("travel.arrived", arrived, invitation, count=len(people))


def take_in_evaluation(arrived: Arrived) -> None:
    """Once for each person who came."""
    body = cast(EvaluationBody, arrived.body)
    invitation, quota = _invited(arrived, body.number)
    row = _theirs(invitation, quota, [body.nomination])[body.nomination]
    if row.state != State.ATTENDED or Evaluation.objects.filter(nomination=row).exists():
        raise Refuse("not-now", "Only who came can say how it was, and once.")
    marks = {question: mark for question, mark in body.marks.items() if question in QUESTIONS}
    text = "" if row.erased_at else body.text
    Evaluation.objects.create(nomination=row, marks=marks, text=text, at=to_the_millisecond(arrived.envelope.at))
    _write("evaluation.arrived", arrived, invitation, nomination=str(row.pk))


def _invited(arrived: Arrived, number: UUID) -> tuple[Invitation, Quota]:
    """One of ours, and the sender's quota in it. Raises Refuse."""
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("activity")
    row = rows.filter(pk=number, way=Invitation.Way.OUT).exclude(state=Invitation.State.DRAFT).first()
    quota = row.quotas.filter(unit=arrived.sender).first() if row else None
    if row is None or quota is None:
        raise Refuse("not-invited", "We did not invite the sender to this.")
    return row, quota


def _take_people(invitation: Invitation, quota: Quota, people: Sequence[NominatedBody]) -> None:
    known = {row.pk: row for row in Nomination.objects.filter(pk__in=[one.id for one in people])}
    if any((row.invitation_id, row.unit_id) != (invitation.pk, quota.unit_id) for row in known.values()):
        raise Refuse("known-number", "A nomination of this number is another one.")
    new = [one for one in people if one.id not in known]
    made = list(_made(invitation, quota, new))
    Nomination.objects.bulk_create([row for row, _decision in made])
    note([row for row, _decision in made], State.SENT, None)
    turned_down = {row.pk: decision for row, decision in made if decision is not None}
    if turned_down:
        rows = [row for row, decision in made if decision is not None]
        note(rows, State.DECLINED, None)
        tell(invitation, rows, turned_down, None)


def _made(
    invitation: Invitation, quota: Quota, people: Sequence[NominatedBody]
) -> Iterator[tuple[Nomination, Decision | None]]:
    """A row for each, not saved, in the order of the message: the first have the places."""
    rows = invitation.nominations.filter(unit=quota.unit_id, erased_at=None)
    room = quota.places - counted(rows.values_list("state", flat=True))
    present = set(rows.exclude(state__in=OVER).values_list("name_key", flat=True))
    for one in people:
        row = _row(invitation, quota, one)
        decision = None
        if row.name_key in present:
            decision = Decision("declined", "other", "The same person is nominated already.")
        elif room <= 0:
            decision = Decision("declined", "over-quota", "")
        else:
            room -= 1
            present.add(row.name_key)
        if decision:
            row.state, row.reason, row.answer = State.DECLINED, decision.reason, decision.text
        yield row, decision


def _row(invitation: Invitation, quota: Quota, one: NominatedBody) -> Nomination:
    return Nomination(
        pk=one.id,
        invitation=invitation,
        unit_id=quota.unit_id,
        state=State.SENT,
        name=one.name,
        name_key=key_of(one.name) or one.name[:160],
        function=one.function[:200],
        organisation=one.organisation,
        languages=list(one.languages),
        prepares=one.prepares,
        note=one.note,
        changed_at=now(),
        erase_on=day_of(invitation),
    )


def _withdraw(invitation: Invitation, quota: Quota, numbers: Sequence[UUID]) -> None:
    """Of somebody we declined meanwhile nothing is left to withdraw. Raises NotYet for people who have not come."""
    rows = invitation.nominations.filter(pk__in=numbers, unit=quota.unit_id)
    if len(rows) != len(numbers):
        raise NotYet
    of, _to = MAY["withdraw"]
    take_step([row for row in rows if row.state in of], "withdraw", None)


def _theirs(invitation: Invitation, quota: Quota, numbers: Sequence[UUID]) -> dict[UUID, Nomination]:
    found = {row.pk: row for row in invitation.nominations.filter(pk__in=numbers, unit=quota.unit_id)}
    if len(found) != len(set(numbers)):
        raise Refuse("not-nominated", "The sender did not nominate this person.")
    return found


def _keep_travel(said: TravelBody) -> None:
    columns = {
        "arrives_at": said.arrives_at,
        "leaves_at": said.leaves_at,
        "travels_from": said.travels_from[:120],
        "document": said.document[:60],
        "needs": said.needs,
        "at": now(),
    }
    Travel.objects.update_or_create(nomination_id=said.nomination, defaults=columns)


def _write(act: str, arrived: Arrived, invitation: Invitation, **detail: Any) -> None:
    on, message = ("invitation", str(invitation.pk)), str(arrived.envelope.id)
    write(act, Operation.COLLECTION, by=None, on=on, sender=arrived.sender.pk, message=message, **detail)
