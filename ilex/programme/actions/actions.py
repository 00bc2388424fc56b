"""Writing actions down: what they are, when, in which languages, what they want, and what they cost."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.programme import index
from ilex.programme.actions import checking
from ilex.programme.actions.owning import locked, may_be_public, take, writing
from ilex.programme.kinds import ActionKind, ActionStatus, AmountRole, ObjectiveLevel
from ilex.programme.models import Action, ActionText, Amount, Objective
from ilex.programme.rules.errors import Invalid, fitting, written
from ilex.units.models import Officer
from ilex.units.queries import here
from ilex.units.rules import check
from ilex.words import amounts
from ilex.words.edtf import When

TITLE, SUMMARY, MOST = 300, 10_000, 40
LANGUAGE = 12


def add_action(
    officer: Officer,
    *,
    title: str,
    kind: str,
    parent: Action | None = None,
    predecessor: Action | None = None,
    **more: Any,
) -> Action:
    """Write down a new action, which is ours. `more`: see `change_action`. Raises Invalid."""
    check(officer, "programme.write")
    columns = _columns({"title": title, "kind": kind, **more})
    may_be_public(officer, was=False, now=columns["public"])
    action = Action(
        key=checking.new_key(Action, columns["short"] or columns["title"], columns["language"]),
        owner=here(),
        parent=parent,
        predecessor=predecessor,
        made_by=officer,
        made_at=now(),
        changed_at=now(),
        **columns,
    )
    with act("action.added", Operation.COLLECTION, by=officer, on=("action", str(action.pk)), key=action.key):
        action.save(force_insert=True)
        index.renew_thing(action)
    return action


def change_action(
    officer: Officer,
    action: Action,
    *,
    version: int | None = None,
    parent: Action | None = None,
    predecessor: Action | None = None,
    **more: Any,
) -> None:
    """Change what the action is; `version` is the one that the officer saw.

    `more`: title, kind, short, summary, continues, language, themes, status, when (EDTF), printed, duration (P8M),
    order, public; what is not given stays. Raises Invalid, and NotNow for another unit's action.
    """
    check(officer, "programme.write")
    checking.above(parent, action)
    checking.above(predecessor, action, "predecessor")
    with act("action.changed", Operation.ALTERATION, by=officer, on=("action", str(action.pk))) as this:
        row = locked(action, version)
        columns = {**_columns({**_now(row), **more}), "parent": parent, "predecessor": predecessor}
        may_be_public(officer, was=row.public, now=columns["public"])
        changed = [name for name, value in columns.items() if getattr(row, name) != value]
        take(row, columns)
        this.detail |= {"fields": changed}
        index.renew_thing(row)


NAMES = (
    "title",
    "kind",
    "short",
    "summary",
    "continues",
    "language",
    "themes",
    "status",
    "when",
    "printed",
    "duration",
)


def _now(row: Action) -> dict[str, Any]:
    return {name: getattr(row, name) for name in (*NAMES, "order", "public")}


def _columns(typed: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of the table, checked. `first` and `last` follow from `when`."""
    read: When = checking.when(typed.get("when", ""))
    status = typed.get("status", "")
    return {
        "title": written("title", " ".join(typed["title"].split()), _("Give the action a title."), TITLE),
        "kind": checking.choice("kind", typed["kind"], ActionKind),
        "short": fitting("short", typed.get("short", ""), 40),
        "summary": fitting("summary", typed.get("summary", ""), SUMMARY),
        "continues": fitting("continues", typed.get("continues", ""), SUMMARY),
        "language": fitting("language", typed.get("language", "en"), LANGUAGE) or "en",
        "themes": checking.themes(typed.get("themes", ())),
        "status": checking.choice("status", status, ActionStatus) if status else "",
        "when": str(read),
        "first": read.first,
        "last": read.last,
        "printed": fitting("printed", typed.get("printed", ""), 200),
        "duration": checking.duration(typed.get("duration", ""), read),
        "order": typed.get("order", 0),
        "public": bool(typed.get("public", False)),
    }


def write_text(officer: Officer, action: Action, *, language: str, title: str, summary: str = "") -> None:
    """Title and summary in one more language; without a title this language goes."""
    language = written("language", language, _("Choose the language."), LANGUAGE)
    if language == action.language:
        raise Invalid({"language": _("This is the action's own language: change the action itself.")})
    title, summary = fitting("title", title, TITLE), fitting("summary", summary, SUMMARY)
    with writing("action.translated", officer, action, Operation.ALTERATION, language=language):
        take(locked(action))
        if title:
            new = {"title": title, "summary": summary}
            ActionText.objects.update_or_create(action=action, language=language, defaults=new)
        else:
            ActionText.objects.filter(action=action, language=language).delete()


def set_objectives(
    officer: Officer, action: Action, objectives: Sequence[tuple[str, str]], *, version: int | None = None
) -> None:
    """All objectives of the action in their order: level and text. Those that stay keep their source.

    `version` is the one that the officer saw. Raises Invalid, NotNow.
    """
    if len(objectives) > MOST:
        raise Invalid({"text": _("An action keeps at most %(most)d objectives.") % {"most": MOST}})
    wanted = [
        (checking.choice("level", level, ObjectiveLevel), written("text", text, _("Write the objective.")))
        for level, text in objectives
    ]
    with writing("action.aimed", officer, action, Operation.ALTERATION, count=len(wanted)):
        take(locked(action, version))
        kept = {(one.level, one.text): one for one in action.objectives.all()}
        _without(action.objectives.all(), [one.pk for key, one in kept.items() if key in wanted])
        for order, (level, text) in enumerate(wanted, 1):
            row = kept.get((level, text)) or Objective(action=action, level=level, text=text)
            row.order = order
            row.save()


@dataclass(frozen=True)
class Money:
    """One amount as an officer enters it. Without a value it is not stated, which is not zero."""

    role: str
    value: Decimal | None
    currency: str = ""
    funding_line: str = ""
    printed: str = ""
    note: str = ""


def set_amounts(officer: Officer, action: Action, lines: Sequence[Money], *, version: int | None = None) -> None:
    """All amounts of the action, in their order. Those that stay as they are keep their source.

    `version` is the one that the officer saw. Raises Invalid, NotNow.
    """
    if len(lines) > MOST:
        raise Invalid({"value": _("An action keeps at most %(most)d amounts.") % {"most": MOST}})
    wanted = [_amount(line) for line in lines]
    with writing("action.funded", officer, action, Operation.ALTERATION, count=len(wanted)):
        take(locked(action, version))
        there = {_money(row): row for row in action.amounts.all()}
        _without(action.amounts.all(), [row.pk for money, row in there.items() if money in wanted])
        for money in wanted:
            if money not in there:
                Amount.objects.create(action=action, **vars(money))


def _amount(line: Money) -> Money:
    try:
        amounts.Amount(line.value, line.currency, amounts.Role(checking.choice("role", line.role, AmountRole)))
    except ValueError as wrong:
        field = "currency" if line.value is not None and not amounts.CURRENCY.fullmatch(line.currency) else "value"
        raise Invalid({field: str(wrong)}) from None
    [funding] = checking.themes([line.funding_line], "funding_line") or [""]
    value = None if line.value is None else line.value.quantize(Decimal("0.01"))
    return Money(
        line.role, value, line.currency, funding, fitting("printed", line.printed, 100), fitting("note", line.note, 300)
    )


def _money(row: Amount) -> Money:
    return Money(row.role, row.value, row.currency, row.funding_line, row.printed, row.note)


def _without(rows: Any, kept: Collection[int]) -> None:
    rows.exclude(pk__in=kept).delete()
