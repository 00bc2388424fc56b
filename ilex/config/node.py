"""The facts of this one node: its folder, unit, addresses and database, from `node.toml` and the environment.

ILEX_HOME names the folder. Everything a node keeps lies in it: `node.toml`, `secret`, `keys/`, `blobs/`,
`database/`. DATABASE_URL replaces the embedded server.
"""

from __future__ import annotations

import os
import re
import secrets
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


class NodeError(Exception):
    """One clear sentence for the operator: the folder or the environment is not as it must be."""


@dataclass(frozen=True)
class Node:
    folder: Path
    unit: str
    language: str = "en"
    zone: str = "UTC"
    pages: str = "127.0.0.1:8000"  # where the pages listen
    door: str = "127.0.0.1:9000"  # where the peers' door listens
    endpoint: str = ""  # how peers reach the door, when a proxy or a name stands before it
    public: str = ""  # how officers reach the pages, when a proxy stands before them
    certificate_header: str = ""  # where a proxy before the door names the peer's certificate; Unix socket only
    scanner: str = "when present"  # or "required": nothing opens that was not scanned for malware
    scanner_at: str = "unix:/run/clamav/clamd.ctl"  # where ClamAV's daemon listens
    site: str = ""  # where the public site of news listens; empty: it is not served from here
    practice: bool = False  # this node's officer is the program: ilex.exchange.practice
    testing: bool = False
    made: bool = False  # `ilex init` has been here
    embedded: bool = True  # the database is our own server in the folder
    secret: str = field(default="", repr=False)
    database: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def hosts(self) -> list[str]:
        names = {"127.0.0.1", "localhost", "[::1]", _host(self.pages)}
        if self.public:
            names.add(urlsplit(self.public).hostname or "")
        if self.testing:
            names.add("testserver")
        return sorted(names - {"", "0.0.0.0", "::"})  # noqa: S104 (a listening address, not a name in a URL)

    @property
    def origins(self) -> list[str]:
        return [self.public] if self.public else []

    @property
    def pages_over_tls(self) -> bool:
        return self.public.startswith("https://")

    def cookie(self, what: str) -> str:
        return f"ilex_{self.unit.replace('-', '_')}_{what}"


def here() -> Node:
    """Read the node this process works for. Raises NodeError with one sentence when something is wrong."""
    folder = home()
    facts = read_facts(folder / "node.toml") | _site_of_the_environment()
    return Node(
        folder=folder,
        secret=_secret(folder),
        database=_database(folder),
        testing=os.environ.get("ILEX_TESTING") == "1",
        made="unit" in facts,
        embedded=not os.environ.get("DATABASE_URL"),
        **{"unit": os.environ.get("ILEX_UNIT", "ilecu-rs"), **facts},
    )


def _site_of_the_environment() -> dict[str, str]:
    """ILEX_SITE wins over what node.toml says; empty switches it off."""
    if (given := os.environ.get("ILEX_SITE")) is None:
        return {}
    try:
        return {"site": _optional(given)}
    except ValueError as error:
        raise NodeError(f"ILEX_SITE {error}.") from error


def home() -> Path:
    folder = Path(os.environ.get("ILEX_HOME") or ".ilex/node").resolve()
    if folder.exists() and not folder.is_dir():
        raise NodeError(f"ILEX_HOME must name a folder, and {folder} is a file.")
    return folder


# One check for each setting of node.toml, and the sentence for a value that does not pass it.
UNIT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LANGUAGE = re.compile(r"[a-z]{2}(-[a-z]{4})?")
ADDRESS = re.compile(r"(?P<host>\[[0-9a-f:.]+\]|[A-Za-z0-9.-]+):(?P<port>\d{1,5})")
HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")
SOCKET = re.compile(r"unix:/\S+")


def checked(name: str, value: object) -> str | bool:
    """A setting as it may stand in node.toml. Raises ValueError with the rest of a sentence."""
    if name == "practice":
        if isinstance(value, bool):
            return value
        raise ValueError("must be true or false")
    if name not in CHECKS:
        raise ValueError("is not a setting; see docs/operate.md")
    if not isinstance(value, str):
        raise ValueError("must be a text in quotation marks")
    return CHECKS[name](value)


def _unit(value: str) -> str:
    if not UNIT.fullmatch(value) or len(value) > 60:
        raise ValueError(f"is not the id of a unit: {value!r}; an id looks like ilecu-rs")
    return value


