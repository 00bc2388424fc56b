"""The catalogues: every text arrives, and no translation loses a placeholder or a tag."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.utils import translation

from ilex.words.scripts import sr_latin
from tools import messages

ALL = (*messages.LANGUAGES, messages.LATIN)
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w+\}|<[^>]+>|&\w+;")


@pytest.fixture(scope="module")
def template() -> Catalog:
    return messages.gathered()


def catalogue_of(language: str) -> Catalog:
    with messages.path_of(language).open("rb") as file:
        return read_po(file, locale=language)


def told(message: Message) -> list[tuple[str, str]]:
    """Each translated form beside the text it stands for; the last source form stands for all plurals."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string))] if message.string else []
    return [(message.id[-1], form) for form in message.string or () if form]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("Sign in", "ilex/web/templates/web/sign-in.html"),
        ("Partners %(up)s/%(all)s up", "ilex/web/templates/parts/identity.html"),
        ("The sign-in name or the password is not right.", "ilex/web/views.py"),
        ("Due in 8 h", "ilex/desk/shows.py"),
        ("In work", "ilex/exchange/models.py"),
    ],
)
def test_texts_of_pages_code_and_law_arrive(template: Catalog, text: str, where: str) -> None:
    message = template.get(text)
    assert message is not None, text
    assert where in [path for path, _line in message.locations]


def test_texts_of_the_law_arrive_with_their_source(template: Catalog) -> None:
    from ilex.words import law

    for entry in (*law.channels(), *law.handling_codes(), *law.offences()):
        assert template.get(entry.text) is not None, entry.code
    siena = template.get(next(channel.text for channel in law.channels() if channel.code == "siena"))
    assert siena is not None
    assert "Directive (EU) 2023/977" in " ".join(siena.auto_comments)


def test_plurals_arrive_as_plurals(template: Catalog) -> None:
    assert template.get(("%(number)d day", "%(number)d days")) is not None


def test_contexts_arrive(template: Catalog) -> None:
    assert template.get("j M Y, H:i", context="pattern of a moment") is not None


def test_a_template_gives_its_texts_whatever_stands_around_them() -> None:
    source = (
        '{% load i18n %}\n   <p title="{% translate "A \'title\'" %}">\n{% if x %}\n'
        "      {% blocktranslate count n=hits trimmed %}\n  {{ n }} hit\n"
        "{% plural %}{{ n }} hits{% endblocktranslate %}\n"
        '{% translate "May" context "month" %}</p>\n{# Translators: short #}\n{% translate "d" %}'
    )
    found = list(messages.templates(BytesIO(source.encode()), messages.KEYWORDS, messages.COMMENTS, {}))
    assert [one[2] for one in found] == [
        "A 'title'",
        ("%(n)s hit", "%(n)s hits", None),
        ("month", "May"),
        "d",
    ]


@pytest.mark.parametrize("language", ALL)
def test_no_translation_loses_a_placeholder_or_a_tag(language: str) -> None:
    for message in catalogue_of(language):
        for source, translated in told(message) if message.id else ():
            wanted = sorted(PLACEHOLDER.findall(source))
            got = sorted(PLACEHOLDER.findall(translated))
            if isinstance(message.id, str):
                assert got == wanted, (source, translated)
            else:  # "one" may stand without its number
                assert set(got) <= set(wanted), (source, translated)


@pytest.mark.parametrize("language", ALL)
def test_plurals_have_every_form_of_their_language(language: str) -> None:
    catalogue = catalogue_of(language)
    for message in catalogue:
        if message.id and not isinstance(message.id, str) and any(message.string or ()):
            assert len(message.string or ()) == catalogue.num_plurals, message.id
            assert all(message.string or ()), message.id


@pytest.mark.parametrize("language", ALL)
def test_catalogues_are_in_step_with_the_texts(template: Catalog, language: str) -> None:
    here = {(message.id, message.context) for message in catalogue_of(language) if message.id}
    assert {(message.id, message.context) for message in template if message.id} == here, "run `make words`"


def test_latin_serbian_is_made_of_the_cyrillic_one() -> None:
    latin = catalogue_of(messages.LATIN)
    for message in catalogue_of("sr"):
        same = latin.get(message.id, context=message.context)
        if message.id and isinstance(message.id, str):
            assert same is not None
            assert same.string == sr_latin(str(message.string))
            assert not re.search("[а-шђјљњћџ]", str(same.string), re.IGNORECASE)


def test_compiled_catalogues_speak() -> None:
    with translation.override("sr"):
        assert translation.gettext("Sign in") == "Пријава"
    with translation.override("sr-latn"):
        assert translation.gettext("Sign in") == "Prijava"
