"""The parts pages are made of. Each is shown with its use on the page of parts in tests/web/templates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.template.defaultfilters import filesizeformat
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.utils.html import format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString
from django.utils.timezone import now as this_moment
from django.utils.translation import gettext

from ilex.web import languages
from ilex.web.moments import moment_text, nearness, utc_text, words_left, words_of

register = template.Library()


@register.simple_tag
def moment(value: datetime | None) -> SafeString | str:
    """A moment in the unit's own time, with its zone; UTC stands in the title. Nothing for no moment."""
    if value is None:
        return ""
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', value.isoformat(), utc_text(value), moment_text(value)
    )


@register.simple_tag
def left(due: datetime | None, at: datetime | None = None) -> SafeString | str:
    """How much time is left to a deadline, in words; its look follows how near it is. Nothing for no deadline."""
    if due is None:
        return ""
    at = at or this_moment()
    return format_html(
        '<span class="left {}" title="{}">{}</span>',
        nearness(due, at),
        gettext("%(left)s: %(moment)s") % {"left": words_left(due, at, long=True), "moment": moment_text(due)},
        words_left(due, at),
    )


@register.filter
def near_to(due: datetime, at: datetime) -> str:
    """ "overdue", "near" or "far", for the look of a whole row."""
    return nearness(due, at)


@register.filter
def lasting(value: timedelta | None) -> str:
    """A length of time in its two largest units: "3 d 4 h"."""
    return words_of(value) if value is not None else ""


@register.simple_tag
def size(number: int | None) -> str:
    return filesizeformat(number) if number is not None else ""


@register.simple_tag
def written(text: str, language: str = "") -> SafeString:
    """Text as somebody wrote it, marked with its language so that it is shaped and read aloud rightly."""
    tag = languages.tag_of_text(text, language)
    if not tag:
        return format_html('<span dir="auto">{}</span>', text)
    return format_html('<span lang="{}" dir="auto">{}</span>', tag, text)


@register.filter
def language_tag(code: str) -> str:
    return languages.tag(code)


@register.simple_tag
def badge(text: str, tone: str = "plain") -> SafeString:
    """A state in words. Tones: plain, good, near, overdue, stopped, quiet. The tone only repeats what the words say."""
    return format_html('<span class="badge {}">{}</span>', tone, text)


@register.simple_block_tag
def fact(content: str, label: str, wide: bool = False) -> SafeString:
    """One line of a summary list: `<dl class="facts">{% fact "Urgency" %}...{% endfact %}</dl>`."""
    return format_html(
        "<div{}><dt>{}</dt><dd>{}</dd></div>", SafeString(' class="wide"') if wide else "", label, content
    )


@register.simple_block_tag
def event(content: str, title: str, at: datetime, by: str = "", way: str = "") -> SafeString:
    """One step of a timeline: `<ol class="timeline">{% event ... %}...{% endevent %}</ol>`. Ways: in, out, own."""
    return format_html(
        '<li class="{}"><h3>{}</h3><p class="by">{} {}</p>{}</li>', way or "own", title, moment(at), by, content
    )


@register.simple_block_tag
def card(content: str, title: str = "", tone: str = "plain", heading: int = 2) -> SafeString:
    """A notification that interrupts: tones plain, good, near, overdue."""
    return format_html(
        '<section class="card {0}">{1}{2}</section>',
        tone,
        format_html("<h{0}>{1}</h{0}>", heading, title) if title else "",
        content,
    )


@register.simple_block_tag
def empty(content: str, title: str) -> SafeString:
    """Nothing is here, and what to do next: the content names the next step."""
    return format_html('<div class="empty"><p><strong>{}</strong></p>{}</div>', title, content)


@register.simple_tag
def task(title: str, url: str, done: bool = False, state: str = "", hint: str = "") -> SafeString:
    """One line of a task list: `<ul class="tasks">{% task ... %}</ul>`."""
    words = state or (gettext("Done") if done else gettext("To do"))
    return format_html(
        '<li><span><a href="{}">{}</a>{}</span>{}</li>',
        url,
        title,
        format_html("<small>{}</small>", hint) if hint else "",
        badge(words, "good" if done else "plain"),
    )


@register.inclusion_tag("parts/sort-head.html", takes_context=True)
def sort_head(context: template.Context, name: str, label: str, start: str = "up") -> dict[str, object]:
    """A column head that sorts: writes `?sort=name` or `?sort=-name` and says the present order."""
    query = context["request"].GET.copy()
    present = query.get("sort", "")
    up = present == name
    down = present == f"-{name}"
    query.pop("page", None)
    query["sort"] = f"-{name}" if up or (start == "down" and not down) else name
    order = "ascending" if up else "descending" if down else ""
    return {"label": label, "order": order, "query": query.urlencode()}


@register.filter
def leaves(page: Page[object]) -> Iterator[int | str]:
    """The page numbers to offer around this one, with gaps."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)


@register.simple_tag(takes_context=True)
def without(context: template.Context, name: str, value: str = "") -> str:
    """The query of this page without one filter (or one of its values): what its removable tag links to."""
    query = context["request"].GET.copy()
    kept = [one for one in query.getlist(name) if value and one != value]
    query.setlist(name, kept)
    query.pop("page", None)
    return f"?{query.urlencode()}"


@register.inclusion_tag("parts/errors.html")
def errors(*forms: BaseForm) -> dict[str, object]:
    """The error summary before the forms: each sentence links to its field. Shows nothing when all is well."""
    return {"lines": [line for form in forms if form.is_bound for line in _error_lines(form)]}


def _error_lines(form: BaseForm) -> Iterable[tuple[str, str]]:
    yield from (("", str(sentence)) for sentence in form.non_field_errors())
    for field in form:
        yield from ((anchor(field), str(sentence)) for sentence in field.errors)


@register.filter
def anchor(field: BoundField) -> str:
    """The id of the control an error link leads to; of a group of choices its first."""
    if field.use_fieldset and len(field.subwidgets):
        return field.subwidgets[0].id_for_label or field.auto_id
    return field.id_for_label or field.auto_id


@register.simple_tag(takes_context=True)
def text_of_block(context: template.Context, name: str) -> SafeString:
    """What a block of the page says, as the text of an attribute: the print margins show the banner from there."""
    blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
    block = blocks.get_block(name) if blocks else None
    if block is None:
        return SafeString("")
    with context.push():
        words = strip_tags(block.nodelist.render(context))
    return SafeString(" ".join(words.split()).replace('"', "&quot;"))


@register.simple_tag
def languages_of(codes: Iterable[str]) -> SafeString:
    names = {language.code: language for language in languages.page_languages()}
    known = [(names[code].tag, names[code].name) if code in names else (code, code) for code in codes]
    return format_html_join(", ", '<span lang="{}">{}</span>', known)
