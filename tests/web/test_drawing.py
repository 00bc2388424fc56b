from __future__ import annotations

import re

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.html import format_html

from ilex.web.forms import Renderer

HOSTILE = "<b>\"A\" & 'b'</b>"


class Lists(forms.Form):
    """Every kind of list that the house can show."""

    plain = forms.ChoiceField(
        choices=[("", "all"), (HOSTILE, HOSTILE), (3, "three"), ("safe", format_html("<i>{}</i>", 1))]
    )
    grouped = forms.ChoiceField(
        choices=[(HOSTILE, [("1", "one"), ("2", "two")]), ("loose", "loose"), ("Second", [("3", "three")])],
        required=False,
    )
    several = forms.MultipleChoiceField(
        choices=[(number, f"Number {number}") for number in range(4)],
        widget=forms.SelectMultiple(attrs={"size": 3, "data-on": True, "data-off": False, "title": HOSTILE}),
    )
    unsure = forms.NullBooleanField()
    nothing = forms.ChoiceField(choices=[], required=False, disabled=True)


@pytest.mark.parametrize(
    "typed", [None, {}, {"plain": HOSTILE, "grouped": "2", "several": ["1", "3"], "unsure": "true"}]
)
@pytest.mark.parametrize("name", Lists.base_fields)
def test_a_list_is_drawn_as_django_draws_it(name: str, typed: dict[str, object] | None) -> None:
    ours, theirs = (Lists(typed, renderer=renderer)[name].as_widget() for renderer in (Renderer(), TemplatesSetting()))

    assert ours == re.sub(r"\n+", "\n", theirs).strip()
