"""What a page says, as a reader reads it."""

from __future__ import annotations

import re
from html import unescape

from django.test import Client
from django.utils.html import strip_tags


def text_of(html: str) -> str:
    """The words of the main part of a page, with single blanks."""
    main = html.split("<main", 1)[-1].split("</main>", 1)[0]
    return plain(unescape(strip_tags(main.replace("<", " <"))))


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ")).strip()


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return text_of(answer.text)
