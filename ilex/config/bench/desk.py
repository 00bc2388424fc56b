"""The pages of an officer when very much is on file: real sign-in, real pages, over HTTP."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from django.urls import reverse

from ilex.config.bench.browser import Browser
from ilex.config.bench.machine import cores, machine
from ilex.config.bench.nodes import BenchNode, running
from ilex.config.bench.officer import OFFICER, PASSWORD
from ilex.config.bench.report import Figure, Measure, Report
from ilex.exchange.bench import DEEDS, FIRST, LAST, PLACES, THINGS

# Point 5 of "It is done when" of the first issue: milliseconds at the 95th percentile.
MOST_DESK, MOST_SEARCH = 150.0, 300.0
WARM = 10  # pages of each kind that come first and are not counted


@dataclass(frozen=True)
class Kind:
    """One kind of page, and the limit for it, if it has one."""

    name: str
    path: Callable[[], str]
    limit: float = 0.0
    live: bool = False  # asked for by the page itself, as htmx does


def measure(folder: Path | None = None, *, requests: int = 200_000, rounds: int = 100) -> Report:
    with running(["RS"], folder) as (node,):
        seeding = node.ask("seed", requests)
        references = node.ask("references", rounds)
        node.run("pages", workers=cores())
        with closing(Browser(node.pages)) as browser:
            browser.sign_in(reverse("sign-in"), OFFICER, PASSWORD)
            times = {kind: times_of(browser, kind, rounds) for kind in _kinds(references)}
        return _report(node, requests, rounds, seeding, times)


def _report(node: BenchNode, requests: int, rounds: int, seeding: float, times: dict[Kind, list[float]]) -> Report:
    searches = [time for kind in times if kind.limit == MOST_SEARCH for time in times[kind]]
    desks = [kind for kind in times if kind.limit == MOST_DESK]
    return Report(
        "desk",
        machine(node.folder, node.database),
        {
            "requests on file": f"{requests:,}, about one in fifty open; invented in {seeding:,.0f} s",
            "pages": f"{rounds:,} of each kind, one after the other, by one officer over one connection",
            "server": f"gunicorn with {cores()} processes, its own PostgreSQL",
        },
        [(kind.name, list(spread(times[kind]))) for kind in times],
        [
            *(Figure(f"{kind.name}, p95", p95(times[kind]), "ms", limit=MOST_DESK, most=True) for kind in desks),
            Figure("search, all kinds, p95", p95(searches), "ms", limit=MOST_SEARCH, most=True),
        ],
    )


def _kinds(references: Sequence[str]) -> Iterator[Kind]:
    chance = random.Random(2)  # noqa: S311 (which pages are asked for, no secret)
    search = reverse("search")

    def found(text: str) -> str:
        return f"{search}?{urlencode({'q': text})}"

    def name() -> str:
        return f"{chance.choice(FIRST)} {chance.choice(LAST)}"

    def known() -> str:
        return chance.choice(references)

    yield Kind("desk", lambda: reverse("desk"), MOST_DESK)
    yield Kind("desk, the rows that renew themselves", lambda: reverse("desk-rows"), MOST_DESK, live=True)
    yield Kind("desk, what is overdue", lambda: f"{reverse('desk')}?show=overdue", MOST_DESK)
    yield Kind("desk, what is settled", lambda: f"{reverse('desk')}?show=settled", MOST_DESK)
    yield Kind("page of a request", lambda: reverse("request", args=[known()]))
    yield Kind("search: a reference", lambda: found(known()), MOST_SEARCH)
    yield Kind("search: the beginning of a reference", lambda: found(known()[:-2]), MOST_SEARCH)
    yield Kind("search: a name, in many scripts", lambda: found(name()), MOST_SEARCH)
    yield Kind("search: the beginning of a name", lambda: found(name()[:-3]), MOST_SEARCH)
    yield Kind("search: a word that many hold", lambda: found(chance.choice(THINGS + DEEDS + PLACES)), MOST_SEARCH)
    words = (*THINGS, *PLACES)
    yield Kind("search: two words", lambda: found(f"{chance.choice(words)} {chance.choice(DEEDS)}"), MOST_SEARCH)
    yield Kind("search: nothing to be found", lambda: found(f"{name()} {chance.randrange(10**9)}"), MOST_SEARCH)


def times_of(browser: Browser, kind: Kind, rounds: int) -> list[float]:
    """Milliseconds of each page."""
    headers = {"HX_Request": "true"} if kind.live else {}
    for _ in range(min(WARM, rounds)):
        browser.get(kind.path(), **headers)
    return [browser.seconds(kind.path(), **headers) * 1000 for _ in range(rounds)]


def spread(times: Sequence[float]) -> Iterator[Measure]:
    yield Measure("half of them took less than", statistics.median(times), "ms")
    yield Measure("95 of 100 took less than", p95(times), "ms")
    yield Measure("the slowest", max(times), "ms")


def p95(times: Sequence[float]) -> float:
    return statistics.quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0]
