"""What was asked beside what is held, field by field, as a page shows it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ilex.crosscheck import sentences
from ilex.crosscheck.models import Hit
from ilex.crosscheck.sentences import Strength
from ilex.matching.facts import Facts
from ilex.matching.reasons import PartPair, Reason
from ilex.words import kinds
from ilex.words.entries import LawError
from ilex.words.scripts import to_latin

FIELDS = ("kind", "name", "born", "sex", "country", "place")


@dataclass(frozen=True)
class Value:
    text: str
    latin: str = ""
    weak: bool = False  # an alias of low worth
    ours: bool = False  # a word of this page, in the reader's language: nobody wrote it
    echoed: bool = False  # its Latin letters stand beside it, as another value


@dataclass(frozen=True)
class Pair:
    """Two words of the names that answer each other."""

    asked: str
    held: str
    words: str
    against: bool


@dataclass(frozen=True)
class Line:
    label: str
    asked: tuple[Value, ...]
    held: tuple[Value, ...]
    says: str = ""  # empty: the field speaks neither for nor against
    strength: Strength | None = None
    pairs: tuple[Pair, ...] = ()
    is_name: bool = False


class Beside:
    """One hit for the page: the sentence, the lines, the words for its score; `source` and `page` of what is held."""

    def __init__(self, hit: Hit, *, source: str = "", page: str = "", asked_where: str = "") -> None:
        self.hit, self.source, self.page, self.asked_where = hit, source, page, asked_where
        self.reasons = hit.shown_reasons
        self.score_words = sentences.score_words(hit.score, strong=hit.strong)
        self.share_words = sentences.share_words(hit.score)
        self.common_words = sentences.common_words(hit.common)

    @cached_property
    def summary(self) -> SafeString:
        return sentences.summary(self.reasons)

    @cached_property
    def lines(self) -> list[Line]:
        return lines(self.hit.asked, self.hit.held, self.reasons)

    @property
    def handling(self) -> str:
        """Of the source, or of the request in which the other end stands."""
        return self.hit.held_request.handling if self.hit.held_request else self.hit.handling

    @cached_property
    def facts_words(self) -> str:
        """What else the record says, in one line: "1985-03-12 · RS · Niš"."""
        held = self.hit.held
        countries = [code.upper() for code in held.countries[:2]]
        return " · ".join((*held.born[:1], *countries, *held.places[:1]))


def lines(asked: Facts, held: Facts, reasons: Iterable[Reason]) -> list[Line]:
    """Each field that one of them has, the name first; then what the comparison says of it."""
    said = {reason.field: reason for reason in reasons}
    left, right = _fields(asked), _fields(held)
    order = [*FIELDS, *sorted({*left, *right, *said} - set(FIELDS))]
    # Of the kind only a contradiction is worth a line.
    shown = [field for field in order if field in said or (field != "kind" and (field in left or field in right))]
    return [_line(field, left.get(field, ()), right.get(field, ()), said.get(field)) for field in shown]


def _line(field: str, asked: tuple[Value, ...], held: tuple[Value, ...], reason: Reason | None) -> Line:
    label, is_name = sentences.field_name(field), field == "name"
    if is_name and reason:  # the two that were compared stand first
        asked, held = _first(asked, reason.asked, reason.asked_latin), _first(held, reason.held, reason.held_latin)
    asked, held = _with_echoes(asked), _with_echoes(held)
    if reason is None:
        return Line(label, asked, held, is_name=is_name)
    pairs = tuple(_pair(pair) for pair in reason.parts) if _odd(reason.parts) else ()
    return Line(label, asked, held, sentences.short(reason), sentences.strength(reason.weight), pairs, is_name)


def _odd(parts: Sequence[PartPair]) -> bool:
    return any(pair.code != "same" for pair in parts)


def _pair(pair: PartPair) -> Pair:
    return Pair(pair.asked, pair.held, sentences.part_words(pair), pair.weight < 0)


def _first(values: tuple[Value, ...], text: str, latin: str) -> tuple[Value, ...]:
    if not text:
        return values
    weak = any(one.weak for one in values if one.text == text)
    return (Value(text, latin, weak), *(one for one in values if one.text != text))


def _with_echoes(values: tuple[Value, ...]) -> tuple[Value, ...]:
    """Many who ask write a name in both scripts: then nobody needs to read the Latin one twice."""
    written = {one.text.casefold() for one in values}
    return tuple(replace(one, echoed=to_latin(one.text).casefold() in written) for one in values)


def _fields(facts: Facts) -> dict[str, tuple[Value, ...]]:
    found = {
        "kind": (Value(kind_words(facts.kind), ours=True),) if facts.kind else (),
        "name": tuple(map(Value, facts.names)) + tuple(Value(one, weak=True) for one in facts.weak_names),
        "born": tuple(map(Value, facts.born)),
        "sex": (Value(sex_words(facts.sex), ours=True),) if facts.sex else (),
        "country": tuple(Value(code.upper()) for code in facts.countries),
        "place": tuple(map(Value, facts.places)),
    }
    for type, written, _country in facts.identifiers:
        found[f"identifier:{type}"] = (*found.get(f"identifier:{type}", ()), Value(written))
    return {name: values for name, values in found.items() if values}


def sex_words(code: str) -> str:
    return {"m": _("male"), "f": _("female")}.get(code, code)


def kind_words(code: str) -> str:
    try:
        return _(kinds.kind(code).text)
    except LawError:
        return code
