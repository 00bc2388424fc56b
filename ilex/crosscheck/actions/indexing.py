"""Our own records are holdings too, without a copy: kept findable in the transaction in which they change."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.timezone import now

from ilex.crosscheck.actions.keeping import compare_again, forget
from ilex.crosscheck.actions.watching import end_watches
from ilex.crosscheck.facts import held_subjects, of_named, of_subjects, tells
from ilex.crosscheck.models import Due, Unindexed
from ilex.crosscheck.rules import REQUESTS, SUBJECTS
from ilex.exchange.models import Request, Way
from ilex.exchange.models import Subject as Named
from ilex.holdings import actions as holdings
from ilex.matching.facts import Facts
from ilex.subjects.models import Import, Subject

log = logging.getLogger("ilex.crosscheck")
BATCH = 1_000  # subjects of a file
Item = TypeVar("Item")


def requests_registered(requests: Sequence[Request]) -> None:
    """Letters came or went: what they name is held from now on, and what came is looked up within seconds."""
    rows = held_subjects(requests)
    came = {str(row.pk) for row in rows if row.request.way == Way.IN}
    facts = {str(row.pk): one for row in rows if tells(one := of_named(row))}
    queue(REQUESTS, facts, arrivals=came, unindexed=not kept(REQUESTS, facts))


def request_recalled(request: Request) -> None:
    """Its requester took it back: it is no holding any more, and nobody goes on looking for it."""
    keys = [str(pk) for pk in Named.objects.filter(request=request).values_list("pk", flat=True)]
    removed(REQUESTS, keys)
    end_watches(request)
    if request.way == Way.OUT:  # the same letter to another unit is held in its place
        rest = Request.objects.filter(inquiry=request.inquiry, way=Way.OUT, recalled_at=None)
        requests_registered(list(rest))


def subjects_renewed(ids: Collection[UUID]) -> None:
    """Something else is stated of these subjects now: they are found by that and by nothing else."""
    keys = [str(id) for id in ids]
    facts = of_subjects(keys)
    removed(SUBJECTS, [key for key in keys if key not in facts])
    compare_again(SUBJECTS, facts)
    queue(SUBJECTS, facts, unindexed=not kept(SUBJECTS, facts))


def subjects_imported(file: Import) -> None:
    """A small file counts at once. A large one is left to the clock: its taking in would last several times as long.

    Those who watch are asked by source: see jobs.ask_again.
    """
    row = Unindexed(file=file, not_before=now())
    if index_next(row):
        row.save(force_insert=True)


def index_next(row: Unindexed) -> bool:
    """Write the index of the file's next subjects; True when there may be more. Moves `row.after` and saves nothing."""
    found = Subject.objects.filter(source=row.file.source, source_key__gt=row.after, made_at__gte=row.file.at)
    some = list(found.order_by("source_key").values_list("pk", "source_key")[:BATCH])
    facts = of_subjects([str(pk) for pk, _key in some])
    if not kept(SUBJECTS, facts):
        queue(SUBJECTS, facts, unindexed=True)
    row.after = some[-1][1] if some else row.after
    return len(some) == BATCH


def kept(origin: str, facts: Mapping[str, Facts]) -> bool:
    """Write their index. A fault there must not keep a letter or a statement out: then False, and it is done later."""
    if not facts:
        return True
    try:
        with transaction.atomic():
            holdings.index_many(origin, facts)
    except Exception:
        log.exception("The index of %d records of %s could not be written.", len(facts), origin)
        return False
    return True


def removed(origin: str, keys: Collection[str]) -> None:
    """They are not held any more. What the index still had of them is nothing: facts are read from the record."""
    if not keys:
        return
    forget(origin, keys)
    Due.objects.filter(origin=origin, key__in=keys).delete()
    try:
        with transaction.atomic():
            holdings.unindex_many(origin, list(keys))
    except Exception:
        log.exception("The index of %d records of %s could not be taken away.", len(keys), origin)
        queue(origin, keys, unindexed=True)


def queue(origin: str, keys: Collection[str], *, arrivals: Collection[str] = (), unindexed: bool = False) -> None:
    """Let the clock look these up; one that waits already is looked up once, for all for which it waits."""
    at = now()
    for arrival in (True, False):
        rows = [
            Due(origin=origin, key=key, arrival=arrival, unindexed=unindexed, since=at, not_before=at)
            for key in sorted(keys)
            if (key in arrivals) == arrival
        ]
        wins = {"not_before": True, "arrival": arrival, "unindexed": unindexed}  # what was true stays true
        Due.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["origin", "key"],
            update_fields=[name for name, wanted in wins.items() if wanted],
        )


def index_everything() -> int:
    """Write the index of all our own records anew, batch by batch; gives how many there are."""
    count = 0
    for origin, facts in _everything():
        with transaction.atomic():
            holdings.unindex_many(origin, list(facts))
            holdings.index_many(origin, facts)
        count += len(facts)
    return count


def _everything() -> Iterator[tuple[str, dict[str, Facts]]]:
    letters = Request.objects.filter(recalled_at=None, copy_withheld="", subjects__isnull=False).distinct()
    for some in _batches(letters.order_by("pk").values_list("pk", flat=True).iterator(BATCH)):
        named = {str(row.pk): of_named(row) for row in held_subjects(some)}
        yield REQUESTS, {key: facts for key, facts in named.items() if tells(facts)}
    subjects = Subject.objects.filter(merged_into=None).order_by("pk")
    for ids in _batches(subjects.values_list("pk", flat=True).iterator(BATCH)):
        yield SUBJECTS, of_subjects([str(id) for id in ids])


def _batches(rows: Iterator[Item]) -> Iterator[list[Item]]:
    while some := list(islice(rows, BATCH)):
        yield some
