"""Make the shipped name lists anew from their sources. Only for maintainers: `python -m evaluation.gather FOLDER`.

FOLDER holds the files of the sources as evaluation/README.md names them. The result does not depend on anything else.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib
import json
import sqlite3
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from evaluation.romanise import NATIVE, cyrillic, table

NAMES = Path(__file__).parent / "names"

# Lists of names of one country in the package Faker: its folder, and how a sex is called there.
LOCALES = table(
    "MK=mk_MK BG=bg_BG UA=uk_UA RU=ru_RU GE=ka_GE AM=hy_AM GR=el_GR IL=he_IL SA=ar_AA IR=fa_IR AZ=az_AZ HR=hr_HR"
    " TR=tr_TR RO=ro_RO HU=hu_HU PL=pl_PL CZ=cs_CZ SK=sk_SK SI=sl_SI DE=de_DE AT=de_AT FR=fr_FR IT=it_IT ES=es_ES"
    " PT=pt_PT NL=nl_NL SE=sv_SE LT=lt_LT LV=lv_LV EE=et_EE GB=en_GB UZ=uz_UZ VN=vi_VN NG=yo_NG PK=en_PK IN=en_IN"
    " BR=pt_BR FI=fi_FI DK=da_DK NO=no_NO DZ=fr_DZ"
)
# The same in the package @faker-js/faker, its definitions of persons written out as JSON by locale.
LOCALES_JS = table(
    "MK=mk GE=ka_GE AM=hy GR=el IL=he UA=uk RU=ru RO=ro MD=ro_MD HR=hr IQ=ku_ckb IR=fa SA=ar TR=tr SK=sk CZ=cs_CZ PL=pl"
    " AZ=az RS=sr_RS_latin UZ=uz_UZ_latin"
)

# Very wide classes of consonants: only to throw out what cannot be a pair.
CLASSES = (
    "bpвбпبپ",
    "fvwфвوفڤ",
    "tdтдتدطضةث",
    "kgqhcxкгхжكقغخجحهگچ",
    "szcjxtсзцчшщжصسزشجظذچژثت",
    "lлلŁł",
    "mnмнмنم",
    "rрرغ",
)
CONSONANTS = {letter: str(number) for number, letters in reversed(list(enumerate(CLASSES))) for letter in letters}

Row = tuple[str, str, str, str, str]  # country, given or family, sex, as written at home, attested Latin spellings


def main(folder: Path) -> None:
    NAMES.mkdir(exist_ok=True)
    _write("lists", _unique([*_popular(folder), *_shuffled([*_faker(folder), *_faker_js(folder)])]))
    for code in ("ru", "ar"):
        _write(f"tokens_{code}", _tokens(folder, code))
    _write("people_he", _people(folder))
    _write("people_ar", _people_arabic(folder))
    _write("ukrainian", _ukrainian(folder))


def _popular(folder: Path) -> Iterator[Row]:
    for row in _json(folder / "popular.jsonl.gz"):
        local, roman = _clean(row["local"]), _clean(row["roman"])
        marks = row["group"].split("-")
        sex = {"M": "m", "F": "f"}.get(marks[3], "") if row["kind"] == "given" and len(marks) > 3 else ""
        if local or roman:
            yield row["country"], row["kind"], sex, local or roman, roman if local and roman != local else ""


def _faker(folder: Path) -> Iterator[Row]:
    sys.path.insert(0, str(folder / "faker"))
    for country, locale in LOCALES.items():
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for kind, sex, attributes in (
            ("given", "m", ("first_names_male",)),
            ("given", "f", ("first_names_female",)),
            ("given", "", ("first_names_unisex",)),
            ("family", "m", ("last_names_male",)),
            ("family", "f", ("last_names_female",)),
            ("family", "", ("last_names", "last_names_unisex")),
            ("patronymic", "m", ("middle_names_male",)),
            ("patronymic", "f", ("middle_names_female",)),
        ):
            for attribute in attributes:
                for name in dict.fromkeys(vars(provider).get(attribute, ())):
                    yield country, kind, sex, _clean(name), ""


def _faker_js(folder: Path) -> Iterator[Row]:
    everything = json.loads((folder / "fakerjs.json").read_text(encoding="utf-8"))
    fields = {"first_name": "given", "last_name": "family"}
    for country, locale in LOCALES_JS.items():
        for field, kind in fields.items():
            for sex, listed in everything[locale].get(field, {}).items():
                for name in dict.fromkeys(listed or ()):
                    mark = {"male": "m", "female": "f"}.get(sex, "")
                    yield (country, kind, mark, *(_serbian(_clean(name)) if country == "RS" else (_clean(name), "")))


def _shuffled(rows: list[Row]) -> list[Row]:
    """These lists are sorted by letters, and their order would say that names in A are the commonest."""
    return sorted(rows, key=lambda row: hashlib.sha256("|".join(row).encode()).digest())


def _serbian(name: str) -> tuple[str, str]:
    """Serbian is written in two alphabets of one law: its Latin list is a Cyrillic one as well."""
    return cyrillic(name), name


def _unique(rows: Iterable[Row]) -> Iterator[Row]:
    """Each name of a country once; a family name that both sexes bear loses the mark of the one."""
    known: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        known[row[0], row[1], row[3]].append(row)
    for same in known.values():
        country, kind, _, native, _ = same[0]
        sexes = {row[2] for row in same} - {""}
        latin = "|".join(dict.fromkeys(row[4] for row in same if row[4]))
        if country in NATIVE and native.isascii():
            continue  # a Latin spelling whose letters at home the source does not know
        if native and all(letter.isalpha() or letter in " -'’`." for letter in native):
            yield country, kind, sexes.pop() if len(sexes) == 1 else "", native, latin


def _tokens(folder: Path, code: str) -> Iterator[tuple[str, str]]:
    """Words of names, each with every Latin spelling of it that is attested, the most frequent first."""
    spelled: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for row in _json(folder / f"net_{code}.jsonl.gz"):
        native, latin = _clean(row["other"]), _clean(row["latin"])
        if _alike(native, latin):
            spelled[native].append((-row["n"], latin))
    for native in sorted(spelled):
        yield native, "|".join(latin for _, latin in sorted(spelled[native]))


def _alike(native: str, latin: str) -> bool:
    """Whether two spellings can be one word at all: the source paired some by their place only (mishal for الله)."""
    one, other = (_consonants(text) for text in (native, latin))
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= 0.5


def _consonants(text: str) -> str:
    bare = unicodedata.normalize("NFD", text.lower())
    return "".join(CONSONANTS.get(letter, "") for letter in bare)


def _people(folder: Path) -> Iterator[tuple[str, str]]:
    """Every fourth of the 68,000: more would not say more."""
    rows = sorted((_clean(row["other"]), _clean(row["latin"])) for row in _json(folder / "net_he.jsonl.gz"))
    return (row for number, row in enumerate(rows) if number % 4 == 0 and " " in row[0] and " " in row[1])


def _people_arabic(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Whole names of Wikidata's people in Arabic letters with each Latin spelling; every fourth of the 75,000."""
    people: dict[str, dict[str, str]] = defaultdict(dict)
    with sqlite3.connect(folder / "arabic_names.sqlite3") as names:
        for native, latin, country in names.execute(
            "SELECT arabic_key, latin, country FROM full_names WHERE source = 'wikidata'"
            " ORDER BY arabic_key, -count, latin"
        ):
            if " " in native and " " in latin and latin.upper() != latin:
                people[_clean(native)].setdefault(_clean(latin), country)
    for number, (native, spelled) in enumerate(sorted(people.items())):
        if number % 4 == 0:
            yield native, "|".join(spelled), min(spelled.values())


def _ukrainian(folder: Path) -> Iterator[tuple[str, str, str]]:
    """Ukrainian names and what they are in Russian papers, where the two differ in more than a letter's shape."""
    sys.path.insert(0, str(folder / "names_translator"))
    dictionaries = importlib.import_module("names_translator.dicts").default_dicts()
    for kind, pool, nth in (("given", "first", 3), ("family", "last", 8), ("patronymic", "patronymic", 12)):
        pairs = sorted((native, found[0]) for native, found in dictionaries.as_dict(pool).items() if len(found) == 1)
        for number, (native, russian) in enumerate(pairs):
            if number % nth == 0 and len(native) > 2:
                yield kind, native.title().replace("'", "’"), russian


def _json(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _clean(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _write(name: str, rows: Iterable[tuple[str, ...]]) -> None:
    text = "".join("\t".join(row) + "\n" for row in rows)
    # No time and no name in the head: the same rows are the same file.
    (NAMES / f"{name}.tsv.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
