"""A process inside one measured node: makes it, then does what it is asked, line by line, until nobody asks.

`python -m ilex.config.bench.worker ilecu-rs 17000 17001`. The first answer is the node's card.
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import Any

from ilex.config import command, first, foundation
from ilex.config.bench.officer import OFFICER, PASSWORD


def main(words: Sequence[str]) -> int:
    signal.signal(signal.SIGTERM, _end)
    try:
        with command.sentences():
            _serve(*words)
    except command.Refusal as refusal:
        _say(error=str(refusal))
        return refusal.status
    return 0


def _serve(unit: str, pages: str, door: str) -> None:
    first.make(["--unit", unit, "--pages", f"127.0.0.1:{pages}", "--door", f"127.0.0.1:{door}"])
    command.set_up()
    from django.conf import settings

    with foundation.opened(settings.NODE):
        foundation.prepare(settings.NODE, say=lambda sentence: None)
        _say(result=_move_in())
        from ilex.config.bench.verbs import VERBS

        for line in sys.stdin:
            verb, *arguments = json.loads(line)
            _say(result=VERBS[verb](*arguments))


def _move_in() -> str:
    from ilex.gate.cards import own_card
    from ilex.units.actions import add_officer
    from ilex.units.queries import here

    add_officer(OFFICER, "Ана Измишљени", ["duty", "case"], here(), ["en"], "en", PASSWORD, function="Duty officer")
    return own_card()


def _say(**answer: Any) -> None:
    print(json.dumps(answer), flush=True)


def _end(number: int, frame: FrameType | None) -> None:
    sys.exit(0)  # by way of everything that is open: the database is stopped


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
