"""After a restore: the node tells its peers, they send again what it lost, and say what it sent and forgot.

A restore turns back time for one node alone. Peers hold receipts it no longer knows of, and messages it no longer
remembers to have sent. What they had from before comes again by itself; what this node had sent since the backup
is counted and said in words, for a person must decide what becomes of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID, uuid4

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field

from ilex.config.keeping.restore import MARK
from ilex.config.node import Node, NodeError
from ilex.exchange.models import Counter
from ilex.gate import actions as gate
from ilex.gate.actions.again import send_again
from ilex.gate.fields import Moment, Number7, show_moment
from ilex.gate.models import Envelope, Peer
from ilex.gate.registry import Arrived, MessageType, register
from ilex.journal import actions as journal
from ilex.journal.models import Line, Operation
from ilex.units.models import Organisation

RESTORED, REMEMBERED = "node.restored", "node.remembered"
MARGIN = timedelta(minutes=10)  # a commit can be younger than the moments in it
OLDEST = timedelta(days=400)
SHOWN = timedelta(days=30)
MOST = 5000  # messages named in one answer
JUMP = 1000  # references that may have been given between the backup and the loss


class RestoredBody(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    backup_at: Moment
    restored_at: Moment


class RememberedBody(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    since: Moment
    ids: Annotated[list[Number7], Field(max_length=MOST)]  # of your messages that I hold
    more: bool = False  # there are others


def register_types() -> None:
    register(MessageType(RESTORED, 1, RestoredBody, take_in_restored))
    register(MessageType(REMEMBERED, 1, RememberedBody, take_in_remembered))


def notices(at: datetime | None = None) -> Iterator[str]:
    """For the network board, as long as somebody may still ask about it."""
    since = (at or timezone.now()) - SHOWN
    lines = Line.objects.filter(act__in=["peer.restored", "restore.checked"], at__gte=since).order_by("-id")
    names = dict(Organisation.objects.filter(pk__in=lines.values("object_id")).values_list("pk", "name"))
    for line in lines:
        words = {"unit": names.get(line.object_id, line.object_id), **line.detail}
        if line.act == "peer.restored":
            yield (
                _(
                    "%(unit)s was restored from a backup. What it had lost was sent again: %(sent_again)s messages; "
                    "too old to be sent again: %(too_old)s."
                )
                % words
            )
        elif line.detail.get("count"):
            yield (
                _(
                    "%(unit)s holds %(count)s messages of ours that are missing here since this node was restored. "
                    "Ask the unit for them."
                )
                % words
            )


def tell_peers(node: Node, say: Callable[[str], None]) -> None:
    """Done once, at the first start after a restore. Told twice, if the power goes in between, it does no harm."""
    file = node.folder / MARK
    if not file.exists():
        return
    try:
        facts = json.loads(file.read_text(encoding="utf-8"))
        body = RestoredBody.model_validate_json(json.dumps(_to_the_millisecond(facts)))
    except (ValueError, KeyError) as error:
        raise NodeError(f"{file} is not readable; it holds the moments of the backup and of the restore.") from error
    peers = list(Peer.objects.filter(state=Peer.State.PAIRED).values_list("pk", flat=True))
    with journal.act(
        "node.restored",
        Operation.OPERATION,
        by=None,
        recipients=peers,
        backup_at=facts["backup_at"],
        restored_at=facts["restored_at"],
    ):
        # A reference given since the backup stands in a partner's file: it must not be given a second time.
        Counter.objects.update(last=F("last") + JUMP)
        gate.post_many([gate.Message(type=RESTORED, body=body, to=[peer], conversation=uuid4()) for peer in peers])
    file.unlink()
    say(f"This node was restored from a backup of {facts['backup_at']}; {len(peers)} peers are told.")


def _to_the_millisecond(facts: dict[str, str]) -> dict[str, str]:
    return {name: show_moment(datetime.fromisoformat(facts[name])) for name in ("backup_at", "restored_at")}


def take_in_restored(arrived: Arrived) -> None:
    """At the peer: what the restored node lost goes again, and it hears what it had sent."""
    # A backup older than that has no more mail that could be sent again, whatever the peer says.
    since = max(arrived.body.backup_at, timezone.now() - OLDEST) - MARGIN
    again, too_old = send_again(arrived.sender.pk, since)
    theirs = Envelope.objects.filter(way=Envelope.Way.IN, sender=arrived.sender.pk, at__gte=since)
    ids: list[UUID] = list(theirs.exclude(pk=arrived.envelope.pk).order_by("at").values_list("id", flat=True))
    journal.write(
        "peer.restored",
        Operation.OPERATION,
        by=None,
        on=("peer", arrived.sender.pk),
        backup_at=arrived.body.backup_at.isoformat(),
        sent_again=again,
        too_old=too_old,
    )
    body = RememberedBody(since=since, ids=ids[:MOST], more=len(ids) > MOST)
    gate.post(REMEMBERED, body, to=[arrived.sender.pk], conversation=arrived.envelope.conversation)


def take_in_remembered(arrived: Arrived) -> None:
    """At the restored node: which of our own messages does the peer hold and we do not?"""
    ids = set(arrived.body.ids)
    ours = Envelope.objects.filter(way=Envelope.Way.OUT, id__in=ids).values_list("id", flat=True)
    missing = sorted(map(str, ids - set(ours)))
    journal.write(
        "restore.checked",
        Operation.OPERATION,
        by=None,
        on=("peer", arrived.sender.pk),
        missing=missing[:100],
        count=len(missing),
        more=arrived.body.more,
    )
