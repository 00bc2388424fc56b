"""Saying something of an action or activity: who takes part, what a source states, what came out, remarks."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ilex.programme.actions.claims import OF_ACTION, OF_ACTIVITY
from ilex.programme.kinds import FindingKind, InvolvementRole, InvolvementState, RemarkKind, SourceKind
from ilex.programme.models import Action, Activity, Finding, Source
from ilex.programme.queries import values
from ilex.programme.queries.people import Names
from ilex.programme.queries.said import CAN_BE_MET, ShownField
from ilex.units.models import Organisation

Choices = list[tuple[str, str]]


def prose(label: Any, rows: int = 3, hint: Any = "", *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def choose(form: forms.Form, name: str, choices: Choices, empty: str | None = "—") -> None:
    first = [] if empty is None else [("", empty)]
    cast(forms.ChoiceField, form.fields[name]).choices = [*first, *choices]


def place_choices() -> Choices:
    names = Names.read(values.language()).places
    return sorted(((code, name.text) for code, name in names.items()), key=lambda one: one[1])


def organisation_choices() -> Choices:
    return list(Organisation.objects.order_by("name", "pk").values_list("pk", "name"))


def source_choices() -> Choices:
    return list(Source.objects.order_by("title", "pk").values_list("pk", "title"))


class SourcedForm(forms.Form):
    """Something that a source says; without one it is our own word."""

    source = forms.ChoiceField(label=_("Source"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "source", source_choices(), gettext("our own record"))


class InvolveForm(SourcedForm):
    role = forms.ChoiceField(label=_("Part"), choices=InvolvementRole)
    place = forms.ChoiceField(label=_("Place"), required=False, help_text=_("A state, region, group or town, or"))
    organisation = forms.ChoiceField(label=_("Organisation"), required=False, help_text=_("an organisation, or"))
    function = forms.CharField(
        label=_("Function of a person"),
        required=False,
        max_length=200,
        help_text=_("a person by function; place and organisation then say where he or she belongs."),
    )
    name = forms.CharField(
        label=_("Name of the person"), required=False, max_length=160, help_text=_("Stays here; it is never sent.")
    )
    state = forms.ChoiceField(label=_("State"), required=False)
    printed = forms.CharField(label=_("As the source prints it"), required=False, max_length=300)
    quantity = forms.CharField(
        label=_("How many"), required=False, max_length=80, help_text=_("Where a number stands for a list: nearly 40.")
    )
    footnote_mark = forms.CharField(label=_("Footnote mark"), required=False, max_length=4)
    footnote = prose(_("Footnote"), 2, required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    field_order = ("role", "place", "organisation", "function", "name", "state", "printed", "quantity", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "place", place_choices())
        choose(self, "organisation", organisation_choices())
        choose(self, "state", [(one.value, str(one.label)) for one in InvolvementState], gettext("as the source says"))


class ReasonForm(forms.Form):
    reason = prose(_("Why?"), 2)


class ClaimForm(forms.Form):
    field = forms.ChoiceField(label=_("What it is about"))
    value = forms.CharField(
        label=_("What the source states"),
        max_length=300,
        help_text=_("A budget as EUR 154,894.95; a period as 2017-09/2018-04; a place by its name or code."),
    )
    printed = forms.CharField(
        label=_("As the source prints it"), required=False, max_length=300, help_text=_("Letter for letter.")
    )
    source = forms.ChoiceField(label=_("Source"), required=False)
    new_title = forms.CharField(label=_("New source: its title"), required=False, max_length=300)
    new_kind = forms.ChoiceField(label=_("New source: what it is"), required=False, choices=SourceKind)
    new_url = forms.CharField(label=_("New source: its address"), required=False, max_length=400)
    stated_on = forms.CharField(
        label=_("Stated on"), required=False, max_length=23, help_text=_("2019, 2019-02 or 2019-02-14.")
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, about: Action | Activity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = values.fields()
        known = [(code, names[code]) for code in (OF_ACTION if isinstance(about, Action) else OF_ACTIVITY)]
        choose(self, "field", [*known, *_names_of(about)], None)
        choose(self, "source", source_choices(), gettext("a new source, named below"))

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if not typed.get("source") and not typed.get("new_title"):
            self.add_error("source", gettext("Choose the source, or say what the new one is called."))
        return typed


def _names_of(about: Action | Activity) -> Choices:
    """The names of those who take part: sources print them differently too."""
    rows = list(about.involvements.filter(person=None).values_list("place", "organisation"))
    names = Names.read(values.language(), [organisation for _place, organisation in rows if organisation])
    codes = dict.fromkeys(code for pair in rows for code in pair if code)
    return [(f"{values.NAME_OF}{code}", values.field_name(f"{values.NAME_OF}{code}", names)) for code in codes]


class PreferForm(ReasonForm):
    """Which of the claims of a field is followed, and why."""

    claim = forms.ChoiceField(label=_("Which is followed?"), widget=forms.RadioSelect)
    field_order = ("claim", "reason")

    def __init__(self, *args: Any, field: ShownField, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "claim", [(str(one.row.pk), f"{one.value} · {one.source or ''}") for one in field.claims], None)


class FindingForm(SourcedForm):
    kind = forms.ChoiceField(label=_("What it is"), choices=FindingKind)
    text = prose(_("What came out"))
    quantity = forms.CharField(
        label=_("Number"), required=False, max_length=80, help_text=_("Where it is a figure: over 200 people.")
    )
    said_by = forms.CharField(
        label=_("Said by"), required=False, max_length=200, help_text=_("A function, never a name.")
    )
    raised_by = forms.ChoiceField(label=_("Raised by"), required=False)
    places = forms.MultipleChoiceField(label=_("Places it is about"), required=False)
    answers = forms.ChoiceField(
        label=_("Answers"), required=False, help_text=_("The gap, need, problem or challenge that it closes.")
    )

    def __init__(self, *args: Any, about: Action | Activity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "raised_by", organisation_choices())
        choose(self, "places", place_choices(), None)
        column = "action" if isinstance(about, Action) else "activity"
        found = Finding.objects.filter(kind__in=CAN_BE_MET, **{column: about}).order_by("order", "pk")
        choose(self, "answers", [(str(one.pk), one.text[:80]) for one in found])


class SettleForm(forms.Form):
    why = prose(_("How was it met?"), 2)


class RemarkForm(SourcedForm):
    kind = forms.ChoiceField(label=_("What it is"), choices=RemarkKind)
    text = prose(_("Remark"))
