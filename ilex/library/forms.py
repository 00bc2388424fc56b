"""The forms of this room."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ilex.exchange.forms.asking import reachable
from ilex.exchange.forms.letter import languages, prose
from ilex.gate.forms import AttachmentsField, FilesInput
from ilex.library.actions.items import MOST_BODY, Letter, Link, Signed, Text
from ilex.library.kinds import ItemKind, LinkKind, Section
from ilex.library.models import Feed, Item, ItemText, Site
from ilex.programme.rules.themes import THEMES, theme_name

ANY = [("", _("All"))]
ADDRESS = re.compile(r"https?://\S+")


def themes() -> list[tuple[str, str]]:
    return [(code, theme_name(code)) for code in THEMES]


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class NewsFilter(forms.Form):
    q = forms.CharField(label=_("Words"), required=False, max_length=200)
    section = forms.ChoiceField(label=_("Section"), choices=[*ANY, *Section.choices], required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=[*ANY, *ItemKind.choices], required=False)
    origin = forms.ChoiceField(label=_("From"), required=False)

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        feeds = Feed.objects.filter(way=Feed.Way.IN).order_by("title").values_list("key", "title")
        origins = [*ANY, ("ours", _("Our own unit")), ("partners", _("Other units")), *feeds]
        self.fields["origin"] = forms.ChoiceField(label=_("From"), choices=origins, required=False)

    def chosen(self) -> dict[str, str]:
        """What is right of what was typed."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def words(self, name: str, value: str) -> str:
        choices = dict(getattr(self.fields[name], "choices", []))
        return str(choices.get(value, value))


class TextForm(forms.Form):
    """The item in one language."""

    language = forms.ChoiceField(label=_("Language of the text"), choices=languages)
    title = forms.CharField(label=pgettext_lazy("heading", "Title"), max_length=300)
    teaser = prose(
        _("In one or two sentences"), required=False, rows=2, limit=4_000, hint=_("Stands in lists and feeds.")
    )
    body = prose(
        _("Text"),
        required=False,
        rows=14,
        limit=MOST_BODY,
        hint=_(
            "An empty line parts paragraphs. *slanted*, **bold**, - for a point, [words](https://address) for a link."
        ),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def text(self) -> Text:
        typed = self.cleaned_data
        return Text(typed["language"], typed["title"], typed["teaser"], typed["body"].replace("\r\n", "\n"))


class ItemForm(TextForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=ItemKind.choices)
    section = forms.ChoiceField(label=_("Section"), choices=Section.choices)
    themes = forms.MultipleChoiceField(
        label=_("Themes"), choices=themes, required=False, widget=forms.CheckboxSelectMultiple
    )
    authors = prose(
        _("Authors"),
        required=False,
        rows=2,
        limit=8_000,
        hint=_(
            "One on each line, by function: Head of the border police academy. Where an author signs: name; function."
        ),
    )
    links = prose(
        _("More information"),
        required=False,
        rows=2,
        limit=20_000,
        hint=_("One link on each line: some words, then the address."),
    )
    about_actions = prose(
        _("About these actions"),
        required=False,
        rows=2,
        limit=5_000,
        hint=_("One on each line: the last part of the address of its page, or the whole address."),
    )
    about_activities = prose(
        _("About these activities"), required=False, rows=2, limit=5_000, hint=_("In the same way.")
    )
    disclaimer = prose(
        _("Disclaimer"), required=False, rows=2, limit=4_000, hint=_("Whose opinion it is, where it is not the unit's.")
    )
    field_order = (
        "title",
        "teaser",
        "body",
        "language",
        "kind",
        "section",
        "themes",
        "about_activities",
        "about_actions",
    )

    @classmethod
    def of(cls, item: Item, text: ItemText) -> ItemForm:
        return cls(
            initial={
                **{name: getattr(text, name) for name in ("language", "title", "teaser", "body")},
                **{name: getattr(item, name) for name in ("kind", "section", "themes", "disclaimer", "version")},
                "authors": "\n".join("; ".join(filter(None, (one.name, one.function))) for one in item.authors.all()),
                "links": "\n".join(
                    f"{one.label} {one.url}".strip() for one in item.links.all() if not one.attachment_id
                ),
                "about_actions": "\n".join(one.key for one in item.actions.all()),
                "about_activities": "\n".join(one.key for one in item.activities.all()),
            }
        )

    def letter(self, known: Iterable[str] = ()) -> Letter:
        """`known`: themes of the item that are not on the list stay."""
        typed = self.cleaned_data
        return Letter(
            text=self.text(),
            kind=typed["kind"],
            section=typed["section"],
            themes=[*typed["themes"], *(theme for theme in known if theme not in THEMES)],
            disclaimer=typed["disclaimer"],
            authors=[_author(line) for line in lines(typed["authors"])],
            links=[_link(line) for line in lines(typed["links"])],
            about_actions=[_key(line) for line in lines(typed["about_actions"])],
            about_activities=[_key(line) for line in lines(typed["about_activities"])],
        )


def _author(line: str) -> Signed:
    name, mark, function = line.partition(";")
    return Signed(function.strip(), name.strip()) if mark else Signed(line)


def _link(line: str) -> Link:
    found = ADDRESS.search(line)
    url = found[0] if found else ""
    label = line.replace(url, "").strip() if url else line
    return Link(label or url, url, LinkKind.MORE)


def _key(line: str) -> str:
    return line.rstrip("/").rpartition("/")[2]


class PublishForm(forms.Form):
    public = forms.BooleanField(
        label=_("Also on the public site"),
        required=False,
        help_text=_("Everybody can read it there. Without this it is for those who read the programme in this unit."),
    )


class WithdrawForm(forms.Form):
    why = forms.CharField(label=_("Why"), max_length=300, help_text=_("The units that have it read this too."))


class ShareForm(forms.Form):
    to = forms.MultipleChoiceField(
        label=_("Who receives it"),
        choices=reachable,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "invalid_choice": _("Choose units from the list."),
            "required": _("Choose the units that shall have it."),
        },
    )


