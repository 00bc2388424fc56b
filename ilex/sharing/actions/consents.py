"""Asking an owner for a use of what he gave, deciding on what others ask us, and taking a yes back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.exchange.models import Entry, Way
from ilex.gate import actions as gate
from ilex.gate.errors import GateError
from ilex.gate.models import Envelope, Peer
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.sharing.actions.bodies import says
from ilex.sharing.messages import ConsentAskedBody, ConsentDecidedBody, ConsentItemBody
from ilex.sharing.models import Consent, Release, Use
from ilex.sharing.queries.consents import visible_consents
from ilex.sharing.queries.uses import MESSAGE, SAID, Barrier, Item, Known, known_to_owners
from ilex.sharing.rules import Invalid, NotNow, written
from ilex.subjects.models import Statement
from ilex.subjects.queries.access import visible_subjects
from ilex.units import queries as units
from ilex.units.models import Officer, Organisation
from ilex.units.rules import check
from ilex.words import uses

State = Consent.State


def ask_consent(
    officer: Officer,
    items: Sequence[Item],
    use: str,
    to: Sequence[str],
    reason: str,
    *,
    release: Release | None = None,
    case: str = "",
) -> Consent:
    """Ask the owner of these items, by a sealed message, to allow this use. All must be of one owner.

    Raises Invalid; NotNow when the same is asked already, or the owner cannot be asked by Ilex.
    """
    check(officer, "release.send")
    reason = written("reason", reason, _("Say why you need it."))
    owner = _one_owner(officer, items)
    to = _asked_for(use, to)
    known = known_to_owners(items)
    _must_be_askable(owner, known.values())
    case = case or (release.case if release else "")
    with act("consent.asked", Operation.DISCLOSURE, by=officer, reason=reason, case=case) as this:
        consent = _ask(officer, owner, items, known, use, to, reason, release, done=False)
        this.on = ("consent", str(consent.pk))
        this.recipients = [owner.pk]
        this.detail |= {"use": use, "to": list(to), "items": [str(item.pk) for item in items]}
    return consent


def ask_for_letter(officer: Officer, entry: Entry, to: Sequence[str], reason: str) -> Consent:
    """Ask the partner to let these units have a letter of his with its papers. Raises Invalid, NotNow."""
    check(officer, "release.send")
    reason = written("reason", reason, _("Say why you need it."))
    to = _asked_for(Use.FORWARD, to)
    owner = entry.request.partner
    if entry.way != Way.IN or entry.message is None:
        raise NotNow(
            _("%(owner)s cannot be asked by Ilex for this: ask by another channel, and record the answer.")
            % {"owner": owner.name}
        )
    with act("consent.asked", Operation.DISCLOSURE, by=officer, reason=reason) as this:
        consent = Consent.objects.create(
            way=Consent.Way.ASKED,
            unit=owner,
            entry=entry,
            use=Use.FORWARD,
            to=to,
            reason=reason,
            statements=[entry.message],
            items=[{"number": str(entry.message), "known_as": MESSAGE, "says": entry.request.our_ref}],
            asked_at=now(),
            asked_by=officer,
        )
        _post_question(consent, officer, entry.handling)
        this.on = ("consent", str(consent.pk))
        this.recipients = [owner.pk]
        this.detail |= {"use": Use.FORWARD.value, "to": to, "entry": str(entry.pk)}
    return consent


def allows_letter(entry: Entry, unit: str) -> bool:
    """Whether its sender lets this unit have the letter with its papers."""
    granted = Consent.objects.filter(way=Consent.Way.ASKED, entry=entry, state=State.GRANTED)
    return granted.filter(to__contains=[unit]).exists()


def inform(officer: Officer, release: Release, lifted: Iterable[Barrier]) -> list[Consent]:
    """Tell the owners of what went to a third state because it could not wait: LED Art. 35(2). In the release's act."""
    among: dict[str, list[Barrier]] = defaultdict(list)
    for barrier in lifted:
        among[barrier.owner.pk].append(barrier)
    told = []
    for barriers in among.values():
        items = list({barrier.item.pk: barrier.item for barrier in barriers}.values())
        to = list(dict.fromkeys(barrier.unit.pk for barrier in barriers if barrier.unit))
        known = known_to_owners(items)
        owner = barriers[0].owner
        reachable = _is_askable(owner, known.values())
        consent = _ask(
            officer, owner, items, known, Use.THIRD, to, release.threat, release, done=True, posted=reachable
        )
        told.append(consent)
    return told


