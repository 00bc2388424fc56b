"""Writing a release: what is picked, for whom, and letting it go, at once or by a second person."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.approvals import actions as approvals
from ilex.approvals import errors as approval_errors
from ilex.approvals.models import Approval
from ilex.approvals.queries import waiting_for
from ilex.exchange import queries as exchange
from ilex.exchange.models import Request
from ilex.gate.canonical import canonical
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.sharing import cases
from ilex.sharing.actions.sending import send
from ilex.sharing.models import Release
from ilex.sharing.queries.releases import choosable, items_in, release_for
from ilex.sharing.queries.review import Review, review
from ilex.sharing.queries.uses import Item
from ilex.sharing.rules import (
    MOST_STATEMENTS,
    MOST_SUBJECTS,
    Blocked,
    Invalid,
    Letter,
    NotNow,
    Unconfirmed,
    checked,
)
from ilex.subjects.models import Link, Statement
from ilex.units import queries as units
from ilex.units.models import Officer, Organisation
from ilex.units.rules import check

KIND = "release"  # of approvals
TEXTS = ("title", "purpose", "text")  # what a reviewer may propose anew


def draft_release(
    officer: Officer,
    letter: Letter,
    *,
    statements: Collection[str | UUID],
    links: Collection[str | UUID] = (),
    to: Sequence[str] = (),
) -> Release:
    """A new draft of his. Raises Invalid; nothing leaves before `put_forward`."""
    check(officer, "release.send")
    with act("release.drafted", Operation.ALTERATION, by=officer, case=letter.case) as this:
        release = Release(id=uuid4(), way=Release.Way.OUT, author=officer, made_at=now())
        release.conversation = release.pk
        _fill(officer, release, letter, statements, links, to)
        this.on = ("release", str(release.pk))
    return release


def change_release(
    officer: Officer,
    release: Release,
    letter: Letter,
    *,
    statements: Collection[str | UUID],
    links: Collection[str | UUID] = (),
    to: Sequence[str] = (),
) -> Release:
    """Raises Invalid, NotNow while it waits for a second person, PermissionDenied for anybody but the author."""
    check(officer, "release.send")
    with act("release.changed", Operation.ALTERATION, by=officer, on=("release", str(release.pk)), case=letter.case):
        row = locked_draft(officer, release)
        _fill(officer, row, letter, statements, links, to)
    return row


def drop_release(officer: Officer, release: Release) -> None:
    """Throw a draft away. Questions that were asked for it stay on file."""
    with act("release.dropped", Operation.ALTERATION, by=officer, on=("release", str(release.pk))):
        locked_draft(officer, release).delete()


def leave_out(officer: Officer, release: Release, items: Collection[UUID], units: Collection[str] = ()) -> None:
    """Take what is forbidden, or was withdrawn since, out of a draft; or units that may not have it."""
    with act("release.changed", Operation.ALTERATION, by=officer, on=("release", str(release.pk))):
        row = locked_draft(officer, release)
        row.statements.remove(*Statement.objects.filter(pk__in=items))
        row.links.remove(*Link.objects.filter(pk__in=items))
        Release.objects.filter(pk=row.pk).update(to=[unit for unit in row.to if unit not in set(units)])


def locked_draft(officer: Officer, release: Release) -> Release:
    """The author's draft as it is now, its row held; NotNow when it left, or waits for a second person."""
    check(officer, "release.send")
    row = Release.objects.select_for_update().filter(pk=release.pk, way=Release.Way.OUT).first()
    if row is None:
        raise NotNow(_("This draft is gone: it was sent or thrown away already."))
    if row.author_id != officer.pk:
        raise PermissionDenied(_("Only its author can do this."))
    if row.state != Release.State.DRAFT:
        raise NotNow(_("This was released already."))
    if waiting_for(KIND, row.pk) is not None:
        raise NotNow(_("It waits for a second person. Take it back first, then change it."))
    return row


def _fill(
    officer: Officer,
    release: Release,
    letter: Letter,
    statements: Collection[str | UUID],
    links: Collection[str | UUID],
    to: Sequence[str],
) -> None:
    fields = checked(letter, complete=False)
    _check_belonging(officer, fields)
    items = _picked(officer, statements, links)
    for name, value in fields.items():
        setattr(release, name, value)
    release.to = _recipients(to)
    release.save()
    release.statements.set([item for item in items if isinstance(item, Statement)])
    release.links.set([item for item in items if isinstance(item, Link)])


