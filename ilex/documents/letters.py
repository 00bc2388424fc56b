"""What an e-mail or a scan says, to fill a form with: read at once, by the same bounded process as all documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr

from django.utils.translation import gettext as _

from ilex.documents import child, rules
from ilex.documents.errors import Refused
from ilex.documents.queries.opening import opening_of
from ilex.documents.reasons import WHY
from ilex.gate.models import Attachment
from ilex.gate.store import open_stream

SECONDS = 20  # an officer waits for it


@dataclass(frozen=True)
class Letter:
    text: str
    sender: str = ""  # as it stands in the head, with a name
    subject: str = ""
    sent_at: datetime | None = None
    received_at: datetime | None = None  # as the last server says that passed it on
    recognised: bool = False  # the text was guessed from a picture

    @property
    def address(self) -> str:
        """Of the sender, in small letters. Anybody can write anything here: it proves nothing."""
        return parseaddr(self.sender)[1].lower()


def letter_of(paper: Attachment, language: str = "") -> Letter:
    """Raises Refused with a sentence when nothing can be read in it, or when it may not be opened."""
    opening = opening_of(paper)
    if not opening.may:
        raise Refused(opening.words)
    if paper.size > child.LARGEST:
        raise Refused(str(WHY["too-large"]))
    reading = child.read(open_stream(paper), language, seconds=SECONDS)
    if not reading.text:
        why = WHY.get(reading.why) or _("There is no text in it that could be read.")
        raise Refused(f"{paper.name}: {why}")
    return _letter(reading)


def is_letter(paper: Attachment) -> bool:
    """By its content an e-mail, a scan, or something else with text."""
    return rules.kind(rules.kind_of_media(paper.media)).readable or paper.media == "application/x-ole-storage"


def _letter(reading: child.Reading) -> Letter:
    head = reading.head or {}
    text = reading.text
    # Over the text stand the lines of the head, for the search.
    text = text.removeprefix("\n".join(filter(None, (head.get(name, "") for name in ("subject", "sender", "to")))))
    return Letter(
        text=text.strip(),
        sender=head.get("sender", ""),
        subject=head.get("subject", ""),
        sent_at=_moment(head.get("sent", "")),
        received_at=_moment(head.get("received", "")),
        recognised=reading.ocr,
    )


def _moment(said: str) -> datetime | None:
    try:
        return datetime.fromisoformat(said)
    except ValueError:
        return None
