"""Finding, opening and changing actions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, cast

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ilex.programme.forms.period import PeriodForm
from ilex.programme.kinds import ActionKind, ActionStatus, AmountRole, ObjectiveLevel
from ilex.programme.models import Action
from ilex.programme.queries import listing
from ilex.programme.rules.themes import FUNDING, THEMES, funding_name, theme_name
from ilex.web.languages import page_languages
from ilex.words import amounts

Choices = list[tuple[str, str]]
ROWS = 6  # empty lines for amounts and objectives


class ActionFilterForm(forms.Form):
    """Narrows the list of actions down."""

    q = forms.CharField(
        label=_("Search"), required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    kind = forms.ChoiceField(label=pgettext_lazy("action", "Kind"), required=False)
    status = forms.ChoiceField(label=_("Status"), required=False)
    theme = forms.ChoiceField(label=_("Theme"), required=False)
    place = forms.ChoiceField(label=_("Place"), required=False)
    organisation = forms.CharField(label=_("Organisation"), required=False, max_length=300)
    year = forms.IntegerField(label=_("Year"), required=False, min_value=1900, max_value=2199)

    def __init__(self, data: object) -> None:
        super().__init__(data, auto_id="actions_%s")  # type: ignore[arg-type]  # a QueryDict
        self.choices: dict[str, Choices] = {
            "kind": listing.kinds(),
            "status": listing.statuses(),
            "theme": listing.used_themes(),
            "place": listing.places(),
        }
        for name, choices in self.choices.items():
            cast(forms.ChoiceField, self.fields[name]).choices = [("", gettext("all")), *choices]

    def clean_organisation(self) -> str:
        """The id of the one that is called so, by name, short name or id; a name of nobody finds nothing."""
        text = " ".join(self.cleaned_data["organisation"].split())
        return listing.organisation_called(text) or text

    def chosen(self) -> dict[str, Any]:
        """What narrows the list down, of the values that are known."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def words(self, name: str, value: Any) -> str:
        if name == "organisation":
            value = listing.called(value)
        return f"{self.fields[name].label}: {dict(self.choices.get(name, [])).get(str(value), value)}"


class ActionForm(PeriodForm):
    title = forms.CharField(label=pgettext_lazy("heading", "Title"), max_length=300)
    short = forms.CharField(label=_("Short name"), max_length=40, required=False, help_text=_("As people say it: MPF."))
    kind = forms.ChoiceField(label=pgettext_lazy("action", "Kind"), choices=ActionKind)
    parent = forms.CharField(
        label=_("Part of"),
        required=False,
        max_length=300,
        help_text=_("Title or short name of the action above it, as it stands in the list."),
    )
    predecessor = forms.CharField(
        label=_("Continues"),
        required=False,
        max_length=300,
        help_text=_("Title or short name of the action before it."),
    )
    continues = forms.CharField(
        label=_("Continues, in words"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Where what came before has no name of its own."),
    )
    summary = forms.CharField(
        label=_("What it is about"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 5})
    )
    status = forms.ChoiceField(label=_("Status"), required=False)
    printed = forms.CharField(label=_("Period as the source prints it"), required=False, max_length=200)
    themes = forms.MultipleChoiceField(label=_("Themes"), required=False, widget=forms.CheckboxSelectMultiple)
    language = forms.ChoiceField(label=_("Language of title and texts"))
    public = forms.BooleanField(label=_("May stand on the public site"), required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    field_order = (
        *("title", "short", "kind", "status", "summary", *PeriodForm.PERIOD, "printed", "themes"),
        *("parent", "predecessor", "continues", "language", "public"),
    )

    def __init__(self, *args: Any, action: Action | None = None, publishes: bool = False, **kwargs: Any) -> None:
        """`publishes`: whether the officer says what may be public; for others it stays as it is."""
        super().__init__(*args, **kwargs)
        self.action = action
        if not publishes:
            del self.fields["public"]
        codes = dict.fromkeys([*THEMES, *(action.themes if action else ())])
        tongues = {one.code: one.name for one in page_languages()}
        if action is not None:
            tongues.setdefault(action.language, action.language)
        self._choose("themes", [(code, theme_name(code)) for code in codes])
        self._choose("status", [("", gettext("not stated")), *((one.value, str(one.label)) for one in ActionStatus)])
        self._choose("language", list(tongues.items()))

    def _choose(self, name: str, choices: Choices) -> None:
        cast(forms.ChoiceField, self.fields[name]).choices = choices

    @classmethod
    def first(cls, action: Action) -> dict[str, Any]:
        names = ("title", "short", "kind", "continues", "summary", "status", "printed", "themes", "language", "public")
        values = {name: getattr(action, name) for name in (*names, "version")}
        above = {"parent": action.parent, "predecessor": action.predecessor}
        values |= {name: one.key if one else "" for name, one in above.items()}
        return values | cls.first_values(action.when, action.duration)

    def clean_parent(self) -> Action | None:
        return self._named("parent")

    def clean_predecessor(self) -> Action | None:
        return self._named("predecessor")

    def _named(self, name: str) -> Action | None:
        """The action of this key, short name or title; an officer writes what he reads in the list."""
        text = " ".join(self.cleaned_data[name].split())
        if not text:
            return None
        for column in ("key", "short__iexact", "title__iexact"):
            found = list(Action.objects.filter(**{column: text}).select_related("parent")[:2])
            if len(found) == 1:
                return found[0]
            if found:
                raise forms.ValidationError(gettext("Several actions are called so: write the whole title."))
        raise forms.ValidationError(gettext("There is no action “%(text)s”.") % {"text": text[:80]})

    def columns(self) -> dict[str, Any]:
        """What the verb gets."""
        left_out = {"begins", "ends", "ending", "length", "length_unit", "version"}
        return {name: value for name, value in self.cleaned_data.items() if name not in left_out}


class TextForm(forms.Form):
    """Title and summary in one more language."""

    language = forms.ChoiceField(label=_("Language"))
    title = forms.CharField(
        label=pgettext_lazy("heading", "Title"),
        max_length=300,
        required=False,
        help_text=_("Empty: the texts in this language are taken away."),
    )
    summary = forms.CharField(
        label=_("What it is about"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 5})
    )

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = [(one.code, one.name) for one in page_languages() if one.code != action.language]
        cast(forms.ChoiceField, self.fields["language"]).choices = others


