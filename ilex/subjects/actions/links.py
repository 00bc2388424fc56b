"""Saying how two subjects are connected, and taking it back."""

from __future__ import annotations

from django.conf import settings
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.journal.rows import insert
from ilex.subjects import changes
from ilex.subjects.actions.keeping import locked, stand
from ilex.subjects.models import Link, Subject
from ilex.subjects.queries.access import link_for
from ilex.subjects.records import columns
from ilex.subjects.rules import Evaluation, Invalid, NotNow, checked_evaluation, checked_reason
from ilex.units.models import Officer
from ilex.units.rules import check
from ilex.words import kinds
from ilex.words.entries import LawError

ROLE = 200  # characters


def link(
    officer: Officer,
    one: Subject,
    other: Subject,
    kind: str,
    role: str = "",
    evaluation: Evaluation | None = None,
) -> Link:
    """Connect two subjects. Raises Invalid; NotNow when they are connected so already."""
    check(officer, "subject.write")
    evaluation = checked_link(one, other, kind, role, evaluation or Evaluation())
    on = ("subject", str(one.pk))
    with act("subject.linked", Operation.COMBINATION, by=officer, on=on) as this:
        first, second = locked(officer, "subject.write", one, other)
        _must_be_new(first, second, kind)
        made = link_row(first, second, kind, role, evaluation, by=officer)
        insert(made)
        _touch(first, second)
        this.detail |= {"link": str(made.pk), "other": str(second.pk), "kind": kind}
    return made


def checked_link(one: Subject, other: Subject, kind: str, role: str, evaluation: Evaluation) -> Evaluation:
    """The evaluation as it is kept. Raises Invalid when the two cannot be connected in this way."""
    if one.pk == other.pk:
        raise Invalid({"other": _("Choose another subject: nothing is linked with itself.")})
    try:
        fits = kinds.link_kind(kind).joins(one.kind, other.kind)
    except LawError:
        fits = False
    if not fits:
        raise Invalid({"kind": _("Choose a connection that exists between these two kinds.")})
    if len(role) > ROLE or "\0" in role:
        raise Invalid({"role": _("The text is longer than %(limit)d characters.") % {"limit": ROLE}})
    return checked_evaluation(evaluation)


def link_row(one: Subject, other: Subject, kind: str, role: str, evaluation: Evaluation, *, by: Officer | None) -> Link:
    return Link(
        kind=kind,
        one=one,
        other=other,
        role=role.strip(),
        made_by=by,
        made_at=now(),
        **columns(evaluation, settings.ILEX_UNIT),
    )


def withdraw_link(officer: Officer | None, link: Link, why: str) -> None:
    """Take a connection back; without an officer: its owner recalled it. Raises NotNow when it was before."""
    why = checked_reason(why, _("Say why it is withdrawn."), "why")
    if officer is not None:
        check(officer, "subject.write")
        link = link_for(officer, link.pk)
    on = ("subject", str(stand(link.one)))
    with act("link.withdrawn", Operation.ALTERATION, by=officer, on=on, reason=why) as this:
        waiting = Link.objects.filter(pk=link.pk, withdrawn_at=None)
        if not waiting.update(withdrawn_at=now(), withdrawn_by=officer, withdrawn_why=why):
            raise NotNow(_("This connection was withdrawn already."))
        _touch(link.one, link.other)
        changes.tell(link, None, why, officer)
        this.detail |= {"link": str(link.pk), "other": str(stand(link.other)), "kind": link.kind}


def _must_be_new(one: Subject, other: Subject, kind: str) -> None:
    same = Link.objects.filter(one=one, other=other, kind=kind, withdrawn_at=None, owner=settings.ILEX_UNIT)
    if same.exists():
        raise NotNow(_("They are connected in this way already."))


def _touch(*subjects: Subject) -> None:
    Subject.objects.filter(pk__in=[stand(subject) for subject in subjects]).update(changed_at=now())
