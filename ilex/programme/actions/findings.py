"""What came out of an action or activity, whether a need was met, and remarks that fit no table."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from ilex.journal.models import Operation
from ilex.programme.actions import checking
from ilex.programme.actions.owning import kind_of, writing
from ilex.programme.kinds import FindingKind, RemarkKind
from ilex.programme.models import Action, Activity, Finding, Remark
from ilex.programme.queries.said import CAN_BE_MET
from ilex.programme.rules.errors import Invalid, NotNow, fitting, written
from ilex.units.models import Officer, Organisation

TEXT = 4_000


def note_finding(
    officer: Officer,
    about: Action | Activity,
    *,
    kind: str,
    text: str,
    quantity: str = "",
    said_by: str = "",
    raised_by: Organisation | None = None,
    places: Collection[str] = (),
    levels: Sequence[str] = (),
    answers: Finding | None = None,
    source: str = "",
) -> Finding:
    """Something that came out. `said_by` is a function and no name; `answers` the gap or need that it closes."""
    made = Finding(
        kind=checking.choice("kind", kind, FindingKind),
        text=written("text", text, _("Write what came out."), TEXT),
        quantity=checking.quantity(quantity),
        said_by=fitting("said_by", said_by, 200),
        raised_by=raised_by,
        levels=[fitting("levels", level, 20) for level in levels if level.strip()],
        answers=answers,
        raised_on=localdate(),
        order=checking.room(about.findings.all(), "text"),
        **{kind_of(about): about},
    )
    if answers is not None and answers.kind not in CAN_BE_MET:
        raise Invalid({"answers": _("Only a need, gap, problem or challenge is answered.")})
    with writing("finding.added", officer, about, finding=str(made.pk), kind=kind):
        made.source = checking.source(source) if source else None
        raised_at = [checking.place(code, "places") for code in places]
        made.save(force_insert=True)
        made.places.set(raised_at)
    return made


def settle_finding(officer: Officer, finding: Finding, why: str) -> None:
    """A need, gap, problem or challenge was met. Raises NotNow when somebody has said so already."""
    why = written("why", why, _("Say how it was met."), 300)
    about = finding.action or finding.activity
    if about is None or finding.kind not in CAN_BE_MET:
        raise Invalid({"why": _("Only a need, gap, problem or challenge can be met.")})
    with writing("finding.settled", officer, about, Operation.ALTERATION, reason=why, finding=str(finding.pk)):
        open_ones = Finding.objects.filter(pk=finding.pk, settled_at=None)
        if not open_ones.update(settled_at=now(), settled_why=why):
            raise NotNow(_("This was met already."))


def remark(officer: Officer, about: Action | Activity, *, kind: str, text: str, source: str = "") -> Remark:
    made = Remark(
        kind=checking.choice("kind", kind, RemarkKind),
        text=written("text", text, _("Write the remark."), TEXT),
        order=checking.room(about.remarks.all(), "text"),
        **{kind_of(about): about},
    )
    with writing("remark.added", officer, about, kind=kind):
        made.source = checking.source(source) if source else None
        made.save(force_insert=True)
    return made
