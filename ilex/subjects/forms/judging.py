"""Linking, merging, giving another category, finding."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ilex.subjects.forms.evaluating import EvaluationForm
from ilex.subjects.forms.fields import category_choices, kind_choices, line, prose
from ilex.subjects.forms.stating import WhyForm
from ilex.subjects.models import Subject
from ilex.units.models import Circle, Officer
from ilex.words import kinds


class FindForm(forms.Form):
    q = forms.CharField(
        label=_("Search subjects"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
        help_text=_("A name in any script, the beginning of one, or a number. Mistyped names are found too."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=lambda: kind_choices(_("Every")), required=False)
    category = forms.ChoiceField(
        label=_("Category"), choices=lambda: category_choices(pgettext_lazy("category", "Every")), required=False
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        required=False,
        help_text=_("Kept in the journal. Empty means: handling."),
    )
    page = forms.IntegerField(min_value=1, max_value=1000, required=False, widget=forms.HiddenInput)


class LinkForm(EvaluationForm):
    """How two subjects are connected: said from the one or from the other."""

    kind = forms.ChoiceField(label=_("Connection"), widget=forms.RadioSelect)
    role = line(_("In words"), _("Where the connection alone does not say enough."), longest=200)

    def __init__(self, one: Subject, other: Subject, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = connections(one, other)  # type: ignore[attr-defined]

    @property
    def said_fields(self) -> list[forms.BoundField]:
        return [self["kind"], self["role"]]

    def chosen(self) -> tuple[str, bool]:
        """The kind, and whether it leads from the other to the one."""
        code, _colon, way = self.cleaned_data["kind"].partition(":")
        return code, way == "back"


def connections(one: Subject, other: Subject) -> list[tuple[str, str]]:
    """Each connection as a sentence about both, in both directions where these differ."""
    there = [
        (line.code, f"{one.caption} {gettext(line.text)} {other.caption}")
        for line in kinds.link_kinds_between(one.kind, other.kind)
    ]
    back = [
        (f"{line.code}:back", f"{one.caption} {gettext(line.reverse)} {other.caption}")
        for line in kinds.link_kinds_between(other.kind, one.kind)
        if not line.mutual
    ]
    return there + back


class MergeForm(forms.Form):
    kept = forms.ChoiceField(label=_("Which one stays on top?"), widget=forms.RadioSelect)
    reason = prose(_("Why are they one?"), _("Which facts say so: a number, a date of birth, a photograph."))

    def __init__(self, one: Subject, other: Subject, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kept"].choices = [(str(row.pk), row.caption) for row in (one, other)]  # type: ignore[attr-defined]
        self.fields["kept"].initial = str(one.pk)

    def take_errors(self, errors: dict[str, str]) -> None:
        for name, sentence in errors.items():
            self.add_error(name if name in self.fields else None, sentence)


class CategoryForm(forms.Form):
    category = forms.ChoiceField(label=_("New category"), choices=category_choices, widget=forms.RadioSelect)
    reason = prose(_("Why does the category change?"))

    def __init__(self, subject: Subject, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [one for one in category_choices() if one[0] != subject.category]
        self.fields["category"].choices = choices  # type: ignore[attr-defined]

    def take_errors(self, errors: dict[str, str]) -> None:
        for name, sentence in errors.items():
            self.add_error(name if name in self.fields else None, sentence)


class CircleForm(WhyForm):
    circle = forms.ModelChoiceField(
        label=_("Closed circle"),
        queryset=Circle.objects.none(),
        required=False,
        empty_label=_("None: all who work on cases see it"),
    )

    def __init__(self, officer: Officer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["circle"].queryset = officer.circles.order_by("name")  # type: ignore[attr-defined]
