"""Planning a series: how many, where, and in which time."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ilex.programme.actions.series import MOST, Host
from ilex.programme.forms.saying import place_choices
from ilex.programme.kinds import ActivityKind


class SeriesForm(forms.Form):
    title = forms.CharField(label=pgettext_lazy("heading", "Title"), max_length=250)
    kind = forms.ChoiceField(label=pgettext_lazy("activity", "Kind"), choices=ActivityKind, initial="training")
    count = forms.IntegerField(label=_("How many in all"), min_value=1, max_value=MOST)
    locations = forms.CharField(
        label=_("Locations"),
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "One a line, in the order in which the turn goes: a place, and behind a comma who hosts there, where that "
            "is known: Serbia, ilecu-rs"
        ),
    )
    starts_on = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    ends_on = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def clean_locations(self) -> list[Host]:
        """Names of places are read in the language of the page too."""
        known = {name.casefold(): code for code, name in place_choices()}
        hosts = []
        for line in str(self.cleaned_data["locations"]).splitlines():
            place, _comma, host = (part.strip() for part in line.partition(","))
            if place:
                hosts.append(Host(known.get(place.casefold(), place), host))
        return hosts

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        starts, ends = typed.get("starts_on"), typed.get("ends_on")
        if (starts is None) != (ends is None) and not {"starts_on", "ends_on"} & set(self.errors):
            self.add_error("ends_on", gettext("Say both days, or none: then the days stay open."))
        return typed
