"""The part that goes with everything that is said: whose it is, how sure, what may be done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ilex.subjects.forms.fields import entries, grade_choices, line, prose
from ilex.subjects.models import Evaluated
from ilex.subjects.rules import Evaluation
from ilex.subjects.uses import Origin
from ilex.words import kinds, law
from ilex.words.uses import strictest

FREE = "H0"


class EvaluationForm(forms.Form):
    """`evaluation()` after `is_valid()` gives what was chosen; the rules of the room check it."""

    marks_required = True  # most of it may stay empty: the page says so once

    from_note = line(_("Source"), _("Where it comes from, in words: a colleague, a register, a letter."))
    source_grade = forms.ChoiceField(label=_("Source is"), choices=lambda: grade_choices("source"), required=False)
    information_grade = forms.ChoiceField(
        label=_("Information is"), choices=lambda: grade_choices("information"), required=False
    )
    basis = forms.ChoiceField(
        label=_("This is"),
        choices=[("fact", _("A fact")), ("assessment", _("An assessment: what somebody thinks of it"))],
        widget=forms.RadioSelect,
        initial="fact",
    )
    handling = forms.MultipleChoiceField(
        label=_("Handling"),
        choices=lambda: entries((code for code in law.handling_codes() if code.code != FREE), codes=True),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("None ticked means H0: to prevent and combat crime, under the law that applies."),
    )
    handling_note = line(_("Restriction in words"), _("H3 must have one."))
    since = line(_("True since"), _("1985, 1985-03 or 1985-03-12."), longest=10)
    until = line(_("True until"), longest=10)
    special = forms.ChoiceField(
        label=_("Special category of data"),
        choices=lambda: entries(kinds.special_categories(), _("None")),
        required=False,
        help_text=_("Art. 10 of Directive (EU) 2016/680 allows these only where strictly necessary."),
    )
    necessity = prose(_("Why is it strictly necessary?"), required=False)

    EVALUATED: tuple[str, ...] = (
        *("from_note", "source_grade", "information_grade", "basis", "handling", "handling_note", "since", "until"),
        *("special", "necessity"),
    )

    def __init__(self, *args: Any, origins: Sequence[Origin] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.origins = {origin.code: origin for origin in origins}
        if origins:
            self.fields["origin"] = _origin_field(origins)

    def evaluation(self, **more: str) -> Evaluation:
        """What is taken from something on file carries its owner, and no weaker code than that."""
        typed = self.cleaned_data
        values: dict[str, Any] = {name: typed.get(name, "") for name in self.EVALUATED}
        values["handling"] = "+".join(typed["handling"]) or FREE
        if origin := self.origins.get(typed.get("origin", "")):
            values |= {"from_kind": origin.kind, "from_key": origin.key, "owner": origin.owner}
            values["handling"] = strictest([values["handling"], origin.handling])
            for name in ("handling_note", "source_grade", "information_grade"):
                values[name] = values[name] or getattr(origin, name)
        return Evaluation(**(values | more))

    @property
    def evaluated(self) -> list[forms.BoundField]:
        """The fields of the evaluation, without those of special categories."""
        return self.drawn(*self.EVALUATED[:-2])

    def drawn(self, *names: str) -> list[forms.BoundField]:
        """These fields, and before them what the statement is taken from, where there is anything."""
        return [self[name] for name in ("origin", *names) if name in self.fields]

    @property
    def special_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.EVALUATED[-2:]]

    def take_errors(self, errors: Mapping[str, str]) -> None:
        """Put the sentences of a refused verb beside their fields."""
        for name, sentence in errors.items():
            self.add_error(self.field_of(name), sentence)

    def field_of(self, name: str) -> str | None:
        return name if name in self.fields else None


def _origin_field(origins: Sequence[Origin]) -> forms.ChoiceField:
    groups: dict[str, list[tuple[str, str]]] = {}
    for origin in origins:
        text = f"{origin.text} · {origin.handling}" if origin.handling != FREE else origin.text
        groups.setdefault(origin.among, []).append((origin.code, text))
    return forms.ChoiceField(
        label=_("Taken from"),
        choices=[("", gettext("Nothing on file")), *groups.items()],
        required=False,
        help_text=_("A message or document of the case. Whose it is, and its code, go along with what you write."),
    )


def as_initial(row: Evaluated) -> dict[str, Any]:
    """What a statement says of itself, to begin its correction with."""
    values = {name: getattr(row, name) for name in EvaluationForm.EVALUATED}
    return values | {"handling": [code for code in row.handling.split("+") if code != FREE]}
