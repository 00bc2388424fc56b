"""Fit the weights of the scores on the training half of the evaluation set; never on its test half.

`.venv/bin/python -m tools.fit_matching pairs` fits how alike two words are, `names` what whole names and dates are
worth, from the candidates that the index finds for the training queries. Each writes its part of weights.json.
Logistic regression with a small ridge, by Newton's method: a run gives the same weights on every machine.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import JaroWinkler

from evaluation import names, persons
from evaluation.build import Query, build
from evaluation.memory import Memory
from ilex.matching import dates, firms, model, pairs, rarity
from ilex.matching import names as names_
from ilex.matching.facts import Facts, Name, Part
from ilex.matching.names import Aligned
from ilex.matching.prepare import prepare

Floats = NDArray[np.float64]
Couple = tuple[Part, Part]
Weighed = Callable[[Name, Name, rarity.Rarity], Aligned]

SEED = 7
PERSONS = 2_500  # of each stratum
MOVED = {f"damage {rule}" for rule in ("turned", "glued", "split", "initial", "more", "fewer", "look_alike", "loud")}
POOL = 250  # words of which the likest wrong one is taken
RIDGE = 1.0
LEAST_SHARE = 2e-5
RECORDS, QUERIES = 40_000, 1_800
HELD = 1e6  # a pull that keeps a weight where it is
BELIEVED = 50.0  # the pull towards what was believed of firms: the set has few of them, and those by rule
# What the evaluation set cannot tell: how often real files leave words out, how alike long names of brothers are, and
# what weak aliases are worth. Set by hand from published lists.
PERSON_HELD = {
    "only_asked": -1.3,
    "only_held": -1.3,
    "patronymic_only": -0.4,
    "weak": -0.5,
    "much": -0.2,
    "order": -4.0,
}
FIRM_HELD = {"much": -0.2, "weak": -0.5, "number_apart": -4.0, "generic_apart": -2.0, "form_apart": -0.5}
FIRM_BELIEVED = {
    "agree": 0.35,
    "against": 0.9,
    "worst": 0.9,
    "only_asked": -2.2,
    "only_held": -2.0,
    "whole": 0.5,
    "generic_same": 0.5,
    "generic_only": -0.7,
    "number_same": 0.8,
    "number_only": -1.2,
    "form_same": 0.4,
}
BORN_BELIEVED = {
    "same": 6.5,
    "same_first_of_january": 2.5,
    "same_month": 4.0,
    "same_year": 2.5,
    "swapped_day_month": 3.0,
    "one_digit": 2.5,
    "two_digits": 2.5,
    "other_day": -0.5,
    "other_year_same_day": 0.0,
    "near_year": -2.0,
    "other_year": -3.5,
}
FITTED = "tools/fit_matching.py: pairs, then names, on the training half of the evaluation set; identifiers by hand"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("stage", choices=("frequencies", "pairs", "names"))
    stage = parser.parse_args().stage
    if stage == "frequencies":
        count_words()
    elif stage == "pairs":
        _keep(fit_pairs())
    else:
        fit_names()


def _keep(changed: dict[str, object]) -> None:
    raw = json.loads(model.WEIGHTS.read_text(encoding="utf-8")) | changed
    model.WEIGHTS.write_text(json.dumps(raw, indent=1) + "\n", encoding="utf-8")


# --- how common words are


def count_words() -> None:
    """The surprise of each skeleton: of every country as many people, the commonest names of its list as often."""
    shares: Counter[str] = Counter()
    lists = names.lists()
    countries = {country for country, _ in lists}
    for (_, kind), held in sorted(lists.items()):
        if kind == "patronymic":
            continue
        weights = [(place + 1) ** -persons.ZIPF for place in range(len(held))]
        for word, weight in zip(held, weights, strict=True):
            for text in word.native.split():
                if found := _part(text):
                    shares[found.skeletons[0]] += weight / sum(weights) / len(countries)
    kept = sorted((skeleton, -math.log(share)) for skeleton, share in shares.items() if share > LEAST_SHARE)
    rows = "".join(f"{skeleton}\t{surprise:.2f}\n" for skeleton, surprise in kept)
    rarity.FREQUENCIES.write_bytes(gzip.compress(rows.encode(), mtime=0))
    print(f"{len(kept)} skeletons")


# --- words


def fit_pairs() -> dict[str, object]:
    chance = random.Random(SEED)  # noqa: S311  draws names, keeps no secret
    same = list(_same_words(chance))
    other = list(_other_words(same, chance))
    fitted: dict[str, object] = {}
    for regime in ("same", "cross", "abjad"):
        yes = [seen.values for one, two in same if (seen := pairs.features(one, two)).regime == regime]
        no = [seen.values for one, two in other if (seen := pairs.features(one, two)).regime == regime]
        values, true = np.array(yes + no), np.r_[np.ones(len(yes)), np.zeros(len(no))]
        # Both outcomes weigh the same: the result is how many times likelier, not how likely.
        found = newton(values, true, np.where(true == 1, len(no) / len(yes), 1.0))
        named = {name: round(weight, 3) for name, weight in zip(pairs.FEATURES, found[1:].tolist(), strict=True)}
        fitted[regime] = [round(float(found[0]), 3), named]
        right = float(np.mean((found[0] + values @ found[1:] > 0) == (true == 1)))
        print(f"{regime}: {len(yes)} pairs of one name, {len(no)} of two; {100 * right:.1f} % on the right side")
    return {"pairs": fitted}


def _same_words(chance: random.Random) -> Iterator[Couple]:
    """Words of the names of one person in two files, where as many stand in the same order."""
    for stratum, maker in persons.makers("train").items():
        for person in islice(persons.endless(maker, chance), 0 if stratum in MOVED else PERSONS):
            held, asked = person.held.split(), person.asked.split()
            for one, other in zip(held, asked, strict=True) if len(held) == len(asked) else ():
                first, second = _part(one), _part(other)
                if first and second and first.plain != second.plain and min(len(first.plain), len(second.plain)) > 1:
                    yield first, second


def _other_words(same: Sequence[Couple], chance: random.Random) -> Iterator[Couple]:
    """For each pair of one name two of two names: any other, and the likest of POOL others."""
    by_script: dict[str, dict[str, Part]] = {}
    for couple in same:
        for one in couple:
            by_script.setdefault(pairs.script(one), {})[one.plain] = one
    pools = {script: list(found.values()) for script, found in by_script.items()}
    for one, other in same:
        pool = pools[pairs.script(other)]
        drawn = chance.sample(pool, min(len(pool), POOL))
        others = [word for word in drawn if word.plain != other.plain and word.sound != one.sound]
        yield one, others[0]
        yield one, max(others, key=lambda word: _likeness(one, word))


def _likeness(one: Part, other: Part) -> float:
    shared = not set(one.skeletons).isdisjoint(other.skeletons)
    return JaroWinkler.similarity(one.sound, other.sound) + (0.5 if shared else 0.0)


def _part(text: str) -> Part | None:
    """The word as it is when it stands in a name; nothing where it is no word that bears one."""
    found = [one for name in prepare(Facts(kind="person", names=(text,))).names for one in name.parts]
    return found[0] if len(found) == 1 and found[0].role in ("", "patronymic") else None


# --- whole names and dates


class Row(NamedTuple):
    """One record that was compared for one query."""

    query: int
    true: bool
    values: tuple[float, ...]
    date: str  # code; empty where one side has none


def fit_names() -> None:
    """Names and dates together, as asked with names only and with dates: both kinds of queries share the weights."""
    made = build(RECORDS, "train", queries=QUERIES, absent=QUERIES // 3)
    memory = Memory(made.everybody())
    print(f"{len(memory)} records of the training half, {len(made.queries)} queries")
    weights = json.loads(model.WEIGHTS.read_text(encoding="utf-8"))
    person = _rows(memory, [query for query in made.queries if query.facts.kind == "person"], names_.weighed)
    firm = _rows(memory, [query for query in made.queries if query.facts.kind != "person"], firms.weighed)
    shift = weights["size"] * math.log(len(memory) / rarity.SIZE)
    base, found, born = _fitted(person, names_.FEATURES, PERSON_HELD, {}, BORN_BELIEVED)
    weights["person"], weights["born"] = found, born
    weights["base"] = {"person": round(base - shift, 3)}
    base, found, _ = _fitted(firm, firms.FEATURES, FIRM_HELD, FIRM_BELIEVED, {})
    weights["organisation"] = found
    weights["base"] |= {"organisation": round(base - shift, 3), "thing": weights["base"]["person"]}
    weights["fitted"] = FITTED
    _keep(weights)


def _rows(memory: Memory, queries: Sequence[Query], weighed: Weighed) -> list[Row]:
    rows = []
    for number, query in enumerate(queries):
        bare, dated = prepare(query.bare().facts), prepare(query.dated().facts)
        for rid in sorted({*memory.candidates(bare).tolist(), *memory.candidates(dated).tolist()}):
            record = memory.prepared[rid]
            if (met := names_.compare(bare.names, record.names, memory.rarity, weighed)) is None:
                continue
            date = dates.compare(dated.born, record.born)
            rows.append(Row(number, memory.keys[rid] == query.meant, met.values, date[0] if date else ""))
    return rows


def _fitted(
    rows: Sequence[Row],
    features: Sequence[str],
    held: Mapping[str, float],
    believed: Mapping[str, float],
    born: Mapping[str, float],
) -> tuple[float, dict[str, float], dict[str, float]]:
    """`held` stay as they are; what is `believed` of names and of dates moves when the pairs say so."""
    codes = list(born)
    values = np.array([row.values for row in rows])
    told = np.array([[row.date == code for code in codes] for row in rows], float).reshape(len(rows), len(codes))
    true = np.array([row.true for row in rows], float)
    columns = np.r_[np.c_[values, np.zeros_like(told)], np.c_[values, told]]
    mean = [held.get(name, believed.get(name, 0.0)) for name in features] + [born[code] for code in codes]
    strength = [HELD if name in held else BELIEVED if name in believed else RIDGE for name in features]
    strength += [5.0] * len(codes)
    found = newton(columns, np.r_[true, true], np.ones(2 * len(rows)), np.array(mean), np.array(strength))
    print(f"{len(rows)} pairs, {int(true.sum())} of one person; base {found[0]:.2f}")
    weights = [round(weight, 3) for weight in found[1:].tolist()]
    return (
        float(found[0]),
        dict(zip(features, weights, strict=False)),
        dict(zip(codes, weights[len(features) :], strict=True)),
    )


# --- the regression


def newton(
    values: Floats, true: Floats, weights: Floats, mean: Floats | None = None, strength: Floats | None = None
) -> Floats:
    """The intercept and the weight of each column, drawn towards `mean` as strongly as `strength` says."""
    columns = np.c_[np.ones(len(values)), values]
    width = values.shape[1]
    centre = np.r_[0.0, mean if mean is not None else np.zeros(width)]
    pull = np.r_[1e-6, strength if strength is not None else np.full(width, RIDGE)]
    found: Floats = np.where(pull >= HELD, centre, 0.0)

    def loss(at: Floats) -> float:
        odds = np.clip(columns @ at, -50, 50)
        return float((weights * (np.log1p(np.exp(odds)) - true * odds)).sum() + 0.5 * (pull * (at - centre) ** 2).sum())

    best = loss(found)
    for _ in range(60):
        said = 1 / (1 + np.exp(-np.clip(columns @ found, -50, 50)))
        slope = columns.T @ (weights * (true - said)) - pull * (found - centre)
        curve = (columns * (weights * said * (1 - said))[:, None]).T @ columns + np.diag(pull)
        step, part = np.linalg.solve(curve, slope), 1.0
        while part > 1e-4 and loss(found + part * step) > best:
            part /= 2
        found = found + part * step
        before, best = best, loss(found)
        if before - best < 1e-6:
            break
    return found


if __name__ == "__main__":
    main()
