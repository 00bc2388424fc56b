"""Putting a task to an authority, and what is said about it afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from ilex.cases import queries
from ilex.cases.forms.cases import ErrorsOfVerbs, prose
from ilex.exchange.forms.letter import MomentField
from ilex.exchange.models import Request
from ilex.units.models import Organisation
from ilex.words import law


class TaskForm(ErrorsOfVerbs):
    authority = forms.ModelChoiceField(
        label=_("Authority"),
        queryset=Organisation.objects.none(),
        empty_label="—",
        help_text=_("Only those whose officers sign in here."),
    )
    request = forms.ModelChoiceField(
        label=_("Whose clock runs?"),
        queryset=Request.objects.none(),
        required=False,
        to_field_name="our_ref",
        empty_label=_("No request"),
    )
    title = forms.CharField(label=pgettext_lazy("heading", "Title"), max_length=300)
    text = prose(_("What is asked?"), 5)
    handling = forms.ChoiceField(label=_("Handling code"), initial="H0")
    handling_note = forms.CharField(
        label=_("Handling conditions in words"), required=False, max_length=1000, help_text=_("Needed with H3.")
    )
    due_at = MomentField(label=_("Due"), required=False, help_text=_("Empty: by the rule."))
    due_why = forms.CharField(
        label=_("Why another date?"),
        required=False,
        max_length=150,
        help_text=_("Needed for more time than the rule gives."),
    )

    def __init__(self, *args: Any, requests: Sequence[Request], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Organisation]", self.fields["authority"]).queryset = queries.authorities()
        field = cast("forms.ModelChoiceField[Request]", self.fields["request"])
        field.queryset = Request.objects.filter(pk__in=[one.pk for one in requests]).select_related("partner")
        field.label_from_instance = _label  # type: ignore[method-assign]
        codes = [(code.code, f"{code.code} · {gettext(code.text)}") for code in law.handling_codes()]
        cast(forms.ChoiceField, self.fields["handling"]).choices = codes

    def chosen(self) -> list[UUID]:
        """The statements that were ticked; what is no id is left out, and the verb refuses ids it does not offer."""
        found = []
        for text in self.data.getlist("shown"):  # type: ignore[attr-defined]
            try:
                found.append(UUID(text))
            except ValueError:
                continue
        return found

    def lines(self) -> list[tuple[str, str]]:
        """What the authority will read, before the lines on subjects. Call after is_valid()."""
        typed = self.cleaned_data
        return [
            (str(self.fields["title"].label), typed["title"]),
            (str(self.fields["text"].label), typed["text"]),
        ]


def _label(obj: Request) -> str:
    return f"{obj.our_ref} · {obj.partner.name}"


class AnswerForm(ErrorsOfVerbs):
    text = prose(_("Answer"), 6)


class QuestionForm(ErrorsOfVerbs):
    text = prose(_("Question"), 3)


class WhyForm(ErrorsOfVerbs):
    text = prose(_("Why?"), 3)


class ReplyForm(ErrorsOfVerbs):
    text = prose(_("Answer to their question"), 3)


class MoveForm(ErrorsOfVerbs):
    due_at = MomentField(label=_("New due date"))
    due_why = forms.CharField(label=_("Why?"), required=False, max_length=150)
    confirmed = forms.BooleanField(label=_("I know when it is due after the legal deadline"), required=False)

    def moment(self) -> datetime:
        found: datetime = self.cleaned_data["due_at"]
        return found
