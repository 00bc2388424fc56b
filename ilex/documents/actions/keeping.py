"""Keeping a file as a document at a place, moving it, and taking it away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.utils.timezone import now

from ilex.documents import index
from ilex.documents.actions.custody import record
from ilex.documents.models import Custody, Document
from ilex.documents.owners import case_of
from ilex.documents.rules import kind_of_media
from ilex.gate.models import Attachment
from ilex.index import vector
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Circle, Officer


def keep(
    attachment: Attachment,
    on: tuple[str, UUID],
    *,
    by: Officer | None,
    title: str = "",
    handling: str = "H0",
    language: str = "",
    circle: Circle | None = None,
    part_of: Document | None = None,
    sent_to: Sequence[str] = (),
) -> Document:
    """Make the file a document of a case, request or task. It waits for the scanner, then for the reader.

    The caller has checked that the officer may write there. Saves the attachment if it is new, whose bytes may still
    be on their way. `sent_to`: the units that this copy went to.
    """
    kind, id = on
    title = " ".join((title or attachment.name).split())[:300]
    with act("document.kept", Operation.COLLECTION, by=by, case=case_of(kind, id)) as this:
        if attachment._state.adding:
            attachment.save()
        document = Document.objects.create(
            attachment=attachment,
            on_kind=kind,
            on_id=id,
            part_of=part_of,
            circle=circle,
            digest=bytes(attachment.digest),
            title=title,
            kind=kind_of_media(attachment.media),
            handling=handling,
            language=language,
            try_at=now(),
            made_by=by,
            made_at=now(),
            search=vector(index.words(title)),
        )
        record(document, Custody.Kind.KEPT, by=by, note=attachment.name)
        for unit in sent_to:
            record(document, Custody.Kind.SENT, by=by, to=unit)
        this.on = ("document", str(document.pk))
        this.detail |= {"place": kind, "id": str(id), "digest": bytes(attachment.digest).hex()}
    return document


def move(document: Document, to: tuple[str, UUID], *, by: Officer, reason: str) -> None:
    """Take it, with its parts, to another place, as when a case is split. The caller has checked both places."""
    kind, id = to
    with act("document.moved", Operation.ALTERATION, by=by, on=("document", str(document.pk)), reason=reason) as this:
        this.case = case_of(kind, id)
        this.detail |= {"from": f"{document.on_kind} {document.on_id}", "to": f"{kind} {id}"}
        for each in (document, *_parts(document)):
            Document.objects.filter(pk=each.pk).update(on_kind=kind, on_id=id)
            record(each, Custody.Kind.MOVED, by=by, note=reason)
    document.on_kind, document.on_id = kind, id


def remove(document: Document, *, by: Officer | None, reason: str) -> None:
    """Show it and give it to nobody any more. The sealed bytes stay as evidence until retention erases them."""
    with act("document.removed", Operation.ERASURE, by=by, on=("document", str(document.pk)), reason=reason) as this:
        this.case = case_of(document.on_kind, document.on_id)
        for each in (document, *_parts(document)):
            _remove(each, by, reason)


def remove_papers(attachments: Iterable[Attachment], on: tuple[str, UUID], *, by: Officer | None, reason: str) -> None:
    """The documents that these files are at that place: what was recalled is given to nobody."""
    found = Document.objects.filter(
        attachment__in=list(attachments), on_kind=on[0], on_id=on[1], removed_at=None, part_of=None
    )
    for document in found:
        remove(document, by=by, reason=reason)


def _remove(document: Document, by: Officer | None, reason: str) -> None:
    changed = Document.objects.filter(pk=document.pk, removed_at=None).update(
        removed_at=now(), text="", search=None, try_at=None
    )
    if changed:
        record(document, Custody.Kind.REMOVED, by=by, note=reason)


def _parts(document: Document) -> list[Document]:
    found: list[Document] = []
    last = [document]
    while last:
        last = list(Document.objects.filter(part_of__in=last))
        found += last
    return found
