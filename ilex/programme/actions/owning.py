"""Whose record it is: who changes one of nobody's takes it over; what another unit owns is theirs to change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db.models import F
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.journal.actions import Act, act
from ilex.journal.models import Operation
from ilex.programme import index
from ilex.programme.models import Action, Activity, Session
from ilex.programme.rules.errors import NotNow
from ilex.units.models import Officer
from ilex.units.queries import here
from ilex.units.rules import check

Thing = TypeVar("Thing", bound=Action | Activity)
About = Action | Activity | Session


def kind_of(about: About) -> str:
    """action, activity or session: the name of the column that points to it, and of its kind in the journal."""
    return type(about).__name__.lower()


@contextmanager
def writing(
    name: str, officer: Officer, about: About, op: Operation = Operation.COLLECTION, reason: str = "", **detail: object
) -> Iterator[Act]:
    """The act of writing something down about this thing, which is found by the new words afterwards."""
    check(officer, "programme.write")
    on = kind_of(about), str(about.pk)
    with act(name, op, by=officer, on=on, reason=reason, case="", recipients=(), **detail) as this:
        yield this
        if not isinstance(about, Session):
            index.renew_thing(about)


def locked(thing: Thing, version: int | None = None) -> Thing:
    """The row as it is now, held until the transaction ends.

    Raises NotNow when it is another unit's, or no longer in the version that the officer saw.
    """
    model: Any = type(thing)
    row: Thing = model._default_manager.select_for_update(of=("self",)).select_related("owner").get(pk=thing.pk)
    if row.owner is not None and row.owner != here():
        raise NotNow(_("This is the record of %(unit)s: only they change it.") % {"unit": row.owner.name})
    if version is not None and row.version != version:
        raise NotNow(_("Somebody else changed this at the same moment. Look at it again."))
    return row


def take(row: Action | Activity, columns: Mapping[str, Any] | None = None) -> None:
    """Change a locked row; from now on it is ours, and one version further."""
    new = {"owner": here(), "version": F("version") + 1, "changed_at": now(), **(columns or {})}
    type(row)._default_manager.filter(pk=row.pk).update(**new)


def may_be_public(officer: Officer, *, was: bool, now: bool) -> None:
    """What may stand on the public site stands there at once: only who publishes says so. Raises PermissionDenied."""
    if now and not was:
        check(officer, "news.publish")
