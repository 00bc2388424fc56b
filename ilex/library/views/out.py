"""Our news as RSS and Atom, for officers who are signed in; the public site has feeds of its own."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ilex.library.feeds import MOST, Channel, Entry, atom, rss
from ilex.library.models import Feed, Item
from ilex.library.queries.feeds import feed_for
from ilex.library.queries.items import text_in, visible_items
from ilex.library.rules.marking import as_html, as_words
from ilex.programme.rules.themes import theme_name
from ilex.programme.views.loading import officer_of
from ilex.units.queries import here
from ilex.web.languages import tag

FORMS = {"rss": (rss, "application/rss+xml; charset=utf-8"), "atom": (atom, "application/atom+xml; charset=utf-8")}


@require_safe
def everything(request: HttpRequest, form: str) -> HttpResponse:
    """All published items, in the language of `?language=` or of the page."""
    language = _language(request)
    with override(language):
        title = _("News of %(unit)s") % {"unit": here().name}
        return _answer(request, form, language, title, title, visible_items(officer_of(request)))


@require_safe
def one(request: HttpRequest, key: str, form: str) -> HttpResponse:
    """A feed of ours that holds some sections only."""
    officer = officer_of(request)
    feed = feed_for(officer, key)
    if feed.way != Feed.Way.OUT or not feed.active:
        raise Http404
    found = visible_items(officer)
    found = found.filter(section__in=feed.sections) if feed.sections else found
    language = _language(request, feed.language)
    with override(language):
        return _answer(request, form, language, feed.title, feed.description or feed.title, found)


def _language(request: HttpRequest, usual: str = "") -> str:
    asked = request.GET.get("language", "")
    known = dict(settings.LANGUAGES)
    return next((code for code in (asked, usual, get_language() or "") if code in known), "en")


def _answer(
    request: HttpRequest, form: str, language: str, title: str, description: str, found: QuerySet[Item]
) -> HttpResponse:
    write, media = FORMS[form]
    channel = Channel(
        title,
        request.build_absolute_uri(reverse("news")),
        description,
        tag(language),
        request.build_absolute_uri(f"{request.path}?language={language}"),
        request.build_absolute_uri(static("library/feed.png")),
    )
    newest = found.filter(state=Item.State.PUBLISHED, published_at__isnull=False).order_by("-published_at", "id")
    beside = newest.prefetch_related("texts", "authors__organisation")
    return HttpResponse(write(_entries(request, beside[:MOST], language), channel), content_type=media)


def _entries(request: HttpRequest, items: QuerySet[Item], language: str) -> Iterator[Entry]:
    for item in items:
        text = text_in(item, language)
        assert item.published_at is not None  # noqa: S101  # filtered above
        yield Entry(
            f"urn:uuid:{item.pk}",
            text.title,
            request.build_absolute_uri(reverse("news-item", args=[item.key])),
            as_words(text.teaser),
            as_html(text.body),
            item.published_at,
            item.changed_at,
            tag(text.language),
            str(item.get_section_display()),
            [theme_name(theme) for theme in item.themes],
            [", ".join(filter(None, (one.name, one.function))) for one in item.authors.all()],
        )
