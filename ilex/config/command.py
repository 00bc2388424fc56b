"""The `ilex` command: Django's management commands under plain names, with one sentence for every error."""

from __future__ import annotations

import os
import sys
from argparse import SUPPRESS
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext

from ilex import __version__
from ilex.config.node import NodeError

OUTSIDE = ("migrate",)  # Django's own commands that an operator needs; the rest stays in manage.py
WITHOUT_NODE = {"init", "demo", "restore", "wire", "bench"}  # these work in a folder that holds no node yet

# Options that Django gives every command and no operator asks for: they work, but do not stand in the help.
DJANGOS = {*("version", "verbosity", "settings", "pythonpath", "traceback", "no_color", "force_color", "skip_checks")}

BAD_USE, FAILED, INTERRUPTED = 2, 1, 130


class Refusal(Exception):
    """Ends the command with one sentence and a status."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return the status for the shell: 0 done, 1 not done, 2 not understood."""
    words = list(sys.argv[1:] if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ilex.config.settings")
    try:
        with sentences():
            _run(words)
            sys.stdout.flush()
    except Refusal as refusal:
        print(f"ilex: {refusal}", file=sys.stderr)
        return refusal.status
    except SystemExit as end:  # argparse after --help; a command that counts its own failures
        return end.code if isinstance(end.code, int) else FAILED
    except BrokenPipeError:  # `ilex stats | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    return 0


def _run(words: list[str]) -> None:
    if words[:1] == ["--version"]:
        print(__version__)
        return
    if words[:1] == ["init"]:
        _begin(words[1:])  # writes node.toml: the settings below are those of the new node
    set_up()
    known = commands()
    if not words or words[0] in {"--help", "-h", "help"}:
        _list(known)
        return
    name, *rest = words
    if name not in known:
        raise Refusal(f"there is no command {name!r}. `ilex --help` lists them all.", BAD_USE)
    _ask_for_node(name, rest)
    _carry_out(known[name], name, rest)


def _begin(words: list[str]) -> None:
    from django.core.management import CommandError  # late, as everywhere here: `ilex --version` needs no Django

    from ilex.config import first

    try:
        first.make(words)
    except CommandError as error:
        raise _misused("init", error) from error


def set_up() -> None:
    from django.apps import apps  # late: the settings read the environment, and its errors are sentences too
    from django.conf import settings

    if not apps.ready:
        _ = settings.NODE  # a NodeError from the settings keeps its own name here; django.setup() would wrap it
        import django

        django.setup()


def commands() -> dict[str, str]:
    """Every command by name, with the app that holds it."""
    from django.core.management import get_commands

    ours = {name: app for name, app in get_commands().items() if str(app).startswith("ilex.")}
    return dict(sorted({**ours, **dict.fromkeys(OUTSIDE, "django.core")}.items()))


def _list(known: dict[str, str]) -> None:
    from django.core.management import load_command_class

    print("Usage: ilex COMMAND [options]     (ilex COMMAND --help tells more)\n")
    width = max(map(len, known))
    for name, app in known.items():
        summary = "Brings the tables of the database up to date."
        if app != "django.core":
            summary = str(load_command_class(app, name).help).strip().split("\n")[0]
        print(f"  {name:<{width}}  {summary}")
    print("\nThe node's folder is taken from ILEX_HOME (.ilex/node), its database from DATABASE_URL (its own server).")


def _ask_for_node(name: str, rest: list[str]) -> None:
    from django.conf import settings

    node = settings.NODE
    asks_help = {"-h", "--help"} & set(rest)
    if node.made or node.testing or name in WITHOUT_NODE or asks_help:
        return
    raise Refusal(f"there is no node in {node.folder} yet. Make one: ilex init --unit ilecu-xx", FAILED)


def _carry_out(app: str, name: str, rest: list[str]) -> None:
    from django.core.management import CommandError, load_command_class

    command = load_command_class(app, name)
    parser = command.create_parser("ilex", name)
    for action in parser._actions:
        if action.dest in DJANGOS:
            action.help = SUPPRESS
    try:
        options = vars(parser.parse_args(rest))
    except CommandError as error:
        raise _misused(name, error) from error
    arguments = options.pop("args", ())
    # System checks belong to `make check`: they import every page and double the time of a short command.
    options["skip_checks"] = True
    try:
        with _database_for(name):
            command.execute(*arguments, **options)
    except CommandError as error:
        raise Refusal(_plain(error), error.returncode) from error


def _database_for(name: str) -> AbstractContextManager[None]:
    """A node that is not up has its own server standing still; a short command starts it and stops it."""
    from django.conf import settings

    from ilex.config import foundation

    if name in WITHOUT_NODE and name != "init":
        return nullcontext()
    return foundation.opened(settings.NODE)


def _misused(name: str, error: Exception) -> Refusal:
    return Refusal(f"{_plain(error)}. `ilex {name} --help` tells how it is used.", BAD_USE)


def _plain(error: Exception) -> str:
    return str(error).removeprefix("Error: ").strip().rstrip(".")


@contextmanager
def sentences() -> Iterator[None]:
    """Turn what can go wrong outside of the program into one sentence. ILEX_TRACE=1 shows where it came from."""
    try:
        yield
    except (Refusal, SystemExit, BrokenPipeError):
        raise
    except KeyboardInterrupt as error:
        raise Refusal("stopped.", INTERRUPTED) from error
    except Exception as error:
        if os.environ.get("ILEX_TRACE") == "1":
            raise
        raise Refusal(_sentence(error), FAILED) from error


def _sentence(error: Exception) -> str:
    from django.core.exceptions import ImproperlyConfigured, PermissionDenied, ValidationError
    from django.db import DatabaseError, InterfaceError, OperationalError, ProgrammingError

    from ilex.gate.errors import GateError

    match error:
        case NodeError() | GateError() | PermissionDenied() | ImproperlyConfigured():
            return str(error)
        case OperationalError() | InterfaceError():
            return f"the database does not answer: {_first_line(error)}"
        case ProgrammingError() if "does not exist" in str(error):
            return "the database has no tables yet, or old ones. Bring it up to date: ilex migrate"
        case DatabaseError():
            return f"the database refused: {_first_line(error)}"
        case ValidationError():
            return " ".join(error.messages)
        case OSError() if error.filename:
            return f"{error.strerror}: {error.filename}"
        case OSError():
            return str(error.strerror or error)
        case _:
            # Its text may hold a person's words, and this may end in a log.
            return f"an error in the program ({type(error).__name__}). ILEX_TRACE=1 shows where."


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


if __name__ == "__main__":
    sys.exit(main())
