"""Records by their ids in their sources: found by the same lists as names, and read from their rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from ilex.holdings import origins
from ilex.holdings.copying import rows
from ilex.holdings.models import Source
from ilex.holdings.packing import unpack
from ilex.holdings.pieces.reading import listed, places
from ilex.holdings.pieces.shelf import shelf
from ilex.holdings.spots import spot
from ilex.matching.facts import Facts

AT_ONCE = 2_000


def rows_of(source: int, keys: Sequence[str]) -> dict[str, list[tuple[int, int, str]]]:
    """For each id that is held: number, digest and facts of its rows, the newest first. As a rule it is one."""
    found: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for at in range(0, len(keys), AT_ONCE):
        wanted = keys[at : at + AT_ONCE]
        rids = _rids([spot(source, key) for key in wanted])
        query = "SELECT rid, digest, key, facts FROM holdings_record WHERE rid = ANY(%s) AND source_id = %s"
        for rid, digest, key, facts in rows(query + " ORDER BY rid DESC", [rids, source]):
            found[key].append((rid, digest, facts))
    return {key: found[key] for key in keys if key in found}


def _rids(spots: Sequence[int]) -> list[int]:
    """Fresh ones first: a piece that was made of them meanwhile has them too."""
    found = {rid for (rid,) in rows("SELECT rid FROM holdings_fresh WHERE keys && %s::bigint[]", [list(spots)])}
    pieces = shelf().pieces
    hits = listed(pieces, spots)
    for hit, there in zip(hits, places(pieces, hits), strict=True):
        found.update(pieces[hit.piece].columns.rids[there].tolist())
    return sorted(found)


def facts_of(asked: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Facts]:
    """What is held now under (code of source or origin, id); what is gone or switched off is not among them."""
    by_source: dict[str, list[str]] = defaultdict(list)
    for code, key in asked:
        by_source[code].append(key)
    sources = {one.code: one for one in Source.objects.filter(code__in=by_source) if one.searched()}
    return {
        (code, key): facts
        for code, source in sources.items()
        for key, facts in _facts(source, list(dict.fromkeys(by_source[code]))).items()
    }


def _facts(source: Source, keys: Sequence[str]) -> Mapping[str, Facts]:
    if source.origin:
        origin = origins.origin(source.code)
        return origin.prepared(keys) if origin else {}
    return {key: unpack(held[0][2]) for key, held in rows_of(source.pk, keys).items()}
