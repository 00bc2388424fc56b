"""Opening a case and working on it: title, owner, team, notes, checklist, closing and reopening."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.core.exceptions import PermissionDenied
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ilex.cases import index
from ilex.cases.actions import numbers
from ilex.cases.actions.holding import altering, change, fitting, locked, step, written
from ilex.cases.models import Case, CaseRequest, CaseSubject, Check, Step, Task
from ilex.cases.rules import OVER
from ilex.exchange import queries as exchange
from ilex.exchange.models import Request
from ilex.exchange.rules import Invalid, NotNow, reference_key
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.subjects import queries as subjects
from ilex.subjects.models import Subject
from ilex.units.models import Circle, Officer
from ilex.units.rules import check, may
from ilex.words import casework, law

TITLE, REFERENCE, REFERENCES = 300, 80, 50


def open_case(
    officer: Officer,
    *,
    title: str,
    summary: str = "",
    area: str = "",
    requests: Sequence[Request] = (),
    subjects: Sequence[Subject] = (),
    references: Sequence[str] = (),
    template: str = "",
    owner: Officer | None = None,
    circle: Circle | None = None,
) -> Case:
    """Open a case from requests or by hand. It belongs to who opens it, unless it is given to a colleague.

    Raises Invalid with a sentence for each wrong field.
    """
    check(officer, "case.write")
    at = now()
    listed = clean_references(references)
    found = find_template(template)
    case = Case(
        title=clean_title(title),
        summary=fitting("summary", summary),
        area=clean_area(area or (found.area if found else "")),
        template=template,
        owner=able(owner or officer),
        circle=circle,
        references=listed,
        reference_keys=[reference_key(one) for one in listed],
        opened_at=at,
        opened_by=officer,
        changed_at=at,
    )
    with act("case.added", Operation.COLLECTION, by=officer, on=("case", str(case.pk))) as this:
        case.number = this.case = numbers.take(numbers.CASES, at)[0]
        case.save(force_insert=True)
        this.detail |= {"requests": [one.our_ref for one in requests], "subjects": len(subjects)}
        step(case, Step.Kind.OPENED, officer, at=at, about=", ".join(one.our_ref for one in requests))
        _gather(officer, case, requests, subjects)
        lines = found.checks if found else ()
        Check.objects.bulk_create(Check(case=case, order=place, text=line.text) for place, line in enumerate(lines))
        index.renew(case)
    return case


def _gather(officer: Officer, case: Case, requests: Sequence[Request], chosen: Sequence[Subject]) -> None:
    seen = exchange.visible_requests(officer).filter(pk__in=[one.pk for one in requests])
    if len(set(requests)) != seen.count():
        raise PermissionDenied
    known = subjects.visible_subjects(officer).filter(pk__in=[one.pk for one in chosen])
    if len(set(chosen)) != known.count():
        raise PermissionDenied
    common = {"case": case, "by": officer, "at": case.opened_at}
    CaseRequest.objects.bulk_create(CaseRequest(request=one, **common) for one in dict.fromkeys(requests))
    CaseSubject.objects.bulk_create(CaseSubject(subject=one, **common) for one in dict.fromkeys(chosen))


def edit(
    officer: Officer,
    case: Case,
    *,
    title: str,
    summary: str,
    area: str,
    references: Sequence[str],
    team: Collection[Officer] | None = None,
) -> None:
    listed = clean_references(references)
    new = {"title": clean_title(title), "summary": fitting("summary", summary), "area": clean_area(area)}
    with altering("case.changed", officer, case) as this:
        row = locked(officer, "edit", case)
        changed = [name for name, value in new.items() if getattr(row, name) != value]
        changed += ["references"] if row.references != listed else []
        if team is not None and set(team) != set(row.team.all()):
            row.team.set([able(one, "team") for one in team])
            changed.append("team")
        if not changed:
            return
        this.detail |= {"fields": changed}
        change(row, **new, references=listed, reference_keys=[reference_key(one) for one in listed])
        step(row, Step.Kind.CHANGED, officer, about=", ".join(map(str, map(_field, changed))))
        index.renew(row)


def _field(name: str) -> str:
    return {
        "title": pgettext("heading", "Title"),
        "summary": _("Summary"),
        "area": _("Crime area"),
        "references": _("References"),
        "team": _("Team"),
    }[name]


def assign(officer: Officer, case: Case, to: Officer) -> None:
    """Give it to somebody. A case that is somebody else's is given away by its owner, or by who assigns."""
    with altering("case.assigned", officer, case, to=str(to.pk)):
        row = locked(officer, "assign", case)
        if row.owner_id not in (None, officer.pk) and not may(officer, "request.assign"):
            raise PermissionDenied(_("Only its owner or the head of unit gives this case to somebody else."))
        able(to)
        if row.circle is not None and not row.circle.officers.filter(pk=to.pk).exists():
            raise Invalid({"to": _("This officer is not in the closed circle of the case.")})
        change(row, owner=to)
        step(row, Step.Kind.CHANGED, officer, about=_("Owner: %(name)s") % {"name": to.name})


