"""The embedded server: made, used by several, moved, and stopped by whoever leaves last."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import psycopg
import pytest

from ilex.config import database
from ilex.config.node import NodeError


def one(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query).fetchone()
    assert row is not None
    return row[0]


def test_server_is_made_once_and_keeps_what_was_written(tmp_path: Path) -> None:
    with database.used(tmp_path, durable=False) as url, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 'ћирилица' AS word")
    assert not database.running(tmp_path)
    with database.used(tmp_path, durable=False) as again:
        assert again == url
        assert one(again, "SELECT word FROM kept") == "ћирилица"


def test_who_leaves_last_stops_the_server(tmp_path: Path) -> None:
    with database.used(tmp_path, durable=False):
        with database.used(tmp_path, durable=False):
            pass
        assert database.running(tmp_path)
    assert not database.running(tmp_path)


def test_server_asks_for_the_password_and_has_no_door_to_the_network(tmp_path: Path) -> None:
    with database.used(tmp_path, durable=False) as url:
        assert one(url, "SHOW listen_addresses") == ""
        without = url.replace(url.partition("ilex:")[2].partition("@")[0], "wrong")
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(without)
    assert (tmp_path / "database.url").stat().st_mode & 0o777 == 0o600


def test_folder_that_was_moved_keeps_its_server(tmp_path: Path) -> None:
    with database.used(tmp_path / "old", durable=False) as url, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    (tmp_path / "old").rename(tmp_path / "new")
    with database.used(tmp_path / "new", durable=False) as url:
        assert one(url, "SELECT number FROM kept") == 7


def test_path_too_long_for_a_socket_finds_another_place(tmp_path: Path) -> None:
    deep = tmp_path / ("a-long-name-of-a-folder-" * 4) / "with spaces and 'quotes'"
    with database.used(deep, durable=False) as url:
        assert one(url, "SELECT 1") == 1


def test_folder_with_spaces_and_quotes_is_fine() -> None:
    with (
        tempfile.TemporaryDirectory(prefix="il ex's ") as folder,
        database.used(Path(folder), durable=False) as url,
    ):
        assert one(url, "SELECT 1") == 1


def test_making_that_was_cut_short_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "database").mkdir()
    (tmp_path / "database" / "PG_VERSION").write_text("18")
    with database.used(tmp_path, durable=False) as url:
        assert one(url, "SELECT 1") == 1


def test_sockets_of_another_account_are_not_used(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can make a folder for somebody else")
    database.start(tmp_path, durable=False)
    database.stop(tmp_path)
    os.chown(tmp_path / "sockets", 12345, 12345)
    with pytest.raises(NodeError, match="belongs to another account"):
        database.start(tmp_path, durable=False)


@pytest.mark.django_db
def test_durable_database_gives_no_warning_and_another_one_does() -> None:
    with_warning = database.check(durable=True)
    assert database.check(durable=False) == []
    off = one_setting("fsync") == "off"
    assert any("fsync = off" in sentence for sentence in with_warning) == off


def one_setting(name: str) -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s)", [name])
        return str(cursor.fetchone()[0])
