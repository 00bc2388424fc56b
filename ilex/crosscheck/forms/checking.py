"""What is known of somebody or something, typed to be checked against the holdings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ilex.crosscheck.rules import typed
from ilex.crosscheck.sentences import NUMBERS
from ilex.matching.facts import Facts
from ilex.words import identifiers, kinds
from ilex.words.countries import alpha2
from ilex.words.dates import PartialDate
from ilex.words.entries import LawError
from ilex.words.identifiers import Wrong

CASE = re.compile(r"[A-Z]{2,8}-C-[0-9]{4}-[0-9]{6,9}", re.ASCII)
PLAIN = {"autocomplete": "off", "spellcheck": "false"}


def kind_choices() -> list[tuple[str, str]]:
    return [(one.code, gettext(one.text)) for one in kinds.kinds()]


def number_choices() -> list[tuple[str, str]]:
    return [("", gettext("Not known")), *((code, str(words)) for code, words in NUMBERS.items())]


class CheckForm(forms.Form):
    marks_required = True  # most is left empty

    name = forms.CharField(
        label=_("Name"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={**PLAIN, "dir": "auto"}),
        help_text=_("In any script, in any order of its parts. Of a thing its number does."),
    )
    others = forms.CharField(
        label=_("Other names"),
        max_length=600,
        required=False,
        widget=forms.TextInput(attrs={**PLAIN, "dir": "auto"}),
        help_text=_("With a comma between them."),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=kind_choices, initial="person")
    born = forms.CharField(
        label=_("Born, or founded"),
        max_length=10,
        required=False,
        widget=forms.TextInput(attrs=PLAIN),
        help_text=_("As far as it is known: 1985, 1985-03 or 1985-03-12."),
    )
    sex = forms.ChoiceField(
        label=_("Sex"),
        required=False,
        choices=[("", pgettext_lazy("sex", "Not known")), ("f", _("female")), ("m", _("male"))],
    )
    country = forms.CharField(
        label=_("Nationality, or state of registration"),
        max_length=3,
        required=False,
        widget=forms.TextInput(attrs={**PLAIN, "autocapitalize": "characters"}),
        help_text=_("Two letters, like RS or GE."),
    )
    place = forms.CharField(
        label=_("Place of birth, or seat"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={**PLAIN, "dir": "auto"}),
    )
    number_type = forms.ChoiceField(label=_("Kind of number"), choices=number_choices, required=False)
    number = forms.CharField(
        label=_("Number"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs=PLAIN),
        help_text=_("Of a document, a plate, a telephone."),
    )
    reason = forms.CharField(
        label=_("Why do you check?"),
        max_length=200,
        help_text=_("Kept in the journal with your name."),
    )
    case = forms.CharField(
        label=_("Case"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs=PLAIN),
        help_text=_("Its number here, if there is one."),
    )

    def clean_born(self) -> str:
        text: str = self.cleaned_data["born"]
        try:
            return str(PartialDate.parse(text)) if text else ""
        except ValueError as error:
            raise forms.ValidationError(gettext("Write it as 1985, 1985-03 or 1985-03-12.")) from error

    def clean_country(self) -> str:
        text: str = self.cleaned_data["country"]
        code = alpha2(text)
        if text and not code:
            raise forms.ValidationError(gettext("This code of a state is not known. Write two letters, like RS or GE."))
        return code

    def clean_case(self) -> str:
        text = str(self.cleaned_data["case"]).upper()
        if text and not CASE.fullmatch(text):
            raise forms.ValidationError(gettext("This is not a number of a case, like RS-C-2026-000412."))
        return text

    def clean(self) -> dict[str, Any]:
        written: dict[str, Any] = super().clean() or {}
        if not written.get("name") and not written.get("others") and not written.get("number"):
            self.add_error("name", gettext("Type a name or a number."))
        if written.get("number"):
            try:
                identifiers.clean(written.get("number_type") or "number", written["number"], written.get("country", ""))
            except Wrong as wrong:
                self.add_error("number", gettext(str(wrong)))
        return written

    def facts(self) -> Facts:
        written = self.cleaned_data
        names = (written["name"], *written["others"].split(","))
        return Facts(
            kind=written["kind"],
            names=tuple(filter(None, (name.strip() for name in names))),
            born=_one(written["born"]),
            countries=_one(written["country"]),
            sex=written["sex"],
            places=_one(written["place"]),
            identifiers=self.identifiers(),
        )

    def identifiers(self) -> tuple[tuple[str, str, str], ...]:
        """Without a type it is looked for as everything that it can be."""
        written = self.cleaned_data
        number, type, country = written["number"], written["number_type"], written["country"]
        if not number:
            return ()
        return ((type, number, country),) if type else typed(written["kind"], number, country)


def first_of(facts: Facts) -> dict[str, str]:
    """What the form begins with when something known is checked, or checked again."""
    type, number, _country = facts.identifiers[0] if facts.identifiers else ("", "", "")
    return {
        "name": facts.names[0] if facts.names else "",
        "others": ", ".join((*facts.names[1:], *facts.weak_names)),
        "kind": facts.kind if is_kind(facts.kind) else "person",
        "born": _first(facts.born),
        "sex": facts.sex,
        "country": _first(facts.countries).upper(),
        "place": _first(facts.places),
        "number_type": type,
        "number": number,
    }


def is_kind(code: str) -> bool:
    try:
        return bool(kinds.kind(code))
    except LawError:
        return False


def _one(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


def _first(texts: Iterable[str]) -> str:
    return next(iter(texts), "")
