"""Recording what a unit needs: nothing is bought and handed over without it."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _

from ilex.gate.ids import uuid7
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.programme import index
from ilex.programme.actions.findings import settle_finding
from ilex.programme.actions.giving import post
from ilex.programme.actions.stepping import agent
from ilex.programme.messages import NeedBody
from ilex.programme.models import Action, Finding
from ilex.programme.rules.errors import Invalid, NotNow, written
from ilex.units import queries as units
from ilex.units.models import Officer
from ilex.units.rules import check


def record_need(officer: Officer, text: str, action: Action | None = None, to: Sequence[str] = ()) -> Finding:
    """A need of our unit; told to the units `to` that may give something. Raises Invalid, NotNow."""
    check(officer, "asset.write")
    text = written("text", text, _("Write what is needed."))
    with act("need.recorded", Operation.COLLECTION, by=officer, recipients=list(to)) as this:
        made = Finding.objects.create(
            kind=Finding.Kind.NEED,
            text=text,
            action=action,
            raised_by=units.here(),
            raised_on=localdate(),
            order=action.findings.count() + 1 if action else 0,
        )
        this.on = ("finding", str(made.pk))
        if action is not None:
            index.renew_thing(action)
        if to:
            key = action.key if action else ""
            raised = localdate().isoformat()
            body = NeedBody(agent=agent(officer), id=made.pk, text=text, action_key=key, raised_on=raised)
            post("programme.need", body, to, uuid7(), officer)
    return made


def meet_need(officer: Officer, need: Finding, why: str) -> None:
    """It was met, so nothing more is bought for it. Raises Invalid, NotNow."""
    check(officer, "asset.write")
    if need.action_id or need.activity_id:
        settle_finding(officer, need, why)
        return
    why = written("why", why, _("Say how it was met."), 300)
    if need.kind != Finding.Kind.NEED:
        raise Invalid({"why": _("Only a need, gap, problem or challenge can be met.")})
    with act("need.met", Operation.ALTERATION, by=officer, on=("finding", str(need.pk)), reason=why):
        if not Finding.objects.filter(pk=need.pk, settled_at=None).update(settled_at=now(), settled_why=why):
            raise NotNow(_("This was met already."))
