"""Numbers that states give to persons and firms: the rules of each state as python-stdnum has them.

A number that breaks its rule is kept with a doubt: states have given out wrong ones, and a false number on a forged
document is what an officer looks for.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import Any

from stdnum.exceptions import ValidationError
from stdnum.util import get_cc_module

from ilex.words.identifiers.letters import compact
from ilex.words.identifiers.wrong import N_, Wrong

JMBG = "stdnum.si.emso"  # the Yugoslav JMBG: every successor took it over with the same check digit
PERSONS = {
    **dict.fromkeys(("RS", "ME", "BA", "MK", "SI", "XK"), (JMBG,)),
    "HR": ("stdnum.hr.oib", JMBG),
    "BG": ("stdnum.bg.egn", "stdnum.bg.pnf"),
    "RO": ("stdnum.ro.cnp",),
    "MD": ("stdnum.md.idno",),  # the IDNP of a person has the check digit of the IDNO of a firm
    "UA": ("stdnum.ua.rntrc",),
    "GR": ("stdnum.gr.amka",),
    "TR": ("stdnum.tr.tckimlik",),
}
# States of the region whose rule python-stdnum does not have, or that have none: only the form is known.
FORMS = {
    "AL": re.compile(r"[A-Z][0-9]{8}[A-Z]"),
    "AM": re.compile(r"[0-9]{10}"),
    "GE": re.compile(r"[0-9]{11}"),
    "HU": re.compile(r"[0-9]{11}|[0-9]{6}[A-Z]{2}"),
}
FORM = N_("Numbers of this country look otherwise.")
RULE = N_("It breaks this country's rule for such numbers: a slip of the pen, or an invented number.")


def national(text: str, country: str = "") -> str:
    found = compact(text, country)
    if not 5 <= len(found) <= 30 or not any(letter.isdigit() for letter in found):
        raise Wrong(N_("A national identification number has 5 to 30 letters and digits."))
    return found


def national_doubt(found: str, country: str = "") -> str:
    if country in FORMS:
        return "" if FORMS[country].fullmatch(found) else FORM
    return "" if _fits(found, _persons(country)) else RULE


def tax(text: str, country: str = "") -> str:
    found = compact(text, country)
    if not 5 <= len(found) <= 30:
        raise Wrong(N_("A tax number has 5 to 30 letters and digits."))
    return found


def tax_doubt(found: str, country: str = "") -> str:
    """Persons have theirs, firms others: any rule of the country is enough."""
    return "" if _fits(found, (*_firms(country), *_persons(country))) else RULE


def _fits(found: str, rules: tuple[Any, ...]) -> bool:
    return not rules or any(_valid(rule, found) for rule in rules)


def _valid(rule: Any, found: str) -> bool:
    try:
        rule.validate(found)
    except ValidationError:
        return False
    return True


@cache
def _persons(country: str) -> tuple[Any, ...]:
    if country in PERSONS:
        return tuple(import_module(name) for name in PERSONS[country])
    return _known(country, ("personalid",))


@cache
def _firms(country: str) -> tuple[Any, ...]:
    return _known(country, ("vat", "businessid"))


def _known(country: str, names: tuple[str, ...]) -> tuple[Any, ...]:
    if not re.fullmatch(r"[A-Z]{2}", country):
        return ()
    return tuple(rule for name in names if (rule := get_cc_module(country.lower(), name)) is not None)
