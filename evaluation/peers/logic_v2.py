"""nomenklatura's blocker with its score logic-v2, run by the Python in which it is installed (`make bench-peers`).

`.venv-peers/bin/python -m evaluation.peers.logic_v2 RECORDS QUERIES ANSWERS`: files of FollowTheMoney entities. The
last line that it prints is JSON: seconds and bytes. Stands alone: nothing of Ilex is in that environment.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from followthemoney import Dataset, StatementEntity
from nomenklatura.blocker.index import Index  # type: ignore[import-not-found]
from nomenklatura.matching.logic_v2.model import LogicV2  # type: ignore[import-not-found]
from nomenklatura.resolver.linker import Linker  # type: ignore[import-not-found]
from nomenklatura.store import load_entity_file_store  # type: ignore[import-not-found]

TOGETHER = 100  # queries of one batch: its stopwords grow with the batch, and so do its misses
ASKED = "asked-"


def main(records: Path, queries: Path, answers: Path) -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # loading is compared on one core
    began = time.perf_counter()
    store = load_entity_file_store(records, Linker({}), cleaned=True)
    view = store.default_view()
    with tempfile.TemporaryDirectory(prefix="peer-") as folder, answers.open("w", encoding="utf-8") as told:
        index = Index(view, Path(folder))
        index.build()
        loaded = time.perf_counter() - began
        disk = sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())
        began, count = time.perf_counter(), 0
        config = LogicV2.default_config()
        asked = _queries(queries)
        while batch := list(islice(asked, TOGETHER)):
            known = {query.id: query for query in batch}
            found = {ident.id: matches for ident, matches in index.match_entities(batch)}
            for key, query in known.items():
                scored = []
                for ident, _ in found.get(key, ()):
                    record = view.get_entity(ident.id)
                    if record is not None:
                        scored.append((record.id, LogicV2.compare(query, record, config).score))
                scored.sort(key=lambda one: -one[1])  # stable: of equals the blocker's better one first
                print(json.dumps([str(key).removeprefix(ASKED), scored]), file=told)
                count += 1
        asking = time.perf_counter() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"loaded": loaded, "asked": asking / max(1, count), "memory": memory, "disk": disk}))


def _queries(path: Path) -> Iterator[StatementEntity]:
    dataset = Dataset.make({"name": "asked", "title": "asked"})
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            told: dict[str, Any] = json.loads(line)
            told = {name: told[name] for name in ("schema", "properties")} | {"id": ASKED + told["id"]}
            yield StatementEntity.from_data(dataset, told, cleaned=True)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
