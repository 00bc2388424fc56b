"""Recomputing the whole log: what was altered, taken out, put in or moved is found and named.

Each walk goes over the log in pages, so its memory does not grow with it: the lines against the lowest tiles, each
level of tiles against the one above, and the roots of the lowest tiles against every signed head.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, islice, pairwise

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from ilex.journal import notes, records, tree
from ilex.journal.models import Head, Line, Tile
from ilex.journal.queries import heads
from ilex.journal.queries.lines import by_id

LISTED = 1000  # faults named in a report; more are only counted
PAGE = 8  # lowest tiles read at a time, with their 2,048 lines
HEADS = 2000  # heads read at a time


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: `where` names the line, tile or head, `what` says it in one sentence."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass
class Report:
    size: int = 0  # of the newest head
    root: bytes = tree.EMPTY_ROOT
    lines: int = 0  # found in the tree
    erased: int = 0  # of these
    waiting: int = 0  # for a position
    heads: int = 0
    faults: list[Fault] = field(default_factory=list)
    more: int = 0  # faults beyond those listed

    @property
    def whole(self) -> bool:
        return not self.faults


def verify(known: Iterable[str] = ()) -> Report:
    """Recompute everything as it stands at one moment. `known` are our own heads as others kept them.

    Call it outside a transaction: inside one it would see lines that are just being given their position.
    """
    with _one_moment():
        newest = heads.newest_head()
        report = Report(newest.size, bytes(newest.root)) if newest else Report()
        faults = chain(
            _in_lines(report),
            _in_tiles(report.size),
            _in_heads(report),
            _behind(report.size),
            _in_waiting(report),
            _in_known(known, report.size),
        )
        report.faults = list(islice(faults, LISTED))
        report.more = sum(1 for _fault in faults)
    return report


@contextmanager
def _one_moment() -> Iterator[None]:
    inside = connection.in_atomic_block
    with transaction.atomic():
        if not inside:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


# Lines


def faults_of(line: Line) -> list[Fault]:
    """What is wrong with one line by itself and at its place in the lowest tile."""
    tile = (line.position or 0) // tree.WIDTH
    return [*_in_record(line), *(_in_place(line, _tiles(0, tile, 1)) if line.position is not None else [])]


def _in_lines(report: Report) -> Iterator[Fault]:
    step = PAGE * tree.WIDTH
    for start in range(0, report.size, step):
        end = min(start + step, report.size)
        found = list(Line.objects.filter(position__gte=start, position__lt=end).order_by("position"))
        yield from _missing((line.position or 0 for line in found), start, end)
        tiles = _tiles(0, start // tree.WIDTH, PAGE)
        for line in found:
            report.lines += 1
            report.erased += line.erased_at is not None
            yield from _in_record(line)
            yield from _in_place(line, tiles)


def _missing(positions: Iterable[int], start: int, end: int) -> Iterator[Fault]:
    for before, after in pairwise(chain([start - 1], positions, [end])):
        if after - before == 2:
            yield Fault(_("Position %d") % (before + 1), _("No line stands here."))
        elif after - before > 2:
            where = _("Positions %(first)d to %(last)d") % {"first": before + 1, "last": after - 1}
            yield Fault(where, _("No lines stand here."))


def _in_record(line: Line) -> Iterator[Fault]:
    if line.erased_at is not None:
        if not line.says_nothing:
            yield _line_fault(line, _("It is marked as erased and yet says something."))
    elif line.salt is None:
        yield _line_fault(line, _("Its salt is gone, so nothing proves what it says."))
    elif not _gives_its_leaf(line, bytes(line.salt)):
        yield _line_fault(line, _("What it says was altered: it does not give the leaf that was written with it."))


def _gives_its_leaf(line: Line, salt: bytes) -> bool:
    try:
        return records.leaf_of(salt, line.canonical) == bytes(line.leaf)
    except ValueError:  # a value that no journal line can hold was written into it
        return False


def _in_place(line: Line, tiles: Mapping[int, bytes]) -> Iterator[Fault]:
    index, place = divmod(line.position or 0, tree.WIDTH)
    stored = tiles.get(index, b"")[place * tree.HASH :][: tree.HASH]
    if stored and stored != bytes(line.leaf):
        yield _line_fault(line, _("Its leaf is not the one that the tree holds at position %d.") % (line.position or 0))


def _in_waiting(report: Report) -> Iterator[Fault]:
    for line in by_id(Line.objects.filter(position=None)):
        report.waiting += 1
        yield from _in_record(line)


def _line_fault(line: Line, what: str) -> Fault:
    return Fault(_("Line %d") % line.pk, what)


# Tiles


def _in_tiles(size: int) -> Iterator[Fault]:
    level = 0
    while size >> tree.HEIGHT * level:
        hashes = size >> tree.HEIGHT * level
        for parent in range(-(-hashes // tree.WIDTH**2)):
            yield from _under(level, parent, hashes)
        level += 1


def _under(level: int, parent: int, hashes: int) -> Iterator[Fault]:
    """The tiles of one level, of which there are `hashes` hashes in all, that stand under one tile of the next."""
    first = parent * tree.WIDTH
    tiles = _tiles(level, first, tree.WIDTH)
    above = _tiles(level + 1, parent, 1).get(parent, b"")
    for place, index in enumerate(range(first, min(first + tree.WIDTH, -(-hashes // tree.WIDTH)))):
        tile = tiles.get(index, b"")
        expected = min(tree.WIDTH, hashes - index * tree.WIDTH)
        where = _("Tile %(level)d/%(index)d") % {"level": level, "index": index}
        if not tile:
            yield Fault(where, _("It is missing."))
        elif len(tile) != expected * tree.HASH:
            wanted = {"held": len(tile) // tree.HASH, "expected": expected}
            yield Fault(where, _("It holds %(held)d hashes and not %(expected)d.") % wanted)
        elif expected == tree.WIDTH and above[place * tree.HASH :][: tree.HASH] != tree.complete_root(tile):
            yield Fault(where, _("Its root is not the one that stands above it."))


def _tiles(level: int, first: int, count: int) -> dict[int, bytes]:
    found = Tile.objects.filter(level=level, index__gte=first, index__lt=first + count)
    return {tile.index: bytes(tile.hashes) for tile in found}


# Heads


def _in_heads(report: Report) -> Iterator[Fault]:
    notes_check = _OwnNotes()
    wrong: list[int] = []  # sizes of the first and last of a run of heads with wrong roots, and how many they are
    for head, root in _with_roots(report.size):
        report.heads += 1
        yield from notes_check.faults(head)
        if bytes(head.root) != root:
            wrong = [wrong[0], head.size, wrong[2] + 1] if wrong else [head.size, head.size, 1]
        elif wrong:
            yield _wrong_roots(*wrong)
            wrong = []
    if wrong:
        yield _wrong_roots(*wrong)


def _with_roots(size: int) -> Iterator[tuple[Head, bytes | None]]:
    """Each head with the root that the lowest tiles give at its size, or None where they are not readable."""
    frontier, leaves = tree.Frontier(), _leaves(size)
    for head in _heads():
        for leaf in islice(leaves, max(head.size - frontier.size, 0)):
            frontier.add(leaf)
        yield head, frontier.root() if frontier.size == head.size else None


def _heads() -> Iterator[Head]:
    after = -1
    while page := list(Head.objects.filter(size__gt=after).order_by("size")[:HEADS]):
        yield from page
        after = page[-1].size


def _leaves(size: int) -> Iterator[bytes]:
    """The leaves from the lowest tiles, or from the lines where a tile is broken; ends where both are."""
    for index in range(-(-size // tree.WIDTH)):
        expected = min(tree.WIDTH, size - index * tree.WIDTH)
        leaves = list(tree.split(_tiles(0, index, 1).get(index, b"")[: expected * tree.HASH]))
        if len(leaves) != expected or len(leaves[-1]) != tree.HASH:
            leaves = _leaves_of_lines(index * tree.WIDTH, expected)
        yield from leaves
        if len(leaves) != expected:
            return


def _leaves_of_lines(start: int, count: int) -> list[bytes]:
    found = Line.objects.filter(position__gte=start, position__lt=start + count).order_by("position")
    leaves = dict(found.values_list("position", "leaf"))
    return [bytes(leaves[at]) for at in range(start, start + count)] if len(leaves) == count else []


def _wrong_roots(first: int, last: int, count: int) -> Fault:
    where = _("Head of %d lines") % first
    if count > 1:
        ends = {"first": first, "last": last, "count": count}
        where = _("Heads of %(first)d to %(last)d lines (%(count)d heads)") % ends
    return Fault(where, _("The tree does not give the root that was signed."))


class _OwnNotes:
    """Whether the note of a head says what the head says, over our own signature."""

    def __init__(self) -> None:
        self.origin = notes.origin_of(settings.ILEX_UNIT)
        self.keys = heads.trusted_keys()

    def faults(self, head: Head) -> Iterator[Fault]:
        where = _("Head of %d lines") % head.size
        try:
            note = notes.read(head.note)
            notes.check(note, self.origin, self.keys)
        except notes.NoteError as error:
            yield Fault(where, str(error))
            return
        if (note.size, note.root) != (head.size, bytes(head.root)):
            yield Fault(where, _("Its signed note says another size or root."))


# What should not be there, and what others hold


def _behind(size: int) -> Iterator[Fault]:
    behind = {"size": size}
    for line in by_id(Line.objects.filter(Q(position__gte=size) | Q(position__lt=0))):
        yield _line_fault(
            line,
            _("It has position %(at)d, but the newest head covers %(size)d lines.") % {"at": line.position, **behind},
        )
    levels = Tile.objects.order_by().values_list("level", flat=True).distinct()
    for level in sorted(levels):
        expected = -(-(size >> tree.HEIGHT * level) // tree.WIDTH) if level >= 0 else 0
        for tile in Tile.objects.filter(Q(index__gte=expected) | Q(index__lt=0), level=level).only("level", "index"):
            where = _("Tile %(level)d/%(index)d") % {"level": tile.level, "index": tile.index}
            yield Fault(where, _("It stands behind the newest head, which covers %(size)d lines.") % behind)


def _in_known(known: Iterable[str], size: int) -> Iterator[Fault]:
    origin, keys = notes.origin_of(settings.ILEX_UNIT), heads.trusted_keys()
    for text in known:
        try:
            note = notes.read(text)
            notes.check(note, origin, keys)
            if note.size > size:
                what = _("It is ours, but our newest head covers only %d lines: the end of the log is gone.") % size
            elif tree.root(heads.HASHES, note.size) != note.root:
                what = _("It is ours, but our tree had another root at that size: the log was rewritten.")
            else:
                continue
            yield Fault(_("Head of %d lines that others kept") % note.size, what)
        except (notes.NoteError, tree.TreeError) as error:
            yield Fault(_("Head that others kept"), str(error))
