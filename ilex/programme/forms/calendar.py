"""Narrowing the calendar down, and subscribing to what is left."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ilex.programme.kinds import Waits
from ilex.programme.models import Action
from ilex.programme.queries import calendar, listing
from ilex.programme.queries.calendar import CalendarFilter


class CalendarFilterForm(forms.Form):
    kind = forms.ChoiceField(label=pgettext_lazy("activity", "Kind"), required=False)
    place = forms.ChoiceField(label=_("Place"), required=False)
    host = forms.CharField(label=_("Host"), required=False, max_length=300)
    mine = forms.BooleanField(label=_("With our unit"), required=False)
    action = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    waits = forms.ChoiceField(required=False, choices=[("", ""), *Waits.choices], widget=forms.HiddenInput)

    def __init__(self, data: object) -> None:
        super().__init__(data, auto_id="calendar_%s")  # type: ignore[arg-type]  # a QueryDict, or what was kept
        self.choices: dict[str, list[tuple[str, str]]] = {
            "kind": calendar.kinds(),
            "place": calendar.used_places(),
        }
        for name, choices in self.choices.items():
            cast(forms.ChoiceField, self.fields[name]).choices = [("", gettext("all")), *choices]

    def clean_host(self) -> str:
        """As in the list of actions: by name, short name or id; a name of nobody finds nothing."""
        text = " ".join(self.cleaned_data["host"].split())
        return listing.organisation_called(text) or text

    def chosen(self) -> dict[str, Any]:
        """What narrows the calendar down, of the values that are known."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def words(self, name: str, value: Any) -> str:
        if name == "mine":
            return str(self.fields[name].label)
        if name == "waits":
            return str(Waits(value).label)
        if name == "host":
            return f"{self.fields[name].label}: {listing.called(value)}"
        if name == "action":
            action = Action.objects.filter(key=value).first()
            return gettext("Action: %(title)s") % {"title": action or value}
        return f"{self.fields[name].label}: {dict(self.choices.get(name, [])).get(str(value), value)}"


def filter_of(kept: Mapping[str, Any]) -> CalendarFilter:
    """Of what a form chose, or a subscription kept; what is not known is left out."""
    names = ("kind", "place", "host", "action", "waits")
    words = {name: str(kept[name])[:80].replace("\0", "") for name in names if kept.get(name)}
    return CalendarFilter(**words, mine=bool(kept.get("mine")))


class SubscribeForm(forms.Form):
    name = forms.CharField(
        label=pgettext_lazy("calendar subscription", "Name"),
        max_length=60,
        help_text=_("Which program reads it: “My telephone”."),
    )
