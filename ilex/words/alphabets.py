"""The alphabets of our partners in Latin letters: a table per script, and what single languages do differently."""

from __future__ import annotations


def _table(letters: str, latin: str) -> dict[str, str]:
    return dict(zip(letters, latin.split(), strict=True))


# What most languages share; the differences stand below. Lower case only: capitals are made from these.
CYRILLIC = {
    **_table("абвгдезийклмнопрстуфхцчшы", "a b v g d e z i i k l m n o p r s t u f kh ts ch sh y"),
    "ё": "io", "ж": "zh", "щ": "shch", "ъ": "", "ь": "", "э": "e", "ю": "yu", "я": "ya",
    "і": "i", "ї": "i", "є": "ie", "ґ": "g", "ў": "u",  # Ukrainian, Belarusian
    "ђ": "đ", "ј": "j", "љ": "lj", "њ": "nj", "ћ": "ć", "џ": "dž",  # Serbian
    "ѓ": "gj", "ќ": "kj", "ѕ": "dz",  # Macedonian
    "ѣ": "e", "ѳ": "f", "ѵ": "i", "ѫ": "a", "ѡ": "o",  # older print
    "ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "ҳ": "h", "ҷ": "j", "ӣ": "i",
    "ӯ": "u",  # Central Asia
}  # fmt: skip

ONE_LETTER = {"ж": "ž", "х": "h", "ц": "c", "ч": "č", "ш": "š"}
SOUTH_SLAVIC = {**ONE_LETTER, "й": "j", "ё": "jo"}
UKRAINIAN = {"г": "h", "ґ": "g", "и": "y", "ю": "iu", "я": "ia", "щ": "shch", "зг": "zgh"}

# What a language does differently from the shared table.
CYRILLIC_OF = {
    "sr": SOUTH_SLAVIC,
    "mk": SOUTH_SLAVIC,
    "uk": UKRAINIAN,  # Cabinet of Ministers resolution 55 of 27 January 2010
    "be": {"г": "h", "ы": "y", "ю": "iu", "я": "ia"},
    "ru": {"й": "y", "ё": "yo"},
    "bg": {"ъ": "a", "й": "y", "х": "h", "щ": "sht", "ь": "y"},  # Transliteration Act of 2009
}

# At the beginning of a word.
CYRILLIC_FIRST = {"uk": {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}}

# Letters that only one language has (or one of a few): they tell which it is.
LETTERS_OF = {"sr": "ђћ", "mk": "ѓќѕ", "be": "ў", "uk": "іїєґ", "ru": "ыэё"}

GEORGIAN = _table(
    "აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ",
    "a b g d e v z t i k l m n o p zh r s t u p k gh q sh ch ts dz ts ch kh j h",
) | {"ჱ": "ei", "ჲ": "i", "ჳ": "wi", "ჴ": "kh", "ჵ": "o", "ჶ": "f"}
# The two older church hands, letter for letter.
GEORGIAN |= {chr(0x2D00 + step): GEORGIAN.get(chr(0x10D0 + step), "") for step in range(0x26)}

ARMENIAN = _table(
    "աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆ",
    "a b g d e z e y t zh i l kh ts k h dz gh ch m y n sh o ch p j r s v t r ts v p k o f",
) | {"և": "ev", "եւ": "ev", "ու": "u"}
ARMENIAN_FIRST = {"ե": "ye", "ո": "vo", "և": "yev", "եւ": "yev"}

GREEK = _table("αβγδεζηθικλμνξοπρσςτυφχψω", "a v g d e z i th i k l m n x o p r s s t y f ch ps o") | {
    "ου": "ou",
    "γγ": "ng",
    "γχ": "nch",
    "γξ": "nx",
    "αυ": "av",
    "ευ": "ev",
    "ηυ": "iv",
    "ϊ": "i",
    "ϋ": "y",
}
GREEK_FIRST = {"μπ": "b"}

# Latin letters that no decomposition takes apart.
LATIN = {
    "đ": "dj", "ð": "d", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "þ": "th", "ı": "i", "ə": "a",
    "ŋ": "n", "ħ": "h", "ŧ": "t", "ĸ": "k", "ƒ": "f", "ɖ": "dj", "ƶ": "z", "ᵭ": "d",
}  # fmt: skip

# Cyrillic capitals that look like Latin ones, and so get mixed up on plates and documents.
LOOK_ALIKES = str.maketrans("АВЕЅІЈКМНОРСТУХ", "ABESIJKMHOPCTYX")
