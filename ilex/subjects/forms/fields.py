"""The control that fits a property of a subject, and the choices that come from the law's files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language_info, gettext
from django.utils.translation import gettext_lazy as _

from ilex.words import kinds, law
from ilex.words.entries import Entry
from ilex.words.kinds import Property

type_of_choices = list[tuple[str, str]]

MORE_LANGUAGES = ("bg", "bs", "de", "el", "es", "fr", "hr", "it", "pl", "ru", "sl", "tr", "az", "ar", "fa")
HINTS: dict[str, Any] = {
    "date": _("As far as it is known: 1985, 1985-03 or 1985-03-12."),
    "country": _("Two letters, like RS or GE."),
    "phone": _("With the code of the country: +381 64 123 4567."),
}


def value_field(one: Property, *, required: bool = True) -> forms.Field:
    """The control for a value of this property, under its name."""
    named: dict[str, Any] = {"label": gettext(one.text), "required": required}
    if one.type == "choice":
        choices = [("", "—"), *((choice.code, gettext(choice.text)) for choice in one.choices)]
        return forms.ChoiceField(choices=choices, **named)
    if one.type in ("long", "address"):
        rows = {"rows": 4 if one.type == "long" else 2}
        return forms.CharField(max_length=20_000, widget=forms.Textarea(attrs=rows), **named)
    attributes = {"autocomplete": "off", "spellcheck": "false", "dir": "auto"}
    return forms.CharField(
        max_length=300, widget=forms.TextInput(attrs=attributes), help_text=HINTS.get(one.type, ""), **named
    )


def entries(lines: Iterable[Entry], empty: str | Promise = "", *, codes: bool = False) -> type_of_choices:
    """The lines of a list as choices; with their codes where officers know them by these."""
    shown = [(line.code, f"{line.code} · {gettext(line.text)}" if codes else gettext(line.text)) for line in lines]
    return [("", str(empty)), *shown] if empty else shown


def kind_choices(empty: str | Promise = "") -> type_of_choices:
    return entries(kinds.kinds(), empty)


def category_choices(empty: str | Promise = "") -> type_of_choices:
    return entries(kinds.categories(), empty)


def name_kind_choices() -> type_of_choices:
    return entries(kinds.name_kinds(), _("Not stated"))


def grade_choices(name: str) -> type_of_choices:
    lines: Iterable[Entry] = law.source_grades() if name == "source" else law.information_grades()
    return entries(lines, _("Not stated"), codes=True)


def language_choices() -> type_of_choices:
    known = [(code, str(name)) for code, name in settings.LANGUAGES]
    more = [(code, str(get_language_info(code)["name_local"])) for code in MORE_LANGUAGES]
    return [("", gettext("Not stated")), *known, *(one for one in more if one[0] not in dict(known))]


def line(label: Any, hint: Any = "", *, required: bool = False, longest: int = 300) -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, required=required, max_length=longest)


def role_field() -> forms.CharField:
    """What a subject is in the case from which it is written down."""
    return line(_("Role in the case"), _("In words: the driver, the owner of the account."), longest=200)


def prose(label: Any, hint: Any = "", *, required: bool = True, rows: int = 2, longest: int = 4_000) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": rows}),
    )
