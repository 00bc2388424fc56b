"""The door to the readers: each file is read by a process of its own, with limits of memory, time and output."""

from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from ilex.documents.readers.extract import PART_BYTES, PARTS, TEXT

SECONDS = 60  # of the clock and of the processor
LARGEST = 64 * 2**20  # bytes of a file that is read
FACTS = 8 * TEXT  # bytes of JSON about it
HOUSE = Path(__file__).resolve().parent.parent.parent
QUIET = {"PYTHONPATH": str(HOUSE), "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8", "PYTHONWARNINGS": "ignore"}


@dataclass(frozen=True)
class Part:
    name: str
    content: bytes


@dataclass(frozen=True)
class Reading:
    """What came out. `why` is a code of `reasons.WHY` when nothing did, though something might have."""

    kind: str = ""  # empty: the process ended before it could tell
    text: str = ""
    pages: int | None = None
    head: dict[str, str] | None = None
    ocr: bool = False
    cut: bool = False
    why: str = ""
    parts: tuple[Part, ...] = field(default=(), repr=False)


def read(chunks: Iterable[bytes], language: str = "", *, seconds: int = SECONDS) -> Reading:
    """Read one file. Whatever is in it, this comes back within `seconds` and a little, with at most what it may hold.

    What `chunks` raises is passed on.
    """
    process = subprocess.Popen(  # noqa: S603  # our own program; the stranger's bytes go in by the pipe
        [sys.executable, "-m", "ilex.documents.readers", str(seconds), language or "-", str(LARGEST)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd="/",
        env={"PATH": os.environ.get("PATH", os.defpath), **_homes(), **QUIET},
    )
    late = threading.Timer(seconds + 5, _end, [process])
    late.start()
    try:
        assert process.stdin is not None  # noqa: S101  # both are pipes
        assert process.stdout is not None  # noqa: S101
        fault = _feed(process.stdin, chunks)
        reading = _taken(process.stdout)
        with suppress(subprocess.TimeoutExpired):
            process.wait(2)  # its own exit says more than our end of it
    finally:
        late.cancel()
        _end(process)
        process.wait()
    if fault is not None:
        raise fault
    return reading or Reading(why=_why(process.returncode))


def _homes() -> dict[str, str]:
    """Where the text recogniser finds its languages, if the operator says so."""
    return {name: os.environ[name] for name in ("TESSDATA_PREFIX",) if name in os.environ}


def _feed(pipe: BinaryIO | Any, chunks: Iterable[bytes]) -> Exception | None:
    """The reader takes all before it says a word, so one after the other is enough."""
    try:
        for chunk in chunks:
            pipe.write(chunk)
            pipe.flush()  # a reader that has ended is noticed at once
    except (BrokenPipeError, ConnectionResetError):
        return None  # it ended early: its exit says why
    except Exception as error:
        return error
    finally:
        with suppress(OSError):
            pipe.close()
    return None


def _taken(pipe: BinaryIO | Any) -> Reading | None:
    with pipe:
        size = pipe.read(4)
        if len(size) < 4 or struct.unpack("!L", size)[0] > FACTS:
            return None
        said = pipe.read(struct.unpack("!L", size)[0])
        try:
            facts = json.loads(said)
            return _reading(facts, pipe)
        except (ValueError, KeyError, TypeError):
            return None


def _reading(facts: dict[str, Any], pipe: BinaryIO | Any) -> Reading:
    parts, room = [], PART_BYTES
    for told in facts["parts"][:PARTS]:
        size = int(told["size"])
        room -= size
        if size < 0 or room < 0:
            break
        content = pipe.read(size)
        if len(content) < size:
            break
        parts.append(Part(str(told["name"]), content))
    return Reading(
        kind=str(facts["kind"]),
        text=str(facts["text"])[:TEXT],
        pages=facts["pages"] if isinstance(facts["pages"], int) else None,
        head=facts["head"],
        ocr=bool(facts["ocr"]),
        cut=bool(facts["cut"]),
        why=str(facts["why"]),
        parts=tuple(parts),
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    """The reader and what it started."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _why(code: int) -> str:
    if code == 3:
        return "too-large"
    if code == 4 or code == -signal.SIGKILL:
        return "too-much"
    return "too-long" if code in {-signal.SIGALRM, -signal.SIGXCPU} else "broken"
