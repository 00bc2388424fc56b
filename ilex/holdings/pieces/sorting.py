"""Millions of entries on their way to sorted lists: in memory while they fit, else spilled to disk in parts by key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import numpy as np
from numpy.typing import NDArray

from ilex.holdings.pieces.packing import Keys, Places, ordered

PARTS = 64  # each holds keys of the same highest bits
IN_MEMORY = 12_000_000  # entries: twelve bytes each
SHIFT = np.uint64(64 - 6)


def among(numbers: NDArray[np.int64], ascending: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of the numbers are among the others. Few numbers among many others take no longer than they are few."""
    if not len(ascending):
        return np.zeros(len(numbers), np.bool_)
    at = np.minimum(np.searchsorted(ascending, numbers), len(ascending) - 1)
    found: NDArray[np.bool_] = ascending[at] == numbers
    return found


class Sorting:
    """Takes entries (key, place) in any order and gives them in order of the keys. The files have no name."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.entries = 0
        self._waiting: list[tuple[Keys, Places]] = []
        self._held = 0
        self._files: list[IO[bytes]] = []

    def add(self, keys: Keys, places: Places) -> None:
        self._waiting.append((keys, places))
        self._held += len(keys)
        self.entries += len(keys)
        if self._held > IN_MEMORY:
            self._spill()

    def parts(self) -> Iterator[tuple[Keys, Places]]:
        """Each part ordered, one after the other; empty ones too. Nothing can be added afterwards."""
        if not self._files:
            yield ordered(*self._taken())
            return
        self._spill()
        for file in self._files:
            file.seek(0)
            whole = np.frombuffer(file.read(), ENTRY)
            file.close()
            yield ordered(np.ascontiguousarray(whole["key"]), np.ascontiguousarray(whole["place"]))

    def close(self) -> None:
        for file in self._files:
            file.close()

    def _taken(self) -> tuple[Keys, Places]:
        waiting, self._waiting, self._held = self._waiting, [], 0
        if not waiting:
            return np.empty(0, np.uint64), np.empty(0, np.uint32)
        return np.concatenate([keys for keys, _ in waiting]), np.concatenate([places for _, places in waiting])

    def _spill(self) -> None:
        if not self._files:
            self._files = [TemporaryFile(dir=self.folder) for _ in range(PARTS)]  # noqa: SIM115  # closed in `close`
        keys, places = self._taken()
        part = (keys >> SHIFT).astype(np.uint8)
        order = np.argsort(part, kind="stable")
        entries = np.empty(len(keys), ENTRY)
        entries["key"], entries["place"] = keys[order], places[order]
        edges = np.searchsorted(part[order], np.arange(PARTS + 1))
        for number, file in enumerate(self._files):
            file.write(entries[edges[number] : edges[number + 1]].tobytes())


ENTRY = np.dtype([("key", np.uint64), ("place", np.uint32)])
