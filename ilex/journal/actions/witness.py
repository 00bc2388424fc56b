"""Witnessing the peers' trees: a peer that rewrites its log contradicts a head it signed for us."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import connection, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.journal import notes
from ilex.journal.actions.lines import act, write
from ilex.journal.models import Operation, Witnessed
from ilex.journal.queries.witness import LEEWAY, OPEN, STANDS, State, alarms, compared, contradicting, larger_before
from ilex.journal.tree import proves_consistency
from ilex.units.models import Officer


class NotAsked(Exception):
    """One clear sentence: a proof came that answers no open question."""


def remember(
    origin: str,
    note_text: str,
    *keys: Ed25519PublicKey,
    said_at: datetime | None = None,
    at: datetime | None = None,
) -> Witnessed:
    """Keep a head that the unit `origin` said. Raises NoteError unless one of its `keys` signed it.

    `said_at` is the time of the message that carried the head, by the peer's word. The state of the row that is
    returned tells whether the head contradicts another one (FORK) or is an old one come back (ROLLBACK).
    """
    note = notes.read(note_text)
    notes.check(note, notes.origin_of(origin), keys)
    moment = at or now()
    said = said_at or moment
    known = Witnessed.objects.filter(origin=origin, size=note.size, root=note.root).first()
    if known is None:
        return _keep(origin, note, note_text, said, moment)
    if not known.alarms and (larger := larger_before(origin, known.size, said)):
        return _alarm(known, State.ROLLBACK, larger)
    return known


def remember_many(
    origin: str, said: Mapping[str, datetime], *keys: Ed25519PublicKey, at: datetime | None = None
) -> list[notes.NoteError]:
    """As `remember` for heads that came together, in few statements while they contradict nothing.

    `said` gives for each note the time of the message that carried it. Those that are not good are given back.
    """
    good: dict[str, notes.Note] = {}
    wrong: list[notes.NoteError] = []
    for text in said:
        try:
            note = notes.read(text)
            notes.check(note, notes.origin_of(origin), keys)
            good[text] = note
        except notes.NoteError as error:
            wrong.append(error)
    moment = at or now()
    with transaction.atomic():
        if good and not _continue(origin, good, said, moment):
            for text in sorted(good, key=lambda text: good[text].size):
                remember(origin, text, *keys, said_at=said[text], at=moment)
    return wrong


def settle(
    origin: str, first: int, second: int, proof: Sequence[bytes] | None, at: datetime | None = None
) -> Witnessed:
    """Take the answer to `ask_for`: the head in question becomes PROVEN, or FORK.

    `proof` is None when the peer says that it cannot prove it, which is the same as a wrong proof.
    """
    with transaction.atomic():
        _one_at_a_time(origin)
        old, new, asked = _asked(origin, first, second)
        roots = bytes(old.root), bytes(new.root)
        if proof is None or not proves_consistency(first, second, *roots, proof):
            return _alarm(asked, State.FORK, new if asked is old else old)
        asked.state, asked.proven_at = State.PROVEN, at or now()
        asked.save(update_fields=["state", "proven_at"])
    return asked


def explain(origin: str, *, by: Officer, reason: str, at: datetime | None = None) -> int:
    """Close this peer's alarms with a person's words, and compare from the newest head on; returns how many.

    The contradicting heads are kept. Used when, say, the other unit tells that it restored a backup.
    """
    if not reason.strip():
        raise ValueError(_("Write what explains the alarm."))
    moment = at or now()
    with act("head.explained", Operation.OPERATION, by=by, on=("peer", origin), reason=reason) as this:
        count = (
            alarms()
            .filter(origin=origin)
            .update(explained_at=moment, explained_by=str(by.pk), explanation=reason.strip())
        )
        if not count:
            raise ValueError(_("This unit's heads raise no alarm."))
        newest = Witnessed.objects.filter(origin=origin).order_by("-said_at", "-size")[:1]
        Witnessed.objects.filter(pk__in=newest.values("pk")).update(begins_at=moment)
        this.detail["alarms"] = count
    return count


def _keep(origin: str, note: notes.Note, text: str, said_at: datetime, at: datetime) -> Witnessed:
    with transaction.atomic():
        _one_at_a_time(origin)
        other = contradicting(origin, note.size, note.root)
        larger = larger_before(origin, note.size, said_at)
        begins = not compared(origin).exists()
        head, made = Witnessed.objects.get_or_create(
            origin=origin,
            size=note.size,
            root=note.root,
            defaults={
                "note": text,
                "said_at": said_at,
                "came_at": at,
                # The first one known has nothing before it to be proven against.
                "state": State.PROVEN if begins else State.SEEN,
                "proven_at": at if begins else None,
            },
        )
        if made and (other or larger):
            return _alarm(head, State.FORK if other else State.ROLLBACK, other or larger)
    return head


def _continue(origin: str, good: Mapping[str, notes.Note], said: Mapping[str, datetime], at: datetime) -> bool:
    """Keep heads that only continue what is known. False, and nothing kept, when one must be looked at alone."""
    _one_at_a_time(origin)
    chain = compared(origin)
    heads = {(note.size, note.root): text for text, note in good.items()}
    rows = Witnessed.objects.filter(origin=origin, size__in={size for size, _root in heads})
    known = {(size, bytes(root)) for size, root in rows.values_list("size", "root")}
    if len({size for size, _root in known | heads.keys()}) < len(known | heads.keys()):
        return False  # two roots of one size
    smallest, latest = min(heads)[0], max(said[text] for text in good)
    if chain.filter(size__gt=smallest, said_at__lt=latest - LEEWAY).exists() or not (known or chain.exists()):
        return False  # perhaps an old one come back; or the first of all
    Witnessed.objects.bulk_create(
        Witnessed(origin=origin, size=size, root=root, note=text, said_at=said[text], came_at=at, state=State.SEEN)
        for (size, root), text in sorted(heads.items())
        if (size, root) not in known
    )
    return True


def _alarm(head: Witnessed, state: Witnessed.State, against: Witnessed | None) -> Witnessed:
    with transaction.atomic():
        head.state, head.against = state, against
        head.explained_at, head.explained_by, head.explanation = None, "", ""
        head.save(update_fields=["state", "against", "explained_at", "explained_by", "explanation"])
        write(
            f"head.{state}",
            Operation.OPERATION,
            by=None,
            on=("peer", head.origin),
            size=head.size,
            against=against.size if against else None,
        )
    return head


def _asked(origin: str, first: int, second: int) -> tuple[Witnessed, Witnessed, Witnessed]:
    chain = compared(origin)
    for size, other_size in ((second, first), (first, second)):
        asked, other = chain.filter(OPEN, size=size).first(), chain.filter(STANDS, size=other_size).first()
        if asked and other:
            old, new = sorted((asked, other), key=lambda head: head.size)
            return old, new, asked
    raise NotAsked(
        _("Nobody asked %(unit)s to prove that its log of %(first)s lines became one of %(second)s.")
        % {"unit": origin, "first": first, "second": second}
    )


def _one_at_a_time(origin: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"witness {origin}"])
