"""The pages of this room, as links above each of them; and what can be said of the holdings as a whole."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from ilex.holdings.models import Source
from ilex.units.models import Officer
from ilex.units.rules import may

TABS: tuple[tuple[str, str | Promise, str], ...] = (
    ("check", _("Check"), "crosscheck.look"),
    ("hits", _("Hits to judge"), "crosscheck.judge"),
    ("hits-list", _("All hits"), "holding.read"),
    ("watches", _("Watches"), "crosscheck.look"),
    ("sources", _("Holdings"), "holding.read"),
    ("accesses", _("Other systems"), "crosscheck.access"),
)


def tabs(request: HttpRequest, officer: Officer) -> list[tuple[str, str, bool]]:
    here = request.resolver_match.url_name if request.resolver_match else ""
    shown = [(name, str(words)) for name, words, verb in TABS if may(officer, verb)]
    return [(reverse(name), words, name == here) for name, words in shown]


@dataclass(frozen=True)
class Held:
    sources: int
    records: str

    @property
    def words(self) -> str:
        if not self.sources:
            return gettext("What cases and requests name is searched; no list is loaded.")
        told = ngettext(
            "%(records)s records of %(sources)d list are searched, and what cases and requests name.",
            "%(records)s records of %(sources)d lists are searched, and what cases and requests name.",
            self.sources,
        )
        return told % {"records": self.records, "sources": self.sources}


def held() -> Held:
    """How many records of how many lists are searched now."""
    searched = [source for source in Source.objects.filter(origin=False) if source.searched()]
    return Held(len(searched), number_format(sum(source.records for source in searched), force_grouping=True))
