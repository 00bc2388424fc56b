"""What the demonstration does inside one node, in a process of its own.

`python -m ilex.config.demo.step make RS 8001 9001` makes the node; `... part RS HU,MK,RS` plays its part.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from io import StringIO
from pathlib import Path

from ilex.config import command, first, foundation, node
from ilex.config.demo import people

WATCH_LIST = Path(__file__).with_name("watchlist.jsonl")


def main(words: Sequence[str]) -> int:
    """The result goes to standard output, one sentence about a failure too: the demonstration reads it."""
    what, *rest = words
    try:
        with command.sentences():
            STEPS[what](*rest)
    except command.Refusal as refusal:
        print(refusal)
        return refusal.status
    return 0


def make(code: str, pages: str, door: str, *more: str) -> None:
    """The node with its officers and its card."""
    home = node.home()
    unit = "practice" if code == "PRACTICE" else f"ilecu-{code.lower()}"
    practice = ["--practice"] if code == "PRACTICE" else []
    places = ["--pages", f"127.0.0.1:{pages}", "--door", f"127.0.0.1:{door}"]
    first.make(["--unit", unit, *places, *practice, *more])
    here = _set_up()
    with foundation.opened(here):
        foundation.prepare(here, say=lambda sentence: None)
        _add_officers(code)
        if code != "PRACTICE":
            _hold(code)
            _tell_of_the_programme()
        from ilex.gate.cards import own_card

        card = home.parent / "cards" / f"{unit}.card"
        card.parent.mkdir(exist_ok=True)
        card.write_text(own_card(), encoding="utf-8")


def _set_up() -> node.Node:
    command.set_up()
    from django.conf import settings

    here: node.Node = settings.NODE
    return here


def _add_officers(code: str) -> None:
    from ilex.config import officers
    from ilex.units.models import Officer

    staff = people.STAFF[code]
    known = set(Officer.objects.values_list("sign_in", flat=True))
    for name, post in zip(staff.names, people.ROLES, strict=False):
        # The visitor sits at these desks first.
        language = "en" if post in (people.ROLES[0], people.COORDINATOR) else staff.language
        sign_in = people.sign_in(post, code)
        if sign_in not in known:
            house = staff.authority if post is people.ROLES[-1] else ""
            words = (sign_in, name, post.roles, staff.speaks, language, people.PASSWORD, post.function, house)
            officers.add(*words)


def _hold(code: str) -> None:
    """A watch list of invented persons in four scripts, some of whom the story's letters name in another one."""
    from django.core.management import call_command
    from django.utils.timezone import localdate

    call_command(
        "load",
        WATCH_LIST,
        source="watch-list",
        title="Invented watch list",
        purpose="To show a cross-check: every person on it is invented",
        legal="None is needed for invented persons",
        handling="H1",
        review_on=localdate() + timedelta(days=180),
        by=people.sign_in(people.HEAD, code),
        processes=0,
        stdout=StringIO(),
    )


def _tell_of_the_programme() -> None:
    """The actions, activities and news of the network, as its own sheets and its feed told them."""
    from ilex.library.loading import load_news
    from ilex.programme.loading import load_programme

    load_programme()
    load_news()


def part(code: str, units: str) -> None:
    """Pair with every other node, then write and answer what the story has for this unit.

    First prints the fingerprint that this node sees with each unit not yet paired, then reads those that the other
    units see, as an officer hears them over the telephone, and types them in.
    """
    here = _set_up()
    from ilex.config.demo import stage
    from ilex.gate import actions as gate
    from ilex.gate.models import Peer

    with foundation.opened(here):
        known = set(Peer.objects.filter(state=Peer.State.PAIRED).values_list("pk", flat=True)) | {here.unit}
        cards = here.folder.parent / "cards"
        files = [file for file in sorted(cards.glob("*.card")) if file.stem not in known]
        for file in files:
            gate.take_card(file.read_text(encoding="utf-8"))
        print(json.dumps({file.stem: gate.fingerprint_with(file.stem) for file in files}), flush=True)
        for unit, digits in json.loads(sys.stdin.readline()).items():
            gate.confirm(unit, digits)
        if units and code != "PRACTICE":
            stage.play(code, units.split(","))


STEPS: dict[str, Callable[..., None]] = {"make": make, "part": part}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