def record_consent(
    officer: Officer, items: Sequence[Item], use: str, to: Sequence[str], how: str, conditions: str = ""
) -> Consent:
    """Write down a yes that the owner gave by another channel: by whom, when and how it was given.

    For owners without a node, and for what came by no message. Only who may decide on consents may write it.
    """
    check(officer, "consent.decide")
    how = written("reason", how, _("Say who gave the consent, when, and by which channel."))
    owner = _one_owner(officer, items)
    to = _asked_for(use, to)
    with act("consent.recorded", Operation.OPERATION, by=officer, reason=how) as this:
        at = now()
        consent = Consent.objects.create(
            **_columns(officer, owner, items, known_to_owners(items), use, to, how),
            state=State.GRANTED,
            conditions=conditions.strip()[:4000],
            decided_at=at,
            decided_by=officer,
            read_at=at,
        )
        this.on = ("consent", str(consent.pk))
        this.detail |= {"use": use, "to": list(to), "items": [str(item.pk) for item in items]}
    return consent


def decide(officer: Officer, consent: Consent, *, grant: bool, text: str = "") -> Consent:
    """Say yes, perhaps with conditions, or no, with a reason. Raises Invalid, NotNow."""
    check(officer, "consent.decide")
    text = text.strip() if grant else written("why", text, _("Say why not: they must be able to tell."))
    if grant and len(text) > 4_000:
        raise Invalid({"conditions": _("The text is too long, or holds a character that cannot be kept.")})
    to = State.GRANTED if grant else State.REFUSED
    columns = {"conditions": text} if grant else {"why": text}
    return _decide(officer, consent, State.ASKED, to, columns)


def withdraw_consent(officer: Officer, consent: Consent, why: str) -> Consent:
    """From now on they may not use it so any more. What they did before stays lawful; recall it to undo it."""
    check(officer, "consent.decide")
    why = written("why", why, _("Say why it is withdrawn."))
    return _decide(officer, consent, State.GRANTED, State.WITHDRAWN, {"why": why})


def _decide(officer: Officer, consent: Consent, of: State, to: State, columns: dict[str, Any]) -> Consent:
    if not visible_consents(officer).filter(pk=consent.pk, way=Consent.Way.GIVEN).exists():
        raise PermissionDenied
    on = ("consent", str(consent.pk))
    with act(f"consent.{to}", Operation.OPERATION, by=officer, on=on, reason=columns.get("why", "")) as this:
        waiting = Consent.objects.filter(pk=consent.pk, way=Consent.Way.GIVEN, state=of)
        if not waiting.update(state=to, decided_at=now(), decided_by=officer, **columns):
            raise NotNow(_("This was decided already. Look at it again."))
        consent.refresh_from_db()
        body = ConsentDecidedBody(
            agent=officer.function,
            number=consent.number,
            decision=to.value,
            conditions=consent.conditions if to == State.GRANTED else "",
            why=consent.why if to != State.GRANTED else "",
        )
        _post("sharing.consent-decided", body, consent, officer)
        this.recipients = [consent.unit_id]
        this.detail |= {"use": consent.use, "to": consent.to}
    return consent


