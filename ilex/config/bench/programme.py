"""The pages of the programme when very many actions, activities and parts are on file: real pages, over HTTP."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

from django.urls import reverse

from ilex.config.bench.browser import Browser
from ilex.config.bench.desk import Kind, p95, spread, times_of
from ilex.config.bench.machine import cores, machine
from ilex.config.bench.nodes import BenchNode, running
from ilex.config.bench.officer import OFFICER, PASSWORD
from ilex.config.bench.report import Figure, Report

# Point 4 of "It is done when" of the fifth issue: milliseconds at the 95th percentile.
MOST = 150.0


def measure(
    folder: Path | None = None,
    *,
    actions: int = 10_000,
    activities: int = 100_000,
    involvements: int = 1_000_000,
    rounds: int = 100,
) -> Report:
    with running(["RS"], folder) as (node,):
        took = node.ask("fill_programme", actions, activities, involvements)
        keys, marks = node.ask("some_actions", rounds), node.ask("some_marks", rounds)
        facilities, held = node.ask("some_facilities", rounds), node.ask("some_activities", rounds)
        node.run("pages", workers=cores())
        with closing(Browser(node.pages)) as browser:
            browser.sign_in(reverse("sign-in"), OFFICER, PASSWORD)
            times = {kind: times_of(browser, kind, rounds) for kind in _kinds(keys, facilities, held, marks)}
        filled = f"{actions:,}, with {activities:,} activities and {involvements:,} parts; invented in {took:,.0f} s"
        return _report(node, filled, rounds, times)


def _report(node: BenchNode, filled: str, rounds: int, times: dict[Kind, list[float]]) -> Report:
    return Report(
        "programme",
        machine(node.folder, node.database),
        {
            "actions on file": filled,
            "pages": f"{rounds:,} of each kind, one after the other, by one officer over one connection",
            "server": f"gunicorn with {cores()} processes, its own PostgreSQL",
        },
        [(kind.name, list(spread(times[kind]))) for kind in times],
        [Figure(f"{kind.name}, p95", p95(times[kind]), "ms", limit=MOST, most=True) for kind in times],
    )


def _kinds(keys: Sequence[str], facilities: Sequence[str], held: Sequence[str], marks: Sequence[str]) -> Iterator[Kind]:
    chance = random.Random(5)  # noqa: S311 (which pages are asked for, no secret)

    def listed(**filters: object) -> str:
        return f"{reverse('actions')}?{urlencode(filters)}"

    yield Kind("list of actions", lambda: reverse("actions"), MOST)
    yield Kind("list, with their parts", lambda: listed(show="parts"), MOST)
    yield Kind("list, somewhere behind", lambda: listed(after=chance.choice(marks)), MOST)
    yield Kind("list of a place", lambda: listed(place=chance.choice(["RS", "MK", "HU", "UA", "GE"])), MOST)
    yield Kind("list of an organisation", lambda: listed(organisation=f"bench-{chance.randrange(2_000)}"), MOST)
    yield Kind("list of a theme and status", lambda: listed(theme="training", status="running"), MOST)
    yield Kind("list of a year", lambda: listed(year=chance.randrange(2010, 2028)), MOST)
    yield Kind("list of a word", lambda: listed(q="trafficking"), MOST)
    yield Kind("list of two words", lambda: listed(q=f"patrols {chance.randrange(10_000)}"), MOST)
    yield Kind(
        "list by all filters",
        lambda: listed(q="training", kind="project", place="RS", year=2020, organisation="bench-7"),
        MOST,
    )
    yield Kind("page of an action", lambda: reverse("action", args=[chance.choice(keys)]), MOST)
    yield Kind("page of a facility", lambda: reverse("action", args=[chance.choice(facilities)]), MOST)
    yield Kind("page of an activity", lambda: reverse("activity", args=[chance.choice(held)]), MOST)
    yield Kind("a month of the calendar", lambda: f"{reverse('calendar')}?month={_month(chance)}", MOST)
    yield Kind("list of the calendar", lambda: f"{reverse('calendar')}?show=list", MOST)
    yield Kind("map", lambda: reverse("map"), MOST)


def _month(chance: random.Random) -> str:
    return f"{chance.randrange(2010, 2028)}-{chance.randrange(1, 13):02}"
