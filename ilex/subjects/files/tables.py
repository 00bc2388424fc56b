"""Tables of subjects, whether they come as CSV or XLSX: a header row, then rows.

In a wide table a row is a subject and a column a property. In a long one a row is a statement, with the columns `id`,
`property` and `value` and whatever else is known of it: that is how Ilex writes, and nothing is lost. In both a link
is a property called `link:` and its kind, with the id of the other subject.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.utils.translation import gettext as _

from ilex.subjects.files import own
from ilex.subjects.files.entries import (
    LONGEST_KEY,
    MOST_VALUES,
    Bad,
    Drawn,
    DrawnLink,
    Entries,
    Entry,
    Fault,
    FileRefused,
    Line,
    text,
)
from ilex.subjects.rules import Evaluation
from ilex.words import kinds
from ilex.words.entries import LawError
from ilex.words.kinds import Kind, Property

Row = tuple[int, Sequence[str] | Fault]  # its number in the file, and its cells or why it cannot be read

HEAD = ("id", "kind", "category", "language")
LONG = ("id", "kind", "category", "property", "value", "name_kind", "language", "other", *own.EVALUATION)
EMPTY = dict.fromkeys(LONG, "")
LINK = "link:"
LEFT_OUT = "-"
REMEMBERED = 1_000  # words of a table, or evaluations
MOST_COLUMNS = 200
ROLE = 200
UNSPLIT = {"long", "address", "text", "url"}  # a semicolon may stand in these; elsewhere it parts two values


@dataclass(frozen=True)
class Columns:
    """How a table is to be understood where its header does not say it."""

    kind: str = ""  # of every row that names none
    category: str = ""
    meaning: Mapping[str, str] = field(default_factory=dict)  # of a header: a property, `name:alias`, or `-`
    stem: str = "row"  # begins the key of a row that has no id


@dataclass(frozen=True)
class _Wide:
    """What a column of a wide table holds."""

    header: str
    property: str
    name_kind: str = ""
    is_head: bool = False
    link: str = ""  # the kind, where it holds the other ends of links


@dataclass(frozen=True, slots=True)
class _Way:
    """How what stands in a cell is said of subjects of one kind."""

    property: Property
    splits: bool
    labels: Mapping[str, str]  # the codes of choices by their English labels

    def choice(self, value: str) -> str:
        """A choice by its code or its English label."""
        return self.labels.get(value.casefold(), value) if self.labels else value


class _Lexicon:
    """What the words of one table mean; each is looked up once."""

    def __init__(self) -> None:
        self.kind = lru_cache(maxsize=REMEMBERED)(_kind)
        self.evaluation = lru_cache(maxsize=REMEMBERED)(_evaluation)
        self._ways: dict[tuple[str, str], _Way] = {}

    def way(self, kind: Kind, name: str) -> _Way | None:
        """None for a field that such a subject has not."""
        known = self._ways.get((kind.code, name))
        if known is None and name in kind.properties:
            prop = kind.properties[name]
            labels = {choice.label.casefold(): choice.code for choice in prop.choices}
            known = self._ways[kind.code, name] = _Way(prop, prop.many and prop.type not in UNSPLIT, labels)
        return known


def read(rows: Iterator[Row], columns: Columns) -> Entries:
    """Every subject and link of the table. Raises FileRefused when its header cannot be understood."""
    first = next(rows, None)
    if first is None:
        raise FileRefused(_("The file is empty."))
    number, header = first
    if isinstance(header, Fault):
        raise FileRefused(header.reason)
    names = _header(header)
    if {"id", "property", "value"} <= {name.lower() for name in names}:
        yield from _long([name.lower() for name in names], rows, columns)
    else:
        yield from _wide(_meanings(number, names, columns), rows, columns)


def _header(cells: Sequence[str]) -> list[str]:
    names = [" ".join(cell.split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise FileRefused(_("The first row must hold the names of the columns."))
    if len(names) > MOST_COLUMNS:
        raise FileRefused(_("The file has more than %(limit)d columns.") % {"limit": MOST_COLUMNS})
    return names


def _meanings(row: int, names: Sequence[str], columns: Columns) -> list[_Wide | None]:
    """What each column holds; None for one that is left out. Raises FileRefused that names all unknown ones."""
    found = [_meaning(name, columns) for name in names]
    unknown = [name[:60] for name, one in zip(names, found, strict=True) if one == LEFT_OUT]
    if unknown:
        listed = ", ".join(f"“{name}”" for name in unknown[:10])
        raise FileRefused(
            _("Row %(row)d: nobody said what these columns hold: %(names)s.") % {"row": row, "names": listed}
        )
    head = [one.property for one in found if isinstance(one, _Wide) and one.is_head]
    if len(head) != len(set(head)):
        raise FileRefused(_("Row %(row)d: a column stands twice.") % {"row": row})
    return [one if isinstance(one, _Wide) else None for one in found]


def _meaning(name: str, columns: Columns) -> _Wide | str | None:
    """The column; None when it is to be left out, `-` when nobody knows it."""
    said = columns.meaning.get(name, name)
    if said == LEFT_OUT:
        return None
    if said.startswith(LINK):
        return _Wide(name, said, link=said[len(LINK) :])
    if said.lower() in HEAD:
        return _Wide(name, said.lower(), is_head=True)
    code, _colon, name_kind = said.partition(":")
    codes = _codes(columns)
    code = codes.get(code.casefold(), "")
    fits = not name_kind or name_kind in {line.code for line in kinds.name_kinds()}
    return _Wide(name, code, name_kind) if code and fits else LEFT_OUT


def _codes(columns: Columns) -> dict[str, str]:
    """The properties by their codes and English labels, of the kind that is named or of all."""
    chosen = [kinds.kind(columns.kind)] if columns.kind else kinds.kinds()
    labels = {one.label.casefold(): one.code for kind in chosen for one in kind.properties.values()}
    return labels | {one.code: one.code for kind in chosen for one in kind.properties.values()}


def _wide(meanings: Sequence[_Wide | None], rows: Iterator[Row], columns: Columns) -> Entries:
    lexicon = _Lexicon()
    for number, cells in rows:
        try:
            yield from _wide_row(number, _cells(number, cells, len(meanings)), meanings, columns, lexicon)
        except Bad as bad:
            yield Fault(number, bad.column, bad.reason)


def _cells(number: int, cells: Sequence[str] | Fault, wide: int) -> Sequence[str]:
    if isinstance(cells, Fault):
        raise Bad(cells.column, cells.reason)
    if len(cells) > wide and any(cell.strip() for cell in cells[wide:]):
        raise Bad("", _("The row has more cells than the header."))
    return cells


def _wide_row(
    number: int, cells: Sequence[str], meanings: Sequence[_Wide | None], columns: Columns, lexicon: _Lexicon
) -> Iterable[Entry]:
    filled = [
        (one, value)
        for one, cell in zip(meanings, cells, strict=False)
        if cell and one and (value := text(cell, one.header))
    ]
    if not filled:
        return ()
    head = {one.property: value for one, value in filled if one.is_head}
    kind = lexicon.kind(head.get("kind", columns.kind), "kind")
    category = head.get("category", columns.category) if kind.categorised else head.get("category", "")
    drawn = Drawn(number, _key(head.get("id", f"{columns.stem}-{number}"), "id"), kind.code, category)
    links: list[DrawnLink] = []
    for one, value in filled:
        if one.link:
            others = (_key(part, one.header) for part in value.split(";") if part.strip())
            links += [DrawnLink(number, one.link, drawn.key, to, column=one.header) for to in others]
        elif not one.is_head:
            drawn.lines += _said(lexicon.way(kind, one.property), one, value, head.get("language", ""))
    if len(drawn.lines) > MOST_VALUES:
        raise Bad("", _("Write at most %(limit)d statements at once.") % {"limit": MOST_VALUES})
    return (drawn, *links)


def _said(way: _Way | None, one: _Wide, value: str, language: str) -> list[Line]:
    if way is None:
        raise Bad(one.header, _("A subject of this kind has no such field."))
    parts = [part.strip() for part in value.split(";")] if way.splits and ";" in value else [value]
    name_kind, spoken = (one.name_kind, language) if way.property.is_name else ("", "")
    return [Line(one.property, way.choice(part), one.header, name_kind, spoken) for part in parts if part]


def _long(names: Sequence[str], rows: Iterator[Row], columns: Columns) -> Entries:
    """The rows of one subject stand together."""
    unknown = [name[:60] for name in names if name not in LONG]
    if unknown or len(names) != len(set(names)):
        listed = ", ".join(f"“{name}”" for name in unknown[:10]) or _("a column stands twice")
        raise FileRefused(_("Nobody knows these columns: %(names)s.") % {"names": listed})
    drawn: Drawn | None = None
    lexicon = _Lexicon()
    for number, cells in rows:
        try:
            said = _named(names, _cells(number, cells, len(names)))
            if not said:
                continue
            if said["property"].startswith(LINK):
                yield _long_link(number, said, lexicon)
                continue
            if drawn is None or drawn.key != said["id"]:
                if drawn is not None:
                    yield drawn
                drawn = None  # what is wrong with its head is wrong with the row
                drawn = _long_head(number, said, columns, lexicon)
            if len(drawn.lines) >= MOST_VALUES:
                raise Bad("", _("Write at most %(limit)d statements at once.") % {"limit": MOST_VALUES})
            drawn.lines.append(_long_line(drawn, said, lexicon))
        except Bad as bad:
            yield Fault(number, bad.column, bad.reason)
    if drawn is not None:
        yield drawn


def _named(names: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """The row by its columns; nothing for an empty one."""
    filled = {name: text(cell, name) for name, cell in zip(names, cells, strict=False) if cell}
    if not any(filled.values()):
        return {}
    said = EMPTY | filled
    said["id"] = _key(said["id"], "id")
    return said


def _long_head(number: int, said: Mapping[str, str], columns: Columns, lexicon: _Lexicon) -> Drawn:
    kind = lexicon.kind(said["kind"] or columns.kind, "kind")
    category = said["category"] or (columns.category if kind.categorised else "")
    return Drawn(number, said["id"], kind.code, category)


def _long_line(drawn: Drawn, said: Mapping[str, str], lexicon: _Lexicon) -> Line:
    if said["kind"] not in ("", drawn.kind) or said["category"] not in ("", drawn.category):
        raise Bad("kind", _("The rows of one subject say different things of its kind."))
    evaluation = lexicon.evaluation(*(said[name] for name in own.EVALUATION))
    way = lexicon.way(lexicon.kind(drawn.kind, "kind"), said["property"])
    value = way.choice(said["value"]) if way else said["value"]
    return Line(
        said["property"], value, said["property"] or "property", said["name_kind"], said["language"], evaluation
    )


def _evaluation(*said: str) -> Evaluation:
    return own.evaluation(dict(zip(own.EVALUATION, said, strict=True)))


def _long_link(number: int, said: Mapping[str, str], lexicon: _Lexicon) -> DrawnLink:
    evaluation = lexicon.evaluation(*(said[name] for name in own.EVALUATION))
    kind, other = said["property"][len(LINK) :], _key(said["other"], "other")
    if len(said["value"]) > ROLE:
        raise Bad("value", _("The text is longer than %(limit)d characters.") % {"limit": ROLE})
    return DrawnLink(number, kind, said["id"], other, said["value"], evaluation, column="property")


def _key(value: str, column: str) -> str:
    value = value.strip()
    if not 0 < len(value) <= LONGEST_KEY:
        raise Bad(column, _("It needs an id of at most %(limit)d characters.") % {"limit": LONGEST_KEY})
    return value


def _kind(said: str, column: str) -> Kind:
    """By its code or its English label."""
    code = {kind.label.casefold(): kind.code for kind in kinds.kinds()}.get(said.casefold(), said)
    try:
        return kinds.kind(code)
    except LawError:
        raise Bad(column, _("There is no such kind of subject.")) from None


def written(drawn: Drawn) -> Iterator[list[str]]:
    """The rows of a long table that say all of a subject."""
    for line in drawn.lines:
        said = own.evaluated(line.evaluation)
        said |= {"id": drawn.key, "kind": drawn.kind, "category": drawn.category, "property": line.property}
        said |= {"value": line.value, "name_kind": line.name_kind, "language": line.language}
        yield [said.get(name, "") for name in LONG]


def written_link(link: DrawnLink) -> list[str]:
    said = own.evaluated(link.evaluation)
    said |= {"id": link.one, "property": f"{LINK}{link.kind}", "value": link.role, "other": link.other}
    return [said.get(name, "") for name in LONG]
