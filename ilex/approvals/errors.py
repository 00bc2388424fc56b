"""What the verbs of this room raise: each a clear sentence."""

from __future__ import annotations

from django.utils.translation import gettext


class NotNow(Exception):
    """The approval's state does not allow this, or somebody was faster. Nothing was changed."""


class CannotRelease(Exception):
    """Raised by the room whose object it is: it cannot be released as it stands. The author gets it back with this."""


class NotReleased(Exception):
    """It was not released but given back to its author, with this sentence. That is kept."""


def somebody_was_faster() -> NotNow:
    return NotNow(gettext("This does not wait for approval any more. Look at it again."))
