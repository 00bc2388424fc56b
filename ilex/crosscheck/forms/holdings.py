"""Switching a list of holdings off or on; from which score on something is shown; access of other systems."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ilex.crosscheck.forms.checking import kind_choices
from ilex.holdings.models import Source
from ilex.units import queries as units
from ilex.units.models import Organisation

YEAR = timedelta(days=366)


class SwitchForm(forms.Form):
    reason = forms.CharField(
        label=_("Why?"), max_length=300, help_text=_("Kept in the journal, and shown beside the list.")
    )


class ThresholdForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    source = forms.ChoiceField(label=_("List"), required=False)
    show = forms.IntegerField(label=_("Shown from"), min_value=1, max_value=99, help_text=_("Of 100."))
    strong = forms.IntegerField(label=_("Strong from"), min_value=1, max_value=99, help_text=_("Of 100."))
    reason = forms.CharField(label=_("Why?"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", gettext("Every kind")), *kind_choices()]  # type: ignore[attr-defined]
        self.fields["source"].choices = [("", gettext("Every list")), *source_choices()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        written: dict[str, Any] = super().clean() or {}
        if written.get("show", 0) > written.get("strong", 100):
            self.add_error("strong", gettext("A strong lead cannot begin below what is shown."))
        return written


class AccessForm(forms.Form):
    system = forms.CharField(label=_("Which system?"), max_length=200)
    organisation = forms.ModelChoiceField(
        label=_("Whose is it?"), queryset=Organisation.objects.none(), empty_label=_("Choose one")
    )
    purpose = forms.CharField(
        label=_("For what purpose does it ask?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    sources = forms.MultipleChoiceField(
        label=_("Which lists may it ask?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing else is ever searched for it."),
    )
    quota = forms.IntegerField(label=_("Queries a day"), min_value=1, max_value=1_000_000, initial=1000)
    until = forms.DateField(
        label=_("Until"),
        initial=lambda: localdate() + YEAR,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = units.here()
        ours = (
            Organisation.objects.filter(place=here.place) if here.place_id else Organisation.objects.filter(pk=here.pk)
        )
        self.fields["organisation"].queryset = ours.order_by("name")  # type: ignore[attr-defined]
        self.fields["sources"].choices = source_choices()  # type: ignore[attr-defined]

    def clean_until(self) -> date:
        day: date = self.cleaned_data["until"]
        if day < localdate():
            raise forms.ValidationError(gettext("This day is over."))
        return day


class CloseForm(forms.Form):
    why = forms.CharField(label=_("Why does it end?"), max_length=300)


def source_choices() -> list[tuple[str, str]]:
    return list(Source.objects.filter(origin=False).order_by("title").values_list("code", "title"))
