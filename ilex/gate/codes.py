"""Why the gate turns a line away: one list of codes, their sentences, and which of them are final."""

from __future__ import annotations

from enum import StrEnum

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from ilex.gate.canonical import canonical


class Code(StrEnum):
    MALFORMED = "malformed"
    TOO_LARGE = "too-large"
    UNKNOWN_SENDER = "unknown-sender"
    WRONG_LINE = "wrong-line"
    BAD_SEAL = "bad-seal"
    NOT_FOR_US = "not-for-us"
    CANNOT_OPEN = "cannot-open"
    EXPIRED = "expired"
    TOO_EARLY = "too-early"
    CONFLICT = "conflict"
    PAUSED = "paused"
    UNSUPPORTED = "unsupported"
    QUOTA = "quota"
    STORAGE_FULL = "storage-full"
    NOT_NOW = "not-now"
    UNKNOWN_MESSAGE = "unknown-message"

    @property
    def final(self) -> bool:
        """Whether the same message can never be accepted, however often it is sent again."""
        return self not in PASSING


# A sender is unknown also for the moment between its new card's arrival and its being taken in;
# what cannot be opened is sealed anew for the key of the newest card.
PASSING = frozenset(
    {
        Code.UNKNOWN_SENDER,
        Code.CANNOT_OPEN,
        Code.TOO_EARLY,
        Code.PAUSED,
        Code.QUOTA,
        Code.STORAGE_FULL,
        Code.NOT_NOW,
    }
)

SENTENCES = {
    Code.MALFORMED: _("The line is not a message of profile ILEX-1."),
    Code.TOO_LARGE: _("The message is larger than 1 MiB. Send large content as an attachment."),
    Code.UNKNOWN_SENDER: _("The seal is not one of a paired unit."),
    Code.WRONG_LINE: _("The sender of the message is not the unit on this line."),
    Code.BAD_SEAL: _("The seal does not hold."),
    Code.NOT_FOR_US: _("This unit is not among the recipients."),
    Code.CANNOT_OPEN: _("The message is not sealed for a key of this unit, or was damaged on the way."),
    Code.EXPIRED: _("The message came after its last day, or its last day lies too far ahead."),
    Code.TOO_EARLY: _("The message is dated in the future. Check the clocks."),
    Code.CONFLICT: _("Another message with the same number was kept before."),
    Code.PAUSED: _("The exchange with this unit is paused."),
    Code.UNSUPPORTED: _("This profile is not supported."),
    Code.QUOTA: _("The space for attachments of this unit is used up."),
    Code.STORAGE_FULL: _("The node has no space left. Send it again later."),
    Code.NOT_NOW: _("The node could not take it in now. Send it again later."),
    Code.UNKNOWN_MESSAGE: _("No such message was sent from here to this unit."),
}


class Refused(Exception):
    """One line is turned away. `id` is told only when the message could be opened and its seal holds."""

    def __init__(self, code: Code, id: str = "", sender: str = "") -> None:
        super().__init__(code.value)
        self.code = code
        self.id = id
        self.sender = sender

    def line(self) -> bytes:
        with translation.override("en"):  # partners read one language
            error = {"code": self.code.value, "sentence": str(SENTENCES[self.code])}
        return canonical({"error": error | ({"id": self.id} if self.id else {})})
