"""Dumps of the database, and how they come back: also on a server that is older than our programs."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ilex.config.keeping import tools
from ilex.config.node import NodeError, database_settings
from tests.network import drop_database, make_database

LINE = "SET transaction_timeout = 0;"


@pytest.fixture
def databases() -> Iterator[list[str]]:
    """Two empty ones on the server of the test run."""
    made = [make_database(f"ilex_tools_{secrets.token_hex(4)}") for _ in range(2)]
    yield made
    for url in made:
        drop_database(url)


@pytest.fixture
def dumped(databases: list[str], tmp_path: Path) -> Path:
    """Of the first database, with the line that older servers refuse as a text of an officer."""
    with psycopg.connect(databases[0]) as connection:
        connection.execute("CREATE TABLE note (id int PRIMARY KEY, text text)")
        connection.execute("INSERT INTO note SELECT n, %s || n FROM generate_series(1, 5000) AS n", [LINE + "\n"])
        connection.execute("INSERT INTO note VALUES (0, %s)", [LINE])
    tools.dump(database_settings(databases[0]), tmp_path / "dump")
    return tmp_path / "dump"


@pytest.mark.parametrize("load", [tools.load, tools.load_as_script])
def test_dump_comes_back_word_for_word(load: Any, databases: list[str], dumped: Path) -> None:
    load(database_settings(databases[1]), dumped)
    query = "SELECT id, text FROM note ORDER BY id"
    with psycopg.connect(databases[0]) as one, psycopg.connect(databases[1]) as other:
        before, after = one.execute(query).fetchall(), other.execute(query).fetchall()
    assert before == after
    assert before[0] == (0, LINE)
    assert len(before) == 5001


@pytest.mark.parametrize("load", [tools.load, tools.load_as_script])
@pytest.mark.parametrize("kept", [0.4, 0.9])
def test_dump_that_breaks_off_leaves_nothing(load: Any, kept: float, databases: list[str], dumped: Path) -> None:
    whole = dumped.read_bytes()
    dumped.write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(NodeError, match=r"^pg_restore could not do it: "):
        load(database_settings(databases[1]), dumped)
    assert tables(databases[1]) == []


@pytest.mark.parametrize("load", [tools.load, tools.load_as_script])
def test_what_the_database_refuses_leaves_nothing(load: Any, databases: list[str], dumped: Path) -> None:
    with psycopg.connect(databases[1]) as connection:
        connection.execute("CREATE TABLE note (other int)")
    with pytest.raises(NodeError, match=r"could not do it: "):
        load(database_settings(databases[1]), dumped)
    with psycopg.connect(databases[1]) as connection:
        assert connection.execute("SELECT count(*) FROM note").fetchone() == (0,)


def tables(url: str) -> list[str]:
    query = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
    with psycopg.connect(url) as connection:
        return [name for (name,) in connection.execute(query)]
