"""What the tests of the pages hold: invented persons of many spellings, as subjects of our own cases."""

from __future__ import annotations

from itertools import product

from ilex.crosscheck import actions
from ilex.crosscheck.facts import of_named
from ilex.crosscheck.models import Look
from ilex.exchange.messages import SubjectBody
from ilex.exchange.models import Request
from ilex.matching.facts import Facts
from ilex.subjects.models import Subject
from ilex.subjects.rules import Said
from ilex.units.models import Officer
from tests.exchange.ceca import Ceca
from tests.subjects.conftest import person

GIVEN = ("Ђорђе", "Đorđe", "Djordje", "Джордже", "ჯორჯე")
FAMILY = ("Јасенолистовић", "Jasenolistović", "Yasenolistovich", "იასენოლისტოვიჩი")
SPELLINGS = [f"{given} {family}" for given, family in product(GIVEN, FAMILY)]
ASKED = SubjectBody(
    kind="person", category="suspect", name="Ѓорѓе Јасенолистовиќ", language="mk", born="1985-03-12", nationality="RS"
)


def hold(by: Officer, count: int = 20) -> list[Subject]:
    """As many persons who may be the one that Skopje asks about; of some only the year of birth is known."""
    return [
        person(by, name, Said("born", "1985-03-12" if place % 3 else "1985"), Said("nationality", "RS"))
        for place, name in enumerate(SPELLINGS[:count])
    ]


def asked(ceca: Ceca, by: Officer) -> Request:
    """Skopje's request, with what it names already looked up."""
    request = ceca.asks(subjects=[ASKED])
    named = request.subjects.get()
    actions.look(by, of_named(named), reason="Asked by Skopje", request_subject=named)
    return request


def typed(by: Officer, name: str = "Ђорђе Јасенолистовић", **more: object) -> Look:
    facts = Facts(kind="person", names=(name,), **more)  # type: ignore[arg-type]
    return actions.look(by, facts, reason="Checked at the border")