def _ask(
    officer: Officer,
    owner: Organisation,
    items: Sequence[Item],
    known: dict[UUID, Known],
    use: str,
    to: Sequence[str],
    reason: str,
    release: Release | None,
    *,
    done: bool,
    posted: bool = True,
) -> Consent:
    columns = _columns(officer, owner, items, known, use, to, reason)
    same = Consent.objects.filter(
        way=Consent.Way.ASKED, unit=owner, use=use, state=State.ASKED, statements__contains=columns["statements"]
    )
    if not done and same.filter(to__contains=list(to)).exists():
        raise NotNow(_("%(owner)s was asked this already and has not decided yet.") % {"owner": owner.name})
    consent = Consent.objects.create(**columns, release=release, done=done)
    if not posted:
        Consent.objects.filter(pk=consent.pk).update(why=_("Ilex cannot tell them: tell them by another channel."))
    if posted:
        _post_question(consent, officer, uses.strictest(item.handling for item in items))
    return consent


def _post_question(consent: Consent, officer: Officer, handling: str) -> None:
    body = ConsentAskedBody(
        agent=officer.function,
        number=consent.number,
        use=consent.use,
        to=consent.to,
        items=[ConsentItemBody(**item) for item in consent.items],
        reason=consent.reason,
        done=consent.done,
    )
    envelope = _post("sharing.consent-asked", body, consent, officer, handling)
    Consent.objects.filter(pk=consent.pk).update(asked_at=envelope.at)


def _columns(
    officer: Officer,
    owner: Organisation,
    items: Sequence[Item],
    known: dict[UUID, Known],
    use: str,
    to: Sequence[str],
    reason: str,
) -> dict[str, Any]:
    words = dict(zip((item.pk for item in items), says(items), strict=True))
    return {
        "way": Consent.Way.ASKED,
        "unit": owner,
        "number": uuid4(),
        "use": use,
        "to": list(to),
        "reason": reason,
        "statements": list(dict.fromkeys(known[item.pk].number for item in items)),
        "items": [
            {"number": str(row.number), "known_as": row.known_as, "says": words[item.pk]}
            for item in items
            for row in [known[item.pk]]
        ],
        "asked_at": now(),
        "asked_by": officer,
    }


def _post(
    type: str, body: ConsentAskedBody | ConsentDecidedBody, consent: Consent, by: Officer, handling: str = "H0"
) -> Envelope:
    try:
        return gate.post(type, body, to=[consent.unit_id], conversation=consent.number, handling=handling, by=by)
    except GateError as error:
        raise NotNow(str(error)) from error


def _one_owner(officer: Officer, items: Sequence[Item]) -> Organisation:
    owners = {item.owner_id for item in items}
    if len(owners) != 1:
        raise Invalid({"items": _("Ask one owner at a time.")})
    subjects = {end for item in items for end in _ends(item)}
    if visible_subjects(officer).filter(pk__in=subjects).count() != len(subjects):
        raise PermissionDenied
    owner = items[0].owner
    if owner.pk == units.here().pk:
        raise Invalid({"items": _("This is our own: nobody has to be asked.")})
    return owner


def _ends(item: Item) -> list[UUID]:
    return [item.subject_id] if isinstance(item, Statement) else [item.one_id, item.other_id]


def _asked_for(use: str, to: Sequence[str]) -> list[str]:
    if use not in Use.values:
        raise Invalid({"use": _("Choose one from the list.")})
    wanted = list(dict.fromkeys(to)) if use != Use.COURT else []
    if use != Use.COURT and not wanted:
        raise Invalid({"to": _("Say who would receive it.")})
    if Organisation.objects.filter(pk__in=wanted).count() != len(wanted):
        raise Invalid({"to": _("Choose units from the list.")})
    return wanted


def _must_be_askable(owner: Organisation, known: Iterable[Known]) -> None:
    if not _is_askable(owner, known):
        raise NotNow(
            _("%(owner)s cannot be asked by Ilex for this: ask by another channel, and record the answer.")
            % {"owner": owner.name}
        )


def _is_askable(owner: Organisation, known: Iterable[Known]) -> bool:
    paired = Peer.objects.filter(unit=owner, state=Peer.State.PAIRED).exists()
    return paired and all(row.known_as != SAID for row in known)
