"""An activity as it is told to partners, and a partner's activity as a row of ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.timezone import now

from ilex.gate.registry import Refuse
from ilex.programme.bounds import FIRST, LAST, RESERVED
from ilex.programme.index import renew_thing
from ilex.programme.kinds import InvolvementRole, InvolvementState
from ilex.programme.messages import ActivityBody, SessionBody, Timed
from ilex.programme.models import Action, Activity, Involvement, Person, Session
from ilex.programme.rules.hours import exact, zones
from ilex.units.models import Organisation, Place
from ilex.words.edtf import When

TELLERS = (InvolvementRole.SPEAKER, InvolvementRole.LECTURER, InvolvementRole.MODERATOR, InvolvementRole.CHAIR)
OVER = (InvolvementState.ENDED, InvolvementState.DECLINED)
MOST = 20  # hosts, and speakers of one session, as the wire has it
A_DAY = timedelta(days=1)  # between the days of two clocks


def body_of(activity: Activity) -> ActivityBody:
    """What partners are told of it: persons by function, nothing of who was asked or nominated."""
    action = activity.action
    return ActivityBody(
        id=activity.pk,
        version=activity.version,
        key=activity.key,
        kind=activity.kind,
        title=activity.title,
        text=activity.text[:4000],
        language=activity.language,
        action=action.title if action else "",
        action_key=action.key if action else "",
        when=activity.when,
        printed=activity.printed,
        duration=activity.duration,
        starts_at=activity.starts_at,
        ends_at=activity.ends_at,
        zone=activity.zone or (activity.place.zone if activity.place else ""),
        place=activity.place_id or "",
        venue=activity.venue,
        mode=activity.mode,
        format=activity.format,
        languages=activity.languages[:MOST],
        capacity=activity.capacity,
        hosts=list(_hosts(activity))[:MOST],
        agenda=[_session_body(one) for one in _sessions(activity)],
        cancelled=_why(activity),
    )


def taken(body: ActivityBody, owner: Organisation) -> Activity:
    """The row of a partner's activity: made, or changed by a higher version; the caller writes the journal line.

    Raises Refuse when the activity is not the partner's own.
    """
    known = Activity.objects.select_for_update(of=("self",)).filter(pk=body.id).first()
    if known is not None and known.owner_id != owner.pk:
        raise Refuse("not-yours", "The activity is not one of the sender.")
    if known is not None and known.version >= body.version:
        return known
    activity = known or Activity(pk=body.id, owner=owner, key=_free(body.key, owner), made_at=now())
    _take(activity, body)
    activity.save()
    known_here = Known.read({*body.hosts, *(one for said in body.agenda for one in said.speakers)})
    _take_hosts(activity, body.hosts, known_here)
    _take_agenda(activity, body.agenda, known_here)
    renew_thing(activity)
    return activity


def _why(activity: Activity) -> str:
    """The reason of a cancelled one, or a stroke: something must stand there."""
    return activity.cancelled_why or "-" if activity.state == Activity.State.CANCELLED else ""


def _hosts(activity: Activity) -> Iterator[str]:
    rows = activity.involvements.filter(role=InvolvementRole.HOST).exclude(state__in=OVER)
    for one in rows.select_related("organisation", "person", "place").order_by("order", "pk"):
        yield _told(one)


def _told(one: Involvement) -> str:
    if one.person is not None:
        return one.person.function  # what a source prints may be the name
    if one.printed:
        return one.printed
    return one.organisation.name if one.organisation else one.place_id or ""


def _sessions(activity: Activity) -> list[Session]:
    return list(activity.sessions.prefetch_related("involvements__person", "involvements__organisation")[:200])


def _session_body(session: Session) -> SessionBody:
    speaking = (one for one in session.involvements.all() if one.role in TELLERS and one.state not in OVER)
    speakers = [_told(one) for one in speaking]
    return SessionBody(
        order=max(session.order, 1),
        title=session.title,
        form=session.form,
        text=session.text[:4000],
        speakers=speakers[:MOST],
        starts_at=session.starts_at,
        ends_at=session.ends_at,
    )


def _take(activity: Activity, body: ActivityBody) -> None:
    """Sets the columns; the row is not saved. What a directory of ours does not know is kept as printed."""
    state = Activity.State
    place = Place.objects.filter(code=body.place).first() if body.place else None
    activity.version = body.version
    activity.state = state.CANCELLED if body.cancelled else state.ANNOUNCED
    activity.cancelled_why = body.cancelled if body.cancelled != "-" else ""
    activity.kind = body.kind
    activity.title, activity.text, activity.language = body.title, body.text, body.language
    activity.action = Action.objects.filter(key=body.action_key).first() if body.action_key else None
    when = When.parse(body.when)
    activity.take_when(when)
    activity.printed, activity.duration = body.printed[:200], body.duration
    activity.starts_at, activity.ends_at = _hours(body, when) if exact(when) else (None, None)
    activity.zone = body.zone if body.zone in zones() else ""
    activity.place, activity.place_printed = place, "" if place else body.place
    activity.venue, activity.mode, activity.format = body.venue[:200], body.mode, body.format[:60]
    activity.languages, activity.capacity = list(body.languages), body.capacity
    activity.changed_at = now()


def _hours(said: Timed, when: When) -> tuple[datetime | None, datetime | None]:
    """Its hours, where they lie on these days; others would lead everybody's calendar astray."""
    first, last = when.first or date(FIRST, 1, 1), when.last or date(LAST, 12, 31)
    begins, ends = said.starts_at, said.ends_at or said.starts_at
    if begins is None or ends is None or begins.date() < first - A_DAY or ends.date() > last + A_DAY:
        return None, None
    return begins, said.ends_at


