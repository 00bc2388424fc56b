"""Letting another national system ask by the HTTP interface: a token that is shown once, a quota, a last day."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Case, F, Q, Value, When
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from ilex.crosscheck.models import Access
from ilex.crosscheck.queries.access import access_for
from ilex.crosscheck.rules import Invalid, NotNow
from ilex.holdings.models import Source
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.sharing.models import Use
from ilex.units.models import Officer, Organisation
from ilex.units.rules import check
from ilex.words import uses

TOKEN = 32  # random bytes
LONGEST_DAYS = 366
HIGHEST_QUOTA = 1_000_000


def give_access(
    officer: Officer,
    *,
    system: str,
    organisation: Organisation,
    purpose: str,
    sources: Collection[str],
    quota: int,
    until: date,
) -> tuple[Access, str]:
    """Let a system of this country ask these sources. Gives the token, which nobody can read again. Raises Invalid."""
    check(officer, "crosscheck.access")
    system, purpose = " ".join(system.split()), purpose.strip()
    _check(system, organisation, purpose, sources, quota, until)
    token = f"ilex_{secrets.token_urlsafe(TOKEN)}"
    with act("access.given", Operation.ACCESS, by=officer, on=("access", ""), reason=purpose[:500]) as this:
        row = Access.objects.create(
            system=system,
            organisation=organisation,
            purpose=purpose,
            sources=sorted(set(sources)),
            digest=digest_of(token),
            begins=token[5:11],
            quota=quota,
            until=until,
            made_by=officer,
            made_at=now(),
        )
        this.on = ("access", str(row.pk))
        this.recipients = [organisation.pk]
        this.detail |= {"sources": row.sources, "quota": quota, "until": until.isoformat()}
    return row, token


def close_access(officer: Officer, access: Access, why: str) -> None:
    """From now on its token opens nothing. Raises Invalid("why"), NotNow."""
    row = access_for(officer, access.pk)
    if not why.strip() or len(why) > 300:
        raise Invalid({"why": _("Say why it is closed, in at most %(limit)d characters.") % {"limit": 300}})
    with act("access.closed", Operation.ACCESS, by=officer, on=("access", str(row.pk)), reason=why.strip()):
        closed = {"closed_at": now(), "closed_by": officer, "closed_why": why.strip()}
        if not Access.objects.filter(pk=row.pk, closed_at=None).update(**closed):
            raise NotNow(_("This access is closed already."))


def opened_by(token: str) -> Access | None:
    """The access that this token opens today."""
    standing = Access.objects.filter(digest=digest_of(token), closed_at=None, until__gte=localdate())
    return standing.select_related("organisation").first()


def spend(access: Access, queries: int) -> bool:
    """Count these queries; False, and nothing is counted, when they exceed what is left of the day's quota."""
    today = now().date()
    left = Q(used__lte=access.quota - queries) | ~Q(day=today) | Q(day=None)
    if queries > access.quota:
        return False
    counted = Case(When(day=today, then=F("used") + queries), default=Value(queries))
    return bool(Access.objects.filter(left, pk=access.pk, closed_at=None).update(used=counted, day=today))


def digest_of(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def _check(
    system: str, organisation: Organisation, purpose: str, sources: Collection[str], quota: int, until: date
) -> None:
    faults: dict[str, str] = {}
    if not 0 < len(system) <= 200:
        faults["system"] = _("Name the system, in at most %(limit)d characters.") % {"limit": 200}
    if organisation.kind == Organisation.Kind.UNIT and organisation.pk != settings.ILEX_UNIT:
        faults["organisation"] = _("Another unit asks by a request. Choose an authority of this country.")
    if not purpose or len(purpose) > 2_000:
        faults["purpose"] = _("Say for which purpose it asks, in at most %(limit)d characters.") % {"limit": 2_000}
    known = dict(Source.objects.filter(code__in=sources, origin=False).values_list("code", "handling"))
    if not sources or set(sources) - known.keys():
        faults["sources"] = _("Choose the sources that it may search.")
    elif any(uses.that_asks(handling, Use.FORWARD) for handling in known.values()):
        faults["sources"] = _("The source may not be passed on without its provider's permission.")
    if not 1 <= quota <= HIGHEST_QUOTA:
        faults["quota"] = _("Give a number of queries a day from 1 to %(most)d.") % {"most": HIGHEST_QUOTA}
    if not localdate() <= until <= localdate() + timedelta(days=LONGEST_DAYS):
        faults["until"] = _("Choose a day within the next year.")
    if faults:
        raise Invalid(faults)
