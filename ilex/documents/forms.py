"""The forms of the room: the word of an officer, and what is looked for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class FreeForm(forms.Form):
    reason = forms.CharField(
        label=_("Why must it be opened without a scan?"),
        max_length=300,
        help_text=_("Your word is kept in the journal and in the custody record, with your name and the time."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class FindForm(forms.Form):
    q = forms.CharField(
        label=_("Words"),
        max_length=200,
        help_text=_("Names in any script, numbers, words of the text."),
        widget=forms.TextInput(attrs={"type": "search"}),
    )
    tolerant = forms.BooleanField(label=_("Also words that are written a little differently"), required=False)
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("Kept in the journal."))

    def __init__(self, *args: Any, supervising: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not supervising:
            del self.fields["reason"]
