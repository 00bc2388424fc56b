"""Whether the bytes of a file may be given out: what was found in one copy holds for every copy."""

from __future__ import annotations

from uuid import UUID

from ilex.documents import scanner
from ilex.documents.models import Document
from ilex.documents.rules import Opening, opening
from ilex.gate.models import Attachment


def may_open(attachment_id: UUID) -> bool:
    """False for malware, for what waits for the scanner, and for the unscanned where a scan is required."""
    return opening_of(Attachment.objects.get(pk=attachment_id)).may


def opening_of(attachment: Attachment) -> Opening:
    """The same with its sentence. A file that is no document yet, as of one's own draft, opens."""
    states = Document.objects.filter(digest=bytes(attachment.digest)).values_list("check_state", flat=True)
    return opening(set(states.distinct()), scanner=scanner.is_set_up(), required=scanner.is_required())
