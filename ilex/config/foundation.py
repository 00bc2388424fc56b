"""How a node begins: its folder, its facts, its database, tables, directory and keys."""

from __future__ import annotations

import os
import secrets
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from ilex.config import catalogues, database, static
from ilex.config.node import Node, NodeError, checked, database_settings, read_facts

PREPARING = 0x11E8  # the advisory lock under which one process at a time changes tables and directory


Facts = Mapping[str, str | bool]


def make(folder: Path, wishes: Facts, standard: Facts) -> bool:
    """Write `node.toml` and the secret. False when they are there already and say the same.

    Raises NodeError, with nothing changed, when a wish is no valid setting or contradicts the node that is there.
    """
    facts = {name: _checked(name, value) for name, value in {**standard, **wishes}.items()}
    if there := read_facts(folder / "node.toml"):
        _must_agree(folder, there, {name: facts[name] for name in wishes})
        return False
    _make_folder(folder)
    if not (folder / "secret").exists():
        _write(folder / "secret", secrets.token_urlsafe(50) + "\n")
    _write(folder / "node.toml", as_toml(facts))
    return True


def _checked(name: str, value: str | bool) -> str | bool:
    try:
        return checked(name, value)
    except ValueError as error:
        raise NodeError(f"{name} {error}.") from error


def _must_agree(folder: Path, there: Facts, facts: Facts) -> None:
    if facts["unit"] != there["unit"]:
        raise NodeError(
            f"{folder} holds the node of {there['unit']}; a node never changes its unit. Use another folder."
        )
    for name, value in facts.items():
        if there.get(name) != value:
            raise NodeError(f"{folder / 'node.toml'} says {name} = {there.get(name, '')!r}; change it there.")


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise NodeError(f"The folder {folder} cannot be made: {error.strerror}.") from error


def as_toml(facts: Facts) -> str:
    """Our settings hold no quotation marks, backslashes or control signs: `checked` has seen to it."""
    lines = [
        f'{name} = "{value}"' if isinstance(value, str) else f"{name} = {str(value).lower()}"
        for name, value in facts.items()
    ]
    text = "# The facts of this node. Every setting is explained in docs/operate.md.\n" + "\n".join(lines) + "\n"
    if tomllib.loads(text) != dict(facts):
        raise NodeError("The settings hold signs that cannot be written down.")
    return text


def _write(path: Path, text: str) -> None:
    """Readable by the owner alone, and whole or not at all."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def prepare(node: Node, say: Callable[[str], None]) -> None:
    """Bring tables, directory, keys, texts and static files of a node up to date. Cheap when they are."""
    from ilex.config.keeping import after  # late: `make` above is used before there are settings
    from ilex.gate import actions as gate

    for warning in database.check(durable=not node.testing):
        say(warning)
    with _one_at_a_time():
        _migrate(say)
        _load_directory()
        gate.make_keys()
        after.tell_peers(node, say)
    catalogues.compile_all()
    static.collect(node)


@contextmanager
def opened(node: Node) -> Iterator[None]:
    """The node's database for as long as a command needs it. The settings may be older than the embedded server."""
    from django.db import connections

    if not node.embedded:
        yield
        return
    with database.used(node.folder, durable=not node.testing) as url:
        connections["default"].settings_dict.update(database_settings(url))
        try:
            yield
        finally:
            connections.close_all()


def _load_directory() -> None:
    """A line only when something changed: the directory is read again at every start."""
    from django.db import transaction

    from ilex.journal import actions as journal
    from ilex.journal.models import Operation
    from ilex.units import actions as units

    with transaction.atomic():
        counts = units.load_directory()
        if touched := counts.added + counts.changed + counts.removed:
            journal.write("directory.loaded", Operation.OPERATION, by=None, rows=touched)


def _migrate(say: Callable[[str], None]) -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0, interactive=False)
        say(f"{len(plan)} changes of the tables were made.")


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [PREPARING])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [PREPARING])