class FilesForm(forms.Form):
    """Its one field is called `files`, as parts/steps.html writes it."""

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        wrong = {"required": _("Choose a file.")}
        self.fields["files"] = AttachmentsField(label=_("Files"), widget=FilesInput, error_messages=wrong)


class FeedForm(forms.Form):
    way = forms.ChoiceField(label=_("What it is"), choices=Feed.Way.choices, widget=forms.RadioSelect, initial="in")
    title = forms.CharField(label=pgettext_lazy("of a thing", "Name"), max_length=200)
    address = forms.CharField(
        label=_("Address"),
        max_length=400,
        required=False,
        help_text=_(
            "Of a feed that is taken in: RSS or Atom, looked at every hour. Without one it is taken in by hand."
        ),
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )
    description = forms.CharField(label=_("Description"), max_length=400, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=languages)
    sections = forms.MultipleChoiceField(
        label=_("Sections"),
        choices=Section.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Of a feed that we give out: none chosen is all of them."),
    )


class TakeForm(forms.Form):
    content = prose(
        _("The feed as text"),
        required=False,
        rows=4,
        limit=2_000_000,
        hint=_("RSS, Atom, or a feed that somebody saved as plain text."),
    )
    file = AttachmentsField(label=_("Or a file"), required=False, most=1)


class SiteForm(forms.Form):
    title = forms.CharField(label=_("Title of the site"), max_length=200)
    intro = prose(_("Introduction"), required=False, rows=3, limit=4_000)
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=languages,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "The first one is where visitors arrive. A text that is missing in a language is shown in its original."
        ),
    )
    address = forms.CharField(
        label=_("Address"),
        max_length=200,
        help_text=_("At which people find it: https://news.example.org. Feeds name it."),
        widget=forms.URLInput(attrs={"autocomplete": "off"}),
    )

    @classmethod
    def of(cls, site: Site) -> SiteForm:
        names = ("title", "intro", "languages", "address")
        kept = {name: getattr(site, name) for name in names}
        return cls(initial=kept | ({} if site.languages else {"languages": [settings.LANGUAGE_CODE]}))
