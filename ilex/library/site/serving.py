"""Serves the folder of the public site, and knows nothing else: no settings, no database, no keys.

`ilex up` starts it as a program of its own: `python -m ilex.library.site.serving FOLDER DESCRIPTOR`.
"""

from __future__ import annotations

import mimetypes
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from email.utils import formatdate
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote

PIECE = 2**16
POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
ALWAYS = [
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
    ("Cache-Control", "public, max-age=60"),
]
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".rss": "application/rss+xml; charset=utf-8",
    ".atom": "application/atom+xml; charset=utf-8",
    ".png": "image/png",
    ".ico": "image/png",  # what browsers ask for by themselves
    ".pdf": "application/pdf",
}
SHOWN = frozenset(KINDS)  # anything else is only ever a file to save

Start = Callable[[str, list[tuple[str, str]]], object]
Application = Callable[[Mapping[str, Any], Start], Iterable[bytes]]


def application(folder: Path) -> Application:
    """Answers GET and HEAD with the files of this folder."""

    def answer(asked: Mapping[str, Any], start: Start) -> Iterable[bytes]:
        if asked["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return _said(start, "405 Method Not Allowed", "This site is only read.", ("Allow", "GET, HEAD"))
        path = find(folder, asked.get("PATH_INFO", ""))
        if path is None:
            return _said(start, "404 Not Found", "There is no such page.")
        return _file(path, asked, start)

    return answer


def find(folder: Path, wanted: str) -> Path | None:
    """The file that this path means. Nothing outside of the folder, nothing hidden, no link to somewhere else."""
    parts = unquote(wanted.encode("latin-1", "replace").decode("utf-8", "replace")).strip("/").split("/")
    if parts == [""]:
        parts = []
    if any(part in ("", ".", "..") or part.startswith(".") or "\0" in part or "\\" in part for part in parts):
        return None
    path = folder.joinpath(*parts)
    try:
        if path.is_dir():
            path /= "index.html"
        inside = path.resolve(strict=True).is_relative_to(folder.resolve())
        return path if inside and stat.S_ISREG(path.lstat().st_mode) else None
    except OSError:
        return None


def _file(path: Path, asked: Mapping[str, Any], start: Start) -> Iterable[bytes]:
    try:
        file = path.open("rb")
    except OSError:  # a new site took the place of the old one in this moment
        return _said(start, "503 Service Unavailable", "Try again in a moment.", ("Retry-After", "1"))
    facts = os.fstat(file.fileno())
    mark = f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"'
    headers = [*ALWAYS, ("ETag", mark), ("Last-Modified", formatdate(facts.st_mtime, usegmt=True))]
    if asked.get("HTTP_IF_NONE_MATCH") == mark:
        file.close()
        start("304 Not Modified", headers)
        return []
    start("200 OK", [*headers, *_kind(path), ("Content-Length", str(facts.st_size))])
    if asked["REQUEST_METHOD"] == "HEAD":
        file.close()
        return []
    return _pieces(file)


def _kind(path: Path) -> list[tuple[str, str]]:
    kind = KINDS.get(path.suffix.lower()) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    inside = path.suffix.lower() in SHOWN and path.parent.parent.name != "files"
    return [("Content-Type", kind), *([] if inside else [("Content-Disposition", "attachment")])]


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


def _said(start: Start, status: str, sentence: str, *more: tuple[str, str]) -> Iterable[bytes]:
    said = f"{sentence}\n".encode()
    usual = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(said)))]
    start(status, [*ALWAYS, *usual, *more])
    return [said]


def serve(folder: Path, descriptor: int) -> None:
    """Answer until SIGTERM, on a socket that was bound by somebody else."""
    from gunicorn.app.base import BaseApplication  # late: whoever only asks for the application needs no server

    class Server(BaseApplication):  # type: ignore[misc]  # gunicorn publishes no types
        def load_config(self) -> None:
            settings = {
                "bind": f"fd://{descriptor}",
                "workers": 1,
                "threads": 8,
                "worker_class": "gthread",
                "control_socket_disable": True,
                "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,  # noqa: S108 (as for the pages)
                "graceful_timeout": 10,
                "timeout": 30,
                "keepalive": 5,
                "loglevel": "warning",
                "errorlog": "-",
            }
            for name, value in settings.items():
                self.cfg.set(name, value)

        def load(self) -> Application:
            return application(folder)

    Server().run()


if __name__ == "__main__":
    with suppress(OSError):
        Path("/proc/self/comm").write_text("ilex-site")  # what `ps` calls it
    serve(Path(sys.argv[1]), int(sys.argv[2]))
