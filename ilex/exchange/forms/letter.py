"""The common shape of every form whose text leaves the house: sections, a summary, the content it makes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ilex.units.models import Officer
from ilex.words import law

type_of_choices = list[tuple[str, str]]

NOT_SENT = {"to", "special"}  # shown apart, or for the rules of the house only


@dataclass(frozen=True)
class Section:
    title: str | Promise
    fields: tuple[str, ...]
    hint: str | Promise = ""
    rows: bool = False  # the rows of persons and things stand here
    files: bool = False  # so do the attachments


@dataclass(frozen=True)
class Line:
    """One line of the summary before a release: what will be read at the other end."""

    label: str
    value: str
    long: bool = False


class LetterForm(forms.Form):
    """A form that becomes a sealed message. `officer` and what it answers to are given by the view."""

    sections: tuple[Section, ...] = ()

    def __init__(self, *args: Any, officer: Officer, **kwargs: Any) -> None:
        self.officer = officer
        super().__init__(*args, **kwargs)

    def parts(self) -> list[tuple[Section, list[BoundField]]]:
        """The sections with those of their fields that this form has."""
        return [(section, [self[name] for name in section.fields if name in self.fields]) for section in self.sections]

    def lines(self) -> list[Line]:
        """Every filled field in words, in the order of the page, without the recipients. Call after is_valid()."""
        return [
            Line(str(field.label), shown, isinstance(field.field.widget, forms.Textarea))
            for _section, fields in self.parts()
            for field in fields
            if field.name not in NOT_SENT and (shown := shown_value(field, self.cleaned_data.get(field.name)))
        ]

    def take_errors(self, errors: dict[str, str]) -> None:
        """Put the sentences of a refused verb beside their fields."""
        for name, sentence in errors.items():
            self.add_error(name if name in self.fields else None, sentence)


def shown_value(field: BoundField, value: Any) -> str:
    """A cleaned value as the officer would say it; empty when there is nothing to say."""
    if value in (None, "", [], False):
        return ""
    choices = getattr(field.field, "choices", None)
    if choices:
        words = {str(code): str(text) for code, text in choices}
        values = value if isinstance(value, list) else [value]
        return "; ".join(words.get(str(one), str(one)) for one in values)
    if value is True:
        return gettext("Yes")
    if hasattr(value, "astimezone"):
        return str(value.strftime("%d.%m.%Y %H:%M %Z"))
    return str(value)


def entries(
    read: Callable[[], Iterable[law.Entry]], *, empty: str | Promise | None = None
) -> Callable[[], type_of_choices]:
    """Choices of a code list, in the page's language at the moment the page is made."""

    def choices() -> type_of_choices:
        rows = [(entry.code, f"{entry.code} · {gettext(entry.text)}") for entry in read()]
        return rows if empty is None else [("", str(empty)), *rows]

    return choices


def prose(label: Any, *, rows: int = 4, required: bool = True, hint: Any = "", limit: int = 20_000) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        help_text=hint,
        max_length=limit,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def languages() -> type_of_choices:
    return [(code, str(name)) for code, name in settings.LANGUAGES]


def handling() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Handling code"),
        choices=entries(law.handling_codes),
        initial="H0",
        help_text=_("Travels with the text and binds whoever receives it."),
    )


def handling_note() -> forms.CharField:
    return forms.CharField(
        label=_("Handling conditions in words"),
        required=False,
        max_length=1000,
        help_text=_("Needed with H3."),
    )


def special() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("It holds data of a special category"),
        required=False,
        help_text=_(
            "Racial or ethnic origin, political opinions, religion or belief, trade union, genetic or biometric data, "
            "health, sex life: Directive (EU) 2016/680 Art. 10. This mark stays in the house."
        ),
    )


class MomentField(forms.DateTimeField):
    """A date and time as the browser's own control writes it, in the unit's zone."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"], **kwargs)
