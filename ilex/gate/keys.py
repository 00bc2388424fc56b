"""The keys of this node: made here, kept in its folder, renewed in generations.

`keys/ring.json` tells which generation seals (`current`), which one stands on the line (`line`: it changes only
when the peers know the new certificate) and which one is prepared but not yet in use (`next`). Mail sealed for a
retired generation can be opened until its files are dropped.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from joserfc.jwk import ECKey

from ilex.gate.canonical import Malformed, canonical, strict
from ilex.gate.certificates import certificate_digest, make_certificate
from ilex.gate.errors import BadKeys
from ilex.gate.fields import read_bytes, read_moment, show_bytes, show_moment
from ilex.gate.signing import SealKey, Signer, public_jwk

FORMAT = "ilex-ring-1"
PRIVATE = ("seal.pem", "open.pem", "log.pem", "tls.pem")
CARD = "card.jws"  # public; kept for ever, it proves which keys were ours
KEPT = timedelta(days=90)  # retired keys still open mail that was long on its way


@dataclass(frozen=True)
class Line:
    """What the door and the relay show on TLS: files of the node's own folder."""

    certificate: Path
    key: Path
    pem: str
    sha256: str
    retired: datetime | None  # since then another generation seals, and peers still have to learn its certificate


@dataclass(frozen=True)
class KeyRing:
    """The keys of one generation, and everything that still opens."""

    folder: Path  # of this generation
    unit: str
    serial: int
    made: datetime
    seal: Signer
    opens: Mapping[str, ECKey]
    open_kid: str
    log: Ed25519PrivateKey
    line: Line
    logs: Sequence[Ed25519PublicKey]  # of every generation: what signed older heads stays proven
    previous: str  # kid of the seal key before this one; empty for the first
    next: int | None  # a generation that is prepared

    @property
    def open_jwk(self) -> dict[str, str]:
        return public_jwk(self.opens[self.open_kid])

    @property
    def log_jwk(self) -> dict[str, str]:
        return {"kty": "OKP", "crv": "Ed25519", "x": show_bytes(self.log.public_key().public_bytes_raw())}

    @property
    def tls_pem(self) -> str:
        """The certificate of this generation, which is not yet the one on the line just after a renewal."""
        return (self.folder / "tls.crt").read_text("ascii")


def here() -> Path:
    return Path(settings.ILEX_FOLDER) / "keys"


def door_address() -> str:
    """Where peers reach our door."""
    return str(settings.ILEX_ENDPOINT or f"https://{settings.NODE.door}")


def own() -> KeyRing:
    """This node's ring. Cheap to ask again and again; another process's renewal is seen at the next call."""
    folder = here()
    stamp = _stamp(folder / "ring.json")
    if stamp not in _seen:
        ring = ring_of(folder)
        _seen.clear()
        _seen[stamp] = ring
        return ring
    return _seen[stamp]


def ring_of(folder: Path, serial: int | None = None) -> KeyRing:
    """The ring in that folder, seen from its current generation or the one asked for."""
    facts = _read(folder)
    serial = serial or facts["current"]
    generation = folder / _name(serial)
    opens = dict(_opening_key(folder / _name(number)) for number in _whole(folder, facts))
    return KeyRing(
        folder=generation,
        unit=facts["unit"],
        serial=serial,
        made=read_moment(facts["generations"][str(serial)]["made"]),
        seal=SealKey(ECKey.import_key(_private(generation / "seal.pem"))),
        opens=opens,
        open_kid=_opening_key(generation)[0],
        log=_log_key(generation),
        line=_line(folder / _name(facts["line"]), facts["generations"][str(facts["line"])]["retired"]),
        logs=[_log_public(one["log"]) for one in facts["generations"].values()],
        previous=facts["generations"][str(serial)]["previous"],
        next=facts["next"],
    )


def make_keys(folder: Path | None = None, *, unit: str = "", endpoint: str = "", at: datetime | None = None) -> bool:
    """Make the first generation; False when there are keys already."""
    folder = folder or here()
    at = at or timezone.now()
    with alone(folder):
        if (folder / "ring.json").exists():
            return False
        unit = unit or settings.ILEX_UNIT
        _make_generation(folder, 1, unit, endpoint or door_address(), at)
        facts = {
            "format": FORMAT,
            "unit": unit,
            "current": 1,
            "line": 1,
            "next": None,
            "generations": {"1": _facts(folder, 1, at, previous="")},
        }
        _write_facts(folder, facts)
        return True


def prepare_next(folder: Path, endpoint: str, at: datetime) -> KeyRing:
    """Make the generation after the current one, which opens at once and seals only after `use_next`.

    Asked twice it gives back the one that is prepared already.
    """
    with alone(folder):
        facts = _read(folder)
        if facts["next"] is None:
            number = facts["current"] + 1
            _make_generation(folder, number, facts["unit"], endpoint, at)
            facts["generations"][str(number)] = _facts(folder, number, at, previous=ring_of(folder).seal.kid)
            facts["next"] = number
            _write_facts(folder, facts)
    return ring_of(folder, facts["next"])


