"""Controls that are drawn here and not by Django's templates, which take a template for each option of a list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

SELECT = "django/forms/widgets/select.html"

Options = Iterable[Mapping[str, Any]]


def select(widget: Mapping[str, Any]) -> SafeString:
    """The same as Django's own template of this name. Every desk has a list of all partners: there it is felt."""
    groups = [_group(name, options) for name, options, _number in widget["optgroups"]]
    drawn = format_html_join("", "{}", ((group,) for group in groups))
    return format_html('<select name="{}"{}>{}\n</select>', widget["name"], _attributes(widget["attrs"]), drawn)


def _group(name: str | None, options: Options) -> SafeString:
    drawn = format_html_join(
        "",
        '\n  <option value="{}"{}>{}</option>',
        ((one["value"], _attributes(one["attrs"]), one["label"]) for one in options),
    )
    return format_html('\n  <optgroup label="{}">{}\n  </optgroup>', name, drawn) if name else drawn


def _attributes(attributes: Mapping[str, Any]) -> SafeString:
    """False leaves an attribute away, True writes its name alone."""
    told = [(name, value) for name, value in attributes.items() if value is not False]
    if not told:
        return SafeString("")
    written = (
        format_html(' {}="{}"', name, value) if value is not True else format_html(" {}", name) for name, value in told
    )
    return format_html_join("", "{}", ((one,) for one in written))
