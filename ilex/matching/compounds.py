"""Names of two words that are one: Abd ar-Rahman, Nur ad-Din, Saif Allah, glued, hyphened or apart.

Their first or last word says little alone, and hands write them in one word or in three. So they become one part, and
the article in them, which melts into the next letter, is not read.
"""

from __future__ import annotations

import re

SERVANT = re.compile(r"abd|abd[aeou]l|abd[aeou]|abdoul|عبد|عبدال|абд|абд[аеуэ]ль?|აბდ|აბდულ")
ARTICLE = re.compile(r"(?:a[lrszdnt]|ash|e[lrszdnt]|esh|u[lrszdnt]|o[lrszdnt]|аль?|эль?|а[рсзднт]|ال)")
GOD = re.compile(r"[aou]?l?lah|llah|الله|اللّه|ал+ах|ул+ах?|ол+а")
FAITH = re.compile(r"[aeou][ld]?-?d(?:i+|ee|ie)ne?|الدين|الدین|[аэу][лд]ь?дин")
BARE_FAITH = re.compile(r"d(?:i+|ee|ie)ne?|дин|دين|دین")
COMPOUND = re.compile("|".join(f"(?:{one.pattern})" for one in (SERVANT, GOD, FAITH, BARE_FAITH)))
# How they are read when they stand in one word: without the article between. What comes of Abdullah stays whole.
GLUED = tuple(
    (re.compile(pattern), bare)
    for pattern, bare in (
        (r"^abd(?:[aeo]|o?u)l(?=[b-df-hjkm-np-tv-xz]\w\w|[eiou]\w\w|a(?!h?$|h?[ejy])\w\w)", "abd"),
        (r"^abd(?:[aeo]|o?u)([rsztdn])(?=\1)", "abd"),
        (r"^abd(?:[aeo]|o?u)(?=[b-df-hjkm-np-tv-xz]\w\w\w)", "abd"),
        (r"^عبدال(?!له)(?=\w\w)", "عبد"),
        (r"^абд[аеуэ]ль?(?=[бвгджзкмнпрстфхцчшщ]\w\w|[еиоу]\w\w|а(?!х?$|х?[ей])\w\w)", "абд"),
        (r"^абд[аеуэ]([рсзтдн])(?=\1)", "абд"),
        (r"^абд[аеуэ](?=[бвгджзкмнпрстфхцчшщ]\w\w\w)", "абд"),
        (r"(?<=\w\w\w)(?:[aeou](?:l|d(?=d))|d(?=d))d(?:i+|ee|ie)ne?$", "udin"),
        (r"(?<=\w\w)الد[يی]ن$", "دين"),
        (r"(?<=\w\w\w)[аеэу](?:ль?|д)дин$", "удин"),
    )
)


# Most words need none of these patterns.
GLUED_BEGINS = ("abd", "عبد", "абд")
GLUED_ENDS = ("in", "ine", "een", "eene", "ien", "iene", "ين", "ین", "дин")


def may_be_compound(word: str) -> bool:
    """Whether it is one of the words that make such a name; most names have none."""
    return COMPOUND.fullmatch(word) is not None


def runs(plain: list[str]) -> list[int]:
    """How many of these words each compound or simple word takes, in their order."""
    found = []
    at = 0
    while at < len(plain):
        size = _size(plain[at:])
        found.append(size)
        at += size
    return found


def _size(plain: list[str]) -> int:
    if len(plain) < 2:
        return 1
    if SERVANT.fullmatch(plain[0]):
        return 3 if ARTICLE.fullmatch(plain[1]) and len(plain) > 2 else 2
    if len(plain[0]) < 2 or ARTICLE.fullmatch(plain[0]):
        return 1
    if GOD.fullmatch(plain[1]) or FAITH.fullmatch(plain[1]):
        return 2
    return 3 if len(plain) > 2 and ARTICLE.fullmatch(plain[1]) and BARE_FAITH.fullmatch(plain[2]) else 1


def without_article(word: str) -> str:
    """The letters to read: abdurrahman, abdelrahman and abd ar-rahman become one."""
    if not word.startswith(GLUED_BEGINS) and not word.endswith(GLUED_ENDS):
        return word
    for pattern, bare in GLUED:
        changed, count = pattern.subn(bare, word)
        if count:
            return changed
    return word
