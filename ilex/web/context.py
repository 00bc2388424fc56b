"""What base.html shows on each page. Everything is read when the page first asks for it, and once."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.utils.timezone import now
from django.utils.translation import get_language, gettext

from ilex.units import queries as units
from ilex.units.models import Officer, Organisation, Role
from ilex.web import languages, navigation
from ilex.web.models import Preference
from ilex.web.queries import preference_of


class Page:
    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def officer(self) -> Officer | None:
        user = getattr(self._request, "user", None)
        return user if isinstance(user, Officer) else None

    @cached_property
    def roles(self) -> list[str]:
        return [str(Role(role).label) for role in self.officer.roles] if self.officer else []

    @cached_property
    def unit(self) -> Organisation:
        return units.here()

    @cached_property
    def partners(self) -> tuple[int, int] | None:
        return navigation.partners() if self.officer else None

    @cached_property
    def on_duty(self) -> list[str]:
        return navigation.on_duty() if self.officer else []

    @cached_property
    def navigation(self) -> list[navigation.Entry]:
        return navigation.entries(self.officer, self._request.path) if self.officer else []

    @cached_property
    def preference(self) -> Preference | None:
        return preference_of(self.officer) if self.officer else None

    @cached_property
    def theme(self) -> str:
        return self.preference.theme if self.preference else Preference.Theme.SYSTEM

    @cached_property
    def single_keys(self) -> bool:
        return self.preference.single_keys if self.preference else True

    @cached_property
    def now(self) -> datetime:
        return now()

    @property
    def zone(self) -> str:
        return settings.TIME_ZONE

    @cached_property
    def language(self) -> str:
        return get_language() or settings.LANGUAGE_CODE

    @property
    def tag(self) -> str:
        return languages.tag(self.language)

    @property
    def languages(self) -> tuple[languages.PageLanguage, ...]:
        return languages.page_languages()

    @property
    def banner(self) -> str:
        if settings.ILEX_PRACTICE:
            return gettext("Practice node: every person and case here is invented")
        return gettext("For law-enforcement use only")

    @property
    def language_name(self) -> str:
        """As its own speakers call it."""
        return next((one.name for one in self.languages if one.code == self.language), "")

    @property
    def back_here(self) -> str:
        """Where a small form (the language switch) leads back to; a page that was posted cannot be asked for again."""
        return self._request.get_full_path() if self._request.method == "GET" else "/"


def page(request: HttpRequest) -> dict[str, Page]:
    return {"page": Page(request)}
