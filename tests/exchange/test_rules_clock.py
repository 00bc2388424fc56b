"""The clock as a pure function: whatever happens in whatever order, nobody gains time but by law."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise, permutations
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as some

from ilex.exchange import rules
from ilex.exchange.rules import Delay, Stop
from ilex.words import law

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
DUE = BEGIN + timedelta(days=7)
moments = some.datetimes(min_value=datetime(2026, 3, 1), max_value=datetime(2026, 4, 15), timezones=some.just(UTC))


@some.composite
def closed_stops(draw: some.DrawFn) -> list[Stop]:
    pairs = draw(some.lists(some.tuples(moments, moments), max_size=6))
    return [Stop(*sorted(pair)) for pair in pairs if pair[0] != pair[1]]


@given(closed_stops())
def test_suspensions_add_up_to_what_the_deadline_moves(stops: list[Stop]) -> None:
    clock = rules.clock(DUE, stops)

    assert clock.limit_at == DUE + clock.suspended
    assert clock.due_at == clock.limit_at


@given(closed_stops())
def test_overlapping_stops_suspend_time_once(stops: list[Stop]) -> None:
    whole = rules.merged(stops)

    lengths = [stop.end - stop.start for stop in whole if stop.end]
    assert rules.clock(DUE, stops).suspended <= sum(lengths, timedelta())
    assert all(one.end is not None and one.end < two.start for one, two in pairwise(whole))


@given(closed_stops(), some.permutations(range(6)))
def test_order_in_which_stops_become_known_does_not_matter(stops: list[Stop], order: list[int]) -> None:
    shuffled = [stops[place] for place in order if place < len(stops)]

    assert rules.clock(DUE, shuffled) == rules.clock(DUE, stops)


@given(closed_stops(), moments, some.timedeltas(min_value=timedelta(0), max_value=timedelta(days=3)))
def test_time_left_never_grows_while_the_clock_runs(stops: list[Stop], at: datetime, later: timedelta) -> None:
    clock = rules.clock(DUE, stops)

    assert rules.time_left(clock.due_at, None, at + later) <= rules.time_left(clock.due_at, None, at)


@given(closed_stops(), moments)
def test_standing_clock_shows_what_it_showed_when_it_stopped(stops: list[Stop], start: datetime) -> None:
    clock = rules.clock(DUE, [*stops, Stop(start, None)])

    if clock.stopped_at is not None:
        hours = [rules.time_left(clock.due_at, clock.stopped_at, start + timedelta(hours=n)) for n in range(5)]
        assert len(set(hours)) == 1
        assert hours[0] > timedelta(0)


@given(closed_stops(), moments)
def test_stop_after_the_deadline_moves_nothing(stops: list[Stop], start: datetime) -> None:
    before = rules.clock(DUE, stops)
    late = max(before.due_at, start) + timedelta(seconds=1)

    after = rules.clock(DUE, [*stops, Stop(late, late + timedelta(days=2))])
    assert after.due_at == before.due_at


@given(closed_stops(), moments, moments)
def test_judicial_delay_never_shortens_the_limit(stops: list[Stop], noticed: datetime, expected: datetime) -> None:
    plain = rules.clock(DUE, stops)
    delayed = rules.clock(DUE, stops, Delay(noticed, expected))

    assert delayed.due_at >= delayed.limit_at
    assert delayed.limit_at == plain.limit_at
    assert delayed.due_at >= min(expected, delayed.due_at)


def test_judicial_delay_puts_the_expected_moment_in_place_of_the_limit() -> None:
    clock = rules.clock(DUE, [], Delay(BEGIN + timedelta(days=1), DUE + timedelta(days=5)))

    assert clock.due_at == DUE + timedelta(days=5)
    assert clock.limit_at == DUE


def test_question_during_a_judicial_delay_moves_the_expected_moment_too() -> None:
    delay = Delay(BEGIN + timedelta(days=1), DUE + timedelta(days=5))
    stop = Stop(DUE + timedelta(days=1), DUE + timedelta(days=2))

    clock = rules.clock(DUE, [stop], delay)
    assert clock.limit_at == DUE
    assert clock.due_at == DUE + timedelta(days=6)


def test_question_without_a_receipt_does_not_stop_the_clock() -> None:
    asked, known = uuid4(), uuid4()
    questions: dict[UUID, datetime | None] = {asked: None, known: BEGIN}

    assert rules.stops(questions, {}) == [Stop(BEGIN, None)]
    assert rules.stops(questions, {known: BEGIN + timedelta(hours=1)}) == [Stop(BEGIN, BEGIN + timedelta(hours=1))]


@given(
    some.datetimes(min_value=datetime(2026, 3, 20), max_value=datetime(2026, 4, 5), timezones=some.just(UTC)),
    some.sampled_from(["Europe/Belgrade", "Asia/Tbilisi", "Europe/Chisinau"]),
)
def test_seven_days_end_at_the_same_wall_clock_time_also_when_clocks_change(received: datetime, zone: str) -> None:
    limit = law.profile("eu-2023-977").limit(urgent=False)

    due = law.deadline(limit, received, zone)
    assert timedelta(days=7) - timedelta(hours=1) <= due - received <= timedelta(days=7) + timedelta(hours=1)


def test_warnings_come_at_half_and_at_four_fifths_of_the_time_that_runs() -> None:
    received, suspended = BEGIN, timedelta(hours=10)
    due = BEGIN + timedelta(hours=18)

    found = rules.alarm_moments(received, due, suspended)
    assert found["half"] == due - timedelta(hours=4)
    assert found["late"] == due - timedelta(hours=1, minutes=36)
    assert found["missed"] == due


@given(some.sampled_from(["half", "late", "missed", ""]), moments)
def test_next_warning_is_the_newest_that_passed_or_the_first_to_come(pending: str, at: datetime) -> None:
    found = rules.alarm_moments(BEGIN, DUE, timedelta())

    alarm, moment = rules.next_alarm(found, pending, at)
    if moment is not None and moment <= at:
        later = rules.ALARMS[rules.ALARMS.index(alarm) + 1 :]
        assert all(found[one] > at for one in later)
        assert rules.ALARMS.index(alarm) >= rules.ALARMS.index(pending)
    if moment is None:
        assert at >= found["missed"]


def test_merging_is_the_same_for_every_order() -> None:
    stops = [
        Stop(BEGIN, BEGIN + timedelta(hours=2)),
        Stop(BEGIN + timedelta(hours=1), BEGIN + timedelta(hours=3)),
        Stop(BEGIN + timedelta(hours=5), None),
    ]

    assert {tuple(rules.merged(order)) for order in permutations(stops)} == {
        (Stop(BEGIN, BEGIN + timedelta(hours=3)), Stop(BEGIN + timedelta(hours=5), None))
    }
