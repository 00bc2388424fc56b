"""Which of its statements names a subject in lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ilex.words.kinds import Kind
from ilex.words.scripts import script_of

LONGEST = 300
# A name that the person bears comes before one he uses, and that before another spelling of it.
NAME_KINDS = ("legal", "", "former", "maiden", "short", "alias", "nickname", "transliteration", "false")
SCRIPTS = ("Latn", "Cyrl")


@dataclass(frozen=True)
class Caption:
    text: str
    language: str = ""
    property: str = ""


def best(kind: Kind, category: str, said: Iterable[tuple[str, str, str, str]]) -> Caption:
    """The caption among (property, value, name kind, language): the kind's first property that is stated.

    Of an informant it is the coded name if there is one: lists are read by more people than pages.

    Of several names the legal one, of these the Latin one; what is still equal stays in its order. A subject of which
    nothing in the kind's list is stated is called by its kind.
    """
    rows = list(said)
    coded = ("coded-name",) if category == "informant" else ()
    for name in (*coded, *kind.caption):
        among = [row for row in rows if row[0] == name]
        if among:
            _property, value, _kind, language = among[0] if len(among) == 1 else min(among, key=_rank)
            return Caption(value[:LONGEST], language, name)
    return Caption(_("%(kind)s without a name") % {"kind": _(kind.label)})


def _rank(row: Sequence[str]) -> tuple[int, int]:
    script = script_of(row[1])
    name = NAME_KINDS.index(row[2]) if row[2] in NAME_KINDS else len(NAME_KINDS)
    return name, SCRIPTS.index(script) if script in SCRIPTS else len(SCRIPTS)
