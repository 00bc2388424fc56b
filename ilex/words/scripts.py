"""Names in the scripts of our partners: readable Latin letters, and the folded form by which we search."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

from ilex.words import alphabets

SCRIPTS = {
    "Latn": re.compile(r"[A-Za-z\u00C0-\u024F\u1E00-\u1EFF]"),
    "Cyrl": re.compile(r"[\u0400-\u052F]"),
    "Geor": re.compile(r"[\u10A0-\u10FF\u1C90-\u1CBF\u2D00-\u2D2F]"),
    "Armn": re.compile(r"[\u0531-\u058F\uFB13-\uFB17]"),
    "Grek": re.compile(r"[\u0370-\u03FF\u1F00-\u1FFF]"),
}

APOSTROPHES = "'’‘‛ʼʹʺʻʽ`´′՚＇"
APOSTROPHE = re.compile(f"[{APOSTROPHES}]")
INNER_APOSTROPHE = re.compile(rf"(?<=\w)[{APOSTROPHES}](?=\w)")
WORD = re.compile(r"[^\W_]+")
RUN_WITH_DIGIT = re.compile(r"(?<!\S)[^\s\d]*+\d\S*")
# Outside of the blocks of Latin, Greek, Cyrillic, Armenian and Georgian letters, and of the usual signs.
PERHAPS_MARKS = re.compile(r"[^\u0000-\u02FF\u0370-\u0482\u048A-\u0590\u10A0-\u10FF\u1E00-\u206F]")
DIGIT = re.compile(r"\d")
LONGEST_KNOWN = 40  # letters of a word that is remembered: a stranger's text must not fill the memory

# Spellings of one sound, made one: Šević, Sevic and Шевић, Shevchenko and Шевченко must meet. In this order.
ONE_SPELLING = [
    (re.compile(pattern), spelling)
    for pattern, spelling in (
        (r"(.)\1+", r"\1"),  # Anna, Ana
        (r"xh", "dz"),  # Hoxha, Hodža
        (r"x", "ks"),
        (r"w", "v"),
        (r"([dgk])j", r"\1"),  # Djordjević, Đorđević; Gjorgji, Ǵorǵi
        (r"[yj]", "i"),  # Yuliya, Julija, Iuliia
        (r"ph", "f"),
        (r"kh", "h"),
        (r"tsch", "c"),
        (r"sch", "s"),
        (r"([bcdgstz])h", r"\1"),  # sh, ch, zh lose what š, č, ž never had in plain letters
        (r"t+[sc]", "c"),
    )
]


def fold(text: str) -> str:
    """The search form: lower-case ASCII words of one spelling, single spaces between them.

    A key to compare and to sort by, never to show. Folding it again changes nothing. Words with a digit in them
    (plates, documents) keep all their letters. Letters of scripts we do not know become their code point.
    """
    text = APOSTROPHE.sub("", unicodedata.normalize("NFC", text))
    text = _without_marks(APOSTROPHE.sub("", unicodedata.normalize("NFKC", text)))
    text = RUN_WITH_DIGIT.sub(lambda found: _look_alikes(found[0]), text)
    return " ".join(filter(None, map(_fold, WORD.findall(text))))


def folded_words(text: str) -> list[str]:
    """The words of the folded text in their order, for the search column."""
    return fold(text).split()


def script_of(text: str) -> str:
    """The script of most of its letters, as ISO 15924 names it; empty when it has none that we know."""
    counts = {script: len(letters.findall(text)) for script, letters in SCRIPTS.items()}
    most = max(counts, key=lambda script: counts[script])
    return most if counts[most] else ""


def to_latin(text: str, language: str = "") -> str:
    """Readable Latin letters in the way of the language (`uk`, `sr`, `bg`...); without one the letters tell it.

    What is Latin already stays, and so do scripts we do not know.
    """
    text = _greek_sounds(unicodedata.normalize("NFC", text))
    base = language.lower().partition("-")[0]
    if base not in alphabets.CYRILLIC_OF:
        base = _cyrillic_language(text)
    if base in ("uk", "be"):
        text = INNER_APOSTROPHE.sub("", text)
    return _spell(text, *_tables(base))


def sr_latin(text: str) -> str:
    """Serbian Cyrillic in Serbian Latin; anything else stays as it is."""
    return _spell(unicodedata.normalize("NFC", text), *_serbian())


def _spell(text: str, table: dict[str, str], first: dict[str, str]) -> str:
    spelled: list[str] = []
    at = 0
    while at < len(text):
        begins = at == 0 or not text[at - 1].isalpha()
        size, latin = _letter(text[at : at + 2].lower(), table, first if begins else {})
        spelled.append(text[at] if latin is None else _in_case(latin, text, at))
        at += size
    return "".join(spelled)


def _letter(two: str, table: dict[str, str], first: dict[str, str]) -> tuple[int, str | None]:
    """How many letters of the text these Latin ones stand for: two letters may be one sound."""
    for size in (2, 1):
        part = two[:size]
        if len(part) == size and (latin := first.get(part, table.get(part))) is not None:
            return size, latin
    return 1, None


def _in_case(latin: str, text: str, at: int) -> str:
    if not text[at].isupper():
        return latin
    after, before = text[at + 1 : at + 2], text[at - 1 : at] if at else ""
    loud = after.isupper() if after.isalpha() else before.isupper()
    return latin.upper() if loud else latin.capitalize()


@cache
def _tables(language: str) -> tuple[dict[str, str], dict[str, str]]:
    table = alphabets.GEORGIAN | alphabets.ARMENIAN | alphabets.GREEK | alphabets.CYRILLIC
    first = alphabets.ARMENIAN_FIRST | alphabets.GREEK_FIRST
    return table | alphabets.CYRILLIC_OF.get(language, {}), first | alphabets.CYRILLIC_FIRST.get(language, {})


@cache
def _folding_tables(language: str) -> tuple[dict[str, str], dict[str, str]]:
    """One letter for ц, ч, ш, ж, х: written as ts, ch, sh their neighbours could change them."""
    table, first = _tables(language)
    return table | alphabets.ONE_LETTER, first


@cache
def _serbian() -> tuple[dict[str, str], dict[str, str]]:
    return alphabets.CYRILLIC | alphabets.CYRILLIC_OF["sr"], {}


def _cyrillic_language(text: str) -> str:
    letters = set(text.lower())
    for language, own in alphabets.LETTERS_OF.items():
        if not letters.isdisjoint(own):
            return language
    # A hard sign between consonants is a vowel, and the word Bulgarian.
    return "bg" if re.search(r"ъ(?![еёюя])", text.lower()) else ""


def _greek_sounds(text: str) -> str:
    """Drop accents, keep the dots that part two vowels, and spell αυ, ευ before a voiceless sound."""
    if not SCRIPTS["Grek"].search(text):
        return text
    parts = unicodedata.normalize("NFD", text)
    bare = "".join(mark for mark in parts if mark == "\u0308" or unicodedata.category(mark) != "Mn")
    text = unicodedata.normalize("NFC", bare)
    return re.sub(r"(?<=[αεηΑΕΗ])[υΥ](?=[θκξπσςτφχψΘΚΞΠΣΤΦΧΨ]|\b)", "φ", text)


def _fold(word: str) -> str:
    return _fold_known(word) if len(word) <= LONGEST_KNOWN else _fold_word(word)


@lru_cache(maxsize=2**15)
def _fold_known(word: str) -> str:
    """Most words of a text were met before, and folding one takes longer than all the rest of the text."""
    return _fold_word(word)


def _fold_word(word: str) -> str:
    spelled = _spell(_greek_sounds(word), *_folding_tables(_cyrillic_language(word)))
    latin = unicodedata.normalize("NFKD", spelled.lower())
    plain = "".join(map(_plain, _without_marks(latin)))
    return plain if DIGIT.search(plain) else _one_spelling(plain)


def _look_alikes(run: str) -> str:
    """A plate АВ-123 is read by its looks: all its Cyrillic letters look Latin, so they are."""
    loud = run.upper()
    if all(ord(letter) in alphabets.LOOK_ALIKES for letter in SCRIPTS["Cyrl"].findall(loud)):
        return _without_marks(loud.translate(alphabets.LOOK_ALIKES))  # a capital can bring a mark of its own
    return run


def _plain(letter: str) -> str:
    if letter.isascii():
        return letter
    if letter in alphabets.LATIN:
        return alphabets.LATIN[letter]
    digit = unicodedata.digit(letter, None)
    return f"u0{ord(letter):x}" if digit is None else str(digit)


def _one_spelling(word: str) -> str:
    while True:
        before = word
        for pattern, spelling in ONE_SPELLING:
            word = pattern.sub(spelling, word)
        if word == before:
            return word


def _without_marks(text: str) -> str:
    return text.translate(_WITHOUT_MARKS) if PERHAPS_MARKS.search(text) else text


class _WithoutMarks(dict[int, int | None]):
    """For `str.translate`: every mark becomes nothing; each character is looked up once."""

    def __missing__(self, letter: int) -> int | None:
        self[letter] = None if unicodedata.category(chr(letter)).startswith("M") else letter
        return self[letter]


_WITHOUT_MARKS = _WithoutMarks()