class AmountForm(forms.Form):
    """One amount. Without a figure it says that nothing is stated, which is not zero."""

    role = forms.ChoiceField(label=_("What it is"), choices=[("", "—"), *AmountRole.choices], required=False)
    figure = forms.CharField(
        label=_("Amount"), max_length=40, required=False, help_text=_("454,415.40 or 454.415,40; empty: not stated.")
    )
    currency = forms.CharField(label=_("Currency"), max_length=3, required=False)
    funding_line = forms.ChoiceField(label=_("Funding line"), required=False)
    printed = forms.CharField(label=_("As the source prints it"), max_length=100, required=False)
    note = forms.CharField(label=_("Note"), max_length=300, required=False)
    sure = forms.BooleanField(label=_("It is read rightly"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = dict.fromkeys([*FUNDING, self.initial.get("funding_line") or ""])
        choices = [("", "—"), *((code, funding_name(code)) for code in codes if code)]
        cast(forms.ChoiceField, self.fields["funding_line"]).choices = choices
        if not self._doubtful(str(self.data.get(self.add_prefix("figure"), ""))):
            self.fields["sure"].widget = forms.HiddenInput()

    @staticmethod
    def _doubtful(figure: str) -> bool:
        try:
            return bool(figure) and amounts.read_value(figure).doubtful
        except ValueError:
            return False

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).strip().upper()

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        typed["value"] = self._value(typed)
        if typed["value"] is not None and not typed.get("currency"):
            self.add_error("currency", gettext("Say the currency in three letters, as EUR."))
        if (typed.get("figure") or typed.get("note")) and not typed.get("role"):
            self.add_error("role", gettext("Say what this amount is."))
        return typed

    def _value(self, typed: dict[str, Any]) -> Decimal | None:
        if not typed.get("figure"):
            return None
        try:
            reading = amounts.read_value(typed["figure"])
        except ValueError as wrong:
            self.add_error("figure", str(wrong))
            return None
        if reading.doubtful and not typed.get("sure"):
            words = {"printed": typed["figure"], "value": f"{reading.value:,.2f}"}
            sentence = gettext("“%(printed)s” can be read in more than one way: it is read as %(value)s. Confirm it.")
            self.add_error("figure", sentence % words)
        return reading.value


class ObjectiveForm(forms.Form):
    level = forms.ChoiceField(label=_("Level"), choices=[("", "—"), *ObjectiveLevel.choices], required=False)
    text = forms.CharField(
        label=_("Objective"), required=False, max_length=4_000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if typed.get("text") and not typed.get("level"):
            self.add_error("level", gettext("Choose the level of the objective."))
        return typed


AmountSet = forms.formset_factory(AmountForm, extra=2, max_num=40, absolute_max=60)
ObjectiveSet = forms.formset_factory(ObjectiveForm, extra=3, max_num=40, absolute_max=60)
