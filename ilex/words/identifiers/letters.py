"""Letters and digits of numbers and plates: the plain Latin ones that a machine-readable zone could hold."""

from __future__ import annotations

import re
import unicodedata

from ilex.words import alphabets
from ilex.words.identifiers.wrong import N_, Wrong
from ilex.words.scripts import SCRIPTS, to_latin

LONGEST = 60  # characters of the compact form
LONGEST_TYPED = 200  # as typed, with blanks and strokes
PLAIN = re.compile(r"[A-Z0-9]+")
# Greek capitals that look like Latin ones: the only ones that Greek plates use.
GREEK = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX")
SPELLED = {"RS", "ME", "BA", "MK"}  # states whose plates and documents carry both scripts: letters stand for sounds


def compact(text: str, country: str = "") -> str:
    """Capital Latin letters and digits only, without blanks, strokes and dots.

    Cyrillic and Greek letters that all look like Latin ones are taken for these, as the states that use them chose
    them for that: Ukrainian АА1234ВВ is AA1234BB. In Serbia and its neighbours they stand for their sounds: НС is NS.
    Accents fall: ŠA and SA become one, because most foreign systems write only the second. Raises Wrong.
    """
    plain = plain_ascii(text, country)
    found = "".join(PLAIN.findall(plain))
    if not found:
        raise Wrong(N_("Write the number in letters and digits."))
    if len(found) > LONGEST:
        raise Wrong(N_("This is too long for such a number."))
    return found


def plain_ascii(text: str, country: str = "") -> str:
    """The text in ASCII capitals. Raises Wrong for letters that nobody here can read as Latin ones."""
    text = bounded(text).replace("№", " ")
    if text.isascii():
        return text.upper()
    # Capitals first, then apart: a capital can bring a mark of its own.
    loud = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).upper())
    if looks_latin(loud) and country not in SPELLED:
        loud = loud.translate(alphabets.LOOK_ALIKES).translate(GREEK)
    latin = to_latin(loud, "sr" if country in SPELLED else "").upper()
    plain = "".join(map(_plain, unicodedata.normalize("NFKD", latin)))
    if not plain.isascii():
        raise Wrong(N_("Write it in Latin letters and digits."))
    return plain.upper()


def looks_latin(loud: str) -> bool:
    """Whether all its Cyrillic and Greek letters look like Latin ones."""
    cyrillic, greek = SCRIPTS["Cyrl"].findall(loud), SCRIPTS["Grek"].findall(loud)
    return all(ord(letter) in alphabets.LOOK_ALIKES for letter in cyrillic) and all(
        ord(letter) in GREEK for letter in greek
    )


def bounded(text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST_TYPED:
        raise Wrong(N_("This is too long for such a number."))
    return text


def digits(text: str) -> str:
    """Only digits, of whatever script; blanks, strokes, dots and brackets fall. Raises Wrong for anything else."""
    plain = re.sub(r"[\s./()\u2010-\u2015-]", "", plain_ascii(text))
    if not re.fullmatch(r"[0-9]+", plain):
        raise Wrong(N_("Write digits only."))
    return plain


def _plain(letter: str) -> str:
    if letter.isascii():
        return letter
    digit = unicodedata.digit(letter, None)
    if digit is not None:
        return str(digit)
    if letter.lower() in alphabets.LATIN:
        return alphabets.LATIN[letter.lower()]
    return letter if letter.isalnum() else ""
