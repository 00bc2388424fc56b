"""Reads what officers type into values, with one sentence for what cannot be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django.db.models import Model, QuerySet, TextChoices
from django.utils.text import slugify
from django.utils.translation import gettext as _

from ilex.programme.bounds import RESERVED, within
from ilex.programme.models import Action, Source
from ilex.programme.rules.errors import Invalid, fitting
from ilex.units.models import Organisation, Place
from ilex.words.edtf import When
from ilex.words.periods import Duration, Period
from ilex.words.quantities import Quantity
from ilex.words.scripts import to_latin

KEY = 80
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
PLAIN = str.maketrans({"đ": "dj", "Đ": "dj", "ł": "l", "Ł": "l", "ß": "ss", "ø": "o", "Ø": "o", "ı": "i", "_": " "})

Read = TypeVar("Read")


def when(text: str, field: str = "when") -> When:
    return _read(field, lambda typed: within(When.parse(typed)), text)


def duration(text: str, of: When, field: str = "duration") -> str:
    """Raises Invalid also when it cannot be the time between the dates."""
    if not text.strip():
        return ""
    length = _read(field, Duration.parse, text)
    if Period(of, length).agrees is False:
        raise Invalid({field: _("So long a time does not lie between these dates.")})
    return str(length)


def quantity(text: str, field: str = "quantity") -> str:
    """Our own spelling (>70 people), or English print (over 70 people)."""
    text = text.strip()
    if not text:
        return ""
    parse = Quantity.parse if text[0] in "=~<>" else Quantity.read
    return fitting(field, str(_read(field, parse, text)), 80)


def choice(field: str, value: str, choices: type[TextChoices]) -> str:
    if value not in choices.values:
        raise Invalid({field: _("Choose one from the list.")})
    return value


def themes(codes: Iterable[str], field: str = "themes") -> list[str]:
    found = list(dict.fromkeys(code.strip() for code in codes if code.strip()))
    for code in found:
        if not SLUG.fullmatch(code) or len(code) > 40:
            raise Invalid({field: _("“%(code)s” is not a theme.") % {"code": code[:40]}})
    return found


def place(code: str, field: str = "place") -> Place:
    """By its code, or by a name in any language that one place alone has."""
    code = code.strip()
    found = Place.objects.filter(pk=code).first()
    if found is None:
        named = list(Place.objects.filter(names__text__iexact=code).distinct()[:2])
        found = named[0] if len(named) == 1 else None
    if found is None:
        raise Invalid({field: _("There is no place “%(code)s” in the directory.") % {"code": code[:40]}})
    return found


def organisation(id: str, field: str = "organisation") -> Organisation:
    found = Organisation.objects.filter(pk=id.strip()).first()
    if found is None:
        raise Invalid({field: _("There is no organisation “%(id)s” in the directory.") % {"id": id[:60]}})
    return found


def source(key: str, field: str = "source") -> Source:
    found = Source.objects.filter(pk=key.strip()).first()
    if found is None:
        raise Invalid({field: _("There is no source “%(key)s”.") % {"key": key[:60]}})
    return found


def url(text: str, field: str = "url") -> str:
    text = fitting(field, text, 400)
    if text and not text.startswith(("https://", "http://")):
        raise Invalid({field: _("Write the address with https:// before it.")})
    return text


def new_key(model: type[Model], title: str, language: str = "", *, longest: int = KEY, column: str = "key") -> str:
    """A key made of the title that no other row has; the language says how its letters are written in Latin."""
    plain = to_latin(title, language).translate(PLAIN)
    begun = slugify(plain)[: longest - 5].strip("-") or model.__name__.lower()
    taken = set(model._default_manager.filter(**{f"{column}__startswith": begun}).values_list(column, flat=True))
    taken |= RESERVED
    key, number = begun, 1
    while key in taken:
        number += 1
        key = f"{begun}-{number}"
    return key


def room(rows: QuerySet[Any], field: str, most: int = 500) -> int:
    """The number of the next one. Raises Invalid where so many stand already that no page could show more."""
    count = rows.count()
    if count >= most:
        raise Invalid({field: _("No more than %(most)d fit here.") % {"most": most}})
    return count + 1


def above(parent: Action | None, action: Action | None, field: str = "parent") -> None:
    """Raises Invalid when the action would stand above or before itself."""
    seen: set[Any] = set()
    while parent is not None:
        if parent == action or parent.pk in seen:
            raise Invalid({field: _("An action cannot be a part of itself.")})
        seen.add(parent.pk)
        parent = parent.parent


def _read(field: str, parse: Callable[[str], Read], text: str) -> Read:
    try:
        return parse(text)
    except ValueError as wrong:
        raise Invalid({field: str(wrong)}) from None
