"""Text in pictures, by tesseract when it is installed. The picture goes in and the text comes out by pipes."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from functools import cache

from ilex.documents.readers.extract import Extract, Unreadable

SECONDS = 30  # for one picture
ALL_SECONDS = 45  # for all of one file; what was recognised until then is kept
BEGUN = time.monotonic()  # a process reads one file
# Our language codes, and what tesseract calls them.
CALLED = {
    "sr": "srp",
    "sr-latn": "srp_latn",
    "mk": "mkd",
    "ro": "ron",
    "uk": "ukr",
    "ka": "kat",
    "hy": "hye",
    "hu": "hun",
    "sq": "sqi",
    "bg": "bul",
    "hr": "hrv",
    "bs": "bos",
    "sl": "slv",
    "el": "ell",
    "de": "deu",
    "tr": "tur",
    "ru": "rus",
    "en": "eng",
}


@cache
def can() -> bool:
    return bool(_installed())


@cache
def _installed() -> frozenset[str]:
    """The languages that are installed; none when the program is not."""
    program = shutil.which("tesseract")
    if program is None:
        return frozenset()
    try:
        said = subprocess.run(  # noqa: S603  # the program by its full path, and no word of a stranger's
            [program, "--list-langs"], capture_output=True, timeout=20, check=False, text=True
        )
    except (OSError, subprocess.TimeoutExpired):
        return frozenset()
    return frozenset(line.strip() for line in said.stdout.splitlines()[1:]) - {"osd", ""}


def languages_for(code: str) -> str:
    """What to tell tesseract: the document's own language, then English; some that are there when unknown."""
    known = _installed()
    own = [CALLED[code]] if CALLED.get(code) in known else []
    if not own:
        own = sorted(known & set(CALLED.values()) - {"eng"})[:3]
    return "+".join(dict.fromkeys([*own, *({"eng"} & known)])) or next(iter(sorted(known)), "")


def recognise(picture: bytes, language: str) -> str:
    """The text in it; empty when there is none, or when it takes too long."""
    program = shutil.which("tesseract")
    left = ALL_SECONDS - (time.monotonic() - BEGUN)
    if program is None or left <= 0:
        return ""
    try:
        done = subprocess.run(  # noqa: S603  # as above
            [program, "stdin", "stdout", "-l", languages_for(language)],
            input=picture,
            capture_output=True,
            timeout=min(SECONDS, left),
            check=False,
            env={**os.environ, "OMP_THREAD_LIMIT": "1"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""


def read(content: bytes, language: str) -> Extract:
    if not can():
        raise Unreadable("no-ocr")
    text = recognise(content, language)
    return Extract(kind="image", text=text, ocr=bool(text))
