"""What sources state side by side, and which of them the house follows, with the reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.programme.actions import checking
from ilex.programme.actions.activities import tell_again
from ilex.programme.actions.owning import kind_of, locked, take, writing
from ilex.programme.kinds import ActionStatus, AmountRole, SourceKind
from ilex.programme.models import Action, Activity, Amount, Claim, Source
from ilex.programme.queries.values import NAME_OF
from ilex.programme.rules.errors import Invalid, NotNow, fitting, written
from ilex.units.models import Officer, Organisation, Place
from ilex.units.rules import check
from ilex.words import amounts
from ilex.words.edtf import When

VALUE = 300
OF_ACTION = ("title", "when", "budget", "funding-line", "status")
OF_ACTIVITY = ("title", "when", "place", "capacity")


def add_source(
    officer: Officer, *, title: str, kind: str, publisher: str = "", stated_on: str = "", url: str = ""
) -> Source:
    """A sheet, page, feed or letter from which facts are read. Raises Invalid."""
    check(officer, "programme.write")
    title = written("title", " ".join(title.split()), _("Say what the source is called."), 300)
    made = Source(
        key=checking.new_key(Source, title, longest=60),
        kind=checking.choice("kind", kind, SourceKind),
        title=title,
        publisher=checking.organisation(publisher, "publisher") if publisher else None,
        stated_on=str(checking.when(stated_on, "stated_on")),
        url=checking.url(url),
    )
    with act("source.added", Operation.COLLECTION, by=officer, on=("source", made.key)):
        made.save(force_insert=True)
    return made


def claim(
    officer: Officer,
    about: Action | Activity,
    *,
    field: str,
    value: str,
    source: str,
    printed: str = "",
    stated_on: str = "",
    note: str = "",
) -> Claim:
    """Write down what a source states of a field. It stands beside what others state; nothing is overwritten.

    `value` as people write it: EUR 154,894.95; 2017-09/2018-04; the code of a place. Raises Invalid.
    """
    made = Claim(
        field=_field(about, field.strip()),
        value=_value(field.strip(), written("value", value, _("Say what the source states."), VALUE)),
        printed=fitting("printed", printed, VALUE),
        stated_on=str(checking.when(stated_on, "stated_on")),
        note=fitting("note", note, VALUE),
        by=officer,
        order=checking.room(about.claims.all(), "value"),
        **{kind_of(about): about},
    )
    with writing("claim.added", officer, about, field=made.field, source=source):
        made.source = checking.source(source)
        same = Claim.objects.filter(field=made.field, value=made.value, source=made.source, **{kind_of(about): about})
        if same.exists():
            raise Invalid({"value": _("This source states this already.")})
        made.save(force_insert=True)
    return made


def _field(about: Action | Activity, field: str) -> str:
    """Raises Invalid for a field that this kind of thing does not have."""
    if field in (OF_ACTION if isinstance(about, Action) else OF_ACTIVITY):
        return field
    code = field.removeprefix(NAME_OF)
    if field.startswith(NAME_OF) and (
        Place.objects.filter(pk=code).exists() or Organisation.objects.filter(pk=code).exists()
    ):
        return field
    raise Invalid({"field": _("Choose what it is about from the list.")})


def _value(field: str, value: str) -> str:
    """One spelling for one meaning, so that two spellings of one value are no conflict."""
    try:
        match field:
            case "when":
                return str(checking.when(value, "value"))
            case "place":
                return checking.place(value, "value").code
            case "budget":
                read = amounts.read(value)
                return f"{read.currency} {read.value:.2f}"
            case "funding-line":
                return checking.themes([value.lower().replace(" ", "-")], "value")[0]
            case "status":
                return checking.choice("value", value, ActionStatus)
            case "capacity":
                return checking.quantity(value, "value")
    except ValueError as wrong:
        raise Invalid({"value": str(wrong)}) from None
    return value


def prefer(officer: Officer, claim: Claim, reason: str) -> None:
    """The house follows this claim, for this reason; the others stay beside it.

    What the claim is about follows: a period, a place, a budget; units that know of an activity are told. Raises
    Invalid without a reason, NotNow when the record is another unit's.
    """
    reason = written("reason", reason, _("Say why this claim is preferred."), VALUE)
    about = claim.action or claim.activity
    if about is None:  # the database takes none
        raise ValueError("A claim about nothing.")
    of = {kind_of(about): about}
    with writing(
        "claim.preferred", officer, about, Operation.ALTERATION, reason=reason, field=claim.field, value=claim.value
    ) as this:
        row = locked(about)
        others = Claim.objects.filter(field=claim.field, preferred=True, **of).exclude(pk=claim.pk)
        others.update(preferred=False, reason="", by=officer)
        changed = Claim.objects.filter(pk=claim.pk).update(preferred=True, reason=reason, by=officer)
        if not changed:
            raise NotNow(_("This claim is no longer on file."))
        take(row, _follows(row, claim))
        if isinstance(row, Activity):
            this.recipients = tell_again(officer, row)


def _follows(row: Action | Activity, claim: Claim) -> dict[str, Any]:
    """The columns of the thing that follow the claim. Those of a budget stand in a table of their own."""
    if claim.field in ("budget", "funding-line") and isinstance(row, Action):
        _fund(row, claim)
        return {}
    follow = FOLLOWS.get(claim.field)
    return follow(claim) if follow else {}


def _when(claim: Claim) -> dict[str, Any]:
    read = When.parse(claim.value)
    columns = {"when": claim.value, "first": read.first, "last": read.last, "printed": claim.printed[:200]}
    hours = {"starts_at": None, "ends_at": None} if claim.activity_id else {}  # they were those of other days
    return {**columns, **hours, "duration": "", "duration_printed": ""}


FOLLOWS: dict[str, Callable[[Claim], dict[str, Any]]] = {
    "title": lambda claim: {"title": claim.value, "title_printed": claim.printed},
    "when": _when,
    "place": lambda claim: {"place_id": claim.value, "place_printed": claim.printed[:100]},
    "status": lambda claim: {"status": claim.value, "status_printed": claim.printed[:100]},
    "capacity": lambda claim: {"capacity": claim.value, "capacity_printed": claim.printed[:80]},
}


def _fund(action: Action, claim: Claim) -> None:
    """The one total of the action follows; where there are several, a person has to say which is meant."""
    totals = list(Amount.objects.select_for_update().filter(action=action, role=AmountRole.TOTAL)[:2])
    if len(totals) > 1:
        return
    row = totals[0] if totals else Amount(action=action, role=AmountRole.TOTAL)
    if claim.field == "budget":
        read = amounts.read(claim.value)
        row.value, row.currency, row.printed = read.value, read.currency, claim.printed[:100]
    else:
        row.funding_line, row.funding_printed = claim.value[:40], claim.printed[:100]
    row.source = claim.source
    row.save()
