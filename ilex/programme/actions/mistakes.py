"""Taking back what was written down by mistake: it stays on file, struck through, with the reason."""

from __future__ import annotations

from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.journal.models import Operation
from ilex.programme.actions.involving import about_of, must_be_ours, told_of_host
from ilex.programme.actions.owning import About, writing
from ilex.programme.models import Asset, Claim, Finding, Involvement, Remark
from ilex.programme.rules.errors import NotNow, written
from ilex.units.models import Officer

Said = Claim | Finding | Remark | Involvement


def take_back(officer: Officer, said: Said, reason: str) -> None:
    """It should never have been written down. No page, sheet or message tells it any more; it stays, with the reason.

    What the record followed of a claim does not change by itself. Raises Invalid without a reason; NotNow when it was
    taken back already, is another unit's word, or equipment answers it.
    """
    reason = written("reason", reason, _("Say why."), 300)
    about = thing_of(said)
    if about is None:
        raise NotNow(_("This is said of no action and no activity: it cannot be taken back here."))
    kind = type(said).__name__.lower()
    with writing(
        f"{kind}.taken-back", officer, about, Operation.ALTERATION, reason=reason, **{kind: str(said.pk)}
    ) as this:
        _must_go(said, about)
        gone = {"taken_back_at": now(), "taken_back_why": reason, "taken_back_by": officer}
        if isinstance(said, Claim):
            gone["preferred"] = False
        standing: Any = type(said).objects
        if not standing.filter(pk=said.pk).update(**gone):
            raise NotNow(_("This was taken back already."))
        if isinstance(said, Involvement):
            this.recipients = told_of_host(officer, said, about)


def thing_of(said: Said) -> About | None:
    """What it is said of; None for a need of nothing in particular, or a remark on a source."""
    if isinstance(said, Involvement):
        return about_of(said)
    return said.action or said.activity


def _must_go(said: Said, about: About) -> None:
    if isinstance(said, Involvement):
        must_be_ours(said, about)
    if isinstance(said, Finding) and Asset.objects.filter(need=said.pk).exists():
        raise NotNow(_("Equipment answers this need: it stays."))
