"""What the node's clock does here: look up what came, ask again what is watched, forget what is old.

A row is the queue: it is claimed, looked up and taken away in one transaction, so that nothing is looked up twice or
not at all, on however many machines. A fault of our own delays its one row and nothing else.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Max, Q
from django.utils.timezone import localdate, now

from ilex.crosscheck.actions.asking import ask
from ilex.crosscheck.actions.indexing import index_next, kept
from ilex.crosscheck.actions.keeping import forget, forget_gone
from ilex.crosscheck.actions.watching import watch_arrival
from ilex.crosscheck.asked import Asked
from ilex.crosscheck.facts import held_subjects, of_named, of_subjects, tells
from ilex.crosscheck.models import Change, Due, Hit, Look, Unindexed, Watch
from ilex.crosscheck.queries.access import unsearched
from ilex.crosscheck.queries.cases import number_of
from ilex.crosscheck.rules import ORIGINS, REQUESTS, SUBJECTS, TYPED, End
from ilex.exchange.models import Subject as Named
from ilex.holdings import actions as holdings
from ilex.holdings.models import Source
from ilex.holdings.queries import Candidate
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.subjects.models import Import, Subject
from ilex.words.crosscheck import term

log = logging.getLogger("ilex.crosscheck")
LONGEST_PAUSE = timedelta(hours=1)
FIRST_PAUSE = timedelta(seconds=5)
GONE = (OperationalError, InterfaceError)


# --- what came ---


def on_arrival(limit: int = 50) -> bool:
    """Look up what waits; True when more may be waiting."""
    return _many(_next_due, limit)


def _many(one: Callable[[datetime], bool], limit: int) -> bool:
    return all(one(now()) for _ in range(limit))


def _next_due(at: datetime) -> bool:
    """Claim one row and look it up; False when none waits."""
    with transaction.atomic():
        waiting = Due.objects.filter(not_before__lte=at).order_by("-arrival", "not_before", "pk")
        due = waiting.select_for_update(skip_locked=True).first()
        if due is None:
            return False
        try:
            with transaction.atomic():
                _look_up(due, at)
        except GONE:
            raise  # nothing more can be asked of this connection; the row waits for the next turn
        except Exception as error:
            log.error("A look at %s failed: %s", due.origin, type(error).__name__, exc_info=error)
            Due.objects.filter(pk=due.pk).update(tries=due.tries + 1, not_before=at + pause(due.tries))
        else:
            due.delete()
    return True


def pause(tries: int) -> timedelta:
    longer: timedelta = FIRST_PAUSE * 2 ** min(tries, 12)
    return min(longer, LONGEST_PAUSE)


def _look_up(due: Due, at: datetime) -> None:
    asked = _asked(due)
    if asked is None:
        if due.unindexed:  # its index could not be taken away with it
            holdings.unindex_many(due.origin, [due.key])
        return
    if due.unindexed and not kept(due.origin, {due.key: asked.facts}):
        raise RuntimeError("The index could not be written.")
    case = number_of(asked.request.pk if asked.request else None, asked.subject.pk if asked.subject else None)
    if due.arrival and asked.request is not None:
        ask(asked, by=None, reason="arrival", case=case, why=Look.Why.ARRIVAL, at=at)
        watch_arrival(asked.request, at)
    elif Watch.objects.filter(live()).exists():
        ask(asked, by=None, reason="watch", case=case, why=Look.Why.WATCH, sources=ORIGINS, sieve=watched, at=at)


def _asked(due: Due) -> Asked | None:
    """What it is now; None when it is not held any more."""
    if due.origin == REQUESTS:
        row = Named.objects.filter(pk=int(due.key)).select_related("request").first()
        if row is None or row not in held_subjects([row.request]):
            return None
        facts = of_named(row)
        return Asked(End(REQUESTS, due.key), facts, request=row.request) if tells(facts) else None
    found = of_subjects([due.key])
    if due.key not in found:
        return None
    return Asked(End(SUBJECTS, due.key), found[due.key], subject=Subject.objects.get(pk=due.key))


# --- files of subjects ---


def index_files(limit: int = 5) -> bool:
    """Write the index of large files that were taken in, batch by batch; True when more may be waiting."""
    return _many(_next_batch, limit)


def _next_batch(at: datetime) -> bool:
    """Claim one file and index its next subjects; False when none waits."""
    with transaction.atomic():
        waiting = Unindexed.objects.filter(not_before__lte=at).order_by("not_before", "pk")
        row = waiting.select_related("file").select_for_update(skip_locked=True, of=("self",)).first()
        if row is None:
            return False
        try:
            with transaction.atomic():
                more = index_next(row)
        except GONE:
            raise
        except Exception as error:
            log.error("A file of subjects could not be indexed: %s", type(error).__name__, exc_info=error)
            Unindexed.objects.filter(pk=row.pk).update(tries=row.tries + 1, not_before=at + pause(row.tries))
            return True
        if more:
            Unindexed.objects.filter(pk=row.pk).update(after=row.after, tries=0)
        else:
            row.delete()
    return True


# --- what is watched ---


def live() -> Q:
    return Q(ended_at=None, until__gte=localdate())


def watched(found: Sequence[Candidate]) -> list[Candidate]:
    """Those of which somebody wants to hear."""
    letters = [int(one.key) for one in found if one.source == REQUESTS]
    subjects = [UUID(one.key) for one in found if one.source == SUBJECTS]
    watching = Watch.objects.filter(live())
    about = watching.filter(request__subjects__in=letters).values_list("request__subjects", flat=True)
    heard = {(REQUESTS, str(pk)) for pk in about if pk in letters}
    heard |= {(SUBJECTS, str(pk)) for pk in watching.filter(subject__in=subjects).values_list("subject", flat=True)}
    return [one for one in found if (one.source, one.key) in heard]


def ask_again(limit: int = 20) -> bool:
    """Ask for everything that is watched what is new since it was asked last; True when more may be waiting."""
    notice_changes()
    return _many(_next_watch, limit)


def notice_changes() -> None:
    """Note each state of a source when it is seen, which is after it was committed: a long load shows itself late."""
    seen = set(Change.objects.values_list("source", "stamp"))
    for code, stamp in states():
        if (code, stamp) not in seen:
            with transaction.atomic():
                Change.objects.create(source=code, stamp=stamp, at=now())
                if code not in ORIGINS:
                    forget_gone(code)


def states() -> list[tuple[str, str]]:
    """What stands now: of each list when it was loaded or switched, and each file of subjects that is indexed."""
    loaded = Source.objects.filter(origin=False).values_list("code", "changed_at")
    files = Import.objects.exclude(pk__in=Unindexed.objects.values("pk")).values_list("pk", flat=True)
    return [*((code, at.isoformat()) for code, at in loaded), *((SUBJECTS, str(pk)) for pk in files)]


def _next_watch(at: datetime) -> bool:
    """Claim one watch and ask for it; False when none waits."""
    newest = Change.objects.aggregate(newest=Max("at"))["newest"]
    if newest is None:
        return False
    with transaction.atomic():
        ready = Q(not_before=None) | Q(not_before__lte=at)
        waiting = Watch.objects.filter(live(), ready, asked_at__lt=newest).order_by("asked_at", "pk")
        watch = waiting.select_for_update(skip_locked=True, of=("self",)).first()
        if watch is None:
            return False
        try:
            with transaction.atomic():
                _ask_for(watch, at)
        except GONE:
            raise
        except Exception as error:
            log.error("A watch failed: %s", type(error).__name__, exc_info=error)
            Watch.objects.filter(pk=watch.pk).update(tries=watch.tries + 1, not_before=at + pause(watch.tries))
        else:
            Watch.objects.filter(pk=watch.pk).update(asked_at=at, tries=0, not_before=None)
    return True


def _ask_for(watch: Watch, at: datetime) -> None:
    changed = set(Change.objects.filter(at__gt=watch.asked_at).values_list("source", flat=True))
    sources = None if watch.asked_at < watch.at else changed - unsearched()  # the first time everything is asked
    if sources is not None and not sources:
        return
    case = number_of(watch.request_id, watch.subject_id)
    for asked in _asked_by(watch):
        ask(asked, by=None, reason="watch", case=case, why=Look.Why.WATCH, sources=sources, at=at)


def _asked_by(watch: Watch) -> list[Asked]:
    if watch.request is not None:
        rows = [(row, of_named(row)) for row in held_subjects([watch.request])]
        return [Asked(End(REQUESTS, str(row.pk)), facts, request=row.request) for row, facts in rows if tells(facts)]
    if watch.subject is None:
        return []
    standing = watch.subject.merged_into or watch.subject
    key = str(standing.pk)
    return [Asked(End(SUBJECTS, key), facts, subject=standing) for facts in of_subjects([key]).values()]


# --- what is old ---


def forget_looks(limit: int = 10_000) -> bool:
    """Erase what was looked for, and found by typing, when its time is over. The journal keeps that somebody looked."""
    before = now() - timedelta(days=term("looks").days)
    old = list(Look.objects.filter(at__lt=before).exclude(facts={}).values_list("pk", flat=True)[:limit])
    typed = Hit.objects.filter(asked_origin=TYPED, seen_at__lt=before).exclude(asked_facts={})
    keys = list(typed.values_list("asked_key", flat=True).distinct()[:limit])
    if old or keys:
        with act("crosscheck.forgotten", Operation.ERASURE, by=None, on=("look", "")) as this:
            Look.objects.filter(pk__in=old).update(facts={}, caption="")
            forget(TYPED, keys)
            this.detail |= {"looks": len(old), "before": before}
    return len(old) == limit
