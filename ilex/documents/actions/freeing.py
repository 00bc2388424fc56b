"""Opening on an officer's word what no scanner has seen."""

from __future__ import annotations

from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.documents.actions.custody import record
from ilex.documents.errors import Refused
from ilex.documents.models import Custody, Document
from ilex.documents.owners import case_of
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Officer
from ilex.units.rules import check

MAY = "case.write"
FROM = (Document.Check.UNSCANNED, Document.Check.WAITING)


def free(officer: Officer, document: Document, reason: str) -> None:
    """Let every document of these bytes be opened, though nobody scanned them. Raises Refused with a sentence.

    What the scanner found something in is never opened; one that answers later still has the last word.
    """
    check(officer, MAY)
    if not reason.strip():
        raise Refused(_("Say why it has to be opened without a scan."))
    digest = bytes(document.digest)
    case = case_of(document.on_kind, document.on_id)
    with act("document.freed", Operation.ALTERATION, by=officer, on=("document", str(document.pk)), case=case) as this:
        this.reason = reason.strip()
        same = Document.objects.select_for_update().filter(digest=digest).order_by("pk")
        if any(one.check_state == Document.Check.FOUND for one in same):
            raise Refused(_("Malware was found in this file. Nobody can open it."))
        changed = [one for one in same if one.check_state in FROM]
        if not changed:
            raise Refused(_("Somebody was faster: this file can be opened already."))
        Document.objects.filter(pk__in=[one.pk for one in changed]).update(
            check_state=Document.Check.FREED, check_note=reason.strip()[:300], checked_at=now(), try_at=now()
        )
        for one in changed:
            record(one, Custody.Kind.CHECKED, by=officer, note=_("Opened on an officer's word"))
