"""A list of wanted persons beside our own cases, loaded as an operator loads one. Everybody on it is invented."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ilex.holdings import actions
from ilex.holdings.actions import SourceSpec
from ilex.holdings.files.chunks import Chunk
from ilex.holdings.models import Source

Person = dict[str, Any]


def person(id: str, name: str, born: str = "", **more: str) -> Person:
    said = {
        "name": [name],
        **({"birthDate": [born]} if born else {}),
        **{field: [text] for field, text in more.items()},
    }
    return {"id": id, "schema": "Person", "properties": said}


DJORDJE = person("w-1", "Đorđe Izmišljenović", "1985-03-12", nationality="rs")


def load(persons: Sequence[Person] = (DJORDJE,), code: str = "wanted", title: str = "Wanted", **more: Any) -> Source:
    """Have the list hold exactly these."""
    lines = "".join(f"{json.dumps(one)}\n" for one in persons).encode()
    spec = SourceSpec(code=code, title=title, **more)
    actions.load(spec, [Chunk(1, lines=lines)], by=None, processes=0)
    return Source.objects.get(code=code)
