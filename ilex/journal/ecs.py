"""A line in the names of the Elastic Common Schema, which most collectors of security logs read."""

from __future__ import annotations

from typing import Any

from ilex.journal import records
from ilex.journal.models import Line, Operation

VERSION = "8.17"
TYPES: dict[str, str] = {
    Operation.COLLECTION: "creation",
    Operation.ALTERATION: "change",
    Operation.CONSULTATION: "access",
    Operation.DISCLOSURE: "access",
    Operation.COMBINATION: "info",
    Operation.ERASURE: "deletion",
    Operation.ACCESS: "user",
    Operation.OPERATION: "info",
}


def as_ecs(line: Line) -> dict[str, Any]:
    """What has no name in the schema stands under `ilex`; an erased line gives its place and leaf alone."""
    tree = {"leaf": bytes(line.leaf).hex(), "position": line.position, "erased": line.erased_at is not None}
    event: dict[str, Any] = {
        "kind": "event",
        "provider": "ilex",
        "dataset": "ilex.journal",
        "id": str(line.pk),
        "sequence": line.position,
    }
    document = {
        "@timestamp": records.moment(line.at),
        "ecs": {"version": VERSION},
        "event": event,
    }
    if line.erased_at is not None:
        return {**document, "ilex": tree}
    return {
        **document,
        "event": {**event, **_event(line)},
        "user": {"id": line.by} if line.by else {},
        "organization": {"id": line.unit},
        "ilex": {**tree, **_ours(line)},
    }


def _event(line: Line) -> dict[str, Any]:
    category = "authentication" if line.op == Operation.ACCESS else "database"
    kind = TYPES.get(line.op, "info")  # not what is listed: somebody altered the line, and verify() says so
    return {"action": line.act, "category": [category], "type": [kind], "reason": line.reason}


def _ours(line: Line) -> dict[str, Any]:
    return {
        "operation": line.op,
        "object": {"kind": line.object_kind, "id": line.object_id},
        "case": line.case,
        "recipients": line.recipients,
        "detail": line.detail,
    }
