"""A small real network for tests: whole nodes as processes of their own, made, paired and started in seconds.

    with Network(tmp_path, ["RS", "MK"]) as network:
        network.run("RS", "stats", "--year", "2026")
        network.kill("MK", "relay")

Each node has its own folder, keys, ports and database. The databases stand on the server of the test run
(one for each node), or with `own_databases=True` on a server of the node's own, as in production.
"""

from __future__ import annotations

import atexit
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import TracebackType

import psycopg
from psycopg import sql

HOUSE = Path(__file__).absolute().parent.parent
PASSWORD = "a-quiet-password-for-tests"  # of every officer
PATIENCE = 60.0  # seconds for a node to answer
WORKERS = 4  # processes of the tests at the most that keep out of each other's ports

# People of every node: Ana has the duty, Bojan is her colleague, Ceca leads, and so on.
OFFICERS: dict[str, tuple[str, list[str]]] = {
    "ana": ("Ана Петровић", ["duty", "case"]),
    "bojan": ("Бојан Илић", ["case"]),
    "ceca": ("Цеца Марић", ["head"]),
    "dpo": ("Dunja Novak", ["protection"]),
    "auditor": ("Ivan Horvat", ["auditor"]),
    "admin": ("Marko Kovač", ["administrator"]),
}


@dataclass
class RunningNode:
    code: str
    folder: Path
    pages: str
    door: str
    database: str = ""  # URL; empty: the node's own server
    testing: bool = True  # its own server does not wait for the disk
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def unit(self) -> str:
        return "practice" if self.code == "PRACTICE" else f"ilecu-{self.code.lower()}"

    @property
    def url(self) -> str:
        return f"http://{self.pages}"

    @property
    def log(self) -> str:
        return (self.folder / "up.log").read_text(encoding="utf-8", errors="replace")

    @property
    def environment(self) -> dict[str, str]:
        ours = ("ILEX_", "DATABASE_URL", "DJANGO_", "PYTHONUNBUFFERED")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        if self.database:
            kept["DATABASE_URL"] = self.database
        if self.testing:
            kept["ILEX_TESTING"] = "1"
        return {**kept, "ILEX_HOME": str(self.folder), "PYTHONPATH": str(HOUSE)}

    @property
    def parts(self) -> dict[str, int]:
        """The running parts of the node by name, with their process ids."""
        if self.process is None:
            return {}
        names = ((pid, _comm(pid)) for pid in _children(self.process.pid))
        return {name.removeprefix("ilex-"): pid for pid, name in names if name.startswith("ilex-")}


