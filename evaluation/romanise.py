"""Usual Latin spellings of a name that is written in another script, by published tables.

Typed from the standards themselves, and on purpose not taken from ilex.words or ilex.matching: what is measured must
not be measured with its own letters. Each table is a rule that passport offices, registers or newspapers follow.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

Table = dict[str, str]


def table(text: str) -> Table:
    """`а=a б=b`: a pair a word; a letter that is not written stands for itself alone, `ь=`."""
    pairs = (pair.partition("=") for pair in text.split())
    return {native: latin for native, _, latin in pairs}


SR = table(
    "а=a б=b в=v г=g д=d ђ=đ е=e ж=ž з=z и=i ј=j к=k л=l љ=lj м=m н=n њ=nj о=o п=p р=r с=s т=t ћ=ć у=u ф=f х=h ц=c"
    " ч=č џ=dž ш=š"
)
SR_PLAIN = SR | table("ђ=dj ж=z ћ=c ч=c џ=dz ш=s")  # as in most files of other countries
MK = SR | table("ѓ=gj ж=zh ѕ=dz ќ=kj ч=ch џ=dj ш=sh")  # passports
MK_LEARNED = SR | table("ѓ=ǵ ѕ=dz ќ=ḱ")
MK_PLAIN = SR | table("ѓ=g ж=z ѕ=z ќ=k ч=c џ=dz ш=s")
BG = table(
    "а=a б=b в=v г=g д=d е=e ж=zh з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=h ц=ts ч=ch ш=sh щ=sht"
    " ъ=a ь=y ю=yu я=ya"
)  # law of 2009
BG_OLD = BG | table("й=i у=ou ш=ch ч=tch щ=cht ж=j ъ=u ю=iou я=ia")  # French style of passports before 1999
BG_LEARNED = BG | table("ж=ž й=j х=h ц=c ч=č ш=š щ=št ъ=ǎ ю=ju я=ja")
UK = table(
    "а=a б=b в=v г=h ґ=g д=d е=e є=ie ж=zh з=z и=y і=i ї=i й=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=ts"
    " ч=ch ш=sh щ=shch ь= ю=iu я=ia '= ’= ʼ="
)  # resolution 55 of 2010
UK_FIRST = table("є=ye ї=yi й=y ю=yu я=ya")
UK_RUSSIAN = UK | table("г=g и=i є=e ї=i й=y ю=yu я=ya")
UK_GERMAN = UK | table("ж=sch х=ch ц=z ч=tsch ш=sch щ=schtsch в=w ю=ju я=ja є=je ї=ji й=j з=s")
UK_POLISH = UK | table("ж=ż х=ch ц=c ч=cz ш=sz щ=szcz в=w ю=iu я=ia є=ie ї=ji й=j")
RU = table(
    "а=a б=b в=v г=g д=d е=e ё=e ж=zh з=z и=i й=i к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=ts ч=ch ш=sh"
    " щ=shch ъ=ie ы=y ь= э=e ю=iu я=ia"
)  # ICAO 9303
RU_BGN = RU | table("ё=yo й=y ъ= ю=yu я=ya")
RU_FRENCH = RU | table("е=e ж=j й=i у=ou х=kh ц=ts ч=tch ш=ch щ=chtch ъ= ю=iou я=ia")
RU_GERMAN = RU | table("ж=sch з=s в=w й=i х=ch ц=z ч=tsch ш=sch щ=schtsch ъ= ю=ju я=ja ё=jo")
RU_POLISH = RU | table("ж=ż в=w й=j х=ch ц=c ч=cz ш=sz щ=szcz ъ= ю=ju я=ja ё=jo ы=y л=ł")
RU_LEARNED = RU | table("ж=ž й=j х=ch ц=c ч=č ш=š щ=šč ъ= ю=ju я=ja ё=ë э=è")
KA = table(
    "ა=a ბ=b გ=g დ=d ე=e ვ=v ზ=z თ=t ი=i კ=k ლ=l მ=m ნ=n ო=o პ=p ჟ=zh რ=r ს=s ტ=t უ=u ფ=p ქ=k ღ=gh ყ=q შ=sh ჩ=ch ც=ts"
    " ძ=dz წ=ts ჭ=ch ხ=kh ჯ=j ჰ=h"
)  # national system of 2002, without its apostrophes
KA_RUSSIAN = KA | table("ყ=k ღ=g ჯ=dzh ფ=f")  # by way of Russian papers
KA_GERMAN = KA | table("ჟ=sch შ=sch ჩ=tsch ჭ=tsch ც=z წ=z ხ=ch ჯ=dsch ვ=w ყ=k ღ=gh")
HY = table(
    "ու=u և=ev ա=a բ=b գ=g դ=d ե=e զ=z է=e ը=y թ=t ժ=zh ի=i լ=l խ=kh ծ=ts կ=k հ=h ձ=dz ղ=gh ճ=ch մ=m յ=y ն=n շ=sh ո=o"
    " չ=ch պ=p ջ=j ռ=r ս=s վ=v տ=t ր=r ց=ts ւ=v փ=p ք=k օ=o ֆ=f"
)  # as in passports
HY_FIRST = table("ե=ye ո=vo")
HY_RUSSIAN = HY | table("ղ=g ջ=dzh հ=a յ=i")
HY_WESTERN = HY | table("բ=p գ=k դ=t կ=g պ=b տ=d ծ=dz ձ=ts ճ=j ջ=ch")
EL = table(
    "αι=ai ει=ei οι=oi ου=ou αύ=av αυ=av ευ=ev εύ=ev γγ=ng γκ=gk γξ=nx γχ=nch μπ=mp ντ=nt τζ=tz τσ=ts α=a β=v γ=g δ=d"
    " ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=y φ=f χ=ch ψ=ps ω=o"
)  # ELOT 743
EL_COMMON = EL | table("μπ=b ντ=d γκ=g αι=e ει=i οι=i ου=u χ=h υ=i φ=ph")
Scheme = tuple[Table, Table]

SCHEMES: dict[str, dict[str, Scheme]] = {
    "sr": {"official": (SR, {}), "plain": (SR_PLAIN, {})},
    "mk": {"official": (MK, {}), "learned": (MK_LEARNED, {}), "plain": (MK_PLAIN, {})},
    "bg": {"official": (BG, {}), "old": (BG_OLD, {}), "learned": (BG_LEARNED, {})},
    "uk": {
        "official": (UK, UK_FIRST),
        "russian": (UK_RUSSIAN, {}),
        "german": (UK_GERMAN, {}),
        "polish": (UK_POLISH, {}),
    },
    "ru": {
        "official": (RU, {}),
        "bgn": (RU_BGN, {"е": "ye"}),
        "french": (RU_FRENCH, {}),
        "german": (RU_GERMAN, {"е": "je"}),
        "polish": (RU_POLISH, {"е": "je"}),
        "learned": (RU_LEARNED, {}),
    },
    "ka": {"official": (KA, {}), "russian": (KA_RUSSIAN, {}), "german": (KA_GERMAN, {})},
    "hy": {"official": (HY, HY_FIRST), "russian": (HY_RUSSIAN, {}), "western": (HY_WESTERN, HY_FIRST)},
    "el": {"official": (EL, {}), "common": (EL_COMMON, {})},
}
KEPT_APART = {"french", "german", "polish", "western", "old"}  # schemes that only the set kept apart uses

NATIVE = {"RS": "sr", "ME": "sr", "MK": "mk", "BG": "bg", "UA": "uk", "RU": "ru", "GE": "ka", "AM": "hy", "GR": "el"}


def latin(text: str, language: str, scheme: str = "official") -> str:
    """The name in Latin letters by this scheme, with the capitals of a name."""
    letters, first = SCHEMES[language][scheme]
    return " ".join(_cased(_spelled(word, letters, first)) for word in text.split())


def cyrillic(text: str) -> str:
    """Serbian Latin in Serbian Cyrillic: two alphabets of one law, letter for letter."""
    return _swap(text, _back())


def plain(text: str) -> str:
    """Without marks, as a machine that knows only A to Z writes it: Đurić is Djuric, Müller Muller."""
    text = text.translate({ord("đ"): "dj", ord("Đ"): "Dj", ord("ł"): "l", ord("Ł"): "L", ord("ı"): "i", ord("ß"): "ss"})
    text = text.translate({ord("ə"): "a", ord("Ə"): "A", ord("ø"): "o", ord("Ø"): "O", ord("æ"): "ae", ord("Æ"): "Ae"})
    return "".join(mark for mark in unicodedata.normalize("NFD", text) if unicodedata.category(mark) != "Mn")


def _spelled(word: str, letters: Table, first: Table) -> str:
    word = _bare(word.lower())
    spelled, at = "", 0
    while at < len(word):
        beginning = first if not at else {}
        two, one = word[at : at + 2], word[at]
        if two in letters and len(two) > 1:
            spelled, at = spelled + letters[two], at + 2
        else:
            spelled, at = spelled + beginning.get(one, letters.get(one, one)), at + 1
    return spelled


def _bare(word: str) -> str:
    """Greek without its accents; й and ї keep what belongs to them."""
    if not re.search(r"[\u0370-\u03ff]", word):
        return word
    parts = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", "".join(mark for mark in parts if unicodedata.category(mark) != "Mn"))


def _cased(word: str) -> str:
    return re.sub(r"(?:^|(?<=[-' ]))\w", lambda letter: letter[0].upper(), word)


@cache
def _back() -> Table:
    both = {latin: native for native, latin in SR.items()}
    return both | {latin.capitalize(): native.upper() for latin, native in both.items()}


def _swap(text: str, letters: Table) -> str:
    longest = sorted(letters, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, longest)))
    return pattern.sub(lambda found: letters[found[0]], text)
