"""What happened to a request, in its order: words, moves of the clock, receipts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Prefetch, QuerySet
from django.utils.translation import gettext as _

from ilex.approvals.models import Approval
from ilex.documents.models import Document
from ilex.exchange.models import ClockMove, Entry, Request, Way
from ilex.gate.models import Attachment, Delivery


@dataclass(frozen=True)
class Tick:
    """One receipt, or what is known instead."""

    label: str
    at: datetime | None = None


@dataclass(frozen=True)
class Moment:
    at: datetime
    kind: str  # of the entry, or "clock"
    title: str
    text: str = ""
    language: str = ""
    way: str = ""  # "in", "out", or empty for what happened in the house
    by: str = ""
    entry: Entry | None = None
    move: ClockMove | None = None
    ticks: tuple[Tick, ...] = ()
    corrected: tuple[Entry, ...] = ()  # what was said later in its place, newest first


def timeline(request: Request) -> list[Moment]:
    """Oldest first. A recalled entry comes without its text; a corrected one with what was said in its place."""
    entries = list(
        request.entries.select_related("by", "envelope", "about")
        .prefetch_related(_papers(request))
        .order_by("at", "id")
    )
    deliveries = _deliveries(request, entries)
    later = _corrections(entries)
    seconds = _second_people(entries)
    moments = [
        _of_entry(entry, deliveries.get(entry.envelope_id), later.get(entry.pk, ()), seconds) for entry in entries
    ]
    moments += [_of_move(move) for move in request.clock_moves.order_by("at", "id")]
    return sorted(moments, key=lambda moment: (moment.at, moment.kind == "clock"))


def _papers(request: Request) -> Prefetch[str, QuerySet[Attachment], str]:
    """The files, each with the document it is on this request, which says whether it may be opened."""
    here = Document.objects.filter(on_kind="request", on_id=request.pk, removed_at=None).defer("text", "search")
    with_documents = Attachment.objects.prefetch_related(Prefetch("documents", here, to_attr="here"))
    return Prefetch("papers", with_documents)


def _deliveries(request: Request, entries: Iterable[Entry]) -> dict[object, Delivery]:
    ours = [entry.envelope_id for entry in entries if entry.way == Way.OUT and entry.envelope_id]
    found = Delivery.objects.filter(envelope__in=ours, peer=request.partner_id)
    return {delivery.envelope_id: delivery for delivery in found}


def _corrections(entries: Iterable[Entry]) -> dict[object, tuple[Entry, ...]]:
    found: dict[object, tuple[Entry, ...]] = {}
    for entry in entries:
        if entry.kind == Entry.Kind.CORRECTION and entry.recalled_at is None:
            found[entry.about_id] = (entry, *found.get(entry.about_id, ()))
    return found


def _second_people(entries: Iterable[Entry]) -> dict[str, str]:
    """Who approved what we said, by the id of the approval; nothing is asked when one person was always enough."""
    asked = {entry.details["approval"] for entry in entries if entry.way == Way.OUT and "approval" in entry.details}
    if not asked:
        return {}
    found = Approval.objects.filter(pk__in=asked).select_related("reviewer")
    return {str(one.pk): one.reviewer.name for one in found if one.reviewer}


def _by(entry: Entry, seconds: Mapping[str, str]) -> str:
    author = entry.by.name if entry.by else str(entry.details.get("agent", ""))
    second = seconds.get(str(entry.details.get("approval", "")))
    if not second:
        return author
    return _("%(author)s, approved by %(second)s") % {"author": author, "second": second}


def _of_entry(
    entry: Entry, delivery: Delivery | None, corrected: tuple[Entry, ...], seconds: Mapping[str, str]
) -> Moment:
    return Moment(
        at=entry.at,
        kind=entry.kind,
        title=_title(entry),
        text=said_in(entry),
        language=entry.language,
        way="" if entry.kind == Entry.Kind.NOTE else entry.way,
        by=_by(entry, seconds),
        entry=entry,
        ticks=tuple(_ticks(entry, delivery)),
        corrected=corrected if entry.recalled_at is None else (),
    )


def _title(entry: Entry) -> str:
    stages = {"interim": _("Interim answer"), "partial": _("Partial answer"), "final": _("Final answer")}
    if entry.kind == Entry.Kind.ANSWER:
        return stages.get(entry.stage, str(entry.get_kind_display()))
    if entry.kind == Entry.Kind.REFUSAL and entry.refused_part:
        return _("Refusal of a part")
    return str(entry.get_kind_display())


def said_in(entry: Entry) -> str:
    """The text that a page may show."""
    if entry.recalled_at is not None:
        return ""
    return "\n\n".join(part for part in (entry.text, entry.reasons) if part)


def _ticks(entry: Entry, delivery: Delivery | None) -> Iterable[Tick]:
    if entry.way == Way.IN:
        if entry.read_at:
            yield Tick(_("first opened"), entry.read_at)
        return
    if delivery is None:
        return
    yield Tick(_("sent"), entry.at)
    yield from delivery_ticks(delivery)


def delivery_ticks(delivery: Delivery) -> Iterable[Tick]:
    if delivery.stored_at:
        yield Tick(_("delivered"), delivery.stored_at)
    if delivery.processed_at:
        yield Tick(_("taken in"), delivery.processed_at)
    if delivery.read_at:
        yield Tick(_("read"), delivery.read_at)
    if delivery.state == Delivery.State.REFUSED:
        yield Tick(_("refused by the partner: %(code)s") % {"code": delivery.code})
    if delivery.state == Delivery.State.EXPIRED:
        yield Tick(_("not delivered in time"))
    if delivery.state == Delivery.State.WAITING:
        yield Tick(_("on its way"))


def delivery_words(delivery: Delivery | None) -> str:
    """The last receipt in one word for the desk."""
    if delivery is None:
        return ""
    if delivery.state in (Delivery.State.REFUSED, Delivery.State.EXPIRED, Delivery.State.WAITING):
        return str(delivery.get_state_display())
    return _("Read") if delivery.read_at else str(delivery.get_state_display())


def _of_move(move: ClockMove) -> Moment:
    return Moment(move.at, "clock", str(move.get_kind_display()), move.words, move=move)


def corrections(entry: Entry) -> list[Entry]:
    """What was said later to correct this entry, newest first: as its author counts, since messages overtake."""
    said = entry.followed_by.filter(kind=Entry.Kind.CORRECTION, recalled_at=None)
    return list(said.order_by(F("envelope__sequence").desc(nulls_last=True), "-at"))
