"""How good keys and scores are, in a minute and without a database.

`.venv/bin/python -m evaluation.quick --records 20000 --part train`
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence

from evaluation.build import PARTS, Query, build
from evaluation.measure import Answer, absent, alarms, by_stratum, calibration, quality, threshold
from evaluation.memory import Memory
from ilex.matching.compare import compare
from ilex.matching.prepare import prepare


def main() -> None:
    asked = _words()
    began = time.perf_counter()
    made = build(asked.records, asked.part, queries=asked.queries, absent=asked.absent)
    memory = Memory(made.everybody())
    postings = sum(map(len, memory.postings.values()))
    print(
        f"{len(memory):,} records of part {asked.part}, {postings / len(memory):.1f} keys each, "
        f"indexed in {time.perf_counter() - began:.0f} s; {len(made.queries):,} queries"
    )
    for mode in asked.modes.split(","):
        dated = mode == "dated"
        queries = [query.dated() if dated else query.bare() for query in made.queries if _wanted(query, asked.only)]
        began = time.perf_counter()
        answers = [answered(memory, query, harder=asked.harder) for query in queries]
        each = (time.perf_counter() - began) / len(answers) * 1000
        print(f"\n{'with dates' if dated else 'names only'}: {each:.1f} ms a query")
        _print(answers, dated=dated)
        if asked.misses:
            _print_misses(memory, answers, asked.misses)
        if asked.alarms:
            _print_alarms(memory, answers, asked.alarms, dated=dated)


def answered(memory: Memory, query: Query, *, harder: bool = False) -> Answer:
    prepared = prepare(query.facts)
    rids = memory.candidates(prepared, harder=harder).tolist()
    scored = [(memory.keys[rid], compare(prepared, memory.prepared[rid], memory.rarity).score) for rid in rids]
    ranked = sorted(scored, key=lambda one: (-one[1], one[0]))[:50]
    return Answer(query, ranked, {key for key, _ in scored})


def _print(answers: Sequence[Answer], *, dated: bool) -> None:
    one, five = (threshold(answers, share, dated=dated) for share in (0.01, 0.05))
    print(f"  scores that 1 % and 5 % of absent persons reach: {one:.3f}, {five:.3f}")
    print(f"  {'of a hundred':28}{'asked':>6}{'r@1':>7}{'r@5':>7}{'r@50':>7}{'cand.':>7}{'miss@1%':>9}{'miss@5%':>9}")
    for name, group in by_stratum(answers).items():
        held = quality(group, one, five)
        shares = f"{held.first:7.1f}{held.five:7.1f}{held.fifty:7.1f}{held.candidates:7.1f}"
        print(f"  {name:28}{held.asked:6}{shares}{held.one:9.1f}{held.percent_five:9.1f}")
    print("  scores of the first five:  from    to   hits   said   true")
    for low, high, count, said, true in calibration(answers):
        print(f"  {'':25}{low:6.2f}{high:6.2f}{count:7}{said:7.3f}{true:7.3f}")
    print("  a thousand absent persons:  score  alarmed   hits")
    for least, alarmed, hits in alarms(answers, dated=dated):
        print(f"  {'':26}{least:7.2f}{alarmed:9.1f}{hits:7.1f}")


def _print_misses(memory: Memory, answers: Sequence[Answer], count: int) -> None:
    held = dict(zip(memory.keys, memory.prepared, strict=True))
    missed = [answer for answer in answers if answer.query.meant and not 1 <= answer.place <= 5]
    for answer in missed[:: max(1, len(missed) // count)]:
        record = held[answer.query.meant].facts
        was = "compared" if answer.query.meant in answer.candidates else "not a candidate"
        best = [(f"{score:.2f}", *held[key].facts.names, *held[key].facts.born) for key, score in answer.ranked[:2]]
        print(f"  {answer.query.strata[0]}: {was}, place {answer.place}, score {answer.score:.3f}")
        print(
            f"    asked {answer.query.facts.names} {answer.query.facts.born}"
            f"  held {record.names} {record.born}  best {best}"
        )


def _print_alarms(memory: Memory, answers: Sequence[Answer], count: int, *, dated: bool) -> None:
    """The hits on absent persons that score highest."""
    held = dict(zip(memory.keys, memory.prepared, strict=True))
    worst = sorted((one for one in absent(answers, dated=dated) if one.ranked), key=lambda one: -one.best)
    for answer in worst[:count]:
        key, score = answer.ranked[0]
        asked, record = answer.query.facts, held[key].facts
        print(f"  alarm {score:.3f}: asked {asked.names} {asked.born}  held {record.names} {record.born}")


def _wanted(query: Query, only: str) -> bool:
    return not only or not query.meant or any(stratum.startswith(only) for stratum in query.strata)


def _words() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--part", choices=PARTS, default="train")
    parser.add_argument("--queries", type=int, default=3_000)
    parser.add_argument("--absent", type=int, default=1_000)
    parser.add_argument("--modes", default="names,dated")
    parser.add_argument("--only", default="", help="only strata that begin so, and the absent ones")
    parser.add_argument("--misses", type=int, default=0, help="print about so many of those that were missed")
    parser.add_argument("--alarms", type=int, default=0, help="print so many of the worst hits on absent persons")
    parser.add_argument("--harder", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
