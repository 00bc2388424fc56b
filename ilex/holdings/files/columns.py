"""What the columns of a table hold, as a mapping file says it, or as their own names do.

kind = "person"                 # of every row that has no column for it
dates = "day-month-year"        # how dates are written; without it year-month-day
separator = ";"                 # parts several values of one cell; "" for none
encoding = "windows-1251"       # of a CSV that is not UTF-8

[columns]
"Број" = "id"
"Презиме" = "family"
"Пасош" = "id:document"
"Напомена" = "-"                # is left out

[values.sex]
"ж" = "f"
"""

from __future__ import annotations

import codecs
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from django.utils.translation import gettext as _

from ilex.holdings.errors import FileRefused
from ilex.holdings.files.bounds import LONGEST_KEY, MORE_CELLS, NO_KIND, TOO_LONG, Bad, text
from ilex.holdings.files.said import Said
from ilex.holdings.keying import NUMBERS
from ilex.holdings.packing import pack
from ilex.matching.facts import Facts
from ilex.words import identifiers

LEFT_OUT = "-"
MOST_COLUMNS = 200
ORDERS = ("", "year-month-day", "day-month-year", "month-day-year")
PLAIN = ("name", "weak", "given", "second", "father", "family", "born", "country", "sex", "place")
UNSPLIT = {"place"}  # a semicolon may stand in these
# Words that tables use as well.
SAME = {
    **dict.fromkeys(("names", "full name", "fullname", "caption"), "name"),
    **dict.fromkeys(("alias", "aliases", "alt_names", "also known as"), "name"),
    **dict.fromkeys(("nickname", "weak_alias", "weakalias"), "weak"),
    **dict.fromkeys(("first name", "firstname", "forename", "given name"), "given"),
    **dict.fromkeys(("last name", "lastname", "surname", "family name"), "family"),
    **dict.fromkeys(("birth date", "birthdate", "birth_date", "date of birth", "dob", "founded"), "born"),
    **dict.fromkeys(("countries", "nationality", "citizenship"), "country"),
    **dict.fromkeys(("gender",), "sex"),
    **dict.fromkeys(("address", "addresses", "birth place", "birthplace", "place of birth"), "place"),
    **dict.fromkeys(("passport", "document"), "id:document"),
    **dict.fromkeys(("type", "schema"), "kind"),
    **dict.fromkeys(("key", "number"), "id"),
}


@dataclass(frozen=True)
class Mapped:
    """A mapping file as it was read."""

    kind: str = "person"
    dates: str = ""
    separator: str = ";"
    encoding: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Columns:
    """The meaning of each column of one table: header and field, None for one that is left out."""

    mapped: Mapped
    fields: tuple[tuple[str, str] | None, ...]


def mapped(content: str) -> Mapped:
    """A mapping file. Raises FileRefused with what is wrong in it."""
    try:
        said = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise FileRefused(_("The mapping file is not TOML: %(why)s.") % {"why": error}) from None
    unknown = said.keys() - Mapped.__dataclass_fields__.keys()
    if unknown:
        raise FileRefused(_("The mapping file has no place for “%(name)s”.") % {"name": sorted(unknown)[0]})
    found = Mapped(**{name: _checked(name, value) for name, value in said.items()})
    if found.kind not in NUMBERS:
        raise FileRefused(_("The mapping file: there is no kind “%(name)s”.") % {"name": found.kind})
    if found.dates not in ORDERS:
        raise FileRefused(_("The mapping file: write dates as one of %(names)s.") % {"names": ", ".join(ORDERS[1:])})
    if found.encoding:
        _check_encoding(found.encoding)
    for header, meant in found.columns.items():
        if not _known(meant):
            names = {"header": header, "name": meant}
            raise FileRefused(_("The mapping file: “%(header)s” cannot be “%(name)s”.") % names)
    return found


def _checked(name: str, value: Any) -> Any:
    if name == "columns":
        fits = isinstance(value, dict) and all(isinstance(one, str) for one in value.values())
    elif name == "values":
        fits = isinstance(value, dict) and all(
            isinstance(table, dict) and all(isinstance(one, str) for one in table.values()) for table in value.values()
        )
    else:
        fits = isinstance(value, str)
    if not fits:
        raise FileRefused(_("The mapping file: “%(name)s” is not of the right form.") % {"name": name})
    if name == "values":
        return {field: {key.casefold(): one for key, one in table.items()} for field, table in value.items()}
    return value


