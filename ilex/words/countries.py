"""Country codes as they come: ISO 3166 of two and three letters, those of passports, those of states that are gone."""

from __future__ import annotations

import re
from functools import cache

from babel import Locale
from babel.core import get_global

# ICAO Doc 9303-3 section 5, and codes of Kosovo that ISO does not have. Stateless (XXA to XXX) and Utopia are nobody's.
PASSPORTS = {
    **dict.fromkeys(("GBD", "GBN", "GBO", "GBP", "GBS"), "GB"),
    **dict.fromkeys(("RKS", "XKX", "KOS"), "XK"),
    "D": "DE",
    "EUE": "EU",
    "ROM": "RO",
}
# ISO 3166-3 and the way FollowTheMoney writes it: places of birth that no longer exist under this name.
FORMER = {"SUHH": "SU", "YUCS": "YU", "CSXX": "CS", "CSHH": "CS", "DDDE": "DD", "SUN": "SU", "YUG": "YU", "SCG": "CS"}
GONE = frozenset(FORMER.values())
UNITED = frozenset({"EU", "UN", "XK"})  # what else travel documents name
NO_STATES = frozenset({"QO", "XA", "XB", "ZZ", "EZ"})  # codes of Unicode's own that Babel has
SHAPE = re.compile(r"[A-Z]{1,4}(-[A-Z0-9]{1,3})?", re.ASCII)


def alpha2(code: str) -> str:
    """The code of two letters; empty when nobody has it. `gb-sct` is GB."""
    code = code.strip().upper().rstrip("<")
    if not SHAPE.fullmatch(code):
        return ""
    code = code.partition("-")[0]
    found = PASSPORTS.get(code) or FORMER.get(code) or _three().get(code, code)
    return found if found in known() else ""


@cache
def known() -> frozenset[str]:
    """Every code of two letters that `alpha2` gives."""
    territories = Locale("en").territories
    codes = map(str, territories)
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha()) - NO_STATES | GONE | UNITED


@cache
def _three() -> dict[str, str]:
    aliases = get_global("territory_aliases")
    return {code: names[0] for code, names in aliases.items() if len(code) == 3 and code.isalpha() and len(names) == 1}