def take(officer: Officer, case: Case) -> None:
    """I take it. Raises NotNow when a colleague has taken it already."""
    with altering("case.taken", officer, case):
        row = locked(officer, "assign", case)
        if row.owner_id not in (None, officer.pk):
            raise NotNow(_("%(name)s has taken this case.") % {"name": row.owner})
        change(row, owner=officer)
        step(row, Step.Kind.CHANGED, officer, about=_("Owner: %(name)s") % {"name": officer.name})


def note(officer: Officer, case: Case, text: str) -> Step:
    text = written("text", text, _("Write the note."))
    with act("case.noted", Operation.COLLECTION, by=officer, on=("case", str(case.pk)), case=case.number):
        row = locked(officer, "note", case)
        made = step(row, Step.Kind.NOTE, officer, text)
        change(row)
        index.renew(row)
    return made


def check_off(officer: Officer, case: Case, check: Check, *, done: bool) -> None:
    with altering("case.checked", officer, case, line=check.text, done=done):
        row = locked(officer, "gather", case)
        moment = now() if done else None
        row.checks.filter(pk=check.pk).update(done_at=moment, done_by=officer if done else None)
        change(row)


def close(officer: Officer, case: Case, *, outcome: str, text: str = "") -> None:
    """Nothing more is to be done. Tasks that authorities still work on must be accepted or withdrawn first."""
    if outcome not in {one.code for one in casework.outcomes()}:
        raise Invalid({"outcome": _("Choose the outcome from the list.")})
    text = fitting("text", text)
    with altering("case.closed", officer, case, outcome=outcome):
        row = locked(officer, "close", case)
        waiting = Task.objects.filter(case=row).exclude(state__in=OVER).count()
        if waiting:
            raise NotNow(_("Tasks are still open: accept or withdraw them first (%(count)d).") % {"count": waiting})
        at = now()
        change(
            row, state=Case.State.CLOSED, outcome=outcome, outcome_text=text, closed_at=at, wake_at=None, wake_why=""
        )
        step(row, Step.Kind.CLOSED, officer, text, at=at, outcome=outcome, about=outcome_name(outcome))
        index.renew(row)


def reopen(officer: Officer, case: Case, why: str) -> None:
    why = written("why", why, _("Say why it is opened again."))
    with altering("case.reopened", officer, case, reason=why):
        row = locked(officer, "reopen", case)
        change(row, state=Case.State.OPEN, outcome="", outcome_text="", closed_at=None)
        step(row, Step.Kind.REOPENED, officer, why)
        index.renew(row)


def outcome_name(code: str) -> str:
    return next((_(one.text) for one in casework.outcomes() if one.code == code), code)


def clean_title(title: str) -> str:
    return written("title", " ".join(title.split()), _("Give the case a title."), longest=TITLE)


def clean_area(area: str) -> str:
    if area and area not in {offence.code for offence in law.offences()}:
        raise Invalid({"area": _("Choose the crime area from the list.")})
    return area


def clean_references(references: Sequence[str]) -> list[str]:
    """Each once, as written. Raises Invalid for one that is too long or holds no letter or digit."""
    found = list(dict.fromkeys(" ".join(one.split()) for one in references if one.strip()))
    if len(found) > REFERENCES:
        raise Invalid({"references": _("A case keeps at most %(most)d references.") % {"most": REFERENCES}})
    for one in found:
        if len(one) > REFERENCE or "\0" in one or not reference_key(one):
            raise Invalid({"references": _("“%(reference)s” is not a reference.") % {"reference": one[:REFERENCE]}})
    return found


def find_template(code: str) -> casework.Template | None:
    if not code:
        return None
    try:
        return casework.template(code)
    except law.LawError:
        raise Invalid({"template": _("Choose a template from the list.")}) from None


def able(officer: Officer, field: str = "to") -> Officer:
    """Raises Invalid for somebody who cannot work on cases."""
    if not may(officer, "case.write"):
        raise Invalid({field: _("%(name)s does not work on cases.") % {"name": officer.name}})
    return officer