def _language(value: str) -> str:
    if not LANGUAGE.fullmatch(value):
        raise ValueError(f"is not a language code: {value!r}; a code looks like sr or sr-latn")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"is not a known time zone: {value!r}; a zone looks like Europe/Belgrade") from error
    return value


def _listening(value: str) -> str:
    if SOCKET.fullmatch(value):
        return value
    match = ADDRESS.fullmatch(value)
    if not match or not 0 < int(match["port"]) < 65536:
        raise ValueError(f"is not an address: {value!r}; an address looks like 127.0.0.1:8000")
    return value


def _optional(value: str) -> str:
    return value and _listening(value)


def _public(value: str) -> str:
    return value and _web(value, {"http", "https"})


def _endpoint(value: str) -> str:
    return value and _web(value, {"https"})


def _web(value: str, schemes: set[str]) -> str:
    try:
        parts = urlsplit(value)
        good = parts.scheme in schemes and bool(parts.hostname) and not parts.path.strip("/") and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise ValueError(f"is not a web address without a path: {value!r}; one looks like https://ilex.example.org")
    return value.rstrip("/")


def _header(value: str) -> str:
    if value and not HEADER.fullmatch(value):
        raise ValueError(f"is not the name of a header: {value!r}; one looks like X-Peer-Certificate")
    return value


def _scanner(value: str) -> str:
    if value not in {"when present", "required"}:
        raise ValueError(f'must be "when present" or "required", not {value!r}')
    return value


CHECKS = {
    "unit": _unit,
    "language": _language,
    "zone": _zone,
    "pages": _listening,
    "door": _listening,
    "site": _optional,
    "endpoint": _endpoint,
    "public": _public,
    "certificate_header": _header,
    "scanner": _scanner,
    "scanner_at": _listening,
}


def address(text: str) -> tuple[str, int] | str:
    """What a socket binds to: (host, port), or the path of a Unix socket."""
    if text.startswith("unix:"):
        return text.removeprefix("unix:")
    host, _, port = text.rpartition(":")
    return host.strip("[]"), int(port)


def _host(text: str) -> str:
    return "" if text.startswith("unix:") else text.rpartition(":")[0]


def read_facts(path: Path) -> dict[str, Any]:
    try:
        facts = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise NodeError(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise NodeError(f"{path} is not readable TOML: {error}.") from error
    for name, value in facts.items():
        try:
            facts[name] = checked(name, value)
        except ValueError as error:
            raise NodeError(f"{path}: {name} {error}.") from error
    if facts and "unit" not in facts:
        raise NodeError(f"{path}: the setting unit is missing.")
    return facts


def _secret(folder: Path) -> str:
    if given := os.environ.get("ILEX_SECRET"):
        return given
    try:
        return (folder / "secret").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        # No folder yet (`ilex --help`, the type checker): a passing secret, written down by `ilex init`.
        return secrets.token_urlsafe(50)
    except (OSError, UnicodeDecodeError) as error:
        raise NodeError(f"The file {folder / 'secret'} cannot be read.") from error


def _database(folder: Path) -> dict[str, Any]:
    return database_settings(os.environ.get("DATABASE_URL") or embedded_url(folder))


def embedded_url(folder: Path) -> str:
    """The URL that the embedded server wrote when it was made; before that, one that leads nowhere."""
    try:
        return (folder / "database.url").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return "postgresql:///ilex"
    except OSError as error:
        raise NodeError(f"The file {folder / 'database.url'} cannot be read: {error.strerror}.") from error


def database_settings(url: str) -> dict[str, Any]:
    parts, port = _split(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "ilex",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or parts.hostname or "",
        "PORT": options.pop("port", "") or port,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {**options, "connect_timeout": _seconds(options)},
    }


def _split(url: str) -> tuple[SplitResult, str]:
    try:
        parts = urlsplit(url)
        port = str(parts.port or "")
    except ValueError as error:
        # The address itself holds a password: it is not repeated in the sentence.
        raise NodeError("DATABASE_URL holds no valid port number.") from error
    if parts.scheme not in {"postgres", "postgresql"}:
        raise NodeError("DATABASE_URL must begin with postgresql://, as in postgresql://user:password@host/name.")
    return parts, port


def _seconds(options: dict[str, Any]) -> int:
    try:
        return int(options.get("connect_timeout", "10"))
    except ValueError as error:
        raise NodeError("DATABASE_URL: connect_timeout must be a whole number of seconds.") from error
