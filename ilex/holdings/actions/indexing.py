"""Records of other rooms into the index and out of it, in the transaction of whatever changed them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import connection, transaction
from django.utils.timezone import now

from ilex.holdings import origins
from ilex.holdings.forgetting import forget
from ilex.holdings.keying import keyed
from ilex.holdings.models import Fresh, Record, Source
from ilex.holdings.packing import digest, pack
from ilex.holdings.pieces.shelf import shelf
from ilex.holdings.queries.reading import rows_of
from ilex.holdings.spots import spot
from ilex.journal.actions import write
from ilex.journal.models import Operation
from ilex.matching.facts import Facts

BATCH = 1_000


def index(origin: str, key: str, facts: Facts) -> None:
    """Have this record found from now on as it is; said again, nothing changes."""
    index_many(origin, {key: facts})


def index_many(origin: str, records: Mapping[str, Facts]) -> None:
    """As `index`, for many. Raises KeyError for an origin that nobody registered."""
    source = _source(origin)
    keys = list(records)
    for at in range(0, len(keys), BATCH):
        _index(source, {key: records[key] for key in keys[at : at + BATCH]})


def unindex(origin: str, key: str) -> None:
    """Have this record found no more."""
    unindex_many(origin, [key])


def unindex_many(origin: str, keys: Collection[str]) -> None:
    found = rows_of(_source(origin).pk, list(dict.fromkeys(keys)))
    forget([rid for held in found.values() for rid, _, _ in held])


def _index(source: Source, records: Mapping[str, Facts]) -> None:
    held = rows_of(source.pk, list(records))
    digests = {key: digest(pack(facts)) for key, facts in records.items()}
    fresh = [key for key in records if not (key in held and held[key][0][1] == digests[key])]
    if not fresh:
        return
    with transaction.atomic():
        forget([rid for key in fresh for rid, _, _ in held.get(key, ())])
        rids = _numbers(len(fresh))
        Record.objects.bulk_create(
            Record(rid=rid, spot=spot(source.pk, key), digest=digests[key], source=source, key=key, facts="")
            for rid, key in zip(rids, fresh, strict=True)
        )
        known, at = shelf().vocabulary, now()
        Fresh.objects.bulk_create(
            Fresh(
                rid=rid,
                source=source,
                kind=one.kind,
                keys=list(one.keys),
                words=sorted(one.words),
                news=sorted(word for word in one.words if word not in known),
                signature=one.signature,
                at=at,
            )
            for rid, key in zip(rids, fresh, strict=True)
            for one in [keyed(spot(source.pk, key), records[key])]
        )


def _numbers(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('holdings_rid') FROM generate_series(1, %s)", [count])
        return [rid for (rid,) in cursor.fetchall()]


def _source(code: str) -> Source:
    """The row of an origin; made when its first record comes."""
    found = Source.objects.filter(code=code, origin=True).first()
    if found is not None:
        return found
    origin = origins.origin(code)
    if origin is None:
        raise KeyError(code)
    with transaction.atomic():
        at = now()
        made, new = Source.objects.get_or_create(
            code=code, defaults={"origin": True, "title": str(origin.title), "made_at": at, "changed_at": at}
        )
        if new:
            write("holding.registered", Operation.OPERATION, by=None, on=("source", code))
    return made
