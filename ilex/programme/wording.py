"""Sentences about certificates that pages and commands share."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ilex.programme.rules.certificates import NotVerified

WHY_NOT = {
    "unreadable": _("This is not the text of a certificate."),
    "unknown-key": _("It is signed by a key that this node does not know. Ask for the card of the unit."),
    "forged": _("The signature does not hold: somebody changed the words, or did not have the unit's key."),
}


def why_not(error: NotVerified) -> str:
    return str(WHY_NOT[error.code])
