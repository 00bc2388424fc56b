"""What an officer may narrow the desk down to."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ilex.exchange import queries
from ilex.units.models import Officer
from ilex.words import law


class DeskFilter(forms.Form):
    """A GET form: what it does not know it ignores, so an old link still shows a desk."""

    partner = forms.ChoiceField(label=_("Partner"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False)

    def __init__(self, data: object, *, officer: Officer) -> None:
        super().__init__(data, auto_id="desk_%s")  # type: ignore[arg-type]  # a QueryDict
        anything = [("", _("all"))]
        self.choices = {
            "partner": [*anything, *queries.desk_partners(officer)],
            "channel": [*anything, *((channel.code, gettext(channel.text)) for channel in law.channels())],
        }
        for name, choices in self.choices.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        """What narrows the list down, of the values that are known."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def words(self, name: str, value: str) -> str:
        return f"{self.fields[name].label}: {dict(self.choices[name])[value]}"
