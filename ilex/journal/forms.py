"""What an auditor fills in: why the log is read, which lines, what explains an alarm."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db import models
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ilex.journal.models import Operation
from ilex.journal.queries import Choice
from ilex.units.models import Officer


class Purpose(models.TextChoices):
    """The only uses of the log that Directive (EU) 2016/680 Art. 25(2) allows."""

    LAWFULNESS = "lawfulness", _("To check that processing was lawful")
    MONITORING = "monitoring", _("Self-monitoring, also internal disciplinary proceedings")
    SECURITY = "security", _("Integrity and security of the data")
    CRIMINAL = "criminal", _("Criminal proceedings")


class Reason(forms.Form):
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Purpose, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("In a sentence: which check, complaint or proceedings. It is written to the journal."),
        min_length=10,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class Filter(forms.Form):
    officer = forms.ModelChoiceField(
        Officer.objects.order_by("name"), label=_("Officer"), required=False, empty_label=_("Anybody")
    )
    op = forms.ChoiceField(label=_("Operation"), choices=[("", _("Any")), *Operation.choices], required=False)
    act = forms.CharField(label=_("Act"), max_length=60, required=False)
    kind = forms.CharField(label=_("On what"), max_length=24, required=False)
    id = forms.CharField(label=_("Its number"), max_length=80, required=False)
    since = forms.DateField(
        label=pgettext_lazy("since", "From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        label=pgettext_lazy("until", "To"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    before = forms.IntegerField(min_value=1, max_value=2**63 - 1, required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        since, until = values.get("since"), values.get("until")
        if since and until and since > until:
            self.add_error("until", _("The last day lies before the first."))
        return values

    def choice(self) -> Choice:
        """Days are those of the unit's own calendar; the last one counts whole."""
        values = self.cleaned_data
        officer, until = values["officer"], values["until"]
        return Choice(
            by=str(officer.pk) if officer else "",
            act=values["act"],
            op=values["op"],
            kind=values["kind"],
            id=values["id"],
            since=_start(values["since"]) if values["since"] else None,
            until=_start(until + timedelta(days=1)) if until else None,
        )

    def chosen(self) -> dict[str, str]:
        """What limits the list, as text, by the name of the field."""
        return {
            name: str(dict(Operation.choices)[value] if name == "op" else value)
            for name, value in self.cleaned_data.items()
            if value and name != "before"
        }


class Explanation(forms.Form):
    origin = forms.CharField(max_length=60, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("What explains it"),
        help_text=_("Whom you asked, how, and what they said. The contradicting heads stay on file."),
        min_length=10,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, get_current_timezone())
