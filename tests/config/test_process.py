from __future__ import annotations

import logging
import subprocess
import sys

import pytest

from ilex.config import process
from ilex.config.node import checked


def test_where_tells_kind_and_line_and_never_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ILEX_TRACE", raising=False)
    try:
        checked("unit", "Петар Петровић")
    except ValueError as error:
        said = process.where(error)
    assert said.startswith("ValueError at config/node.py:")
    assert "Петар" not in said


def test_log_of_an_unforeseen_error_holds_no_text_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ILEX_TRACE", raising=False)
    try:
        checked("unit", "Петар Петровић")
    except ValueError:
        record = logging.LogRecord("django.request", logging.ERROR, "", 1, "Server Error", None, sys.exc_info())
    said = process.Plain().format(record)
    assert "ERROR django.request Server Error\nValueError at config/node.py:" in said
    assert "Петар" not in said


CHILD = """
import os, sys, time
from ilex.config import process
process.end_with(os.getppid())
print("asked", flush=True)
time.sleep(60)
"""
PARENT = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", sys.argv[1]])
time.sleep(60)
"""


def test_child_ends_when_its_parent_is_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT, CHILD], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    assert parent.stdout.readline() == "asked\n"
    parent.kill()
    parent.wait()
    assert parent.stdout.read() == ""  # returns when the child, the last one to hold the pipe, has ended
    parent.stdout.close()
