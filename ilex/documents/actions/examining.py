"""What the clock does with a document: claim it, have it scanned, read it. Each claim is a lease."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import closing
from datetime import timedelta
from typing import cast

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.documents import child, index, scanner
from ilex.documents.actions.custody import record
from ilex.documents.actions.keeping import keep
from ilex.documents.models import Custody, Document
from ilex.documents.owners import case_of
from ilex.gate.errors import GateError
from ilex.gate.store import open_stream, seal_stream
from ilex.index import vector
from ilex.journal.actions import act
from ilex.journal.models import Operation

LEASE = timedelta(minutes=10)  # longer than a scan and a reading may take
NOT_HERE = timedelta(minutes=1)  # its bytes are on their way
AWAY = timedelta(minutes=5)  # the scanner does not answer
CANNOT = timedelta(days=7)  # it answers that it cannot look at this file; its limits may change
TRIES = 3  # ends that nobody can explain, as when the machine went down in between; then it is told as unreadable
DEEP = 4  # letters in letters that become documents

Check = Document.Check
OPEN = (Check.CLEAN, Check.FREED, Check.UNSCANNED)
NOT_SCANNED = (Check.UNSCANNED, Check.FREED)


def claim() -> Document | None:
    """The next document to examine, ours for the length of a lease. Two clocks never get the same."""
    due = Q(try_at__lte=now())
    if scanner.is_set_up():
        due |= Q(check_state__in=NOT_SCANNED, try_at=None)  # the scanner came after the document
    with transaction.atomic():
        rows = Document.objects.filter(due, removed_at=None).select_for_update(skip_locked=True, of=("self",))
        document = rows.select_related("attachment", "circle").order_by("try_at", "id").first()
        if document is not None:
            document.tries += 1
            Document.objects.filter(pk=document.pk).update(try_at=now() + LEASE, tries=document.tries)
    return document


def examine(document: Document) -> None:
    """Scan it if need be, then read it; each is kept as soon as it is done."""
    again: timedelta | None = None
    if document.attachment.whole_at is None:
        again = NOT_HERE
    elif document.check_state != Check.CLEAN:
        again = _check(document)
    if _to_be_read(document):
        _read(document)
    Document.objects.filter(pk=document.pk).update(try_at=now() + again if again else None, tries=0)


def _to_be_read(document: Document) -> bool:
    whole = document.attachment.whole_at is not None
    return whole and document.reading == Document.Reading.WAITING and document.check_state in OPEN


# --- the scanner ---


def _check(document: Document) -> timedelta | None:
    """Scan it and keep what came out. Gives the time after which to ask again, if there is reason to."""
    if not scanner.is_set_up():
        _unscanned(document, _("This node has no scanner."))
        return None
    try:
        with closing(_bytes(document)) as content:
            verdict = scanner.scanner().scan(content)
    except scanner.ScannerAway:
        _unscanned(document, _("The scanner does not answer."))
        return AWAY
    except scanner.CannotScan as reason:
        _unscanned(document, _("The scanner could not look at it: %(why)s") % {"why": reason})
        return CANNOT
    except GateError as error:
        _unscanned(document, str(error))
        return CANNOT
    state = Check.FOUND if verdict.found else Check.CLEAN
    _judge(document, state, " · ".join(filter(None, [", ".join(verdict.found), verdict.scanner])))
    return None


def _unscanned(document: Document, why: str) -> None:
    """Nobody saw it. What an officer freed stays free, and what was told once is not told again."""
    if document.check_state == Check.WAITING:
        _judge(document, Check.UNSCANNED, why)


def _judge(document: Document, state: Check, note: str) -> None:
    """Keep the state. FOUND is the last word: its text is shown to nobody and found by no search."""
    shut: dict[str, object] = {"text": "", "search": None} if state == Check.FOUND else {}
    on = ("document", str(document.pk))
    case = case_of(document.on_kind, document.on_id)
    with act("document.checked", Operation.OPERATION, by=None, on=on, case=case, state=str(state)):
        same = Document.objects.filter(pk=document.pk)
        if state == Check.UNSCANNED:
            same = same.filter(check_state=Check.WAITING)  # an officer may have freed it in between
        if same.update(check_state=state, check_note=note[:300], checked_at=now(), **shut):
            record(document, Custody.Kind.CHECKED, by=None, note=f"{state.label}: {note}")
    document.refresh_from_db(fields=["check_state"])


# --- the reader ---


def _read(document: Document) -> None:
    if document.tries > TRIES:
        reading = child.Reading(why="too-much")
    else:
        try:
            with closing(_bytes(document, small=True)) as content:
                reading = child.read(content, document.language)
        except GateError:
            reading = child.Reading(why="away")
    _keep_reading(document, reading)


def _bytes(document: Document, *, small: bool = False) -> Generator[bytes]:
    """The plain file, opened only when somebody asks for its first piece. Of a large one that shall be `small` the
    first piece is all: it tells the kind, and the rest is not read.
    """
    with closing(cast("Generator[bytes]", open_stream(document.attachment))) as pieces:
        for piece in pieces:
            yield piece
            if small and document.attachment.size > child.LARGEST:
                return


def _keep_reading(document: Document, reading: child.Reading) -> None:
    large = document.attachment.size > child.LARGEST
    why = "too-large" if large else reading.why
    text = "" if large else reading.text
    state = Document.Reading.READ if text else Document.Reading.FAILED if why else Document.Reading.NOTHING
    words = index.words(document.title, text)
    on = ("document", str(document.pk))
    case = case_of(document.on_kind, document.on_id)
    with act("document.read", Operation.OPERATION, by=None, on=on, case=case, kind=reading.kind, why=why):
        Document.objects.filter(pk=document.pk, removed_at=None).exclude(check_state=Check.FOUND).update(
            kind=reading.kind or document.kind,
            text=text,
            pages=reading.pages,
            reading=state,
            reading_note=why,
            recognised=reading.ocr,
            search=vector(words),
        )
        if not large:
            _keep_parts(document, reading.parts)
    index.remember(words)


def _keep_parts(document: Document, parts: Iterable[child.Part]) -> None:
    """Files of an e-mail become documents at the same place, each judged for itself; a second reading adds none."""
    if _depth(document) >= DEEP or document.parts.exists():
        return
    for part in parts:
        attachment = seal_stream([part.content], name=part.name)
        keep(
            attachment,
            (document.on_kind, document.on_id),
            by=None,
            handling=document.handling,
            language=document.language,
            circle=document.circle,
            part_of=document,
        )


def _depth(document: Document) -> int:
    depth, above = 0, document.part_of
    while above is not None and depth < DEEP:
        depth, above = depth + 1, above.part_of
    return depth
