"""Opening, changing, finding and closing cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ilex.cases import queries
from ilex.cases.models import Case
from ilex.units.models import Officer
from ilex.words import casework

Choices = list[tuple[str, str]]


def prose(label: Any, rows: int = 4, hint: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def workers() -> QuerySet[Officer]:
    """Officers who work on cases."""
    return Officer.objects.filter(is_active=True, roles__overlap=["duty", "case", "head"]).order_by("name")


class ErrorsOfVerbs(forms.Form):
    def take_errors(self, errors: Mapping[str, str]) -> None:
        """Put the sentences of a refused verb beside their fields."""
        for name, sentence in errors.items():
            self.add_error(name if name in self.fields else None, sentence)


class CaseForm(ErrorsOfVerbs):
    title = forms.CharField(
        label=pgettext_lazy("heading", "Title"),
        max_length=300,
        help_text=_("Without names of persons: it stands in lists."),
    )
    summary = prose(_("Summary"), 5, required=False)
    area = forms.ChoiceField(label=_("Crime area"), required=False)
    references = forms.CharField(
        label=_("References"),
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Of old systems and of partners, one on a line. Those of the requests are known already."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["area"]).choices = [("", "—"), *queries.areas()]

    def clean_references(self) -> list[str]:
        return [line for line in self.cleaned_data["references"].splitlines() if line.strip()]


class NewCaseForm(CaseForm):
    template = forms.ChoiceField(
        label=_("Template"), required=False, help_text=_("Brings a checklist and the first tasks.")
    )
    field_order = ("template", "title", "summary", "area", "references")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.code, gettext(one.text)) for one in casework.templates()]
        cast(forms.ChoiceField, self.fields["template"]).choices = [("", "—"), *choices]


class EditCaseForm(CaseForm):
    team = forms.ModelMultipleChoiceField(
        label=_("Team"), queryset=Officer.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelMultipleChoiceField[Officer]", self.fields["team"]).queryset = workers()


class CaseFilterForm(forms.Form):
    """A GET form: what it does not know it ignores, so an old link still shows a list."""

    q = forms.CharField(
        label=_("Text"), required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    state = forms.ChoiceField(label=_("State"), required=False)
    owner = forms.ChoiceField(label=_("Owner"), required=False)
    area = forms.ChoiceField(label=_("Crime area"), required=False)

    def __init__(self, data: object, *, reason: bool) -> None:
        super().__init__(data, auto_id="cases_%s")  # type: ignore[arg-type]  # a QueryDict
        anything = [("", gettext("all"))]
        self.choices: dict[str, Choices] = {
            "state": [*anything, *((str(code), str(label)) for code, label in Case.State.choices)],
            "owner": [*anything, *queries.owners()],
            "area": [*anything, *queries.areas()],
        }
        for name, choices in self.choices.items():
            cast(forms.ChoiceField, self.fields[name]).choices = choices
        if reason:
            self.fields["reason"] = forms.CharField(label=_("Reason"), required=False, max_length=200)

    def chosen(self) -> dict[str, str]:
        """What narrows the list down, of the values that are known."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def words(self, name: str, value: str) -> str:
        return f"{self.fields[name].label}: {dict(self.choices.get(name, [])).get(value, value)}"


class NoteForm(ErrorsOfVerbs):
    text = prose(_("Note"), 3, _("Stays in the house."))


class AssignForm(ErrorsOfVerbs):
    to = forms.ModelChoiceField(label=_("Give to"), queryset=Officer.objects.none())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Officer]", self.fields["to"]).queryset = workers()


class WakeForm(ErrorsOfVerbs):
    wake_at = forms.DateField(
        label=_("Bring it back on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    wake_why = forms.CharField(label=_("What is to be done then?"), max_length=300)


class NumberForm(ErrorsOfVerbs):
    """Names another case."""

    other = forms.CharField(label=_("Number of the other case"), max_length=40)


class LinkForm(NumberForm):
    why = forms.CharField(label=_("What have they to do with one another?"), max_length=300)


class MergeForm(NumberForm):
    reason = prose(_("Why are they one?"), 2)


class RequestForm(ErrorsOfVerbs):
    request = forms.CharField(label=_("Our reference of the request"), max_length=40)


class ReopenForm(ErrorsOfVerbs):
    why = prose(_("Why is it opened again?"), 2)


class CloseForm(ErrorsOfVerbs):
    outcome = forms.ChoiceField(label=_("Outcome"), widget=forms.RadioSelect)
    text = prose(_("In words"), 3, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcomes = [(one.code, gettext(one.text)) for one in casework.outcomes()]
        cast(forms.ChoiceField, self.fields["outcome"]).choices = outcomes


class CircleForm(ErrorsOfVerbs):
    """Who is in, why, and what goes in with the case."""

    officers = forms.ModelMultipleChoiceField(
        label=_("These officers alone see it"),
        queryset=Officer.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    subjects = forms.MultipleChoiceField(
        label=_("Subjects that go into the circle too"), widget=forms.CheckboxSelectMultiple, required=False
    )
    documents = forms.MultipleChoiceField(
        label=_("Documents that go into the circle too"), widget=forms.CheckboxSelectMultiple, required=False
    )
    reason = prose(_("Why?"), 2)

    def __init__(self, *args: Any, offers: Mapping[str, Sequence[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelMultipleChoiceField[Officer]", self.fields["officers"]).queryset = workers()
        _offer(self, ("subjects", "documents"), offers)


class SplitForm(ErrorsOfVerbs):
    """What goes into the new case."""

    PARTS = ("requests", "tasks", "documents", "notes", "subjects")

    title = forms.CharField(label=_("Title of the new case"), max_length=300)
    requests = forms.MultipleChoiceField(label=_("Requests"), widget=forms.CheckboxSelectMultiple, required=False)
    tasks = forms.MultipleChoiceField(label=_("Tasks"), widget=forms.CheckboxSelectMultiple, required=False)
    documents = forms.MultipleChoiceField(label=_("Documents"), widget=forms.CheckboxSelectMultiple, required=False)
    notes = forms.MultipleChoiceField(label=_("Notes"), widget=forms.CheckboxSelectMultiple, required=False)
    subjects = forms.MultipleChoiceField(
        label=_("Subjects (they stay in this case too)"), widget=forms.CheckboxSelectMultiple, required=False
    )
    reason = prose(_("Why is it split?"), 2)

    def __init__(self, *args: Any, offers: Mapping[str, Sequence[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, self.PARTS, offers)


def _offer(form: forms.Form, names: Sequence[str], offers: Mapping[str, Sequence[tuple[str, str]]]) -> None:
    """The choices of each part; a part of which there is nothing is left out."""
    for name in names:
        if offers.get(name):
            cast(forms.MultipleChoiceField, form.fields[name]).choices = list(offers[name])
        else:
            del form.fields[name]
