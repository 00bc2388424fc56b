"""Saying something of a subject, correcting it, taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ilex.subjects.forms.evaluating import EvaluationForm, as_initial
from ilex.subjects.forms.fields import language_choices, name_kind_choices, prose, value_field
from ilex.subjects.models import Statement
from ilex.subjects.rules import Said
from ilex.subjects.uses import Origin
from ilex.words.kinds import Property


class StatementForm(EvaluationForm):
    """One value of one property, with its evaluation."""

    def __init__(self, one: Property, *args: Any, **kwargs: Any) -> None:
        self.property = one
        super().__init__(*args, **kwargs)
        self.fields["value"] = value_field(one)
        if one.is_name:
            self.fields["name_kind"] = forms.ChoiceField(
                label=_("Kind of name"), choices=name_kind_choices, required=False
            )
        if one.type in ("name", "text", "long", "address"):
            self.fields["language"] = forms.ChoiceField(label=_("Language"), choices=language_choices, required=False)
        if one.special:
            del self.fields["special"]
            self.fields["necessity"].required = True

    @property
    def said_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("value", "name_kind", "language") if name in self.fields]

    @property
    def special_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in ("special", "necessity") if name in self.fields]

    def said(self) -> Said:
        typed = self.cleaned_data
        return Said(
            self.property.code,
            typed["value"],
            typed.get("name_kind", ""),
            typed.get("language", ""),
            self.evaluation(),
        )


class CorrectionForm(StatementForm):
    why = prose(_("What was wrong?"))

    @classmethod
    def of(
        cls, statement: Statement, one: Property, data: Any = None, origins: Sequence[Origin] = ()
    ) -> CorrectionForm:
        said = {name: getattr(statement, name) for name in ("value", "name_kind", "language")}
        said["origin"] = f"{statement.from_kind}:{statement.from_key}"
        return cls(one, data, initial=as_initial(statement) | said, origins=origins)


class WhyForm(forms.Form):
    """For what needs nothing but its reason."""

    why = prose(_("Why?"))

    def take_errors(self, errors: dict[str, str]) -> None:
        for name, sentence in errors.items():
            self.add_error(name if name in self.fields else None, sentence)


def property_choices(permitted: Sequence[Property]) -> list[tuple[str, str]]:
    return [(one.code, str(_(one.text))) for one in permitted]
