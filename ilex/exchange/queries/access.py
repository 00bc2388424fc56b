"""Loading is permission: what an officer may not see does not exist for him."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q, QuerySet

from ilex.approvals.queries import may_approve, waiting_for
from ilex.exchange.models import Draft, Entry, Request, Way
from ilex.gate.models import Attachment
from ilex.units.models import Officer, Role
from ilex.units.rules import check, may, must_give_a_reason, sees_only_its_own

SUPERVISING = {Role.PROTECTION, Role.AUDITOR}
HANDLING = {Role.DUTY, Role.CASE, Role.TRANSLATOR}


def visible(officer: Officer, prefix: str = "") -> Q:
    """Which requests this officer may see.

    A copy that a designated authority withheld from the unit (Art. 4(3)) is seen by that authority's officers, the
    data-protection officer and the auditor. An authority's officer sees what the authority itself submitted.
    """
    if SUPERVISING & set(officer.roles):
        return Q()
    own = Q(**{f"{prefix}submitted_by": officer.organisation_id, f"{prefix}way": Way.OUT})
    if sees_only_its_own(officer):
        return own
    return Q(**{f"{prefix}copy_withheld": ""}) | own


def permits(officer: Officer, verb: str, request: Request | None = None) -> bool:
    """Whether the officer's roles allow the verb; a designated authority sends, and speaks on what it submitted."""
    if may(officer, verb):
        return True
    own = request is None or request.submitted_by_id == officer.organisation_id
    designated = Role.AUTHORITY in officer.roles and officer.organisation.designated
    return verb == "request.send" and designated and own and officer.is_active


def visible_requests(officer: Officer) -> QuerySet[Request]:
    check(officer, "request.read")
    return Request.objects.filter(visible(officer))


def request_for(officer: Officer, ref: str) -> Request:
    """The request with our reference. Raises Request.DoesNotExist, also when it is not for this officer."""
    found = visible_requests(officer).select_related("partner__place", "owner", "submitted_by", "requesting_place")
    return found.get(our_ref=ref)


def entry_for(officer: Officer, entry_id: UUID) -> Entry:
    """One entry of a request that this officer may see. Raises Entry.DoesNotExist."""
    check(officer, "request.read")
    found = Entry.objects.filter(visible(officer, "request__"), pk=entry_id)
    return found.select_related("request__partner__place", "envelope", "by", "about").get()


def paper_for(officer: Officer, attachment_id: UUID) -> Attachment:
    """A file of an entry that he may see, of a draft of his own, or of one that waits for his approval.

    Raises Attachment.DoesNotExist.
    The files of a recalled entry are kept as evidence and given to nobody.
    """
    check(officer, "request.read")
    said = Entry.objects.filter(visible(officer, "request__"), recalled_at=None, papers=attachment_id)
    if said.exists():
        return Attachment.objects.get(pk=attachment_id)
    for draft in Draft.objects.filter(papers=attachment_id):
        if draft.officer_id == officer.pk or _is_second_person(officer, draft):
            return Attachment.objects.get(pk=attachment_id)
    raise Attachment.DoesNotExist


def _is_second_person(officer: Officer, draft: Draft) -> bool:
    """Whether it waits for his approval: he must read the files that he lets out."""
    approval = waiting_for("letter", draft.pk)
    return approval is not None and may_approve(officer, approval)


def needs_reason(officer: Officer, request: Request) -> bool:
    """Whoever only supervises types a reason before he reads; so does everybody for a withheld copy not his own."""
    if must_give_a_reason(officer):
        return True
    return bool(request.copy_withheld) and request.submitted_by_id != officer.organisation_id


def justification(officer: Officer, request: Request) -> str:
    """Why this officer reads, from his role; Directive (EU) 2016/680 Art. 25 wants it in the log."""
    if request.owner_id == officer.pk or set(officer.roles) & (HANDLING | {Role.AUTHORITY}):
        return "handling"
    return "supervision"


def siblings(request: Request, officer: Officer) -> list[Request]:
    """The same inquiry at other units."""
    others = visible_requests(officer).filter(inquiry=request.inquiry, way=request.way).exclude(pk=request.pk)
    return list(others.select_related("partner").order_by("our_ref"))


def receivers(entry: Entry) -> list[str]:
    """The names of all units that got this entry."""
    got = Entry.objects.filter(pk=entry.pk)
    if entry.message:
        got |= Entry.objects.filter(message=entry.message, way=Way.OUT)
    return list(got.order_by("request__partner__name").values_list("request__partner__name", flat=True))
