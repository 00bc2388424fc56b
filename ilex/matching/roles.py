"""What a word does in the name of a person: particle, title, initial, number, patronymic, or bearing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from ilex.matching import letters

TABLES = {
    "particle": """
        al el ul ar as az ad an ash at il ol ed es bin ben ibn bint bat ould wuld oglu ogly oglou uulu uly uli kizi
        qizi gizi kyzy gyzy kizy abu abou ebu um umm de del della delle dei degli di da das do dos du des la le los las
        van von der den ten ter te zu zur zum vom af av und et and of the ap ab mac mc san st saint
        аль эль ал ел ад ар ас аз ан аш бин бен ибн бинт оглу оглы огли уулу улы углы кызы кизи гызы абу фон ван дер де
        ди да дель ла ле ον του της των
        ال بن ابن بنت ابو أبو أبي ابي ام أم آل ولد زاده بین دي دو فون فان لا
        בן בת אל אבן אבו דה די פון ואן דר אוגלו օղլու օղլի დე ფონ ვან ოღლუ ოღლი""",
    "title": """
        mr mrs ms miss mister dr prof ing mag dipl sir lord lady herr frau fr mme mlle monsieur madame don dona doctor
        professor general colonel major captain capt lieutenant lt gen col maj sgt sheikh shaykh sheik cheikh haji hajji
        hadji haj hajj mullah mulla mawlawi maulavi maulana molla mollah qari sayyid sayed seyyed ustad imam ayatollah
        hojatoleslam eng engr gospodin gospodja gdin gdja jr sr
        гн гжа гр др проф инж господин госпожа гражданин гражданка пан пани
        شيخ الشيخ شیخ حاج الحاج حاجي حاجی ملا مولوي مولوی سيد السيد سید دكتور الدكتور دکتر مهندس أستاذ استاد
        κος κα δρ דר մր ბნი ქნი""",
}
ROLES = {word: role for role, table in TABLES.items() for word in table.split()}
# Particles of one language that are names in another: beside a single other word they are names.
NAMES_TOO = frozenset(
    ("ben", "an", "at", "do", "le", "la", "di", "da", "de", "den", "ten", "van", "san", "bat", "as", "ash")
) | {"бен", "ван", "ди", "да", "بن", "בן"}
ROMAN = re.compile(r"(?=[ivx]{2})x{0,3}(ix|iv|v?i{0,3})")
PATRONYMIC = re.compile(
    r"\w{2,}(?:[оеє]вич|[йиь]ович|ьич|[ая]вич|[оеє]вна|ичн[аы]|[иії]вна|[аяоеё]ўна"
    r"|[oe]vich|[oei]vych|yovych|[oe]witsch|[oe]vitch|[oe]vna|[oe]wna|[iy]?ivna|inichna"
    r"|[ოე]ვიჩი?|[ოე]ვნა|[ոե]վիչ|[ոե]վնա)"
)


def roles(words: Sequence[str], *, person: bool) -> list[str]:
    """One role for each word: `particle`, `title`, `initial`, `number`, `patronymic`, or empty for one that bears."""
    found = [role_of(word) for word in words]
    if person:
        _mark_patronymic(words, found)
        if found.count("") == 1 and "initial" not in found:
            found = ["" if word in NAMES_TOO else role for word, role in zip(words, found, strict=True)]
    return found if "" in found else ["" if role in TABLES else role for role in found]


@lru_cache(maxsize=2**16)
def role_of(word: str) -> str:
    """What it does wherever it stands; others only show beside their neighbours."""
    if role := ROLES.get(word, ""):
        return role
    if len(word) == 1 and word.isalpha() and letters.script(word):
        return "initial"
    return "number" if word.isdecimal() or ROMAN.fullmatch(word) else ""


def _mark_patronymic(words: Sequence[str], roles: list[str]) -> None:
    """It is one only beside a given and a family name: Petrović alone is a family."""
    bearing = [at for at, role in enumerate(roles) if role == ""]
    if len(bearing) < 3:
        return
    fathers = [at for at in bearing[1:] if PATRONYMIC.fullmatch(words[at])]
    if len(fathers) == 1:
        roles[fathers[0]] = "patronymic"
