"""The pages around a case when very many subjects, cases and documents are on file: real pages, over HTTP."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from django.urls import reverse

from ilex.config.bench.browser import Browser
from ilex.config.bench.desk import Kind, p95, spread, times_of
from ilex.config.bench.machine import cores, machine
from ilex.config.bench.nodes import BenchNode, running
from ilex.config.bench.officer import OFFICER, PASSWORD
from ilex.config.bench.report import Figure, Measure, Report
from ilex.exchange.bench import DEEDS, FIRST, LAST, PLACES, THINGS

# Point 4 of "It is done when" of the third issue: milliseconds at the 95th percentile, subjects a second.
MOST_SUBJECT, MOST_SEARCH, LEAST_IMPORT = 150.0, 300.0, 5_000.0


@dataclass(frozen=True)
class Known:
    """What is on file and may be asked for."""

    subjects: Sequence[Sequence[str]]  # id and caption
    cases: Sequence[str]
    texts: Sequence[Sequence[str]]  # title and text


def measure(
    folder: Path | None = None,
    *,
    subjects: int = 1_000_000,
    cases: int = 200_000,
    documents: int = 500_000,
    rounds: int = 100,
) -> Report:
    with running(["RS"], folder) as (node,):
        took, rate = node.ask("fill_subjects", subjects)
        filled = {
            "subjects": (subjects, took),
            "cases": (cases, node.ask("fill_cases", cases)),
            "documents": (documents, node.ask("fill_documents", documents)),
        }
        known = Known(node.ask("some_subjects", rounds), node.ask("some_cases", rounds), node.ask("some_texts", rounds))
        node.run("pages", workers=cores())
        with closing(Browser(node.pages)) as browser:
            browser.sign_in(reverse("sign-in"), OFFICER, PASSWORD)
            times = {kind: times_of(browser, kind, rounds) for kind in _kinds(known)}
        return _report(node, filled, rounds, rate, times)


def _report(
    node: BenchNode,
    filled: dict[str, tuple[int, float]],
    rounds: int,
    rate: float,
    times: dict[Kind, list[float]],
) -> Report:
    searches = [time for kind in times if kind.limit == MOST_SEARCH for time in times[kind]]
    pages = [kind for kind in times if kind.limit == MOST_SUBJECT]
    return Report(
        "cases",
        machine(node.folder, node.database),
        {
            **{f"{what} on file": f"{count:,}, invented in {took:,.0f} s" for what, (count, took) in filled.items()},
            "pages": f"{rounds:,} of each kind, one after the other, by one officer over one connection",
            "server": f"gunicorn with {cores()} processes, its own PostgreSQL",
        },
        [(kind.name, list(spread(times[kind]))) for kind in times],
        [
            *(Figure(f"{kind.name}, p95", p95(times[kind]), "ms", limit=MOST_SUBJECT, most=True) for kind in pages),
            Figure("search, all kinds, p95", p95(searches), "ms", limit=MOST_SEARCH, most=True),
            *(Measure(f"{kind.name}, p95", p95(times[kind]), "ms") for kind in times if kind.limit == MOST_SEARCH),
            Figure("subjects of the slowest file taken in", rate, "subjects/s", limit=LEAST_IMPORT),
        ],
    )


def _kinds(known: Known) -> Iterator[Kind]:
    chance = random.Random(4)  # noqa: S311 (which pages are asked for, no secret)

    def at(name: str, text: str) -> str:
        return f"{reverse(name)}?{urlencode({'q': text})}"

    def caption() -> str:
        return chance.choice(known.subjects)[1]

    def word() -> str:
        return chance.choice(chance.choice(known.texts)[1].split())

    def name() -> str:
        return f"{chance.choice(FIRST)} {chance.choice(LAST)}"

    yield Kind("page of a subject", lambda: reverse("subject", args=[chance.choice(known.subjects)[0]]), MOST_SUBJECT)
    yield Kind("page of a case", lambda: reverse("case", args=[chance.choice(known.cases)]))
    yield Kind("list of cases", lambda: reverse("cases"))
    yield Kind("list of all cases", lambda: f"{reverse('cases')}?show=all")
    yield Kind("search subjects: a name or number", lambda: at("subjects", caption()), MOST_SEARCH)
    yield Kind("search subjects: the beginning of one", lambda: at("subjects", caption()[:-2]), MOST_SEARCH)
    yield Kind("search cases: a number", lambda: at("cases", chance.choice(known.cases)), MOST_SEARCH)
    yield Kind("search cases: a name, in many scripts", lambda: at("cases", name()), MOST_SEARCH)
    yield Kind("search cases: a word that many hold", lambda: at("cases", chance.choice(THINGS + PLACES)), MOST_SEARCH)
    yield Kind(
        "search cases: two words", lambda: at("cases", f"{chance.choice(PLACES)} {chance.choice(DEEDS)}"), MOST_SEARCH
    )
    yield Kind("search documents: a word of their text", lambda: at("documents", word()), MOST_SEARCH)
    yield Kind("search documents: two words", lambda: at("documents", f"{word()} {word()}"), MOST_SEARCH)
    yield Kind("search everything: a name", lambda: at("find", caption()), MOST_SEARCH)
    yield Kind("search everything: a word", lambda: at("find", word()), MOST_SEARCH)
