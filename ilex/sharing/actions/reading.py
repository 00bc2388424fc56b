"""Opening what came: the partner learns that it was read, and the desk forgets it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.utils.timezone import now

from ilex.gate import actions as gate
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.sharing import cases
from ilex.sharing.models import Consent, Recall, Release
from ilex.sharing.queries.reading import consult
from ilex.sharing.queries.releases import release_for, statements_in, subject_of
from ilex.subjects.queries.access import needs_reason
from ilex.units.models import Officer
from ilex.units.rules import check


def open_release(officer: Officer, release: Release, reason: str = "") -> None:
    """A reading to supervise marks nothing as read. Raises subjects' Invalid("reason")."""
    consult(officer, "release", str(release.pk), reason, release.case)
    if needs_reason(officer):
        return
    on = ("release", str(release.pk))
    unread = Release.objects.filter(pk=release.pk, way=Release.Way.IN, read_at=None)
    unseen = Recall.objects.filter(release=release, way=Release.Way.IN, seen_at=None)
    if not (unread.exists() or unseen.exists()):
        return
    with act("release.read", Operation.CONSULTATION, by=officer, on=on, reason="handling", case=release.case):
        if unread.update(read_at=now()) and release.envelope is not None:
            gate.read(release.envelope, officer)
        unseen.update(seen_at=now(), seen_by=officer)


def open_consent(officer: Officer, consent: Consent, reason: str = "") -> None:
    consult(officer, "consent", str(consent.pk), reason, consent.release.case if consent.release else "")
    if needs_reason(officer) or consent.envelope is None:
        return
    on = ("consent", str(consent.pk))
    with act("consent.read", Operation.CONSULTATION, by=officer, on=on, reason="handling"):
        if Consent.objects.filter(pk=consent.pk, read_at=None).update(read_at=now()):
            gate.read(consent.envelope, officer)


def attach_to_case(officer: Officer, release: Release, number: str) -> None:
    """Put the subjects of a received release into a case. Raises LookupError for a case that is not for him."""
    check(officer, "case.write")
    if not cases.may_see(officer, number):
        raise LookupError(number)
    try:
        row = release_for(officer, release.pk)
    except Release.DoesNotExist:
        raise PermissionDenied from None
    on = ("release", str(row.pk))
    with act("release.attached", Operation.ALTERATION, by=officer, on=on, case=number):
        found = {subject_of(item).pk: subject_of(item) for item in statements_in(row)}
        cases.attach(officer, number, list(found.values()))
        Release.objects.filter(pk=row.pk).update(case=number)
