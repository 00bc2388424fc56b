"""A real socket server that speaks the part of clamd's protocol that we use, so that no test needs ClamAV itself."""

from __future__ import annotations

import socketserver
import struct
import tempfile
import threading
from pathlib import Path
from types import TracebackType

# EICAR's test text, in halves so that no scanner stops at this file.
EICAR = (r"X5O!P%@AP[4\PZX54(P^)7CC)7}" + r"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*").encode()


class Daemon:
    """`at` is its address. `largest` bytes are taken; `answer` replaces what it says of a stream."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="ilex-scanner-")
        path = Path(self._folder.name) / "s"
        self.at = f"unix:{path}"
        self.largest = 10 * 2**20
        self.answer: bytes | None = None
        self.streams: list[bytes] = []
        self._server = _Server(str(path), _Talk)
        self._server.daemon_of = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)

    def __enter__(self) -> Daemon:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._folder.cleanup()

    def stop(self) -> None:
        """Twice does no harm. The socket stays where it lay, as after a crash."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def say_of(self, stream: bytes) -> bytes:
        if self.answer is not None:
            return self.answer
        if len(stream) > self.largest:
            return b"INSTREAM size limit exceeded. ERROR"
        return b"stream: Win.Test.EICAR_HDB-1 FOUND" if EICAR in stream else b"stream: OK"


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    block_on_close = False
    daemon_of: Daemon


class _Talk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        daemon: Daemon = self.server.daemon_of  # type: ignore[attr-defined]
        word = self._word()
        if word == b"zVERSION":
            self.wfile.write(b"ClamAV 1.4.3/27800/Fri Nov 20 09:00:00 2026\0")
        elif word == b"zINSTREAM":
            stream = self._stream(daemon.largest)
            daemon.streams.append(stream)
            self.wfile.write(daemon.say_of(stream) + b"\0")

    def _word(self) -> bytes:
        said = b""
        while not said.endswith(b"\0") and (letter := self.rfile.read(1)):
            said += letter
        return said.rstrip(b"\0")

    def _stream(self, largest: int) -> bytes:
        stream = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            stream += self.rfile.read(size)
            if len(stream) > largest:
                break
        return stream
