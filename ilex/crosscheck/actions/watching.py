"""Standing watches: a request or subject that is asked again whenever the holdings change."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from ilex.crosscheck.models import Watch
from ilex.crosscheck.queries.access import watch_for
from ilex.crosscheck.queries.cases import number_of
from ilex.crosscheck.rules import Invalid, NotNow
from ilex.exchange import queries as exchange
from ilex.exchange.models import Request
from ilex.journal.actions import act, write
from ilex.journal.models import Operation
from ilex.subjects import queries as subjects
from ilex.subjects.models import Subject
from ilex.units.models import Officer
from ilex.units.rules import check
from ilex.words.crosscheck import term

LONGEST = 500


def watch(
    officer: Officer,
    *,
    request: Request | None = None,
    subject: Subject | None = None,
    until: date,
    reason: str,
) -> Watch:
    """Ask again until that day, inclusive. Of one that is watched already the day and the reason are set anew.

    Raises Invalid ("until", "reason"), and DoesNotExist for what the officer may not see.
    """
    check(officer, "crosscheck.look")
    about = _about(officer, request, subject)
    _check(until, reason)
    case = number_of(request.pk if request else None, about["subject"].pk if about["subject"] else None)
    on = ("request", str(request.pk)) if request else ("subject", str(about["subject"].pk if about["subject"] else ""))
    with act("watch.begun", Operation.OPERATION, by=officer, on=on, reason=reason.strip(), case=case) as this:
        at = now()
        said = {"until": until, "reason": reason.strip(), "by": officer}
        # A new one has not asked anything yet: the holdings as they are now were looked at by hand, or will be by it.
        made, new = Watch.objects.update_or_create(
            **about, ended_at=None, defaults=said, create_defaults={**said, **about, "at": at, "asked_at": EVER}
        )
        this.detail |= {"watch": str(made.pk), "until": until.isoformat(), "new": new}
    return made


EVER = datetime.fromisoformat("2000-01-01T00:00:00+00:00")  # before all holdings: everything is still to be asked


def unwatch(officer: Officer, watch: Watch) -> None:
    """Raises NotNow when it ended before."""
    check(officer, "crosscheck.look")
    row = watch_for(officer, watch.pk)
    on = ("request", str(row.request_id)) if row.request_id else ("subject", str(row.subject_id))
    with act("watch.ended", Operation.OPERATION, by=officer, on=on) as this:
        if not Watch.objects.filter(pk=row.pk, ended_at=None).update(ended_at=now(), ended_by=officer):
            raise NotNow(_("This watch has ended already."))
        this.detail["watch"] = str(row.pk)


def watch_arrival(request: Request, at: datetime) -> None:
    """Every request that comes is watched from then on; in the transaction in which it was looked up first."""
    until = localdate(at) + timedelta(days=term("arrival").days)
    if not Watch.objects.filter(request=request).exists():
        begun = Watch(request=request, until=until, reason="arrival", at=at, asked_at=at)
        Watch.objects.bulk_create([begun], ignore_conflicts=True)  # another clock looks up its other subjects


def end_watches(request: Request) -> None:
    """What was taken back is not looked for any more; in the transaction that takes it back."""
    if ended := Watch.objects.filter(request=request, ended_at=None).update(ended_at=now()):
        write("watch.ended", Operation.OPERATION, by=None, on=("request", str(request.pk)), watches=ended)


def _about(officer: Officer, request: Request | None, subject: Subject | None) -> dict[str, Request | Subject | None]:
    if request is not None:
        row = exchange.visible_requests(officer).get(pk=request.pk)
        if row.recalled_at is not None:
            raise NotNow(_("This request was taken back."))
        return {"request": row, "subject": None}
    if subject is None:
        raise ValueError("A watch is about a request or a subject.")
    return {"request": None, "subject": subjects.subject_for(officer, subject.pk)}


def _check(until: date, reason: str) -> None:
    faults: dict[str, str] = {}
    latest = localdate() + timedelta(days=term("watch").days)
    if not localdate() <= until <= latest:
        faults["until"] = _("Choose a day from today to %(day)s.") % {"day": latest.isoformat()}
    if not reason.strip() or len(reason) > LONGEST:
        faults["reason"] = _("Say why it is watched, in at most %(limit)d characters.") % {"limit": LONGEST}
    if faults:
        raise Invalid(faults)
