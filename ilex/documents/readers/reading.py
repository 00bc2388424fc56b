"""One file: what it is, and what can be read in it."""

from __future__ import annotations

from collections.abc import Callable

from ilex.documents.readers import letters, outlook, pdf, pictures, plain, zips
from ilex.documents.readers.extract import TEXT, Extract, Unreadable
from ilex.documents.readers.kinds import kind_of

READERS: dict[str, Callable[[bytes, str], Extract]] = {
    "pdf": pdf.read,
    "docx": lambda content, language: zips.docx(content),
    "xlsx": lambda content, language: zips.xlsx(content),
    "pptx": lambda content, language: zips.pptx(content),
    "odt": lambda content, language: zips.opendocument(content, "odt"),
    "ods": lambda content, language: zips.opendocument(content, "ods"),
    "eml": lambda content, language: letters.read(content),
    "msg": lambda content, language: outlook.read(content),
    "image": pictures.read,
    "text": lambda content, language: plain.read(content),
    "html": lambda content, language: plain.read(content, "html"),
}


def read(content: bytes, language: str = "") -> Extract:
    """Never raises for what is in the file; `why` says what stood in the way."""
    kind = kind_of(content)
    reader = READERS.get(kind)
    if reader is None:
        return Extract(kind=kind)
    try:
        extract = reader(content, language)
    except Unreadable as reason:
        return Extract(kind=kind, why=str(reason))
    extract.kind = kind
    extract.text = clean(extract.text)
    return extract


def clean(text: str) -> str:
    """Without what must not be kept or shown: NUL, controls, half letters, changes of direction."""
    kept = "".join(letter if letter in "\n\t" or _shown(letter) else " " for letter in text[:TEXT])
    return kept.strip()


def _shown(letter: str) -> bool:
    return letter.isprintable() or (letter.isspace() and letter not in "\x0b\x0c\x1c\x1d\x1e\x1f\x85\u2028\u2029")
