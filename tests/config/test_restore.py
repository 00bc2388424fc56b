"""A node that comes back from an old backup: peers notice, lost mail comes again, nothing happens twice."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path

import pytest

from tests.network import Network, drop_database, make_database, until

ASK = """
from ilex.exchange import actions
from ilex.exchange.rules import Content
from ilex.units.models import Officer
content = Content(
    requested_information={what!r}, facts="A van turned round.", underlying_offence="Theft", purpose="To find it.",
    grounds_available="The plate is yours.", necessary=True, proportionate=True, available=True,
)
(request,) = actions.ask(Officer.objects.get(sign_in__startswith="ana"), content, to=[{to!r}], confirmed=True)
print(request.our_ref, end="")
"""

HELD = """
import json
from ilex.exchange.models import Request
from ilex.gate.models import Delivery
from ilex.journal.models import Line, Witnessed
print(json.dumps({
    "in": sorted(Request.objects.filter(way="in").values_list("requested_information", flat=True)),
    "on the way": Delivery.objects.filter(state="waiting").count(),
    "not taken in": Delivery.objects.exclude(state="processed").count(),
    "acts": sorted(set(Line.objects.values_list("act", flat=True))),
    "missing": [line.detail.get("count") for line in Line.objects.filter(act="restore.checked")],
    "alarms": Witnessed.objects.filter(state__in=["rollback", "fork"]).count(),
}))
"""


class Held:
    def __init__(self, network: Network, code: str) -> None:
        facts = json.loads(network.shell(code, HELD))
        self.requests = facts["in"]
        self.on_the_way, self.not_taken_in = facts["on the way"], facts["not taken in"]
        self.acts, self.missing, self.alarms = facts["acts"], facts["missing"], facts["alarms"]


@pytest.mark.network
def test_restored_node_gets_its_lost_mail_again_and_hears_what_it_forgot(tmp_path: Path) -> None:
    with Network(tmp_path, ["RS", "MK"]) as network:
        network.shell("RS", ASK.format(what="before the backup", to="ilecu-mk"))
        until(lambda: Held(network, "RS").not_taken_in == 0, "the first request to arrive")
        network.run("MK", "backup", str(tmp_path / "mk.backup"))

        network.shell("RS", ASK.format(what="after the backup", to="ilecu-mk"))
        lost = network.shell("MK", ASK.format(what="sent and forgotten", to="ilecu-rs"))
        until(lambda: "after the backup" in Held(network, "MK").requests, "the second request to arrive")
        until(lambda: "sent and forgotten" in Held(network, "RS").requests, "the third request to arrive")
        until(lambda: Held(network, "MK").on_the_way == 0, "the receipts to come back")

        network.stop("MK")
        restore(network, "MK", tmp_path / "mk.backup")
        assert Held(network, "MK").requests == ["before the backup"]
        network.start("MK")

        until(lambda: "after the backup" in Held(network, "MK").requests, "the lost request to come again")
        until(lambda: Held(network, "RS").on_the_way == 0, "everything to be delivered again")
        until(lambda: bool(Held(network, "MK").missing), "the partner to say what it remembers")
        ours, theirs = Held(network, "RS"), Held(network, "MK")
        assert ours.requests == ["sent and forgotten"]
        assert theirs.requests == ["after the backup", "before the backup"]
        assert "peer.restored" in ours.acts
        assert "node.restored" in theirs.acts
        assert theirs.missing[0] >= 1
        until(lambda: Held(network, "RS").alarms >= 1, "the partner to notice that the journal went back")
        again = network.shell("MK", ASK.format(what="a new one", to="ilecu-rs"))
        assert again != lost
        until(lambda: "a new one" in Held(network, "RS").requests, "mail to flow as before")
        network.run("MK", "journal", "verify")


def restore(network: Network, code: str, file: Path) -> None:
    """The machine burnt down; another one begins with an empty database and the backup."""
    node = network.node(code)
    drop_database(node.database)
    node.folder, node.database = node.folder.with_name("again"), make_database(f"ilex_{secrets.token_hex(4)}")
    network.run(code, "restore", str(file), "--into", str(node.folder))
    assert os.listdir(node.folder)
