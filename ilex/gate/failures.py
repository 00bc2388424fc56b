"""How an unexpected error is told in the log: its kind and place, never its text, which may quote a message."""

from __future__ import annotations

import traceback


def kind_and_place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    places = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames[-4:]))
    cause = f" from {type(error.__cause__).__name__}" if error.__cause__ else ""
    return f"{type(error).__name__}{cause} at {places}"
