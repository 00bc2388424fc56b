"""Records of other rooms: found by what they are now, without a copy, in the very next query."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils.timezone import localdate, now

from ilex.holdings import actions, jobs, origins
from ilex.holdings.models import Record, Source
from ilex.holdings.queries import common, facts_of, find
from ilex.matching.facts import Facts
from tests.holdings.files import ftm, person, take

pytestmark = pytest.mark.django_db

HELD: dict[str, Facts] = {}


@pytest.fixture(autouse=True)
def files() -> Iterator[None]:
    """A room with records of its own."""
    before = dict(origins._origins)
    origins.register(origins.Origin("files", "Files", read, lambda key: f"/files/{key}/", lambda _, keys: set(keys)))
    HELD.clear()
    yield
    origins._origins.clear()
    origins._origins.update(before)


def read(keys: Sequence[str]) -> dict[str, Facts]:
    return {key: HELD[key] for key in keys if key in HELD}


def keep(key: str, name: str, born: str = "") -> None:
    HELD[key] = Facts("person", (name,), born=(born,) if born else ())
    actions.index("files", key, HELD[key])


def found(name: str, born: str = "") -> list[str]:
    return [one.key for one in find(Facts("person", (name,), born=(born,) if born else ()))]


def test_a_new_record_counts_in_the_very_next_query() -> None:
    keep("1", "Ђорђе Петровић")
    assert found("Djordje Petrovic") == ["1"]
    assert Record.objects.get().facts == ""  # its own room keeps what it says


def test_a_changed_record_is_found_by_what_it_is_now() -> None:
    keep("1", "Ђорђе Петровић")
    keep("1", "Никола Тркуља")
    assert found("Djordje Petrovic") == []
    assert found("Nikola Trkulja") == ["1"]
    assert facts_of([("files", "1"), ("files", "2")]) == {("files", "1"): HELD["1"]}


def test_a_record_taken_out_is_found_no_more() -> None:
    keep("1", "Ђорђе Петровић")
    actions.unindex("files", "1")
    actions.unindex("files", "never there")
    assert found("Djordje Petrovic") == []


def test_what_was_rolled_back_was_never_there() -> None:
    with transaction.atomic():
        keep("1", "Ђорђе Петровић")
        assert found("Djordje Petrovic") == ["1"]
        transaction.set_rollback(True)
    assert found("Djordje Petrovic") == []


def test_a_wrong_date_hides_nobody_of_the_same_name() -> None:
    keep("1", "Ђорђе Петровић", "1971-02-03")
    assert found("Djordje Petrovic", "1990-12-31") == ["1"]


def test_how_many_share_a_name_is_told_of_lists_that_are_searched_and_of_nothing_else() -> None:
    asked = Facts("person", ("Đorđe Petrović", "Ђорђе Петровић"))
    take(ftm([person("1", "Ђорђе Петровић"), person("2", "PETROVIC Djordje"), person("3", "Никола Петровић")]), "one")
    take(ftm([person("1", "Djordje Petrovic")]), "two")
    assert common(asked) == 3
    keep("1", "Ђорђе Петровић")  # perhaps in a closed circle
    assert common(asked) == 3
    jobs.tidy(at=now() + timedelta(hours=1))
    assert common(asked) == 3
    Source.objects.filter(code="two").update(ends_on=localdate())
    assert common(asked) == 2
    take(ftm([person("1", "Ђорђе Петровић"), person("3", "Никола Петровић")]), "one")
    assert common(asked) == 1
    Source.objects.filter(code="one").update(active=False)
    assert common(asked) == 0


def test_an_unknown_origin_is_an_error_of_the_program() -> None:
    with pytest.raises(KeyError):
        actions.index("nobody", "1", Facts("person", ("Ana",)))
