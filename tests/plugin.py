"""One embedded PostgreSQL server for the whole run, unless DATABASE_URL names another; a folder for each process.

The message catalogues are compiled before the first test: Django keeps what it read, and a language that was
asked for too early would stay English in that process. How long an example of Hypothesis takes is no fault of what it
tests: the machine may be busy.

Loaded by `-p tests.plugin`, before pytest-django reads the settings.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from ilex.config import catalogues, database

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

WORKER = "PYTEST_XDIST_WORKER" in os.environ
FOLDER = Path(tempfile.mkdtemp(prefix="ilex-tests-"))

os.environ["ILEX_TESTING"] = "1"
os.environ["ILEX_HOME"] = str(FOLDER)
os.environ["ILEX_UNIT"] = "ilecu-rs"
os.environ.setdefault("ILEX_SECRET", "tests-only")
settings.register_profile("ilex", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ilex")
if not WORKER:
    catalogues.compile_all()
# The workers of xdist inherit the environment of the controller, whose server serves them all.
if not os.environ.get("DATABASE_URL"):
    os.environ["DATABASE_URL"] = database.start(FOLDER, durable=False)


@pytest.fixture(scope="session", autouse=True)
def _nobody_holds_the_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A thread of a live server or of a test may still hold a connection, and a database in use is not removed.

    The door is closed first, or such a thread comes in again; then each session is waited for, since one that
    is told to end takes a moment, a long one on a busy machine.
    """
    yield
    from django.db import connection  # late: the settings are read after this plugin
    from django.db.backends.base.creation import TEST_DATABASE_PREFIX

    name = connection.settings_dict["NAME"]
    if not name.startswith(TEST_DATABASE_PREFIX):
        return  # no test of this run asked for one: that is the server's own
    with django_db_blocker.unblock():
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity"
                " WHERE datname = %s AND pid <> pg_backend_pid()",
                [name],
            )


@pytest.fixture(autouse=True)
def _language_of_nobody() -> Iterator[None]:
    """A page that a test asked for leaves the language of its officer behind in this thread."""
    yield
    from django.utils.translation import deactivate

    deactivate()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not WORKER:
        database.stop(FOLDER)
    shutil.rmtree(FOLDER, ignore_errors=True)
