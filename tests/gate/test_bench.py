"""The bench measures what it says, with real processes; how fast is for the operator's machine to tell."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

from ilex.gate.bench import parts, transfer
from ilex.gate.models import Envelope
from tests.gate.lines import empty_database

pytestmark = pytest.mark.django_db(transaction=True)


def url_of(name: str) -> str:
    at = connection.settings_dict
    host, port = quote(str(at["HOST"]), safe=""), at["PORT"] or "5432"
    return f"postgresql://{at['USER']}:{quote(str(at['PASSWORD']), safe='')}@/{name}?host={host}&port={port}"


def test_parts_of_a_message_are_measured_and_leave_nothing_behind() -> None:
    measured = parts(20, 4096)

    rates = (measured.seal, measured.open, measured.commit, measured.commit_batched, measured.handshake)
    assert all(rate > 0 for rate in (*rates, measured.round_trip))
    assert measured.line > 4096
    assert "gate_bench" not in connection.introspection.table_names()
    assert Envelope.objects.count() == 0


def test_attachment_is_transferred_whole_through_a_wire_that_is_cut(tmp_path: Path) -> None:
    size = 80 * 2**20
    with empty_database("bench") as name:
        done = transfer(size, 3, folder=tmp_path, database=url_of(name))

    assert done.cuts == 3
    assert size < done.wire < size + 4 * 2**20  # next to nothing went twice
    # Most of it is the program itself, never the attachment. `ilex bench attachment` holds the limit.
    assert done.sender_memory < 200 * 2**20
    assert done.door_memory < 200 * 2**20
    assert done.rate > 0
