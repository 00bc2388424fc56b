"""The forms of needs, equipment and hand-overs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any, cast
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.text import Truncator
from django.utils.timezone import localdate
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ilex.programme.actions.assets import Purchase
from ilex.programme.actions.handovers import Delivery
from ilex.programme.forms.nominations import prose
from ilex.programme.kinds import AssetKind
from ilex.programme.models import Action, Asset, Finding, HandoverLine
from ilex.programme.queries.equipment import LONGEST, ONLY, open_needs, reached_units, to_hand_over
from ilex.programme.rules.assets import serials_of
from ilex.units.models import Organisation

CONDITION_WORDS = {
    "in-use": pgettext_lazy("asset", "In use"),
    "in-store": pgettext_lazy("asset", "In store"),
    "broken": pgettext_lazy("asset", "Broken"),
    "lost": pgettext_lazy("asset", "Lost"),
}
ONLY_WORDS = {"check": _("To check"), "refused": _("Not accepted")}
WHY = "why_"
MOST_OFFERED = 300  # in one list of a form


def day_field(label: Any, *, required: bool = True, hint: Any = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=hint, widget=widget)


def offer(form: forms.Form, name: str, rows: QuerySet[Any], words: Callable[[Any], str] = str) -> None:
    """What a field lets choose from, asked for when the form is made, and how each is called.

    A long list is cut, but what is chosen already always stands in it.
    """
    field = cast("forms.ModelChoiceField[Any]", form.fields[name])
    field.queryset = rows
    shown = {str(row.pk): words(row) for row in [*rows[:MOST_OFFERED], *_chosen(form, name, rows)]}
    nothing = [("", "---------")] if isinstance(field.widget, forms.Select) else []
    field.choices = [*nothing, *shown.items()]


def _chosen(form: forms.Form, name: str, rows: QuerySet[Any]) -> Iterator[Any]:
    """By the form as it was sent, or by the address that led to it."""
    said = form.data.getlist(name) if isinstance(form.data, QueryDict) else form.initial.get(name)
    keys = []
    for key in [said] if isinstance(said, str) else said or []:
        with suppress(ValidationError):
            keys.append(rows.model._meta.pk.to_python(key))
    yield from rows.filter(pk__in=keys) if keys else ()


def need_words(need: Finding) -> str:
    unit = f"{need.raised_by.name}: " if need.raised_by else ""
    return Truncator(f"{unit}{need.text}").chars(120)


def asset_words(asset: Asset) -> str:
    serials = ", ".join(asset.serials[:5]) + ("…" if len(asset.serials) > 5 else "")
    count = f"{asset.quantity} × " if asset.quantity and asset.quantity > 1 else ""
    return f"{count}{asset.name}" + (f" ({serials})" if serials else "")


class AssetFilter(forms.Form):
    """Whatever is wrong in it finds everything."""

    words = forms.CharField(
        label=_("Find"), required=False, max_length=LONGEST, widget=forms.TextInput(attrs={"type": "search"})
    )
    only = forms.ChoiceField(label=_("Only"), required=False, choices=())

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        field = cast(forms.ChoiceField, self.fields["only"])
        field.choices = [("", gettext("all")), *((code, ONLY_WORDS[code]) for code in ONLY)]

    def said(self) -> dict[str, str]:
        return self.cleaned_data if self.is_valid() else {}


class NeedForm(forms.Form):
    text = prose(_("What is needed"), hint=_("What for, how many, by when."), required=True)
    action = forms.ModelChoiceField(
        label=_("Action"), queryset=Action.objects.none(), required=False, help_text=_("That may pay for it.")
    )
    to = forms.ModelMultipleChoiceField(
        label=_("Tell these units"),
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Who may give it to us. Without any it stays in our own list."),
    )

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        offer(self, "action", Action.objects.order_by("title"))
        offer(self, "to", reached_units())


class PurchaseForm(forms.Form):
    need = forms.ModelChoiceField(
        label=_("Need"), queryset=Finding.objects.none(), help_text=_("Nothing is bought without a need on file.")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=AssetKind.choices)
    name = forms.CharField(label=_("Make and model"), max_length=200)
    quantity = forms.IntegerField(label=_("Pieces"), min_value=1, initial=1)
    serials = prose(_("Serial numbers"), hint=_("One in a line, typed, pasted or scanned."), limit=90_000)
    value = forms.DecimalField(
        label=_("Price of all together"), required=False, min_value=0, max_digits=17, decimal_places=2
    )
    currency = forms.CharField(label=_("Currency"), required=False, max_length=3, initial="EUR")
    bought_on = day_field(_("Bought on"))
    stands_at = forms.CharField(
        label=_("Stands at"), required=False, max_length=200, help_text=_("For us alone: it is never sent.")
    )
    text = prose(_("Remark"), hint=_("The receiver reads it at a hand-over."), rows=2)

    def __init__(self, data: QueryDict | None = None, *, asset: Asset | None = None, need: str = "") -> None:
        """`asset`: one that was planned; its need stands already."""
        initial = {"bought_on": localdate(), "need": need}
        if asset is not None:
            initial |= {"kind": asset.kind, "name": asset.name, "text": asset.text, "quantity": asset.quantity or 1}
        super().__init__(data, initial=initial)
        offer(self, "need", open_needs(), need_words)
        if asset is not None:
            del self.fields["need"]

    def purchase(self) -> Purchase:
        said = {name: value for name, value in self.cleaned_data.items() if name != "need"}
        return Purchase(**{**said, "serials": serials_of(said["serials"])})


class ReportForm(forms.Form):
    """How a thing is used, or that it is no longer there."""

    on = day_field(_("Day"))
    condition = forms.ChoiceField(label=_("Condition"), choices=())
    text = prose(_("In words"))
    next_on = day_field(_("Check again on"), required=False)

    def __init__(self, data: QueryDict | None = None, *, gone: bool) -> None:
        super().__init__(data, initial={"on": localdate()})
        left = ("broken", "lost", "in-store", "in-use") if gone else ("in-use", "in-store", "broken")
        choice = cast(forms.ChoiceField, self.fields["condition"])
        choice.choices = [(code, CONDITION_WORDS[code]) for code in left]
        if gone:
            del self.fields["next_on"]
            self.fields["text"].required = True


class HandoverForm(forms.Form):
    marks_required = True  # what is handed over is chosen or scanned: neither field alone is needed
    receiver = forms.ModelChoiceField(label=_("To"), queryset=Organisation.objects.none())
    assets = forms.ModelMultipleChoiceField(
        label=_("What"), queryset=Asset.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    serials = prose(
        _("Or by serial numbers"),
        hint=_("One in a line, pasted or scanned in a row: each brings the line of the list to which it belongs."),
        limit=90_000,
    )
    handed_on = day_field(_("Handed over on"))
    place = forms.CharField(label=_("Place"), required=False, max_length=200)
    text = prose(_("Text"), rows=2)

    def __init__(self, data: QueryDict | None = None, *, assets: list[str] | None = None) -> None:
        super().__init__(data, initial={"handed_on": localdate(), "assets": assets or []})
        offer(self, "receiver", reached_units())
        offer(self, "assets", to_hand_over(), asset_words)

    def delivery(self) -> Delivery:
        said = self.cleaned_data
        return Delivery(
            receiver=said["receiver"].pk,
            handed_on=said["handed_on"],
            assets=list(said["assets"]),
            serials=serials_of(said["serials"]),
            place=said["place"],
            text=said["text"],
        )


class AnswerForm(forms.Form):
    """A field for each line: empty where it is accepted, else the reason why not."""

    accepted_on = day_field(_("Looked at on"))

    def __init__(self, data: QueryDict | None = None, *, lines: list[HandoverLine]) -> None:
        super().__init__(data, initial={"accepted_on": localdate()})
        self.lines = lines
        for line in lines:
            self.fields[f"{WHY}{line.asset_id}"] = forms.CharField(
                label=gettext("Refuse %(name)s because") % {"name": line.asset.name},
                required=False,
                max_length=300,
                help_text=", ".join(line.asset.serials[:20]),
            )

    def refused(self) -> dict[UUID, str]:
        said = {line.asset_id: self.cleaned_data[f"{WHY}{line.asset_id}"] for line in self.lines}
        return {asset: why for asset, why in said.items() if why}
