"""Small facts about processes that Python's own library leaves to the system."""

from __future__ import annotations

import ctypes
import logging
import os
import signal
import sys
import traceback
from pathlib import Path

PR_SET_PDEATHSIG, PR_SET_NAME = 1, 15  # prctl(2)


def name(text: str) -> None:
    """What `ps` and `top` call this process (15 bytes)."""
    _prctl(PR_SET_NAME, ctypes.create_string_buffer(text.encode()[:15]))


def end_with(parent: int) -> None:
    """Ask the kernel to end this process calmly when its parent dies, however it dies."""
    _prctl(PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGTERM))
    if os.getppid() != parent:  # it died before we asked
        os.kill(os.getpid(), signal.SIGTERM)


def _prctl(option: int, value: object) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0)


def lives(number: int, called: str) -> bool:
    """Whether a process of this number and name runs. One that has ended and that no parent asked for does not."""
    try:
        facts = Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    said, _, rest = facts.partition("(")[2].rpartition(")")
    return said == called and rest.split()[0] not in {"Z", "X"}


def where(error: BaseException) -> str:
    """The kind of an error and the line of our own code it passed last: all that may stand in a log.

    The text of an error can hold what an officer wrote about a person. ILEX_TRACE=1 shows everything.
    """
    if os.environ.get("ILEX_TRACE") == "1":
        return "".join(traceback.format_exception(error))
    house = str(Path(__file__).parent.parent)
    ours = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(house)]
    place = f" at {Path(ours[-1].filename).relative_to(house)}:{ours[-1].lineno}" if ours else ""
    return f"{type(error).__name__}{place}"


class Plain(logging.Formatter):
    """One line for each event. An error is told by its kind and place, whoever logs it."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        if record.exc_info and record.exc_info[1]:
            record = logging.makeLogRecord({**vars(record), "exc_text": where(record.exc_info[1])})
        return super().format(record)


def logger(part: str) -> logging.Logger:
    return logging.getLogger(f"ilex.{part}")
