"""A new subject: first its kind and category, then the fields that the law allows for these."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ilex.subjects.forms.evaluating import EvaluationForm
from ilex.subjects.forms.fields import (
    category_choices,
    kind_choices,
    language_choices,
    name_kind_choices,
    role_field,
    value_field,
)
from ilex.subjects.rules import Evaluation, Said
from ilex.units.models import Circle, Officer
from ilex.words import kinds
from ilex.words.kinds import Kind, Property

NAMES = 3  # rows for the names of a person or an organisation


class StartForm(forms.Form):
    """What is it, and of a person: in which role. The fields of the next page follow from it."""

    kind = forms.ChoiceField(label=_("What is it?"), choices=kind_choices, widget=forms.RadioSelect, initial="person")
    category = forms.ChoiceField(
        label=_("If it is a person: in which role?"),
        choices=lambda: category_choices(_("Not a person")),
        required=False,
        help_text=_("The law allows other fields for a suspect than for a victim or a witness."),
    )

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or {}
        categorised = "kind" in typed and kinds.kind(typed["kind"]).categorised
        if categorised and not typed.get("category"):
            self.add_error("category", _("Say in which role this person comes up: suspect, victim, witness..."))
        if "kind" in typed and not categorised:
            typed["category"] = ""
        return typed


@dataclass(frozen=True)
class Part:
    """A group of fields as the law and the page have it."""

    title: str
    fields: list[forms.BoundField]
    names: list[list[forms.BoundField]]  # rows of a name with its kind and language
    open: bool


class SubjectForm(EvaluationForm):
    """The fields of a kind that the law allows for a category, with one evaluation for all of them.

    Special categories of data are not asked for here: they need a reason each, on a page of their own.
    """

    circle = forms.ModelChoiceField(
        label=_("Closed circle"),
        queryset=Circle.objects.none(),
        required=False,
        empty_label=_("None: all who work on cases see it"),
    )
    EVALUATED = EvaluationForm.EVALUATED[:-2]

    def __init__(
        self, officer: Officer, kind: Kind, category: str, *args: Any, in_case: bool = False, **kwargs: Any
    ) -> None:
        self.kind, self.category = kind, category
        super().__init__(*args, **kwargs)
        if in_case:
            self.fields["role_in_case"] = role_field()
        del self.fields["special"], self.fields["necessity"]
        for one in self.properties():
            self._add(one)
        circles = officer.circles.order_by("name")
        if circles:
            self.fields["circle"].queryset = circles  # type: ignore[attr-defined]
        else:
            del self.fields["circle"]

    def properties(self) -> list[Property]:
        allowed = self.kind.permitted(self.category)
        return [one for one in self.kind.properties.values() if one.code in allowed and not one.special]

    def _add(self, one: Property) -> None:
        if not self._has_rows(one):
            self.fields[one.code] = value_field(one, required=False)
            return
        for row in range(NAMES):
            self.fields[f"{one.code}.{row}"] = value_field(one, required=False)
            self.fields[f"{one.code}.{row}.kind"] = forms.ChoiceField(
                label=_("Kind of name"), choices=name_kind_choices, required=False
            )
            self.fields[f"{one.code}.{row}.language"] = forms.ChoiceField(
                label=_("Language"), choices=language_choices, required=False
            )

    def _has_rows(self, one: Property) -> bool:
        return one.is_name and one.many and one.code == "name"

    @property
    def parts(self) -> list[Part]:
        return [
            Part(
                gettext(group.text),
                [self[one.code] for one in among if not self._has_rows(one)],
                [
                    [self[f"{one.code}.{row}{end}"] for end in ("", ".kind", ".language")]
                    for one in among
                    if self._has_rows(one)
                    for row in range(NAMES)
                ],
                place == 0 or any(one.code in self.errors or self.data.get(one.code) for one in among),
            )
            for place, group in enumerate(self.kind.groups)
            if (among := [one for one in self.properties() if one.group == group.code])
        ]

    @property
    def evaluated(self) -> list[forms.BoundField]:
        return self.drawn(*self.EVALUATED)

    def evaluation(self, **more: str) -> Evaluation:
        self.cleaned_data |= {"special": "", "necessity": ""}
        return super().evaluation(**more)

    def statements(self) -> list[Said]:
        """What was filled in, in the order of the page."""
        evaluation = self.evaluation()
        return [said for _name, said in self._said(evaluation)]

    def _said(self, evaluation: Evaluation) -> Iterator[tuple[str, Said]]:
        typed = self.cleaned_data
        for one in self.properties():
            if not self._has_rows(one):
                if typed.get(one.code):
                    yield one.code, Said(one.code, typed[one.code], evaluation=evaluation)
                continue
            for name in (f"{one.code}.{row}" for row in range(NAMES)):
                if typed.get(name):
                    said = Said(one.code, typed[name], typed[f"{name}.kind"], typed[f"{name}.language"], evaluation)
                    yield name, said

    def take_errors(self, errors: Mapping[str, str]) -> None:
        """The fields of the verb are counted ("2-value"): each goes beside the field that was the third one filled."""
        filled = [name for name, _said in self._said(self.evaluation())]
        told: set[str] = set()
        for name, sentence in errors.items():
            place, _dash, rest = name.partition("-")
            field: str | None = name if name in self.fields else None
            if rest and place.isdecimal():
                field = filled[int(place)] if rest in ("value", "property") else rest
            field = field if field in self.fields else None
            if f"{field}{sentence}" not in told:
                self.add_error(field, sentence)
                told.add(f"{field}{sentence}")
