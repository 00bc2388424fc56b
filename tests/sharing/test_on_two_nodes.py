"""Two real nodes: a statement is given, its use in court granted, and a recall applied, proven by a receipt."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.network import Network, until

pytestmark = pytest.mark.network

BEGIN = """
import json
from ilex.sharing import actions, queries
from ilex.sharing.models import Consent, Disclosure, Recall, Release
from ilex.sharing.rules import Blocked, Letter
from ilex.subjects import actions as subjects
from ilex.subjects.models import Statement
from ilex.subjects.rules import Evaluation, Said
from ilex.units.models import Officer
bojan = Officer.objects.get(sign_in__startswith="bojan.")
"""

GIVE = """
said = [Said("name", "Ѓорѓи Измислен", evaluation=Evaluation(handling="H1"))]
man = subjects.add_subject(bojan, "person", said, "suspect")
letter = Letter("Возило", "Пронаоѓање на возилото.")
draft = actions.draft_release(bojan, letter, statements=[man.statements.get().pk], to=["ilecu-rs"])
print(actions.put_forward(bojan, draft).state)
"""

ASK = """
row = Statement.objects.get()
try:
    actions.use_in_court(bojan, row, "Виши суд у Београду")
except Blocked:
    print(actions.ask_consent(bojan, [row], "court", [], "Као доказ.").state)
"""

RECEIVED = """print(json.dumps([Release.objects.filter(way="in").count(), Statement.objects.count()]))"""
ASKED = """print(json.dumps(Consent.objects.filter(way="in", state="asked").count()))"""
GRANT = """print(actions.decide(bojan, Consent.objects.get(way="in"), grant=True, text="Само овде.").state)"""
GRANTED = """print(json.dumps(Consent.objects.filter(way="out", state="granted").count()))"""
USE = """print(actions.use_in_court(bojan, Statement.objects.get(), "Виши суд у Београду").consent.conditions)"""
RECALL = """subjects.withdraw(bojan, Statement.objects.get(), "Погрешно лице.")"""
WITHDRAWN = """print(json.dumps([one.withdrawn_why for one in Statement.objects.exclude(withdrawn_at=None)]))"""
APPLIED = """
row = Disclosure.objects.get()
moments = (row.stored_at, row.processed_at, row.recalled_at, row.recall_applied_at)
print(json.dumps([moment is not None for moment in moments]))
"""


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    with Network(tmp_path_factory.mktemp("sharing"), ["RS", "MK"]) as made:
        yield made


def does(network: Network, code: str, source: str) -> str:
    return network.shell(code, BEGIN + source).strip()


def comes(network: Network, code: str, source: str, wanted: Any) -> None:
    until(lambda: json.loads(does(network, code, source)) == wanted, f"{wanted} at {code}", seconds=180)


def test_a_statement_is_given_used_by_consent_and_recalled(network: Network, tmp_path: Path) -> None:
    assert does(network, "MK", GIVE) == "released"
    comes(network, "RS", RECEIVED, [1, 1])

    assert does(network, "RS", ASK) == "asked"
    comes(network, "MK", ASKED, 1)
    assert does(network, "MK", GRANT) == "granted"
    comes(network, "RS", GRANTED, 1)
    assert does(network, "RS", USE) == "Само овде."

    does(network, "MK", RECALL)
    comes(network, "RS", WITHDRAWN, [f"{unit_name(network)}: Погрешно лице."])
    comes(network, "MK", APPLIED, [True, True, True, True])


def unit_name(network: Network) -> str:
    """What Belgrade's directory calls the unit in Skopje."""
    return does(
        network, "RS", 'from ilex.units.models import Organisation\nprint(Organisation.objects.get(pk="ilecu-mk").name)'
    )
