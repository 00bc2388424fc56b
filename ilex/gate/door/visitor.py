"""Who stands at the door: told by the certificate of the line, never by what the visitor says."""

from __future__ import annotations

import re
import socket
import ssl
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from django.conf import settings
from django.utils.timezone import now

from ilex.gate.certificates import certificate_digest
from ilex.gate.models import Peer
from ilex.gate.queries import on_line
from ilex.gate.tls import shown


@dataclass(frozen=True)
class Visitor:
    peer: Peer
    certificate: str  # SHA-256 in hexadecimal


def visitor(environ: dict[str, Any]) -> Visitor | None:
    """The peer whose pinned certificate stands on this line; None when it is nobody's, or no longer."""
    certificate = _certificate(environ)
    peer = on_line(certificate, now()) if certificate else None
    return Visitor(peer, certificate) if peer else None


def _certificate(environ: dict[str, Any]) -> str:
    line = environ.get("gunicorn.socket")
    if isinstance(line, ssl.SSLSocket):
        return shown(line)
    # Behind a proxy, and only when the operator named the header (docs/operate.md): the proxy ends TLS, checks
    # that the client holds the key, and must strip that header from outside. Over a Unix socket alone, where
    # nobody but the proxy can stand.
    header = settings.ILEX_CERTIFICATE_HEADER
    if header and isinstance(line, socket.socket) and line.family == socket.AF_UNIX:
        return _told(environ.get("HTTP_" + header.upper().replace("-", "_"), ""))
    return ""


def _told(value: str) -> str:
    """From the proxy's header: the SHA-256 in hexadecimal, or the PEM with its letters escaped."""
    if re.fullmatch(r"[0-9a-fA-F]{64}", value):
        return value.lower()
    try:
        return certificate_digest(unquote(value))
    except ValueError:
        return ""
