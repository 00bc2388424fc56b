"""Searching and counting."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ilex.exchange.models import State, Way


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Search"),
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search"}),
        help_text=_("A reference, a name in any script, a number, words of the text."),
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        required=False,
        help_text=_("Kept in the journal. Empty means: handling of requests."),
    )
    way = forms.ChoiceField(label=_("Direction"), choices=[("", _("Both")), *Way.choices], required=False)
    state = forms.ChoiceField(label=_("State"), choices=[("", _("Every")), *State.choices], required=False)
    page = forms.IntegerField(min_value=1, max_value=1000, required=False, widget=forms.HiddenInput)


class YearForm(forms.Form):
    year = forms.IntegerField(label=_("Year"), min_value=2000, max_value=2100, initial=lambda: timezone.now().year)
