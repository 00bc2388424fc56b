"""Writing activities down, changing them, and telling the network: announced, held, cancelled."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from ilex.gate import actions as gate
from ilex.gate.errors import GateError
from ilex.gate.models import Delivery, Peer
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.programme import index
from ilex.programme.actions import checking
from ilex.programme.actions.invitations import activity_cancelled
from ilex.programme.actions.owning import locked, may_be_public, take
from ilex.programme.actions.stepping import agent, settle_days
from ilex.programme.kinds import ActivityKind, Mode
from ilex.programme.messages import AnnouncedBody
from ilex.programme.models import Action, Activity, Invitation, Quota
from ilex.programme.queries.hours import zone_of
from ilex.programme.rules.errors import Invalid, NotNow, fitting, written
from ilex.programme.rules.hours import exact, moment, on_the_clock, zones
from ilex.programme.telling import body_of
from ilex.units.models import Officer
from ilex.units.queries import here
from ilex.units.rules import check
from ilex.words.edtf import When

State = Activity.State
TITLE, TEXT, MOST = 300, 10_000, 40
PLAIN = ("kind", "title", "text", "language", "when", "printed", "duration", "venue", "mode", "format", "zone")
KEPT = (*PLAIN, "languages", "capacity", "attended", "topics", "signatories", "public", "action", "shaped_by")


def add_activity(officer: Officer, *, title: str, kind: str, **more: Any) -> Activity:
    """Write down a new activity as a draft, which is ours. `more`: see `change_activity`. Raises Invalid."""
    check(officer, "programme.write")
    columns = _columns({"title": title, "kind": kind, **more})
    may_be_public(officer, was=False, now=columns["public"])
    activity = Activity(
        key=checking.new_key(Activity, columns["title"], columns["language"]),
        state=State.DRAFT,
        owner=here(),
        series=more.get("series"),
        made_by=officer,
        made_at=now(),
        changed_at=now(),
        **columns,
    )
    with act("activity.added", Operation.COLLECTION, by=officer, on=("activity", str(activity.pk)), key=activity.key):
        activity.save(force_insert=True)
        index.renew_thing(activity)
    return activity


def change_activity(officer: Officer, activity: Activity, *, version: int | None = None, **more: Any) -> None:
    """Change what the activity is; `version` is the one that the officer saw.

    `more`: title, kind, text, language, when (EDTF), printed, duration (P2D), opens and closes (hours on the clock of
    the place), zone, place (code), venue, mode, format, languages, capacity, attended, topics, signatories, public,
    action, shaped_by; what is not given stays. Units that know of it are told. Raises Invalid, NotNow.
    """
    check(officer, "programme.write")
    with act("activity.changed", Operation.ALTERATION, by=officer, on=("activity", str(activity.pk))) as this:
        row = locked(activity, version)
        if row.state == State.CANCELLED:
            raise NotNow(_("The activity is cancelled."))
        columns = _columns({**_now(row), **more})
        may_be_public(officer, was=row.public, now=columns["public"])
        _not_its_own(columns["shaped_by"], row)
        changed = [name for name, value in columns.items() if getattr(row, name) != value]
        take(row, columns)
        this.detail |= {"fields": changed}
        this.recipients = tell_again(officer, row)


def announce(officer: Officer, activity: Activity, to: Collection[str] | None = None) -> None:
    """For the calendar of the network: to these units, or to all whose nodes are paired with ours; invites nobody.

    Once more tells its present state. Raises Invalid when no unit is to be told, NotNow when one cannot be reached.
    """
    check(officer, "programme.write")
    with act("activity.announced", Operation.DISCLOSURE, by=officer, on=("activity", str(activity.pk))) as this:
        row = locked(activity)
        if row.state in (State.CANCELLED, State.HELD):
            raise NotNow(_("Only an activity that lies ahead is announced."))
        if not row.when:
            raise Invalid({"when": _("Say first when it is, as far as that is known.")})
        units = reached() if to is None else list(to)
        if not units:
            raise Invalid({"to": _("No unit's node is paired with ours: nobody can be told.")})
        take(row, {"state": State.ANNOUNCED})
        this.recipients = _tell(officer, row, [*units, *told_of(row)])


def hold(officer: Officer, activity: Activity, attended: str = "") -> None:
    """It took place; `attended` as far as it is counted: over 70 participants. Raises Invalid, NotNow."""
    check(officer, "programme.write")
    count = checking.quantity(attended, "attended")
    with act("activity.held", Operation.ALTERATION, by=officer, on=("activity", str(activity.pk))) as this:
        row = locked(activity)
        if row.state in (State.CANCELLED, State.HELD):
            raise NotNow(_("This is told of the activity already."))
        if row.first is not None and row.first > localdate():
            raise NotNow(_("It has not begun yet."))
        take(row, {"state": State.HELD, **({"attended": count} if count else {})})
        this.recipients = tell_again(officer, row)


def cancel(officer: Officer, activity: Activity, reason: str) -> None:
    """It does not take place: its invitations end, and all units that know of it are told why. Raises Invalid."""
    check(officer, "programme.write")
    reason = written("reason", reason, _("Say why, so that they can tell."), 300)
    on = ("activity", str(activity.pk))
    with act("activity.cancelled", Operation.ALTERATION, by=officer, on=on, reason=reason) as this:
        row = locked(activity)
        if row.state in (State.CANCELLED, State.HELD):
            raise NotNow(_("This is told of the activity already."))
        told = told_of(row)
        take(row, {"state": State.CANCELLED, "cancelled_why": reason})
        activity_cancelled(officer, row, reason)
        this.recipients = _tell(officer, row, told)
        index.renew_thing(row)


def reached() -> list[str]:
    """The units whose nodes are paired with ours."""
    return list(Peer.objects.filter(state=Peer.State.PAIRED).order_by("unit").values_list("unit", flat=True))


def told_of(activity: Activity) -> list[str]:
    """The units that know of it from us: it was announced to them, or they are invited."""
    messages = {"envelope__conversation": activity.pk, "envelope__way": "out", "envelope__type": "programme.activity"}
    known = set(Delivery.objects.filter(**messages).values_list("peer", flat=True))
    open_ones = Invitation.objects.filter(activity=activity, way=Invitation.Way.OUT).exclude(
        state__in=[Invitation.State.DRAFT, Invitation.State.CANCELLED]
    )
    known |= set(Quota.objects.filter(invitation__in=open_ones).values_list("unit", flat=True))
    return sorted(known & set(reached()))


def tell_again(officer: Officer, row: Activity) -> list[str]:
    """What follows from a change of ours: it is found by its new words, names go on time, and who knows is told."""
    row.refresh_from_db()
    index.renew_thing(row)
    for invitation in row.invitations.filter(way=Invitation.Way.OUT).select_related("activity"):
        settle_days(invitation)
    return _tell(officer, row, told_of(row))


def _tell(officer: Officer, row: Activity, to: Sequence[str]) -> list[str]:
    units = list(dict.fromkeys(to))
    if not units:
        return []
    row = Activity.objects.select_related("action", "place").get(pk=row.pk)
    body = AnnouncedBody(agent=agent(officer), activity=body_of(row))
    try:
        gate.post("programme.activity", body, to=units, conversation=row.pk, language=row.language, by=officer)
    except GateError as error:
        raise NotNow(str(error)) from error
    return units


def hours_of(activity: Activity) -> tuple[time | None, time | None]:
    """From when to when, on the clock of its place."""
    zone = zone_of(activity)
    at = (activity.starts_at, activity.ends_at)
    opens, closes = (on_the_clock(one, zone).time() if one else None for one in at)
    return opens, closes


def _now(row: Activity) -> dict[str, Any]:
    opens, closes = hours_of(row)
    kept = {name: getattr(row, name) for name in KEPT}
    return {**kept, "place": row.place_id or "", "opens": opens, "closes": closes}


def _columns(typed: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of the table, checked. `first` and `last` follow from `when`."""
    read: When = checking.when(typed.get("when", ""))
    at = checking.place(typed["place"]) if typed.get("place") else None
    zone = _zone(typed.get("zone", ""))
    opens, closes = _hours(read, typed, zone or (at.zone if at else "") or settings.TIME_ZONE)
    mode, action = typed.get("mode", ""), typed.get("action")
    return {
        "title": written("title", " ".join(typed["title"].split()), _("Give the activity a title."), TITLE),
        "kind": checking.choice("kind", typed["kind"], ActivityKind),
        "text": fitting("text", typed.get("text", ""), TEXT),
        "language": fitting("language", typed.get("language", "en"), 12) or "en",
        "action": action if isinstance(action, Action) else None,
        "shaped_by": typed.get("shaped_by"),
        "when": str(read),
        "first": read.first,
        "last": read.last,
        "printed": fitting("printed", typed.get("printed", ""), 200),
        "duration": checking.duration(typed.get("duration", ""), read),
        "starts_at": opens,
        "ends_at": closes,
        "place": at,
        "zone": zone,
        "venue": fitting("venue", typed.get("venue", ""), 200),
        "mode": checking.choice("mode", mode, Mode) if mode else "",
        "format": fitting("format", typed.get("format", ""), 60),
        "languages": _languages(typed.get("languages", ())),
        "capacity": checking.quantity(typed.get("capacity", ""), "capacity"),
        "attended": checking.quantity(typed.get("attended", ""), "attended"),
        "topics": _topics(typed.get("topics", ())),
        "signatories": checking.quantity(typed.get("signatories", ""), "signatories"),
        "public": bool(typed.get("public", False)),
    }