class Network:
    def __init__(
        self,
        folder: Path,
        units: Sequence[str] = ("RS", "MK"),
        *,
        paired: bool = True,
        started: bool = True,
        own_databases: bool = False,
    ) -> None:
        # PostgreSQL's account must pass to a database of its own, and every start of pytest closes pytest's folder.
        self.folder = Path(tempfile.mkdtemp(prefix="ilex-network-")) if own_databases else folder
        self.paired, self.started, self.own_databases = paired, started, own_databases
        free = free_ports(2 * len(units))
        self.nodes = {
            code: RunningNode(code, self.folder / code.lower(), f"127.0.0.1:{free.pop()}", f"127.0.0.1:{free.pop()}")
            for code in units
        }

    def __enter__(self) -> Network:
        try:
            if not self.own_databases:
                for node in self.nodes.values():
                    node.database = make_database(f"ilex_{node.code.lower()}_{secrets.token_hex(4)}", like=tables())
            cards = self._everywhere(self.make)
            if self.paired:
                self.pair_all(cards)
            if self.started:
                self.start(*self.nodes)
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.stop(*self.nodes)
        for node in self.nodes.values():
            if node.database:
                drop_database(node.database)
        if self.own_databases:
            shutil.rmtree(self.folder, ignore_errors=True)

    def node(self, code: str) -> RunningNode:
        return self.nodes[code]

    # One node

    def make(self, code: str) -> str:
        """What `ilex init` and `ilex officer add` do, in one process; returns the node's card."""
        node = self.nodes[code]
        words = ["--unit", node.unit, "--pages", node.pages, "--door", node.door]
        words += ["--practice"] if code == "PRACTICE" else []
        officers = [[f"{name}.{code.lower()}", *rest] for name, rest in OFFICERS.items()]
        source = MAKE.format(words=words, officers=officers, password=PASSWORD)
        return self._carry_out(code, [sys.executable, "-P", "-c", source], "", check=True).stdout

    def run(self, code: str, *words: str, text: str = "", check: bool = True) -> subprocess.CompletedProcess[str]:
        """`ilex words...` at one node. With `check` a status other than 0 fails the test with what was said."""
        command = [sys.executable, "-P", "-m", "ilex.config.command", *words]
        return self._carry_out(code, command, text, check)

    def shell(self, code: str, source: str, *, check: bool = True) -> str:
        """What Python prints at one node, with Django set up and the database open."""
        program = "import django; django.setup()\n" + source
        if self.own_databases:
            program = OPENED.format(program=program)
        return self._carry_out(code, [sys.executable, "-P", "-c", program], "", check).stdout

    def _carry_out(self, code: str, command: list[str], text: str, check: bool) -> subprocess.CompletedProcess[str]:
        environment = {**self.nodes[code].environment, "DJANGO_SETTINGS_MODULE": "ilex.config.settings"}
        done = subprocess.run(
            command, env=environment, input=text, capture_output=True, text=True, timeout=300, check=False
        )
        if check:
            assert done.returncode == 0, f"{code}: {command[-1]}\n{done.stdout}\n{done.stderr}"
        return done

    def start(self, *codes: str, only: str = "") -> None:
        """`ilex up`, and wait until pages and door answer."""
        for code in codes:
            self.begin(code, only=only)
        for code in codes:
            self.wait_until_up(code, only.split(",") if only else ["pages", "door"])

    def begin(self, code: str, *, only: str = "", log: Path | None = None) -> None:
        """`ilex up`, without waiting for anything; what it says goes into the folder's `up.log`, or elsewhere."""
        node = self.nodes[code]
        command = [sys.executable, "-P", "-m", "ilex.config.command", "up", "--workers", "1"]
        with (log or node.folder / "up.log").open("ab") as said:
            node.process = subprocess.Popen(
                [*command, *(["--only", only] if only else [])],
                env=node.environment,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    def wait_until_up(self, code: str, parts: Iterable[str] = ("pages", "door")) -> None:
        node = self.nodes[code]
        if "pages" in parts:
            until(lambda: _pages_answer(node.pages), f"{code}'s pages to answer", self._alive(code))
        if "door" in parts:
            until(lambda: _port_answers(node.door), f"{code}'s door to answer", self._alive(code))

    def _alive(self, code: str) -> Callable[[], None]:
        def alive() -> None:
            node = self.nodes[code]
            assert node.process is not None
            assert node.process.poll() is None, f"{code} ended:\n{node.log[-3000:]}"

        return alive

    def stop(self, *codes: str) -> None:
        """SIGTERM to the supervisors, as an operator does it; waits for all of their processes."""
        running = [self.nodes[code] for code in codes if self.nodes[code].process is not None]
        for node in running:
            assert node.process is not None
            node.process.send_signal(signal.SIGTERM)
        for node in running:
            assert node.process is not None
            try:
                node.process.wait(timeout=40)
            except subprocess.TimeoutExpired:
                os.killpg(node.process.pid, signal.SIGKILL)
                node.process.wait(timeout=10)
            node.process = None

    def kill(self, code: str, part: str) -> int:
        """kill -9 of one part (pages, door, relay, clock) or of the `supervisor`. Returns the process id."""
        node = self.nodes[code]
        assert node.process is not None
        pid = node.process.pid if part == "supervisor" else node.parts[part]
        os.kill(pid, signal.SIGKILL)
        return pid

    # All nodes

    def _everywhere(self, do: Callable[[str], str]) -> dict[str, str]:
        with ThreadPoolExecutor(2) as pool:
            return dict(zip(self.nodes, pool.map(do, self.nodes), strict=True))

    def pair_all(self, cards: dict[str, str]) -> None:
        """Every node takes every other one's card; the fingerprints that both sides see are compared here."""

        def take(code: str) -> str:
            others = {self.nodes[other].unit: card for other, card in cards.items() if other != code}
            return self.shell(code, PAIR.format(cards=others))

        seen = {code: json.loads(said) for code, said in self._everywhere(take).items()}
        for one in self.nodes:
            for other in self.nodes:
                if one != other:
                    assert seen[one][self.nodes[other].unit] == seen[other][self.nodes[one].unit]


MAKE = """
from ilex.config import command, first, foundation
first.make({words!r})
command.set_up()
from django.conf import settings
with foundation.opened(settings.NODE):
    foundation.prepare(settings.NODE, say=lambda sentence: None)
    from ilex.gate.cards import own_card
    from ilex.config import officers
    for sign_in, name, roles in {officers!r}:
        officers.add(sign_in, name, roles, ["en"], "en", {password!r})
    print(own_card(), end="")
"""

PAIR = """
import json
from ilex.gate import actions
seen = {{}}
for unit, card in {cards!r}.items():
    actions.take_card(card)
    seen[unit] = actions.fingerprint_with(unit)
    actions.confirm(unit, seen[unit])
print(json.dumps(seen))
"""

MIGRATE = "from django.core.management import call_command; call_command('migrate', verbosity=0)"

OPENED = """
from django.conf import settings
from ilex.config import foundation
with foundation.opened(settings.NODE):
    exec({program!r})
"""


def until(
    true: Callable[[], bool], what: str, alive: Callable[[], None] = lambda: None, seconds: float = PATIENCE
) -> None:
    """Wait for something that happens by itself in another process; says what it waited for when it does not."""
    end = time.monotonic() + seconds
    while not true():
        alive()
        assert time.monotonic() < end, f"waited {seconds:g} s in vain for {what}"
        time.sleep(0.05)


def free_ports(count: int) -> list[int]:
    """Ports nobody listens on, outside of the range the kernel gives to outgoing connections.

    It takes a while until a node listens on its own: what one process of the tests draws another does not.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % WORKERS
    found: list[int] = []
    while len(found) < count:
        port = 10_000 + WORKERS * secrets.randbelow(20_000 // WORKERS) + worker
        with socket.socket() as probe:
            if port not in found and probe.connect_ex(("127.0.0.1", port)) != 0:
                found.append(port)
    return found


@cache
def tables() -> str:
    """The name of a database with all tables and no rows: made once for a process, since it takes longer than the rest
    of making a node."""
    name = f"ilex_tables_{secrets.token_hex(4)}"
    url = make_database(name)
    atexit.register(_forget, url)
    subprocess.run(
        [sys.executable, "-P", "-c", "import django; django.setup()\n" + MIGRATE],
        env={**os.environ, "DATABASE_URL": url, "PYTHONPATH": str(HOUSE)},
        timeout=300,
        check=True,
    )
    return name


def _forget(url: str) -> None:
    with suppress(psycopg.OperationalError):  # the server of the test run has ended before
        drop_database(url)


def make_database(name: str, like: str = "template0") -> str:
    """An empty one, or a copy of another; gives its URL."""
    url = os.environ["DATABASE_URL"]
    words = [sql.Identifier(name), sql.Identifier(like)]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'").format(*words))
    before, _, options = url.partition("?")
    return f"{before.rpartition('/')[0]}/{name}" + (f"?{options}" if options else "")


def drop_database(url: str) -> None:
    name = url.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _pages_answer(place: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://{place}/", timeout=5) as answer:
            return bool(answer.status)
    except urllib.error.HTTPError as error:
        return error.code < 500
    except OSError:
        return False


def _port_answers(place: str) -> bool:
    host, _, port = place.rpartition(":")
    with socket.socket() as probe:
        return probe.connect_ex((host, int(port))) == 0


def _children(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and _parent(entry) == parent:
            found.append(int(entry.name))
    return found


def _parent(process: Path) -> int:
    try:
        # The name in brackets may hold spaces; the parent is the second field after it.
        return int((process / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[1])
    except (OSError, IndexError):
        return 0


def _comm(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""
