"""How many false alerts each score gives, measured on absent persons and written down for the page of the holdings.

`.venv/bin/python -m evaluation.alerts --records 100000`, whenever the weights of the scores have changed.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from evaluation.build import Query, build
from evaluation.measure import absent
from evaluation.memory import Memory
from evaluation.quick import answered
from ilex.matching.thresholds import FILE

SCORES = (0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.95, 0.99)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--absent", type=int, default=1_000)
    asked = parser.parse_args()
    made = build(asked.records, "test", queries=0, absent=asked.absent)
    memory = Memory(made.everybody())
    shares = [
        _shares(memory, [query.dated() if dated else query.bare() for query in made.queries], dated=dated)
        for dated in (False, True)
    ]
    rows = [[score, *found] for score, *found in zip(SCORES, *shares, strict=True)]
    FILE.write_text(json.dumps({"records": len(memory), "person": rows}) + "\n", encoding="utf-8")
    print(f"Among {len(memory):,} records, of 1,000 absent persons: score, alarmed by name alone, with a date")
    for score, names, dates in rows:
        print(f"  {score:.2f} {names:8.1f} {dates:8.1f}")


def _shares(memory: Memory, queries: Sequence[Query], *, dated: bool) -> list[float]:
    gone = absent([answered(memory, query) for query in queries], dated=dated)
    return [round(1000 * sum(one.best >= score for one in gone) / max(1, len(gone)), 1) for score in SCORES]


if __name__ == "__main__":
    main()
