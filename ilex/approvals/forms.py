"""What the second person types, and what the author types who goes alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ilex.approvals.registry import Editable

PREFIX = "text-"


class ReturnForm(forms.Form):
    """A reason, and for each text the one that would be better; a text left as it is proposes nothing."""

    answer = forms.CharField(
        label=_("Why do you return it?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why you return it.")},
    )

    def __init__(self, *args: Any, texts: Sequence[Editable] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.texts = texts
        for text in texts:
            self.fields[PREFIX + text.name] = forms.CharField(
                label=text.label,
                required=False,
                max_length=40_000,
                strip=False,
                initial=text.value,
                widget=forms.Textarea(attrs={"rows": 4}),
            )

    def edits(self) -> dict[str, str]:
        """Only the texts that differ. A browser sends CR LF where the text was typed with LF."""
        typed = {text.name: _lines(self.cleaned_data.get(PREFIX + text.name, "")) for text in self.texts}
        return {
            text.name: typed[text.name]
            for text in self.texts
            if PREFIX + text.name in self.data and typed[text.name].strip() != _lines(text.value).strip()
        }


class AloneForm(forms.Form):
    reason = forms.CharField(
        label=_("Why can it not wait for a second person?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The head of unit is told, and the journal keeps it."),
        error_messages={"required": _("Say why it cannot wait for a second person.")},
    )


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")
