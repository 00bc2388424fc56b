"""The form of an agreement on the exchange of staff."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ilex.programme.forms.equipment import day_field, offer
from ilex.programme.forms.nominations import prose
from ilex.programme.messages import MOST_PEOPLE
from ilex.programme.models import ExchangeAgreement
from ilex.programme.queries.equipment import reached_units
from ilex.units import queries as units
from ilex.units.models import Organisation

WHO = {"ours": _("We send, they host"), "theirs": _("They send, we host"), "both": _("Both send and both host")}
TERM_WORDS = {
    "title": _("Title"),
    "sends": _("Sends"),
    "hosts": _("Hosts"),
    "since": _("Holds since"),
    "until": _("Until"),
    "most_people": _("People at a time, at most"),
    "stay": _("Length of a stay"),
    "costs": _("Who pays what"),
    "duties": _("Duties and rights"),
    "text": _("Other terms"),
}


class TermsForm(forms.Form):
    partner = forms.ModelChoiceField(label=_("With"), queryset=Organisation.objects.none())
    title = forms.CharField(label=TERM_WORDS["title"], max_length=300)
    sends = forms.ChoiceField(label=_("Who sends people"), choices=list(WHO.items()), widget=forms.RadioSelect)
    since = day_field(TERM_WORDS["since"])
    until = day_field(TERM_WORDS["until"], required=False, hint=_("Leave it empty when no end is set."))
    most_people = forms.IntegerField(label=TERM_WORDS["most_people"], min_value=1, max_value=MOST_PEOPLE, initial=1)
    stay = forms.CharField(
        label=TERM_WORDS["stay"],
        required=False,
        max_length=5,
        help_text=_("P14D is 14 days, P6M 6 months."),
    )
    costs = prose(TERM_WORDS["costs"], rows=3)
    duties = prose(TERM_WORDS["duties"], rows=3)
    text = prose(TERM_WORDS["text"], limit=40_000)
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)  # digest of what is changed

    def __init__(self, data: QueryDict | None = None, *, agreement: ExchangeAgreement | None = None) -> None:
        """`agreement`: one whose terms are changed; its partner stays."""
        super().__init__(data, initial=_initial(agreement) if agreement else {"sends": "both"})
        self.agreement = agreement
        offer(self, "partner", reached_units())
        if agreement is not None:
            del self.fields["partner"]
        else:
            del self.fields["seen"]

    @property
    def unit(self) -> str:
        """With whom."""
        return self.agreement.partner_id if self.agreement else str(self.cleaned_data["partner"].pk)

    def terms(self) -> dict[str, Any]:
        """As TermsBody takes them; the units in one order, so that the same terms have the same hash."""
        said, us, them = self.cleaned_data, units.here().pk, self.unit
        sends = {"ours": [us], "theirs": [them], "both": sorted([us, them])}[said["sends"]]
        hosts = {"ours": [them], "theirs": [us], "both": sorted([us, them])}[said["sends"]]
        until = said["until"].isoformat() if said["until"] else ""
        words = {name: said[name].replace("\r\n", "\n") for name in ("title", "stay", "costs", "duties", "text")}
        return {
            "sends": sends,
            "hosts": hosts,
            "since": said["since"].isoformat(),
            "until": until,
            "most_people": said["most_people"],
            **words,
        }


def _initial(agreement: ExchangeAgreement) -> dict[str, Any]:
    terms = dict(agreement.terms)
    both = len(terms["sends"]) > 1
    who = "both" if both else "ours" if terms["sends"] == [units.here().pk] else "theirs"
    return {**terms, "sends": who, "seen": bytes(agreement.digest).hex()}
