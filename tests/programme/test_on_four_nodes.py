"""Four real nodes: Belgrade invites three units, who nominate; certificates verify when all others are gone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.network import Network, until

pytestmark = pytest.mark.network

UNITS = {"MK": "ilecu-mk", "MD": "ilecu-md", "GE": "ilecu-ge"}

BEGIN = """
import json
from django.utils.timezone import localdate, now
from ilex.gate.models import Envelope
from ilex.gate.signing import payload_of
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.programme.actions import attending, certificates, deciding, invitations, nominating
from ilex.programme.actions.deciding import Decision
from ilex.programme.actions.invitations import Terms
from ilex.programme.actions.nominating import Nominee
from ilex.programme.models import Activity, Certificate, Invitation, Nomination, Quota
from ilex.programme.rules.errors import NotNow
from ilex.units.models import Officer, Organisation
from ilex.words.edtf import When
ceca = Officer.objects.get(sign_in__startswith="ceca.")
"""

INVITE = """
activity = Activity(key="fraud-workshop", kind="workshop", title="Workshop on document fraud", place_id="RS",
    owner=Organisation.objects.get(pk="ilecu-rs"), made_at=now(), changed_at=now())
activity.take_when(When.parse(str(localdate())))
with act("activity.added", Operation.COLLECTION, by=ceca):
    activity.save()
print(invitations.invite(ceca, activity, Terms(quotas=dict.fromkeys({units!r}, 3))).state)
"""

INVITED = """print(json.dumps(Invitation.objects.filter(way="in", state="open").count()))"""

# Four are proposed and three chosen; the fourth never leaves.
NOMINATE = """
invitation = Invitation.objects.get()
rows = [nominating.propose(ceca, invitation, Nominee(f"{{name}} {code}", "Officer"))
    for name in ("Ana", "Bojan", "Dejan", "Zoran-" + "at-home")]
for row in rows[:3]:
    nominating.choose(ceca, row)
print(len(nominating.send_nominations(ceca, invitation)))
"""

TOO_MANY_AT_HOME = """
invitation = Invitation.objects.get()
for name in ("Ana", "Bojan", "Dejan", "Emil"):
    nominating.choose(ceca, nominating.propose(ceca, invitation, Nominee(f"{name} MD", "Officer")))
try:
    nominating.send_nominations(ceca, invitation)
except NotNow as told:
    print(json.dumps([str(told), Envelope.objects.filter(way="out").exclude(type__startswith="node.").count()]))
"""

# As a node of another make may: it does not look at the quota.
SEND_ALL_THE_SAME = """
Quota.objects.filter(unit=ceca.organisation_id).update(places=9)
print(len(nominating.send_nominations(ceca, Invitation.objects.get())))
"""

STATES = """
rows = Nomination.objects.exclude(state__in=["proposed", "dropped"]).order_by("unit", "name")
print(json.dumps([[row.unit_id, row.state, row.reason] for row in rows]))
"""

ALL_SAID = """print("\\n".join(payload_of(one.signed).decode() for one in Envelope.objects.all()))"""

CONFIRM = """
invitation = Invitation.objects.get()
rows = invitation.nominations.filter(state="sent")
print(len(deciding.decide(ceca, invitation, {row.pk: Decision("confirmed") for row in rows})))
"""

CERTIFY = """
invitation = Invitation.objects.get()
rows = list(invitation.nominations.filter(state="confirmed"))
attending.record_attendance(ceca, invitation, {row.pk: True for row in rows})
print(len(certificates.certify(ceca, invitation, rows)))
"""

CERTIFICATES = """print(json.dumps(Certificate.objects.count()))"""
SIGNED = """print(Certificate.objects.get(nomination__name="Ana MK").signed)"""
CARD = """
from ilex.gate.cards import own_card
print(own_card())
"""


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Network]:
    with Network(tmp_path_factory.mktemp("programme"), ["RS", *UNITS]) as made:
        yield made


def does(network: Network, code: str, source: str) -> str:
    return network.shell(code, BEGIN + source).strip()


def comes(network: Network, code: str, source: str, wanted: Any) -> None:
    until(lambda: json.loads(does(network, code, source)) == wanted, f"{wanted} at {code}", seconds=300)


def people(unit: str, *states: str) -> list[list[str]]:
    return [[unit, *state.split(":")] if ":" in state else [unit, state, ""] for state in states]


def test_three_units_nominate_and_the_one_that_sends_too_many_is_told(network: Network) -> None:
    assert does(network, "RS", INVITE.format(units=list(UNITS.values()))) == "open"
    for code in UNITS:
        comes(network, code, INVITED, 1)

    for code in ("MK", "GE"):
        assert does(network, code, NOMINATE.format(code=code)) == "3"
    sentence, sent = json.loads(does(network, "MD", TOO_MANY_AT_HOME))
    assert "quota is 3" in sentence
    assert "4 people" in sentence
    assert sent == 0
    assert does(network, "MD", SEND_ALL_THE_SAME) == "4"

    theirs = people("ilecu-md", "sent", "sent", "sent", "declined:over-quota")
    comes(network, "MD", STATES, theirs)
    others = {code: people(UNITS[code], "sent", "sent", "sent") for code in ("GE", "MK")}
    comes(network, "RS", STATES, [*others["GE"], *theirs, *others["MK"]])

    assert does(network, "RS", CONFIRM) == "9"
    for code in ("GE", "MK"):
        comes(network, code, STATES, people(UNITS[code], "confirmed", "confirmed", "confirmed"))

    said = {code: does(network, code, ALL_SAID) for code in ("RS", *UNITS)}
    assert "Ana MK" in said["RS"]
    for code, words in said.items():
        assert "at-home" not in words, f"a name that was not chosen stands in a message at {code}"
    for code in UNITS:
        assert not [other for other in UNITS if other != code and f"Ana {other}" in said[code]]


def test_certificate_verifies_when_every_other_node_is_down(network: Network, tmp_path: Path) -> None:
    assert does(network, "RS", CERTIFY) == "9"
    for code in UNITS:
        comes(network, code, CERTIFICATES, 3)
    signed, card = does(network, "MK", SIGNED), tmp_path / "card"
    card.write_text(does(network, "RS", CARD))

    network.stop("RS", "MK", "MD", "GE")
    for arguments in ([], ["--card", str(card)]):
        told = network.run("GE", "certificate", "verify", signed, *arguments).stdout
        assert "Ana MK" in told
        assert "Workshop on document fraud" in told
        assert "ilecu-rs" in told
    forged = network.run("GE", "certificate", "verify", f"{signed[:-8]}AAAAAAAA", check=False)
    assert forged.returncode != 0
    assert "signature does not hold" in forged.stderr