def use_next(folder: Path, at: datetime) -> None:
    """From now on the prepared generation seals. Nothing happens when none is prepared."""
    with alone(folder):
        facts = _read(folder)
        if facts["next"] is not None:
            facts["generations"][str(facts["current"])]["retired"] = show_moment(at)
            facts["current"], facts["next"] = facts["next"], None
            _write_facts(folder, facts)


def use_newest_line(folder: Path) -> bool:
    """Show the current generation's certificate on the line; True when it was another before."""
    with alone(folder):
        facts = _read(folder)
        changed = bool(facts["line"] != facts["current"])
        if changed:
            facts["line"] = facts["current"]
            _write_facts(folder, facts)
        return changed


def drop_retired(folder: Path, at: datetime) -> list[int]:
    """Destroy the private keys that were retired more than 90 days before `at`; tells which generations."""
    with alone(folder):
        facts = _read(folder)
        before = show_moment(at - KEPT)
        dropped = [
            number
            for number in _whole(folder, facts)
            if number != facts["line"] and (facts["generations"][str(number)]["retired"] or "9") < before
        ]
        for number in dropped:
            for name in PRIVATE:
                (folder / _name(number) / name).unlink(missing_ok=True)
        if dropped:
            _write_facts(folder, facts)  # a new stamp: every process lets go of what it holds in memory
        return dropped


def write_file(path: Path, content: bytes) -> None:
    """Whole or not at all, and on the disk before this returns; readable by the owner alone."""
    passing = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(passing, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    passing.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


_seen: dict[tuple[str, int, int, int], KeyRing] = {}


def _stamp(path: Path) -> tuple[str, int, int, int]:
    try:
        facts = path.stat()
    except FileNotFoundError as error:
        raise BadKeys(_("This node has no keys yet. Run: ilex init")) from error
    return str(path), facts.st_mtime_ns, facts.st_ino, facts.st_size


def _name(serial: int) -> str:
    return f"{serial:04d}"


def _read(folder: Path) -> dict[str, Any]:
    path = folder / "ring.json"
    _stamp(path)
    if folder.stat().st_mode & 0o077:
        raise BadKeys(_("Other users of this machine can read %(folder)s. Run: chmod 700") % {"folder": folder})
    try:
        facts = strict(path.read_bytes())
    except Malformed as error:
        raise BadKeys(_("%(path)s is damaged. Restore it from a backup.") % {"path": path}) from error
    if not isinstance(facts, dict) or facts.get("format") != FORMAT:
        raise BadKeys(_("%(path)s is not a ring of keys that this version knows.") % {"path": path})
    return facts


def _write_facts(folder: Path, facts: dict[str, Any]) -> None:
    write_file(folder / "ring.json", canonical(facts))


def _whole(folder: Path, facts: dict[str, Any]) -> list[int]:
    return [int(number) for number in facts["generations"] if (folder / _name(int(number)) / "open.pem").exists()]


def _facts(folder: Path, serial: int, at: datetime, previous: str) -> dict[str, Any]:
    log = _log_key(folder / _name(serial)).public_key().public_bytes_raw()
    return {"made": show_moment(at), "retired": None, "previous": previous, "log": show_bytes(log)}


def _make_generation(folder: Path, serial: int, unit: str, endpoint: str, at: datetime) -> None:
    generation = folder / _name(serial)
    generation.mkdir(mode=0o700, exist_ok=True)
    tls = ec.generate_private_key(ec.SECP256R1())
    for name, key in (
        ("seal.pem", ec.generate_private_key(ec.SECP256R1())),
        ("open.pem", ec.generate_private_key(ec.SECP256R1())),
        ("log.pem", Ed25519PrivateKey.generate()),
        ("tls.pem", tls),
    ):
        write_file(generation / name, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    write_file(generation / "tls.crt", make_certificate(tls, unit, endpoint, at))


def _private(path: Path) -> ec.EllipticCurvePrivateKey:
    key = _load(path)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise BadKeys(_("%(path)s is not a key of its kind.") % {"path": path})
    return key


def _opening_key(generation: Path) -> tuple[str, ECKey]:
    key = ECKey.import_key(_private(generation / "open.pem"))
    return key.thumbprint(), key


def _log_key(generation: Path) -> Ed25519PrivateKey:
    key = _load(generation / "log.pem")
    if not isinstance(key, Ed25519PrivateKey):
        raise BadKeys(_("%(path)s is not a key of its kind.") % {"path": generation / "log.pem"})
    return key


def _log_public(text: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(read_bytes(text))


def _load(path: Path) -> object:
    try:
        return load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise BadKeys(_("The key %(path)s cannot be read.") % {"path": path}) from error


def _line(generation: Path, retired: str | None) -> Line:
    certificate = generation / "tls.crt"
    pem = certificate.read_text("ascii")
    since = read_moment(retired) if retired else None
    return Line(certificate, generation / "tls.pem", pem, certificate_digest(pem), since)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Two processes must not make or change one ring at once."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / "ring.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
