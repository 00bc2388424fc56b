"""The process that reads one file: the bytes come in on its input, the extract goes out, and it is gone.

What it may use is set before the first byte is looked at. It is given no database and no key, and a file that makes
its reader run wild ends this process and nothing else.
"""

from __future__ import annotations

import faulthandler
import json
import resource
import signal
import struct
import sys
from contextlib import suppress
from dataclasses import asdict

MEMORY = 1536 * 2**20
FILES = 64


def limit(seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, FILES))
    signal.alarm(seconds)  # a parent that died leaves nobody else to end it


def main() -> int:
    seconds, language, largest = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    limit(seconds)
    faulthandler.disable()
    from ilex.documents.readers.reading import read  # after the limits: what it imports counts too

    content = sys.stdin.buffer.read(largest + 1)
    if len(content) > largest:
        return 3
    extract = read(content, language)
    del content
    facts = {
        "kind": extract.kind,
        "text": extract.text,
        "pages": extract.pages,
        "head": asdict(extract.head) if extract.head else None,
        "ocr": extract.ocr,
        "why": extract.why,
        "cut": extract.cut,
        "parts": [{"name": part.name, "size": len(part.content)} for part in extract.parts],
    }
    said = json.dumps(facts, ensure_ascii=True).encode()
    out = sys.stdout.buffer
    out.write(struct.pack("!L", len(said)) + said)
    for part in extract.parts:
        out.write(part.content)
    out.flush()
    return 0


if __name__ == "__main__":
    with suppress(MemoryError):
        sys.exit(main())
    sys.exit(4)