def _check_belonging(officer: Officer, fields: Mapping[str, str]) -> None:
    if fields["case"] and not cases.may_see(officer, fields["case"]):
        raise Invalid({"case": _("There is no such case.")})
    if fields["request_ref"]:
        try:
            exchange.request_for(officer, fields["request_ref"])
        except Request.DoesNotExist:
            raise Invalid({"request_ref": _("There is no such request.")}) from None


def _picked(officer: Officer, statements: Collection[str | UUID], links: Collection[str | UUID]) -> list[Item]:
    if len(statements) + len(links) > MOST_STATEMENTS:
        raise Invalid({"statements": _("Choose at most %(limit)d statements and links.") % {"limit": MOST_STATEMENTS}})
    items = choosable(officer, statements, links)
    if len({item.pk for item in items}) != len({str(one) for one in (*statements, *links)}):
        raise Invalid({"statements": _("One of the statements was withdrawn, or is not there. Choose again.")})
    subjects = {item.subject_id for item in items if isinstance(item, Statement)}
    if len(subjects) > MOST_SUBJECTS:
        raise Invalid({"statements": _("Choose statements on at most %(limit)d subjects.") % {"limit": MOST_SUBJECTS}})
    return items


def _recipients(to: Sequence[str]) -> list[str]:
    wanted = list(dict.fromkeys(to))
    if units.here().pk in wanted:
        raise Invalid({"to": _("A unit does not write to itself.")})
    found = Organisation.objects.filter(pk__in=wanted, kind=Organisation.Kind.UNIT)
    if found.count() != len(wanted):
        raise Invalid({"to": _("Choose units from the list.")})
    return wanted


# --- letting it go ---


def put_forward(officer: Officer, release: Release, *, confirmed: bool = False, note: str = "") -> Release | Approval:
    """Release it, or, where the rules ask for a second person, put it before one.

    Raises Invalid for what is missing, Blocked while an owner must allow something first, Unconfirmed while the
    officer has not said that he keeps the owners' conditions, NotNow.
    """
    with act("release.put-forward", Operation.OPERATION, by=officer, on=("release", str(release.pk))) as this:
        row = locked_draft(officer, release)
        _must_still_see(officer, row)
        found = must_be_free(row)
        if found.conditions and not confirmed:
            raise Unconfirmed([note for _item, note in found.conditions])
        this.case = row.case
        if not found.rules:
            this.detail |= {"second_person": False}
            return send(row, officer, found)
        this.detail |= {"second_person": True}
        return _ask(officer, row, found, note)


def _must_still_see(officer: Officer, release: Release) -> None:
    try:
        release_for(officer, release.pk)
    except Release.DoesNotExist:
        raise PermissionDenied from None


def must_be_free(release: Release) -> Review:
    """The review of a release that may go; Invalid or Blocked otherwise."""
    found = review(release)
    if found.gone:
        raise Invalid({"statements": _("Some of it was withdrawn since it was picked. Leave it out first.")})
    if found.faults:
        raise Invalid({"release": " ".join(found.faults)})
    if found.barriers:
        raise Blocked(list(dict.fromkeys(barrier.sentence for barrier in found.barriers)))
    return found


def _ask(officer: Officer, release: Release, found: Review, note: str) -> Approval:
    try:
        return approvals.ask(
            officer,
            KIND,
            release.pk,
            title=release.title,
            rules=[rule.code for rule in found.rules],
            recipients=release.to,
            handling=found.handling,
            digest=digest(release.pk),
            due_at=_due(release),
            note=note,
        )
    except approval_errors.NotNow as late:
        raise NotNow(str(late)) from late


def _due(release: Release) -> datetime | None:
    """The legal clock of the request behind it."""
    return Request.objects.filter(our_ref=release.request_ref).values_list("due_at", flat=True).first()


def digest(release_id: UUID) -> bytes:
    """SHA-256 of all that would leave, and for whom; empty when there is no such draft any more."""
    release = Release.objects.filter(pk=release_id, state=Release.State.DRAFT).first()
    if release is None:
        return b""
    content = {
        "to": sorted(release.to),
        "texts": [release.title, release.purpose, release.text, release.threat, release.language],
        "items": [[str(item.pk), item.handling, item.withdrawn_at is None] for item in items_in(release)],
    }
    return sha256(canonical(content)).digest()
