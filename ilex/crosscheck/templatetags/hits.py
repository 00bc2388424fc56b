"""How a name, a score and a comparison stand on the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ilex.web.templatetags.parts import written
from ilex.words.scripts import script_of, to_latin

if TYPE_CHECKING:
    from ilex.crosscheck.views.beside import Value

register = template.Library()


@register.simple_tag
def name(text: str, latin: str = "") -> SafeString:
    """A name in its own script with its `lang`, and the same in Latin letters behind it where these differ."""
    latin = latin or (to_latin(text) if script_of(text) not in ("", "Latn") else "")
    if latin.islower():  # scripts without capitals: it is a name all the same
        latin = latin.title()
    if not latin or latin == text:
        return written(text)
    return format_html('{} <small class="latin" lang="und-Latn">{}</small>', written(text), latin)


@register.simple_tag
def value(shown: Value) -> SafeString:
    """What a field says; of what somebody wrote also the Latin letters, unless they stand beside it."""
    if shown.ours:
        return format_html("{}", shown.text)
    return written(shown.text) if shown.echoed else name(shown.text, shown.latin)


@register.filter
def percent(score: float) -> int:
    """A score as a whole number from 1 to 99: nobody can promise none or all."""
    return min(max(round(score * 100), 1), 99)
