"""A node that cannot begin, or tell, as it should: it gets over both by itself."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.faults.books import LONG, Books, assert_clean, settle
from tests.faults.say import say
from tests.network import Network, drop_database, make_database, until


@pytest.fixture
def network(tmp_path: Path) -> Iterator[Network]:
    with Network(tmp_path, ["RS", "MK"], started=False) as network:
        yield network


def tables_made(books: Books) -> int:
    try:
        return books.number("SELECT count(*) FROM django_migrations")
    except psycopg.errors.UndefinedTable:
        return 0


def test_node_killed_again_and_again_while_it_makes_its_tables(network: Network) -> None:
    belgrade = network.node("RS")
    drop_database(belgrade.database)
    belgrade.database = make_database(f"ilex_{secrets.token_hex(4)}")
    books = Books(belgrade)
    for least in (1, 8, 16):
        network.begin("RS")
        until(lambda least=least: tables_made(books) >= least, f"{least} changes of the tables")  # type: ignore[misc]
        network.kill("RS", "supervisor")
        assert belgrade.process is not None
        belgrade.process.wait()
    network.start("RS")
    assert "No changes" in network.shell("RS", CHANGES) or "No planned" in network.shell("RS", CHANGES)
    assert "The journal is whole" in network.run("RS", "journal", "verify").stdout
    assert books.number("SELECT count(*) FROM units_organisation WHERE id = 'ilecu-rs'") == 1


CHANGES = "from django.core.management import call_command; call_command('migrate', plan=True, no_color=True)"


def test_node_that_cannot_write_its_log_goes_on(network: Network) -> None:
    """The disk of the log is full; parts die and are started again, and nobody can be told."""
    network.begin("RS", log=Path("/dev/full"))
    network.wait_until_up("RS")
    network.start("MK")
    for part in ("relay", "clock", "door"):
        killed = network.kill("RS", part)
        until(lambda part=part, killed=killed: network.node("RS").parts.get(part, killed) != killed, f"another {part}")  # type: ignore[misc]
    say(network, "RS", "write", 20, ["ilecu-mk"])
    say(network, "MK", "write", 20, ["ilecu-rs"])
    settle(network)
    assert_clean(network, ("RS", "MK"), ("MK", "RS"), at_least=20)
    until(lambda: set(network.node("RS").parts) == {"pages", "door", "relay", "clock"}, "all parts", seconds=LONG)
