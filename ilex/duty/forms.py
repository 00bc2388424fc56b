"""Forms of the roster, the log and the absences."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ilex.units.models import Officer
from ilex.units.rules import may


def prose(label: Any, *, rows: int = 3, hint: Any = "", required: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=10_000,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": required} if required else None,
    )


class MomentField(forms.DateTimeField):
    """A date and time as the browser's own control writes it, in the unit's zone."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"], **kwargs)


class LineForm(forms.Form):
    text = prose(_("What happened?"), rows=2, required=_("Write what happened."))
    about = forms.CharField(
        label=_("Reference"), max_length=60, required=False, help_text=_("Of a request, case or task.")
    )


class HandoverForm(forms.Form):
    note = prose(_("What must the next officer know?"), rows=5, required=_("Write what the next officer must know."))


class PlanForm(forms.Form):
    officer = forms.ModelChoiceField(label=_("Officer"), queryset=Officer.objects.none())
    begins = MomentField(label=_("From"))
    ends = MomentField(label=_("To"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        able = [one.pk for one in Officer.objects.filter(is_active=True) if may(one, "duty.log")]
        _choose_from(self, "officer", Officer.objects.filter(pk__in=able))


class AwayForm(forms.Form):
    """Who is away and who stands in. Whoever plans the roster chooses both; others are away themselves."""

    absent = forms.ModelChoiceField(label=_("Who is away?"), queryset=Officer.objects.none())
    deputy = forms.ModelChoiceField(label=_("Who stands in?"), queryset=Officer.objects.none())
    begins = MomentField(label=_("From"))
    ends = MomentField(label=_("To"))
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)

    def __init__(self, *args: Any, officer: Officer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.officer = officer
        colleagues = Officer.objects.filter(is_active=True)
        if may(officer, "duty.plan"):
            _choose_from(self, "absent", colleagues)
        else:
            del self.fields["absent"]
            colleagues = colleagues.filter(organisation=officer.organisation_id).exclude(pk=officer.pk)
        _choose_from(self, "deputy", colleagues)

    def absent_officer(self) -> Officer:
        return cast(Officer, self.cleaned_data.get("absent") or self.officer)


def _choose_from(form: forms.Form, name: str, officers: QuerySet[Officer]) -> None:
    cast("forms.ModelChoiceField[Officer]", form.fields[name]).queryset = officers.order_by("name")
