"""Writing, changing, publishing, sharing and withdrawing an item."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ilex.library.actions import items as actions
from ilex.library.actions import publishing, sharing
from ilex.library.forms import FilesForm, ItemForm, PublishForm, ShareForm, TextForm, WithdrawForm
from ilex.library.models import Item
from ilex.library.queries.items import item_for, text_in
from ilex.programme.views.loading import accepted, officer_of, tried
from ilex.units.models import Officer
from ilex.units.rules import check


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """`?activity=` and `?action=` say what it will be about."""
    officer = officer_of(request)
    check(officer, "news.write")
    asked = request.GET
    begun = {
        "language": get_language() or "en",
        "about_activities": asked.get("activity", ""),
        "about_actions": asked.get("action", ""),
        "kind": "event-report" if asked.get("activity") else "news",
    }
    form = ItemForm(request.POST or None, initial=begun)
    if request.method == "POST" and form.is_valid():
        item = accepted(form, lambda: actions.write_item(officer, form.letter()))
        if item is not None:
            messages.success(request, _("Kept as a draft. Read it once more, then publish it."))
            return redirect("news-item", item.key)
    return _form(request, form, _("Write news"), _("Keep the draft"))


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, key: str) -> HttpResponse:
    officer, item = _to_change(request, key)
    form = ItemForm(request.POST) if request.method == "POST" else ItemForm.of(item, text_in(item, item.language))
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0
        letter = form.letter(item.themes)
        if accepted(form, lambda: actions.change_item(officer, item, letter, version=version)):
            messages.success(request, _("Changed."))
            return redirect("news-item", item.key)
    return _form(request, form, _("Change the news"), _("Keep the change"), item)


@require_http_methods(["GET", "POST"])
def text(request: HttpRequest, key: str) -> HttpResponse:
    """The item in one more language, with the original beside the form."""
    officer, item = _to_change(request, key)
    present = request.GET.get("language", "")
    known = next((one for one in item.texts.all() if one.language == present), None)
    begun = {name: getattr(known, name) for name in ("language", "title", "teaser", "body")} if known else {}
    form = TextForm(request.POST or None, initial={**begun, "version": item.version})
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"] or 0

        def keep() -> bool:
            actions.set_text(officer, item, form.text(), version=version)
            return True

        if accepted(form, keep):
            messages.success(request, _("The text in this language is kept."))
            return redirect(f"{reverse('news-item', args=[item.key])}?language={form.cleaned_data['language']}")
    return _form(request, form, _("Add a language"), _("Keep this text"), item, original=text_in(item, item.language))


@require_POST
def publish(request: HttpRequest, key: str) -> HttpResponse:
    officer, item = _load(request, key)
    form = PublishForm(request.POST)
    public = form.is_valid() and bool(form.cleaned_data["public"])
    tried(request, lambda: publishing.publish(officer, item, public=public), _("Published."))
    return redirect("news-item", key)


@require_POST
def public(request: HttpRequest, key: str) -> HttpResponse:
    officer, item = _load(request, key)
    wanted = not item.public
    word = _("It will stand on the public site.") if wanted else _("It is taken off the public site.")
    tried(request, lambda: publishing.show_publicly(officer, item, wanted), word)
    return redirect("news-item", key)


@require_POST
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    officer, item = _load(request, key)
    form = WithdrawForm(request.POST)
    if _right(request, form):
        why = form.cleaned_data["why"]
        tried(request, lambda: publishing.withdraw(officer, item, why), _("Withdrawn."))
    return redirect("news-item", key)


@require_POST
def share(request: HttpRequest, key: str) -> HttpResponse:
    officer, item = _load(request, key)
    form = ShareForm(request.POST)
    if _right(request, form):
        to = form.cleaned_data["to"]
        tried(request, lambda: sharing.share(officer, item, to), _("On its way to the units."))
    return redirect("news-item", key)


@require_POST
def files(request: HttpRequest, key: str) -> HttpResponse:
    officer, item = _to_change(request, key)
    form = FilesForm(request.POST, request.FILES)
    if _right(request, form):
        chosen = form.cleaned_data["files"]
        tried(request, lambda: actions.add_files(officer, item, chosen), _("The files are added."))
    return redirect("news-item", key)


@require_POST
def drop(request: HttpRequest, key: str, link: int) -> HttpResponse:
    officer, item = _to_change(request, key)
    tried(request, lambda: actions.drop_file(officer, item, link), _("The file is taken away."))
    return redirect("news-item", key)


def _load(request: HttpRequest, key: str) -> tuple[Officer, Item]:
    """For whoever publishes."""
    officer = officer_of(request)
    check(officer, "news.publish")
    return officer, item_for(officer, key)


def _to_change(request: HttpRequest, key: str) -> tuple[Officer, Item]:
    """For whoever may change it as it stands now; a form that could not be kept is not shown."""
    officer = officer_of(request)
    check(officer, "news.write")
    item = item_for(officer, key)
    actions.check_state(officer, item)
    return officer, item


def _right(request: HttpRequest, form: BaseForm) -> bool:
    """Of a form that is folded up on a page: its sentences stand on top of that page."""
    if form.is_valid():
        return True
    for sentences in form.errors.values():
        messages.error(request, " ".join(map(str, sentences)))
    return False


def _form(
    request: HttpRequest, form: BaseForm, title: str, button: str, item: Item | None = None, **more: Any
) -> HttpResponse:
    shown = {"form": form, "title": title, "button": button, "item": item, **more}
    shown["back"] = reverse("news-item", args=[item.key]) if item else reverse("news")
    return render(request, "library/form.html", shown, status=422 if form.errors else 200)
