"""Latin letters for tools that know no scripts: letter by letter, as the usual ASCII tables do it."""

from __future__ import annotations

from functools import lru_cache

from evaluation.romanise import SCHEMES, Table, plain, table

ARABIC_READ = "a b t th j h kh d dh r z s sh s d t z a gh f q k l m n h w y a h a i a p ch zh g k y"
HEBREW_READ = "a b g d h w z h t y k l m n s a p ts q r sh t m n ts p k"
ARABIC = dict(
    zip(
        "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةأإآپچژگکی",
        ARABIC_READ.split(),
        strict=True,
    )
)
HEBREW = dict(
    zip(
        "אבגדהוזחטיכלמנסעפצקרשתםןץףך",
        HEBREW_READ.split(),
        strict=True,
    )
)
# One table for all Cyrillic letters and one for all Greek ones, whatever the language: such tools are not told it.
CYRILLIC = table(
    "а=a б=b в=v г=g ґ=g ѓ=g д=d ђ=dj е=e ё=yo є=ye ж=zh з=z ѕ=dz и=i й=y і=i ї=yi ј=j к=k ќ=k л=l љ=lj м=m н=n њ=nj"
    " о=o п=p р=r с=s т=t ћ=c у=u ў=u ф=f х=kh ц=ts ч=ch џ=dz ш=sh щ=shch ъ= ы=y ь= э=e ю=yu я=ya '= ’="
)
GREEK = table(
    "α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=u φ=f χ=ch ψ=ps ω=o"
    " ά=a έ=e ή=i ί=i ό=o ύ=u ώ=o ϊ=i ϋ=u"
)
LETTERS: Table = {
    **CYRILLIC,
    **GREEK,
    **SCHEMES["ka"]["official"][0],
    **SCHEMES["hy"]["official"][0],
    **ARABIC,
    **HEBREW,
}
MARKED = str.maketrans({"đ": "d", "ł": "l", "ı": "i", "ß": "ss", "ə": "e", "ø": "o", "æ": "ae"})


@lru_cache(maxsize=2**18)
def ascii_word(word: str) -> str:
    if word.isascii():
        return word.lower()
    spelled = "".join(LETTERS.get(letter, letter) for letter in word.lower()).translate(MARKED)
    return plain(spelled).encode("ascii", "ignore").decode()


def ascii_name(name: str) -> str:
    """Words in the order of the alphabet: the order of a name's parts tells little."""
    return " ".join(sorted(filter(None, map(ascii_word, name.replace(",", " ").split()))))
