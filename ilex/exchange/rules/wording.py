"""Reasons that are kept as codes, so that each reader has them in his own language."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

CLOCK_REASONS: dict[str, Promise] = {
    "received": _("The requested unit received the request."),
    "receipt": _("The partner's receipt says when the request reached them."),
    "stated": _("The moment was stated by the officer: the request came or went by another channel."),
    "question": _("The question reached the requesting unit."),
    "clarification": _("The clarification reached the requested unit."),
    "stood": _("The clock stood while a clarification was awaited."),
    "access": _("It was judged anew how the information can be reached."),
    "judicial": _("A judicial authorisation is awaited."),
    "half": _("Half of the time is used."),
    "late": _("Four fifths of the time are used."),
    "missed": _("The deadline is past."),
    "answered": _("Answered."),
    "refused": _("Refused."),
    "recalled": _("The requesting unit recalled the request."),
    "closed": _("Closed without an answer."),
    "reopened": _("The word that settled the request was recalled."),
}
TWIN_REASONS: dict[str, Promise] = {
    "reference": _("Both carry the partner's reference %(note)s."),
    "subject": _("Both name %(note)s, and the requesting state is the same."),
}


def clock_reason(code: str, note: str) -> str:
    sentence = str(CLOCK_REASONS.get(code, code))
    return f"{sentence} {note}" if note else sentence


def twin_reason(code: str, note: str) -> str:
    return str(TWIN_REASONS[code]) % {"note": note} if code in TWIN_REASONS else note


def must_inform(offences: Sequence[str]) -> str:
    """Why the information must be sent unasked, or nothing: Directive (EU) 2023/977 Art. 7(2)."""
    if not offences:
        return ""
    return gettext(
        "This is a serious offence: information that may help the other state must be sent, unless a judicial "
        "authorisation was refused or one of the objective reasons of ground f stands against it."
    )
