"""The unit's own word on how alike two records must be before an officer is shown them."""

from __future__ import annotations

from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.crosscheck.models import Threshold
from ilex.crosscheck.rules import ORIGINS, Invalid
from ilex.holdings.models import Source
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.units.models import Officer
from ilex.units.rules import check
from ilex.words import kinds


def set_threshold(
    officer: Officer, *, kind: str = "", source: str = "", show: float, strong: float, reason: str
) -> Threshold:
    """For one kind and source, or all kinds, or all sources. Holds from the next look on. Raises Invalid."""
    check(officer, "holding.load")
    _check(kind, source, show, strong, reason)
    on = ("threshold", f"{kind}/{source}")
    with act("threshold.set", Operation.OPERATION, by=officer, on=on, reason=reason.strip()) as this:
        said = {"show": show, "strong": strong, "reason": reason.strip(), "by": officer, "at": now()}
        row, _new = Threshold.objects.update_or_create(kind=kind, source=source, defaults=said)
        this.detail |= {"show": f"{show:g}", "strong": f"{strong:g}"}
    return row


def drop_threshold(officer: Officer, row: Threshold, reason: str) -> None:
    """From now on it is as the model says."""
    check(officer, "holding.load")
    with act(
        "threshold.dropped",
        Operation.OPERATION,
        by=officer,
        on=("threshold", f"{row.kind}/{row.source}"),
        reason=reason.strip(),
    ):
        Threshold.objects.filter(pk=row.pk).delete()


def _check(kind: str, source: str, show: float, strong: float, reason: str) -> None:
    faults: dict[str, str] = {}
    if kind and kind not in kinds.ORDER:
        faults["kind"] = _("Choose one from the list.")
    if source and source not in ORIGINS and not Source.objects.filter(code=source).exists():
        faults["source"] = _("Choose one from the list.")
    if not 0 < show <= strong < 1:
        faults["show"] = _("Both lie between 0 and 1, and a strong hit is shown.")
    if not reason.strip() or len(reason) > 500:
        faults["reason"] = _("Say why, in at most %(limit)d characters.") % {"limit": 500}
    if faults:
        raise Invalid(faults)
