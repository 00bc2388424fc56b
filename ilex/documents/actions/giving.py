"""Every look at a document and every copy given out leaves a line of custody and one in the journal."""

from __future__ import annotations

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _

from ilex.documents.actions.custody import record
from ilex.documents.errors import Refused
from ilex.documents.models import Custody, Document
from ilex.documents.owners import case_of
from ilex.documents.queries.opening import opening_of
from ilex.gate.downloads import download
from ilex.gate.models import Attachment
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Officer


def show(officer: Officer, document: Document, reason: str) -> None:
    """Write that the officer read the page with its text."""
    case = case_of(document.on_kind, document.on_id)
    on = ("document", str(document.pk))
    with act("document.opened", Operation.CONSULTATION, by=officer, on=on, case=case, reason=reason):
        record(document, Custody.Kind.SHOWN, by=officer)


def record_given(officer: Officer, attachment: Attachment) -> None:
    """Custody of a file that its own room gave out, in the transaction of that act."""
    for document in Document.objects.filter(attachment=attachment, removed_at=None).defer("text", "search"):
        record(document, Custody.Kind.GIVEN, by=officer, to=str(officer.organisation_id))


def give(officer: Officer, document: Document, reason: str) -> StreamingHttpResponse:
    """The plain bytes, as a file to save. Raises Refused when they may not be opened, or are not here yet."""
    attachment = document.attachment
    if attachment.whole_at is None:
        raise Refused(_("This attachment has not arrived yet."))
    opening = opening_of(attachment)
    if not opening.may:
        raise Refused(opening.words)
    case = case_of(document.on_kind, document.on_id)
    on = ("document", str(document.pk))
    with act("document.given", Operation.CONSULTATION, by=officer, on=on, case=case, reason=reason):
        record(document, Custody.Kind.GIVEN, by=officer, to=str(officer.organisation_id))
        return download(attachment)
