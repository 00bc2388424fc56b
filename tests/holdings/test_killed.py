"""`kill -9` in the middle of a load leaves nothing behind: no source, no record, no process, no file."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, LiteralString

import psycopg
import pytest

from tests.holdings.files import people
from tests.network import Network, RunningNode, until

pytestmark = pytest.mark.network

MANY = 120_000  # more than are taken in before the kill
BUSY: LiteralString = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[RunningNode]:
    with Network(tmp_path, ["RS"], paired=False, started=False) as network:
        yield network.node("RS")


def asked(node: RunningNode, query: LiteralString) -> Any:
    with psycopg.connect(node.database) as connection:
        row = connection.execute(query).fetchone()
        return row[0] if row else None


def ilex(node: RunningNode, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "ilex.config.command", *words],
        env={**node.environment, "DJANGO_SETTINGS_MODULE": "ilex.config.settings"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def children(parent: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=False)
    return [int(pid) for pid in listed.stdout.split()]


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def test_a_load_that_is_killed_was_never_there(node: RunningNode, tmp_path: Path) -> None:
    small, large = tmp_path / "small.jsonl", tmp_path / "large.jsonl"
    small.write_text("".join(json.dumps(one) + "\n" for one in people(40)))
    large.write_text("".join(json.dumps(one) + "\n" for one in people(MANY, first=20)))
    first = ilex(node, "load", str(small), "--source", "list")
    assert first.communicate(timeout=300)[0]
    assert first.returncode == 0
    before = asked(node, "SELECT pg_relation_size('holdings_record')")
    running = ilex(node, "load", str(large), "--source", "list")
    try:
        until(
            lambda: asked(node, "SELECT pg_relation_size('holdings_record')") > before + 100_000,
            "records to be written",
            seconds=300,
        )
        workers = children(running.pid)
        assert len(workers) == 2
    finally:
        os.kill(running.pid, signal.SIGKILL)
        running.communicate()
    until(lambda: not any(map(lives, workers)), "the processes that make keys to end")
    until(lambda: asked(node, BUSY) == 0, "the transaction to end")
    assert asked(node, "SELECT count(*) FROM holdings_record") == 40
    assert asked(node, "SELECT count(*) FROM holdings_load") == 1
    assert asked(node, "SELECT records FROM holdings_source") == 40
    assert (
        asked(node, "SELECT count(*) FROM holdings_bucket WHERE id >> 24 NOT IN (SELECT id FROM holdings_piece)") == 0
    )
    again = ilex(node, "load", str(small), "--source", "list")
    told = again.communicate(timeout=600)[0]
    assert again.returncode == 0, told
    assert "0 new, 0 changed, 0 gone, 40 the same" in told