def _free(key: str, owner: Organisation) -> str:
    """The partner's key, or one beside it where we already call something else so."""
    return next(one for one in _keys(key, owner) if not Activity.objects.filter(key=one).exists())


def _keys(key: str, owner: Organisation) -> Iterator[str]:
    if key not in RESERVED:
        yield key
    yield f"{key[: 79 - len(owner.pk)]}-{owner.pk}"
    for number in range(2, 10_000):
        yield f"{key[: 74 - len(owner.pk)]}-{owner.pk}-{number}"


@dataclass(frozen=True)
class Known:
    """Whom our directory knows of those whom a message names; the others take part as functions."""

    organisations: Mapping[str, str]  # by name
    places: frozenset[str]
    persons: Mapping[str, Person]  # by function

    @classmethod
    def read(cls, words: set[str]) -> Known:
        """A number of statements that does not grow with what a partner writes."""
        named = Organisation.objects.filter(name__in=words).order_by("-pk").values_list("name", "pk")
        organisations = dict(named)  # of two of one name the first by its id
        places = frozenset(Place.objects.filter(code__in=words).values_list("code", flat=True))
        functions = {one[:200] for one in words - organisations.keys() - places if one}
        Person.objects.bulk_create([Person(function=one) for one in sorted(functions)], ignore_conflicts=True)
        persons = Person.objects.filter(name="", function__in=functions, organisation=None, place=None)
        return cls(organisations, places, {one.function: one for one in persons})

    def who(self, words: str) -> dict[str, object]:
        if words in self.organisations:
            return {"organisation_id": self.organisations[words]}
        return {"place_id": words} if words in self.places else {"person": self.persons[words[:200]]}

    def parts(self, words: Iterable[str], **more: object) -> Iterator[Involvement]:
        for order, one in enumerate(dict.fromkeys(filter(None, words))):
            yield Involvement(order=order, **more, **self.who(one))


def _take_hosts(activity: Activity, hosts: list[str], known: Known) -> None:
    activity.involvements.filter(role=InvolvementRole.HOST, source=None).delete()
    parts = list(known.parts(hosts, activity=activity, role=InvolvementRole.HOST))
    Involvement.objects.bulk_create(parts, ignore_conflicts=True)


def _take_agenda(activity: Activity, agenda: list[SessionBody], known: Known) -> None:
    activity.sessions.filter(source=None).delete()
    said = sorted(agenda, key=lambda one: one.order)
    when = When.parse(activity.when)
    sessions = [_session(activity, order, one, when) for order, one in enumerate(said, start=1)]
    Session.objects.bulk_create(sessions)
    parts = [
        part
        for session, one in zip(sessions, said, strict=True)
        for part in known.parts(one.speakers, session=session, role=InvolvementRole.SPEAKER)
    ]
    Involvement.objects.bulk_create(parts, ignore_conflicts=True)


def _session(activity: Activity, order: int, said: SessionBody, when: When) -> Session:
    begins, ends = _hours(said, when)
    return Session(
        activity=activity,
        order=order,
        title=said.title,
        form=said.form[:50],
        text=said.text,
        starts_at=begins,
        ends_at=ends,
    )
