"""Feeds in and out: their list, the page of one, taking one in by hand."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ilex.gate.models import Attachment
from ilex.gate.store import StoreError, open_stream
from ilex.library.actions import feeds as actions
from ilex.library.actions.taking import Taken, take_feed
from ilex.library.forms import FeedForm, TakeForm
from ilex.library.models import Feed
from ilex.library.queries.feeds import feed_for
from ilex.library.queries.feeds import feeds as every
from ilex.library.reading import MOST_BYTES
from ilex.programme.rules.errors import Invalid
from ilex.programme.views.loading import accepted, officer_of, tried
from ilex.units.rules import check, may


@require_safe
def feeds(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    shown = {"rows": list(every(officer)), "publishes": may(officer, "news.publish")}
    return render(request, "library/feeds.html", shown)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "news.publish")
    form = FeedForm(request.POST or None, initial={"language": officer.page_language})
    if request.method == "POST" and form.is_valid():
        feed = accepted(form, lambda: actions.add_feed(officer, **form.cleaned_data))
        if feed is not None:
            messages.success(request, _("The feed is added."))
            return redirect("feed", feed.key)
    shown = {"form": form, "title": _("Add a feed"), "button": _("Add the feed"), "back": reverse("feeds")}
    return render(request, "library/form.html", shown, status=422 if form.errors else 200)


@require_safe
def page(request: HttpRequest, key: str) -> HttpResponse:
    return _page(request, key, TakeForm())


@require_POST
def take(request: HttpRequest, key: str) -> HttpResponse:
    """By hand: pasted, or a file."""
    officer = officer_of(request)
    check(officer, "news.write")
    feed = feed_for(officer, key)
    form = TakeForm(request.POST, request.FILES)
    if form.is_valid():
        taken = accepted(form, lambda: take_feed(officer, feed, _content(form)))
        if taken is not None:
            _tell(request, taken)
            return redirect("feed", key)
    return _page(request, key, form)


@require_POST
def switch(request: HttpRequest, key: str) -> HttpResponse:
    officer = officer_of(request)
    check(officer, "news.publish")
    feed = feed_for(officer, key)
    word = _("The feed is switched off.") if feed.active else _("The feed is switched on.")
    tried(request, lambda: actions.switch_feed(officer, feed, not feed.active), word)
    return redirect("feed", key)


def _page(request: HttpRequest, key: str, form: TakeForm) -> HttpResponse:
    officer = officer_of(request)
    feed = feed_for(officer, key)
    shown = {
        "feed": feed,
        "form": form,
        "remarks": feed.remarks.all(),
        "takes": feed.way == Feed.Way.IN and feed.active and may(officer, "news.write"),
        "publishes": may(officer, "news.publish"),
        "sections": [
            str(label)
            for code, label in feed._meta.get_field("sections").base_field.flatchoices
            if code in feed.sections
        ],
    }
    return render(request, "library/feed.html", shown, status=422 if form.errors else 200)


def _content(form: TakeForm) -> bytes | str:
    if files := form.cleaned_data["file"]:
        return _bytes(files[0])
    if text := form.cleaned_data["content"].strip():
        return str(text)
    raise Invalid({"content": _("Paste the feed, or choose a file.")})


def _bytes(paper: Attachment) -> bytes:
    if paper.size > MOST_BYTES:
        raise Invalid(
            {"file": _("The file is longer than 10 MiB, which is too long for a feed. Nothing was taken in.")}
        )
    try:
        return b"".join(open_stream(paper))
    except StoreError as error:
        raise Invalid({"file": str(error)}) from error


def _tell(request: HttpRequest, taken: Taken) -> None:
    count = len(taken.added)
    said = (
        ngettext("%(count)d new item.", "%(count)d new items.", count) % {"count": count}
        if count
        else _("Nothing new.")
    )
    if taken.known:
        known = ngettext("%(count)d was here already.", "%(count)d were here already.", taken.known)
        said = f"{said} {known % {'count': taken.known}}"
    messages.success(request, said)
    if taken.twins:
        pairs = ngettext("%(count)d pair may be twins.", "%(count)d pairs may be twins.", taken.twins)
        messages.warning(request, pairs % {"count": taken.twins})
    for sentence in taken.refused[:10]:
        messages.error(request, _("Left out: %(sentence)s") % {"sentence": sentence})