def _check_encoding(name: str) -> None:
    try:
        codecs.lookup(name)
    except LookupError:
        raise FileRefused(_("The mapping file: there is no encoding “%(name)s”.") % {"name": name}) from None


def _known(meant: str) -> bool:
    return meant in (LEFT_OUT, "id", "kind", *PLAIN) or (meant.startswith("id:") and meant[3:] in identifiers.TYPES)


def columns(header: Sequence[str], mapped: Mapped) -> Columns:
    """Raises FileRefused that names every column of which nobody said what it holds."""
    names = [" ".join(cell.split()) for cell in header]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise FileRefused(_("The first row must hold the names of the columns."))
    if len(names) > MOST_COLUMNS:
        raise FileRefused(_("The file has more than %(limit)d columns.") % {"limit": MOST_COLUMNS})
    meant = [_meaning(name, mapped) for name in names]
    unknown = [f"“{name[:60]}”" for name, one in zip(names, meant, strict=True) if not one]
    if unknown:
        told = {"names": ", ".join(unknown[:10]), "known": ", ".join(("id", "kind", *PLAIN, "id:document"))}
        raise FileRefused(
            _("Nobody said what these columns hold: %(names)s. Write it in a mapping file: %(known)s, or “-”.") % told
        )
    if meant.count("id") > 1:
        raise FileRefused(_("The column of the id stands twice."))
    if set(meant) <= {LEFT_OUT, "id", "kind"}:
        raise FileRefused(_("No column holds a name or a number by which a record could be found."))
    fields = [(name, one) if one != LEFT_OUT else None for name, one in zip(names, meant, strict=True)]
    return Columns(mapped, tuple(fields))


def _meaning(name: str, mapped: Mapped) -> str:
    if name in mapped.columns:
        return mapped.columns[name]
    plain = SAME.get(name.casefold(), name.casefold())
    return plain if _known(plain) else ""


def read(cells: Sequence[str], columns: Columns) -> tuple[str, Facts] | None:
    """Id and facts of one row; nothing for an empty one. Raises Bad."""
    if len(cells) > len(columns.fields) and any(cell.strip() for cell in cells[len(columns.fields) :]):
        raise Bad("", MORE_CELLS)
    mapped, key, said = columns.mapped, "", Said(columns.mapped.kind)
    filled = False
    for meant, cell in zip(columns.fields, cells, strict=False):
        if meant is None or not cell:
            continue
        header, field = meant
        value = text(cell, header)
        if not value:
            continue
        filled = True
        if field == "id":
            key = _key(value, header)
            continue
        several = mapped.separator and mapped.separator in value and field not in UNSPLIT
        for one in value.split(mapped.separator) if several else (value,):
            _add(said, field, one.strip(), header, mapped)
    if not filled:
        return None
    facts = said.facts()
    return key or _own_key(facts), facts


def _add(said: Said, field: str, value: str, header: str, mapped: Mapped) -> None:
    value = mapped.values.get(field, {}).get(value.casefold(), value)
    if field == "kind":
        code = value.lower()
        if code not in NUMBERS:
            raise Bad(header, NO_KIND)
        said.kind = code
    else:
        said.add(field, value, header, mapped.dates)


def _key(value: str, header: str) -> str:
    if len(value) > LONGEST_KEY:
        raise Bad(header, TOO_LONG, limit=LONGEST_KEY)
    return value


def _own_key(facts: Facts) -> str:
    """Of a row without an id: made of what it says, so that a reload knows it again."""
    return f"~{blake2b(pack(facts).encode('utf-8', 'surrogatepass'), digest_size=12).hexdigest()}"


def known_key(cells: Sequence[str], columns: Columns) -> str:
    """The id of a row that was refused, where it can be read."""
    for meant, cell in zip(columns.fields, cells, strict=False):
        if meant is not None and meant[1] == "id" and 0 < len(cell.strip()) <= LONGEST_KEY:
            return cell.strip()
    return ""
