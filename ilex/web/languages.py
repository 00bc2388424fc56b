"""The page languages: Django's names on the one side, BCP 47 tags for `lang` on the other."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.conf import settings

from ilex.words.scripts import script_of

# Serbian is written in two scripts: the tag must say which, or a screen reader takes the wrong voice.
TAGS = {"sr": "sr-Cyrl", "sr-latn": "sr-Latn"}


@dataclass(frozen=True)
class PageLanguage:
    code: str
    tag: str
    name: str  # in the language itself


def tag(code: str) -> str:
    """The BCP 47 tag of a language named Django's way; a tag that is one already comes back as it is."""
    return TAGS.get(code.lower(), code)


@cache
def page_languages() -> tuple[PageLanguage, ...]:
    return tuple(PageLanguage(code, tag(code), name) for code, name in settings.LANGUAGES)


def tag_of_text(text: str, language: str = "") -> str:
    """The tag for a piece of written text. Without a known language its script still chooses the right voice."""
    if language:
        return tag(language)
    script = script_of(text)
    return f"und-{script}" if script else ""
