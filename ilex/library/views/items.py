"""The list of news, and the page of one item with all that is said of it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from django.core.paginator import Paginator
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ilex.gate.downloads import download
from ilex.gate.store import Missing
from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.library.actions.sharing import shared_with
from ilex.library.forms import NewsFilter, PublishForm, ShareForm, WithdrawForm
from ilex.library.models import Item, ItemText, NewsRemark
from ilex.library.queries.feeds import twins_of, twins_open
from ilex.library.queries.items import Shown, item_for, listed, shown, text_in
from ilex.library.rules.marking import as_html
from ilex.programme.queries.people import in_words
from ilex.programme.rules.themes import theme_name
from ilex.programme.views.loading import officer_of
from ilex.units.models import Officer
from ilex.units.queries import here, place_names, unit_names
from ilex.units.rules import check, may
from ilex.web import listing as leafing
from ilex.web.languages import page_languages
from ilex.web.steps import StepForm, StepLink
from ilex.words.quantities import Quantity

PAGE = 25
MOST_TWINS = 20


@require_safe
def news(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "programme.read")
    writes = may(officer, "news.write")
    form = NewsFilter(request.GET)
    chosen = form.chosen()
    state = _state(request) if writes else Item.State.PUBLISHED
    words = {"words" if name == "q" else name: value for name, value in chosen.items()}
    leaf = Paginator(listed(officer, state=state, **words), PAGE).get_page(request.GET.get("page"))
    page = {
        "form": form,
        "state": state,
        "leaf": leaf,
        "rows": shown(leaf, get_language() or "en"),
        "active": [(form.words(name, value), leafing.query(request, name, "page")) for name, value in chosen.items()],
        "shows": list(_shows(state)) if writes else [],
        "writes": writes,
        "twins": twins_open().count() if writes else 0,
        "site": may(officer, "site.switch"),
        "here": here(),
    }
    return render(request, "library/news.html", page)


def _state(request: HttpRequest) -> str:
    asked = request.GET.get("state", "")
    return asked if asked in Item.State.values else Item.State.PUBLISHED


def _shows(state: str) -> Iterator[tuple[str, str, bool]]:
    labels = {
        Item.State.PUBLISHED: _("Published"),
        Item.State.DRAFT: _("Drafts"),
        Item.State.WITHDRAWN: _("Withdrawn"),
    }
    for code, label in labels.items():
        yield ("?" if code == Item.State.PUBLISHED else f"?state={code}", label, code == state)


@require_safe
def page(request: HttpRequest, key: str) -> HttpResponse:
    officer = officer_of(request)
    item = item_for(officer, key)
    text = _text(request, item)
    ours = item.owner_id in (None, here().pk)
    alive = item.state != Item.State.WITHDRAWN
    publishes = may(officer, "news.publish") and ours and alive
    writes = may(officer, "news.write") and ours and alive and (publishes or item.state == Item.State.DRAFT)
    seen = {
        "item": item,
        "text": text,
        "html": as_html(text.body),
        "teaser": as_html(text.teaser),
        "texts": [(one, _language_name(one.language), one.language == text.language) for one in item.texts.all()],
        "themes": [theme_name(theme) for theme in item.themes],
        "remarks": [_remark(one, get_language() or "en") for one in item.remarks.all()],
        "twins": list(islice(_twins(officer, item), MOST_TWINS)) if alive else [],
        "shared_with": sorted(unit_names(shared_with(item)).values()) if item.shared else [],
        "writes": writes,
        "publishes": publishes and item.state == Item.State.DRAFT,
        "publish_form": PublishForm(),
        "links": list(_links(item)) if writes else [],
        "forms": list(_forms(item, writes=writes, publishes=publishes)),
    }
    return render(request, "library/item.html", seen)


def _text(request: HttpRequest, item: Item) -> ItemText:
    return text_in(item, request.GET.get("language") or get_language() or "en")


def _language_name(code: str) -> str:
    return {one.code: one.name for one in page_languages()}.get(code, code)


def _remark(one: NewsRemark, language: str) -> dict[str, object]:
    names = place_names(language) if one.places.all() else {}
    return {
        "row": one,
        "when": in_words(one.when, language),
        "quantity": _quantity(one.quantity),
        "places": [names[place.pk].text if place.pk in names else place.pk for place in one.places.all()],
        "organisations": [organisation.name for organisation in one.organisations.all()],
    }


def _quantity(text: str) -> str:
    return str(Quantity.parse(text)) if text else ""


def _twins(officer: Officer, item: Item) -> Iterator[tuple[Shown, bool | None]]:
    """Other items on the same event; open pairs only for those who may judge them."""
    for twin in twins_of(item)[: 2 * MOST_TWINS]:
        other = twin.other if twin.one_id == item.pk else twin.one
        if other.state == Item.State.PUBLISHED and (twin.same or may(officer, "news.write")):
            yield Shown(other, text_in(other, get_language() or "en")), twin.same


def _links(item: Item) -> Iterator[StepLink]:
    if item.state != Item.State.DRAFT:
        yield StepLink(_("Change it"), reverse("news-edit", args=[item.key]))
    yield StepLink(_("Add a language"), reverse("news-text", args=[item.key]))


def _forms(item: Item, *, writes: bool, publishes: bool) -> Iterator[StepForm]:
    def at(name: str) -> str:
        return reverse(f"news-{name}", args=[item.key])

    if writes:
        yield StepForm(_("Add files"), at("files"), _("Add them"), Form(), files=_("Files"))
    if publishes and item.state == Item.State.PUBLISHED:
        if item.owner_id == here().pk:
            yield StepForm(_("Share it with other units"), at("share"), _("Send it"), ShareForm())
        label = _("Take it off the public site") if item.public else _("Put it on the public site")
        yield StepForm(label, at("public"), label)
    if publishes:
        yield StepForm(_("Withdraw it"), at("withdraw"), _("Withdraw it"), WithdrawForm())


@require_safe
def file(request: HttpRequest, key: str, link: int) -> StreamingHttpResponse:
    """A file that goes with the item, always to save."""
    officer = officer_of(request)
    item = item_for(officer, key)
    found = item.links.filter(pk=link, attachment__isnull=False).select_related("attachment").first()
    if found is None or found.attachment is None or found.attachment.whole_at is None:
        raise Http404
    with act("news.file-fetched", Operation.CONSULTATION, by=officer, on=("item", str(item.pk))) as this:
        this.detail["file"] = str(found.attachment.pk)
    try:
        return download(found.attachment)
    except Missing as error:
        raise Http404 from error
