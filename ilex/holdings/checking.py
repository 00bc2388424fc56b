"""A file of questions answered one by one, by two processes: FollowTheMoney entities in, ranked candidates out."""

from __future__ import annotations

import gc
import json
import multiprocessing
from collections import deque
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from django.db import connections
from django.utils.translation import gettext as _

from ilex.holdings import origins
from ilex.holdings.files import ftm
from ilex.holdings.files.bounds import LONGEST_ROW, Bad, LeftOut
from ilex.holdings.models import Source
from ilex.holdings.pieces.shelf import shelf
from ilex.holdings.queries import Candidate, find
from ilex.matching.reasons import Reason, sentence
from ilex.units.models import Officer

AT_ONCE = 20  # questions that a process takes
AHEAD = 3  # such handfuls that wait for each process
PROCESSES = 2
MADE = 50_000  # things that a process makes before it looks for rings of forgotten ones: some questions' worth

Line = tuple[int, bytes]


@dataclass(frozen=True)
class Wish:
    """What all questions of a file share. Without an officer only loaded sources are searched."""

    limit: int = 50
    harder: bool = False
    by: Officer | None = None


@dataclass(frozen=True)
class Answer:
    line: int
    text: str  # JSON
    found: int
    fault: bool = False


def answers(lines: Iterable[Line], wish: Wish, processes: int = PROCESSES) -> Iterator[Answer]:
    """One answer for each line that is not empty, in their order."""
    chunks = _chunks(line for line in lines if not line[1].isspace())
    answer = partial(_answered, wish)
    if processes < 2:
        for chunk in chunks:
            yield from answer(chunk)
        return
    # What is remembered of the index is read once, before the processes part, and shared by them.
    shelf().vocabulary.near("")
    connections.close_all()
    gc.freeze()
    waiting: deque[Future[list[Answer]]] = deque()
    with ProcessPoolExecutor(processes, multiprocessing.get_context("fork"), gc.set_threshold, (MADE,)) as pool:
        for chunk in chunks:
            waiting.append(pool.submit(answer, chunk))
            if len(waiting) > AHEAD * processes:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _chunks(lines: Iterator[Line]) -> Iterator[list[Line]]:
    while chunk := list(islice(lines, AT_ONCE)):
        yield chunk


def _answered(wish: Wish, chunk: list[Line]) -> list[Answer]:
    searched = _searched(wish.by)
    return [_answer(line, raw, wish, searched) for line, raw in chunk]


def _answer(line: int, raw: bytes, wish: Wish, searched: Collection[str] | None) -> Answer:
    try:
        key, facts = ftm.read(raw[: LONGEST_ROW + 1], ftm.schemata())
    except Bad as bad:
        return _refused(line, ftm.known_key(raw), _(bad.sentence) % bad.values)
    except LeftOut as left:
        return _refused(line, ftm.known_key(raw), _("%(schema)s is not looked for.") % {"schema": left})
    found = _seen(find(facts, limit=wish.limit, harder=wish.harder, sources=searched), wish.by)
    said = {"query": key, "candidates": [_told(one) for one in found]}
    return Answer(line, json.dumps(said, ensure_ascii=False), len(found))


def _refused(line: int, key: str, reason: str) -> Answer:
    said: dict[str, Any] = {"query": key or None, "line": line, "error": reason, "candidates": []}
    return Answer(line, json.dumps(said, ensure_ascii=False), 0, fault=True)


def _searched(by: Officer | None) -> list[str] | None:
    """Nobody is there to be asked what he may see of other rooms' records: then they are not searched."""
    return None if by is not None else list(Source.objects.filter(origin=False).values_list("code", flat=True))


def _seen(found: list[Candidate], by: Officer | None) -> list[Candidate]:
    """Without those of other rooms that this officer may not see."""
    if by is None:
        return found
    seen = set()
    for code in {one.source for one in found if one.origin}:
        if (origin := origins.origin(code)) is not None:
            keys = origin.may_see(by, [one.key for one in found if one.source == code])
            seen |= {(code, key) for key in keys}
    return [one for one in found if not one.origin or (one.source, one.key) in seen]


def _told(one: Candidate) -> dict[str, Any]:
    return {
        "id": one.key,
        "score": float(f"{one.score:.6g}"),
        "source": one.source,
        "caption": one.caption,
        "why": [_why(reason) for reason in one.comparison.reasons],
    }


def _why(reason: Reason) -> dict[str, Any]:
    """What one field says, and how much it says in log odds."""
    said = _(sentence(reason)) % {"asked": reason.asked, "held": reason.held}
    return {"field": reason.field, "code": reason.code, "weight": round(reason.weight, 4), "says": said}
