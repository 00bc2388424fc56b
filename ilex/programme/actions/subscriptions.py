"""The address at which an officer's own calendar program reads: given once, and taken back."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.programme.models import CalendarKey
from ilex.programme.rules.errors import Invalid, NotNow, written
from ilex.units.models import Officer
from ilex.units.rules import check

SECRET, MOST = 32, 20
PAUSE = timedelta(seconds=5)  # between two readings: a program asks once in a quarter of an hour at most


def subscribe(officer: Officer, name: str, filters: Mapping[str, str]) -> str:
    """Gives the secret of the address; only its digest is kept, so it is shown once. Raises Invalid."""
    check(officer, "programme.read")
    name = written("name", " ".join(name.split()), _("Give it a name, as “My telephone”."), 60)
    if CalendarKey.objects.filter(officer=officer, ended_at=None).count() >= MOST:
        raise Invalid({"name": _("You have %(most)d subscriptions: end one of them first.") % {"most": MOST}})
    secret = secrets.token_urlsafe(SECRET)
    with act("calendar.subscribed", Operation.ACCESS, by=officer, filters=dict(filters)) as this:
        row = CalendarKey.objects.create(
            officer=officer, name=name, digest=digest_of(secret), filters=dict(filters), made_at=now()
        )
        this.on = ("calendar", str(row.pk))
    return secret


def end_subscription(officer: Officer, key: CalendarKey) -> None:
    """Its address opens nothing any more; only one's own. Raises NotNow."""
    with act("calendar.unsubscribed", Operation.ACCESS, by=officer, on=("calendar", str(key.pk))):
        mine = CalendarKey.objects.filter(pk=key.pk, officer=officer, ended_at=None)
        if not mine.update(ended_at=now()):
            raise NotNow(_("This subscription has ended already."))


def digest_of(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def opened_by(secret: str) -> CalendarKey | None:
    """The subscription of this address; none when it ended, or its officer left or reads the programme no longer."""
    rows = CalendarKey.objects.select_related("officer__organisation")
    return rows.filter(digest=digest_of(secret), ended_at=None, officer__is_active=True).first()


def spend(key: CalendarKey, at: datetime | None = None) -> bool:
    """Note that it was read now; False when that was only a moment ago."""
    at = at or now()
    rested = Q(used_at=None) | Q(used_at__lte=at - PAUSE)
    return bool(CalendarKey.objects.filter(rested, pk=key.pk).update(used_at=at))
