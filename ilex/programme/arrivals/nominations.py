"""Invitations and nominations: which message is taken in by which function, and what receipts tell."""

from __future__ import annotations

from collections.abc import Callable

from ilex.gate.models import Envelope, Receipt
from ilex.gate.registry import Arrived
from ilex.programme.arrivals.invited import (
    take_in_attendance,
    take_in_decided,
    take_in_ended,
    take_in_invitation,
    take_in_revoked,
)
from ilex.programme.arrivals.nominated import take_in_evaluation, take_in_nominations, take_in_travel
from ilex.programme.arrivals.noting import note_invitation, note_nominations

TAKEN_IN_BY: dict[str, Callable[[Arrived], None]] = {
    "programme.invitation": take_in_invitation,
    "programme.invitation-ended": take_in_ended,
    "programme.nominations": take_in_nominations,
    "programme.nominations-decided": take_in_decided,
    "programme.travel": take_in_travel,
    "programme.attendance": take_in_attendance,
    "programme.evaluation": take_in_evaluation,
    "programme.certificate-revoked": take_in_revoked,
}
NOTED_BY: dict[str, Callable[[Envelope, Receipt], None]] = {
    "programme.invitation": note_invitation,
    "programme.nominations": note_nominations,
}
