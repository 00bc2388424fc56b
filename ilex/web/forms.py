"""How every form of the house is drawn, and the forms of this room."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from ilex.units.models import Officer
from ilex.web.actions import LONGEST_SIGN_IN
from ilex.web.drawing import SELECT, select
from ilex.web.models import Preference
from ilex.web.queries import preference_of


class Renderer(TemplatesSetting):
    """Fields are drawn by parts/field.html: label, hint, error, then the control."""

    form_template_name = "parts/form.html"
    field_template_name = "parts/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if template_name == SELECT:
            return select(context["widget"])
        return super().render(template_name, context, request)


class SignIn(forms.Form):
    sign_in = forms.CharField(
        label=_("Sign-in name"),
        max_length=LONGEST_SIGN_IN,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def clean_sign_in(self) -> str:
        # The journal keeps the name that was tried; a control character in it would break a line of the log.
        name: str = self.cleaned_data["sign_in"]
        if not name.isprintable():
            raise forms.ValidationError(_("Write the sign-in name without special characters."))
        return name


class Choices(forms.Form):
    language = forms.ChoiceField(label=_("Language of the pages"), choices=settings.LANGUAGES)
    theme = forms.ChoiceField(label=_("Light or dark"), choices=Preference.Theme, widget=forms.RadioSelect)
    single_keys = forms.BooleanField(
        label=_("Single keys work inside lists"),
        help_text=_("j and k move, / searches, ? lists the keys. Switch this off if you speak to your computer."),
        required=False,
    )

    @classmethod
    def of(cls, officer: Officer) -> Choices:
        liked = preference_of(officer)
        return cls(
            initial={
                "language": officer.page_language,
                "theme": liked.theme,
                "single_keys": liked.single_keys,
            }
        )


class Password(forms.Form):
    """A new password; who sits at the desk must know the old one."""

    old = forms.CharField(
        label=_("Present password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        help_text=_("At least 12 characters, and not one that many people use. A short sentence is good."),
        strip=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password again"),
        strip=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, officer: Officer, data: QueryDict | None = None) -> None:
        self.officer = officer
        super().__init__(data)

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        if not self.officer.check_password(old):
            raise forms.ValidationError(_("This is not your present password."))
        return old

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        validate_password(new, self.officer)
        return new

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if "new" in self.cleaned_data and again != self.cleaned_data["new"]:
            raise forms.ValidationError(_("The two new passwords are not the same."))
        return again
