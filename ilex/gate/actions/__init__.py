"""The verbs of the gate, a file for each noun."""

from ilex.gate.actions.accepting import accept
from ilex.gate.actions.giving import read
from ilex.gate.actions.noting import take_answers, take_receipts
from ilex.gate.actions.pairing import (
    confirm,
    fingerprint_with,
    offer_card,
    pause,
    remove,
    resume,
    take_card,
)
from ilex.gate.actions.posting import Message, post, post_many, seal_anew
from ilex.gate.actions.renewing import make_keys, renew_keys, settle_line, sweep
from ilex.gate.actions.taking import hand_over
from ilex.gate.errors import GateError, Unreachable

__all__ = [
    "GateError",
    "Message",
    "Unreachable",
    "accept",
    "confirm",
    "fingerprint_with",
    "hand_over",
    "make_keys",
    "offer_card",
    "pause",
    "post",
    "post_many",
    "read",
    "remove",
    "renew_keys",
    "resume",
    "seal_anew",
    "settle_line",
    "sweep",
    "take_answers",
    "take_card",
    "take_receipts",
]
