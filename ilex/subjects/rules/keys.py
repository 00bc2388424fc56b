"""The forms by which values are compared: one name in two scripts, one number in two spellings."""

from __future__ import annotations

import re
import unicodedata

from ilex.index import LENGTH, folded
from ilex.words.scripts import fold

LONGEST = 200
ADDRESSES = ("email", "url", "identifier:online")  # their dots and strokes count
NUMBERS = ("phone", "iban")
NOT_IN_NUMBERS = re.compile(r"[^a-z0-9]")


def folded_text(text: str) -> str:
    """`fold`, word by word: names come again and again, whole texts do not, and folding is the dear part."""
    words = [word for token in text.split() for word in folded(token)]
    return " ".join(words) if all(len(word) < LENGTH for word in words) else fold(text)  # `folded` cuts long words


def name_key(name: str) -> str:
    """The same for "Ana Marković", "MARKOVIĆ, Ana" and "Ана Марковић"."""
    return " ".join(sorted(folded_text(name).split()))[:LONGEST]


def number_key(text: str) -> str:
    """Numbers are typed with blanks, strokes and dots as people like: only letters and digits count."""
    plain = text.lower()
    if plain.isalnum() and plain.isascii():
        return plain[:LONGEST]
    plain = unicodedata.normalize("NFKC", text).lower()
    if not plain.isascii():
        plain = fold(re.sub(r"[\W_]+", "", plain) + "0")[:-1]  # with a digit in it fold keeps all letters
    return NOT_IN_NUMBERS.sub("", plain)[:LONGEST]


def key_of(kind: str, value: str, compact: str = "") -> str:
    """The key of a value of this type of property; `compact` is its number as the identifier's own rule writes it.

    Empty for what nobody is found by: two people may have the same height.
    """
    if kind == "name":
        return name_key(value)
    if kind == "date":
        return value
    if kind in ADDRESSES:
        return (compact or value).lower()[:LONGEST]
    return number_key(compact or value) if kind in NUMBERS or kind.startswith("identifier:") else ""
