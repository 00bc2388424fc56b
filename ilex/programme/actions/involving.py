"""Who takes which part: putting a place, an organisation or a person into an action, activity or session."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from ilex.journal.models import Operation
from ilex.programme.actions import checking
from ilex.programme.actions.activities import tell_again
from ilex.programme.actions.owning import About, kind_of, locked, take, writing
from ilex.programme.kinds import InvolvementRole, InvolvementState
from ilex.programme.models import Action, Activity, Involvement, Person, Session
from ilex.programme.rules.errors import Invalid, NotNow, fitting, written
from ilex.units.models import Officer
from ilex.units.queries import here

OVER = (InvolvementState.ENDED, InvolvementState.DECLINED)
MOST = 1_000  # of one thing


def involve(
    officer: Officer,
    about: About,
    *,
    role: str,
    place: str = "",
    organisation: str = "",
    function: str = "",
    name: str = "",
    state: str = "",
    when: str = "",
    quantity: str = "",
    printed: str = "",
    footnote_mark: str = "",
    footnote: str = "",
    note: str = "",
    source: str = "",
) -> Involvement:
    """One place (code), one organisation (id), or a person by function, who may belong to either.

    A name stays at this node. Who took this part before takes it up again. Units that know of an activity of ours
    are told who hosts it. Raises Invalid.
    """
    columns: dict[str, Any] = {
        "state": checking.choice("state", state, InvolvementState) if state else "",
        "when": str(checking.when(when)),
        "quantity": checking.quantity(quantity),
        "printed": fitting("printed", printed, 300),
        "footnote_mark": fitting("footnote_mark", footnote_mark, 4),
        "footnote": fitting("footnote", footnote, 2_000),
        "note": fitting("note", note, 300),
        "source": checking.source(source) if source else None,
    }
    part = {kind_of(about): about, "role": checking.choice("role", role, InvolvementRole)}
    with writing("involvement.added", officer, about, role=role, place=place, organisation=organisation) as this:
        who = _who(place, organisation, function, name)
        again = Involvement.everything.filter(**part, **who).first()
        if again is not None and again.state not in OVER and again.taken_back_at is None:
            raise Invalid({_field(function, organisation): _("This part is taken already.")})
        field = _field(function, organisation)
        made = _again(again, columns) if again else _new({**part, **who, **columns}, field)
        this.recipients = told_of_host(officer, made, about)
    return made


def _new(columns: dict[str, Any], field: str) -> Involvement:
    of = {name: columns[name] for name in ("action", "activity", "session") if name in columns}
    checking.room(Involvement.objects.filter(**of), field, MOST)
    last = Involvement.objects.filter(**of, role=columns["role"]).aggregate(last=Max("order"))["last"]
    try:
        with transaction.atomic():
            return Involvement.objects.create(order=(last or 0) + 1, **columns)
    except IntegrityError:  # a colleague was faster
        raise Invalid({field: _("This part is taken already.")}) from None


def _again(row: Involvement, columns: dict[str, Any]) -> Involvement:
    standing = {"taken_back_at": None, "taken_back_why": "", "taken_back_by": None}
    for name, value in (columns | standing).items():
        setattr(row, name, value)
    row.save(update_fields=[*columns, *standing])
    return row


def _who(place: str, organisation: str, function: str, name: str) -> dict[str, Any]:
    """The columns that say who: all three, so that what is not meant is empty."""
    at = checking.place(place) if place.strip() else None
    of = checking.organisation(organisation) if organisation.strip() else None
    if function.strip() or name.strip():
        said = written("function", function, _("Say in which function: a name alone is not enough."), 200)
        called = fitting("name", " ".join(name.split()), 160)
        person, _made = Person.objects.get_or_create(name=called, function=said, organisation=of, place=at)
        return {"place": None, "organisation": None, "person": person}
    if (at is None) == (of is None):
        raise Invalid({"place": _("Choose one place, or one organisation, or say a function.")})
    return {"place": at, "organisation": of, "person": None}


def _field(function: str, organisation: str) -> str:
    return "function" if function.strip() else "organisation" if organisation.strip() else "place"


def release_involvement(officer: Officer, involvement: Involvement, reason: str) -> None:
    """It takes this part no longer; the row stays, with its end. Raises NotNow when it has ended already."""
    reason = written("reason", reason, _("Say why."), 300)
    about = about_of(involvement)
    must_be_ours(involvement, about)
    named = {"involvement": involvement.pk}
    with writing("involvement.ended", officer, about, Operation.ALTERATION, reason=reason, **named) as this:
        ending = Involvement.objects.filter(pk=involvement.pk).exclude(state__in=OVER)
        if not ending.update(state=InvolvementState.ENDED):
            raise NotNow(_("This part has ended already."))
        this.recipients = told_of_host(officer, involvement, about)


def about_of(involvement: Involvement) -> About:
    """The thing in which it takes part."""
    found: Action | Activity | Session | None = involvement.action or involvement.activity or involvement.session
    if found is None:  # the database takes none
        raise ValueError("An involvement in nothing.")
    return found


def told_of_host(officer: Officer, involvement: Involvement, about: About) -> list[str]:
    """The units that are told of another host of an activity of ours; nobody of any other part."""
    if not isinstance(about, Activity) or about.owner_id != here().pk or involvement.role != InvolvementRole.HOST:
        return []
    row = locked(about)
    take(row)
    return tell_again(officer, row)


def must_be_ours(involvement: Involvement, about: About) -> None:
    """Raises NotNow for what another unit tells of its own activity: who hosts it, and who speaks there."""
    of = about.activity if isinstance(about, Session) else about
    told = isinstance(about, Session) or involvement.role == InvolvementRole.HOST
    if told and of.owner is not None and of.owner != here() and involvement.source_id is None:
        raise NotNow(_("This is the record of %(unit)s: only they change it.") % {"unit": of.owner.name})
