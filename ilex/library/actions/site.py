"""The public site is switched on and off here; `ilex.library.site.writing` writes it."""

from __future__ import annotations

import re
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ilex.journal.actions import act
from ilex.journal.models import Operation
from ilex.library.models import Site
from ilex.library.rules.addresses import mended
from ilex.programme.rules.errors import Invalid, fitting, written
from ilex.units.models import Officer
from ilex.units.rules import check

LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{4})?")


def switch_site(
    officer: Officer,
    active: bool,
    *,
    title: str = "",
    intro: str = "",
    languages: list[str] | None = None,
    address: str = "",
    at: datetime | None = None,
) -> Site:
    """On: what is marked public is written within the next minute, in these languages. Off: its folder is removed."""
    check(officer, "site.switch")
    at = at or now()
    said = _checked(title, intro, languages or [], address) if active else {}
    with act("site.switched-on" if active else "site.switched-off", Operation.DISCLOSURE, by=officer) as this:
        this.on = ("site", "1")
        this.detail |= {"languages": said.get("languages", [])}
        site, _new = Site.objects.update_or_create(
            pk=1, defaults={**said, "active": active, "switched_at": at, "switched_by": officer}
        )
    return site


def _checked(title: str, intro: str, languages: list[str], address: str) -> dict[str, object]:
    known = dict(settings.LANGUAGES)
    if not languages or any(code not in known for code in languages):
        raise Invalid({"languages": _("Choose the languages of the site.")})
    return {
        "title": written("title", title, _("Write the title of the site."), 200),
        "intro": fitting("intro", intro, 4_000),
        "languages": list(dict.fromkeys(languages)),
        "address": _address(address),
    }


def _address(text: str) -> str:
    sentence = _("Write the address at which people find the site, as https://news.example.org.")
    try:
        parts = urlsplit(mended(text))
    except ValueError as wrong:
        raise Invalid({"address": sentence}) from wrong
    if parts.query or parts.username or len(text) > 200:
        raise Invalid({"address": sentence})
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