def _zone(text: str) -> str:
    zone = text.strip()
    if zone and zone not in zones():
        raise Invalid({"zone": _("“%(zone)s” is not a time zone: write it as Europe/Skopje.") % {"zone": zone[:40]}})
    return zone


def _hours(read: When, typed: Mapping[str, Any], zone: str) -> tuple[datetime | None, datetime | None]:
    """Both moments, or none. Hours need days."""
    opens, closes = typed.get("opens"), typed.get("closes")
    if opens is None and closes is None:
        return None, None
    if opens is None or closes is None:
        raise Invalid({"closes" if closes is None else "opens": _("Say both hours, or none.")})
    if not exact(read) or read.first is None or read.last is None:
        raise Invalid({"opens": _("Hours need an exact day: give the days first.")})
    moments = []
    for field, day, at in (("opens", read.first, opens), ("closes", read.last, closes)):
        try:
            moments.append(moment(day, at, zone))
        except ValueError:
            raise Invalid({field: _("Clocks there leave this hour out on that day.")}) from None
    if moments[1] <= moments[0]:
        raise Invalid({"closes": _("It ends before it begins.")})
    return moments[0], moments[1]


def _languages(codes: Collection[str]) -> list[str]:
    return [fitting("languages", code, 12) for code in dict.fromkeys(codes) if code.strip()][:20]


def _topics(topics: Collection[str]) -> list[str]:
    found = [fitting("topics", " ".join(one.split()), 120) for one in topics if one.strip()]
    if len(found) > MOST:
        raise Invalid({"topics": _("An activity keeps at most %(most)d topics.") % {"most": MOST}})
    return list(dict.fromkeys(found))


def _not_its_own(shaped_by: Activity | None, row: Activity) -> None:
    if shaped_by is not None and shaped_by.pk == row.pk:
        raise Invalid({"shaped_by": _("An activity is not shaped by itself.")})
