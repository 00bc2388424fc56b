"""Until when something is watched, and why."""

from __future__ import annotations

from datetime import date, timedelta

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

USUAL = timedelta(days=90)
LONGEST = timedelta(days=366)


class WatchForm(forms.Form):
    until = forms.DateField(
        label=_("Until"),
        initial=lambda: localdate() + USUAL,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(label=_("Why is it watched?"), max_length=200)

    def clean_until(self) -> date:
        day: date = self.cleaned_data["until"]
        if not localdate() <= day <= localdate() + LONGEST:
            raise forms.ValidationError(gettext("Choose a day within the next year; then somebody says it anew."))
        return day
