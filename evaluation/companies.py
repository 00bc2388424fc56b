"""Organisations: a name of words, with the legal form of a country, as two files write it."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from evaluation import persons
from evaluation.romanise import NATIVE, latin, plain
from ilex.matching.facts import Facts

if TYPE_CHECKING:
    from evaluation.build import EvaluationSet

# One legal form as it stands in the registers at home, its letters in Latin, and its English name. From the laws.
FORMS = {
    "BG": (("ООД", "OOD", "Ltd"), ("АД", "AD", "JSC"), ("ЕООД", "EOOD", "Ltd.")),
    "RS": (("д.о.о.", "d.o.o.", "DOO"), ("а.д.", "a.d.", "AD")),
    "MK": (("ДООЕЛ", "DOOEL", "Dooel"), ("ДОО", "DOO", "Ltd")),
    "UA": (("ТОВ", "TOV", "LLC"), ("ПАТ", "PAT", "PJSC")),
    "RU": (("ООО", "OOO", "LLC"), ("ЗАО", "ZAO", "CJSC"), ("ОАО", "OAO", "OJSC")),
    "GE": (("შპს", "SHPS", "LLC"), ("სს", "SS", "JSC")),
    "AM": (("ՍՊԸ", "SPY", "LLC"), ("ՓԲԸ", "PBY", "CJSC")),
    "GR": (("Α.Ε.", "A.E.", "S.A."), ("ΕΠΕ", "EPE", "Ltd")),
    "RO": (("S.R.L.", "SRL", "Ltd"), ("S.A.", "SA", "S.A.")),
    "MD": (("S.R.L.", "SRL", "Ltd"), ("S.A.", "SA", "JSC")),
    "HU": (("Kft.", "Kft", "Ltd"), ("Zrt.", "ZRt", "PLC")),
    "AL": (("Sh.p.k.", "SHPK", "Ltd"), ("Sh.a.", "SHA", "JSC")),
    "TR": (("Ltd. Şti.", "Limited Şirketi", "Ltd"), ("A.Ş.", "Anonim Sirketi", "JSC")),
    "DE": (("GmbH", "G.m.b.H.", "GmbH"), ("AG", "Aktiengesellschaft", "AG")),
    "HR": (("d.o.o.", "DOO", "Ltd"), ("d.d.", "DD", "PLC")),
}
BEFORE = {"UA", "RU", "GE"}  # the form stands in front
TRADES = {
    "balk": (
        "Транс",
        "Инвест",
        "Комерц",
        "Агро",
        "Метал",
        "Експорт",
        "Импекс",
        "Логистика",
        "Консулт",
        "Петрол",
        "Градња",
    ),
    "cyrl": (
        "Транс",
        "Инвест",
        "Строй",
        "Комерц",
        "Агро",
        "Метал",
        "Експорт",
        "Импекс",
        "Логистика",
        "Консулт",
        "Петрол",
    ),
    "grek": ("Τρανς", "Αγρο", "Μεταλ", "Ινβεστ", "Λογιστικα"),
    "geor": ("ტრანსი", "ინვესტი", "აგრო", "ლოჯისტიკი", "ექსპორტი"),
    "armn": ("Տրանս", "Ինվեստ", "Ագրո", "Մետալ", "Լոգիստիկ"),
    "latn": (
        "Trans",
        "Invest",
        "Agro",
        "Komerc",
        "Metal",
        "Export",
        "Impex",
        "Logistics",
        "Consult",
        "Petrol",
        "Group",
    ),
}
TRADE_SCRIPT = {
    "BG": "cyrl",
    "RS": "balk",
    "MK": "balk",
    "UA": "cyrl",
    "RU": "cyrl",
    "GE": "geor",
    "AM": "armn",
    "GR": "grek",
}


def present(made: EvaluationSet, key: str, chance: random.Random) -> None:
    """A company on file, near misses, and the query for it; every tenth is asked for in vain."""
    from evaluation.build import Query

    country = chance.choice(sorted(FORMS))
    core, form = _core(country, chance), chance.choice(FORMS[country])
    held, asked = _named(core, form[0], country), _asked(core, form, country, chance)
    if chance.random() < 0.5:
        held, asked = asked, held
    absent = chance.random() < 0.1
    if not absent:
        made.planted.append((key, _facts(held, country, chance)))
    for number in range(chance.choice((0, 1, 2))):
        near = [*core[:-1], chance.choice(TRADES[TRADE_SCRIPT.get(country, "latn")])]
        if near != core:
            made.planted.append((f"{key}-near-{number}", _facts(_named(near, form[0], country), country, chance)))
    facts = Facts(kind="organisation", names=(asked,), countries=(country,))
    strata = ("absent organisation",) if absent else ("organisation", "by rule")
    made.queries.append(Query(f"q-{key}", facts, "" if absent else key, strata))


def filler(chance: random.Random) -> Facts:
    country = chance.choice(sorted(FORMS))
    form = chance.choice(FORMS[country])
    return _facts(_named(_core(country, chance), form[0], country), country, chance)


def _facts(name: str, country: str, chance: random.Random) -> Facts:
    born = (str(chance.randrange(1990, 2026)),) if chance.random() < 0.5 else ()
    return Facts(kind="organisation", names=(name,), born=born, countries=(country,))


def _core(country: str, chance: random.Random) -> list[str]:
    given, family, _ = persons.namesake_words(country, "m", chance)
    words = [chance.choice((given, family)).native]
    if chance.random() < 0.3:
        words.append(str(chance.choice((1, 2, 7, 21, 99, 2000, 2005))))
    return [*words, chance.choice(TRADES[TRADE_SCRIPT.get(country, "latn")])]


def _named(core: list[str], form: str, country: str) -> str:
    return " ".join([form, *core] if country in BEFORE else [*core, form])


def _asked(core: list[str], form: tuple[str, str, str], country: str, chance: random.Random) -> str:
    """In Latin letters, with the form as the other side writes it, or without one."""
    text = " ".join(core)
    text = latin(text, NATIVE[country]) if country in NATIVE else plain(text) if chance.random() < 0.5 else text
    spelled = chance.choice((form[1], form[2], ""))
    name = " ".join([spelled, text] if country in BEFORE and spelled == form[1] else [text, spelled]).strip()
    return name.upper() if chance.random() < 0.3 else name
