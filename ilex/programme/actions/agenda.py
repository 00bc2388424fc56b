"""The agenda of an activity, and what was agreed there until it is done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.programme.actions import checking
from ilex.programme.actions.activities import tell_again
from ilex.programme.actions.owning import locked, take, writing
from ilex.programme.kinds import InvolvementRole, OutcomeKind, SessionForm
from ilex.programme.models import Activity, Involvement, Outcome, Person, Session
from ilex.programme.rules.errors import Invalid, NotNow, fitting, written
from ilex.units.models import Officer
from ilex.units.rules import check

MOST, SPEAKERS = 200, 20
AWAY = 1_000  # orders while they change places: each stands once


@dataclass(frozen=True)
class Point:
    """One point of the agenda as an officer enters it. Speakers are functions, never names."""

    title: str
    form: str = ""
    text: str = ""
    speakers: Sequence[str] = ()
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    id: int | None = None  # of the session it was; none for a new one


def set_agenda(officer: Officer, activity: Activity, points: Sequence[Point], *, version: int | None = None) -> None:
    """All points in their order. Those that stay keep their source, and the parts that others take in them.

    `version` is the one that the officer saw. Units that know of the activity are told. Raises Invalid, NotNow.
    """
    wanted = [_checked(point) for point in points]
    if len(wanted) > MOST:
        raise Invalid({"title": _("An agenda has at most %(most)d points.") % {"most": MOST}})
    with writing("activity.planned", officer, activity, Operation.ALTERATION, count=len(wanted)) as this:
        row = locked(activity, version)
        take(row)
        kept = {one.pk: one for one in activity.sessions.all()}
        ids = [point.id for point in wanted if point.id in kept]
        if len(set(ids)) != len(ids):
            raise Invalid({"title": _("A point stands twice.")})
        activity.sessions.exclude(pk__in=ids).delete()
        activity.sessions.update(order=F("order") + AWAY)
        for order, point in enumerate(wanted, 1):
            _write(kept.get(point.id or 0) or Session(activity=activity), order, point)
        this.recipients = tell_again(officer, row)


def _write(session: Session, order: int, point: Point) -> None:
    session.order, session.title, session.form, session.text = order, point.title, point.form, point.text
    session.starts_at, session.ends_at = point.starts_at, point.ends_at
    session.save()
    _set_speakers(session, point.speakers)


def _checked(point: Point) -> Point:
    begins, ends = point.starts_at, point.ends_at
    if (begins is None) != (ends is None) or (begins and ends and ends <= begins):
        raise Invalid({"ends": _("A point begins and ends, and it ends after it begins.")})
    speakers = [fitting("speakers", " ".join(one.split()), 200) for one in point.speakers if one.strip()]
    if len(speakers) > SPEAKERS:
        raise Invalid({"speakers": _("A point has at most %(most)d speakers.") % {"most": SPEAKERS}})
    return Point(
        title=written("title", " ".join(point.title.split()), _("Give each point a title."), 300),
        form=checking.choice("form", point.form, SessionForm) if point.form else "",
        text=fitting("text", point.text, 4_000),
        speakers=list(dict.fromkeys(speakers)),
        starts_at=begins,
        ends_at=ends,
        id=point.id,
    )


def spoken_by(session: Session) -> list[str]:
    """The functions of those who speak there and belong to nobody in particular: what the form shows."""
    return [one.person.function for one in _speakers(session) if one.person is not None]


def _speakers(session: Session) -> list[Involvement]:
    rows = Involvement.objects.filter(session=session, role=InvolvementRole.SPEAKER, person__name="")
    rows = rows.filter(person__organisation=None, person__place=None)
    return list(rows.select_related("person").order_by("order", "pk"))


def _set_speakers(session: Session, functions: Sequence[str]) -> None:
    there = {one.person.function: one for one in _speakers(session) if one.person is not None}
    for gone in set(there) - set(functions):
        there[gone].delete()
    for order, function in enumerate(functions):
        if function not in there:
            person, _new = Person.objects.get_or_create(name="", function=function, organisation=None, place=None)
            Involvement.objects.create(session=session, role=InvolvementRole.SPEAKER, person=person, order=order)


def agree(
    officer: Officer,
    activity: Activity,
    *,
    text: str,
    kind: str = OutcomeKind.AGREED,
    place: str = "",
    responsible: str = "",
    due_on: date | None = None,
) -> Outcome:
    """Write down what it brought out, or what was agreed: who does it, and until when. Raises Invalid."""
    made = Outcome(
        activity=activity,
        kind=checking.choice("kind", kind, OutcomeKind),
        order=checking.room(activity.outcomes.all(), "text"),
        text=written("text", text, _("Write what was agreed.")),
        due_on=due_on,
    )
    with writing("outcome.added", officer, activity, kind=kind):
        made.place = checking.place(place) if place else None
        made.responsible = checking.organisation(responsible, "responsible") if responsible else None
        made.save(force_insert=True)
    return made


def done(officer: Officer, outcome: Outcome) -> None:
    """What was agreed is done. Raises NotNow when somebody said so already."""
    check(officer, "programme.write")
    on = ("activity", str(outcome.activity_id))
    with act("outcome.done", Operation.ALTERATION, by=officer, on=on, outcome=outcome.pk):
        open_ones = Outcome.objects.filter(pk=outcome.pk, kind=OutcomeKind.AGREED, done_at=None)
        if not open_ones.update(done_at=now(), done_by=officer):
            raise NotNow(_("This is done already."))
