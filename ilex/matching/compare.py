"""How likely a record is the one that was asked for, field by field; each field speaks for itself alone."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from ilex.matching import dates, firms, identifiers, model, names, places
from ilex.matching.facts import Facts, Prepared
from ilex.matching.prepare import PERSONS, prepare
from ilex.matching.rarity import Rarity
from ilex.matching.reasons import Comparison, Reason

__all__ = ["Comparison", "Rarity", "compare", "without"]

REMEMBERED = 64  # facts that were read as those of another kind
# Whose citizens and firms became whose: a passport of the first is no contradiction to the second.
SUCCESSORS = {
    "YU": frozenset({"RS", "ME", "BA", "HR", "SI", "MK", "XK", "CS"}),
    "CS": frozenset({"RS", "ME", "XK", "CZ", "SK"}),
    "SU": frozenset(("RU", "UA", "BY", "MD", "GE", "AM", "AZ", "KZ", "KG", "TJ", "TM", "UZ", "LT", "LV", "EE")),
    "RS": frozenset({"XK", "ME"}),
    "DD": frozenset({"DE"}),
}


def compare(query: Prepared, record: Prepared, rarity: Rarity) -> Comparison:
    """Weigh what both have; what one does not have says nothing. The same for the same input.

    As what both are compared, person, firm or thing, the record says, and only where it does not the query: so what is
    asked may leave out its kind and nothing else changes.
    """
    weights = model.current()
    asked, held = query.facts, record.facts
    sort = _sort(held.kind or asked.kind)
    person = sort == "person"
    query, record = _read(query, person=person), _read(record, person=person)
    reasons: list[Reason] = []
    if aligned := names.compare(query.names, record.names, rarity, names.weighed if person else firms.weighed):
        reasons.append(_of_names(aligned))
    if (met := dates.compare(query.born, record.born)) is not None:
        reasons.append(Reason("born", met[0], str(met[1]), str(met[2]), weights.born[met[0]]))
    if asked.countries and held.countries:
        reasons.append(_country(asked, held, weights))
    if asked.sex and held.sex:
        code = "same" if asked.sex == held.sex else "contradicts"
        reasons.append(Reason("sex", code, asked.sex, held.sex, weights.sex[code]))
    if (there := places.compare(query.places, record.places)) is not None:
        reasons.append(Reason("place", there[0], there[1].written, there[2].written, weights.place[there[0]]))
    for type, code, one, other in identifiers.compare(query, record):
        reasons.append(Reason(f"identifier:{type}", code, one, other, weights.identifier(type, code)))
    if asked.kind and held.kind and asked.kind != held.kind:
        reasons.append(Reason("kind", "contradicts", asked.kind, held.kind, weights.kind))
    return Comparison(_base(sort, rarity, weights), tuple(reasons))


def without(facts: Facts, field: str) -> Facts:
    """The same without what a reason of this field is about."""
    if field == "name":
        return replace(facts, names=(), weak_names=())
    if field.startswith("identifier:"):
        type = field.partition(":")[2]
        return replace(facts, identifiers=tuple(one for one in facts.identifiers if one[0] != type))
    emptied = {"born": (), "country": (), "place": (), "sex": "", "kind": ""}
    name = {"country": "countries", "place": "places"}.get(field, field)
    return replace(facts, **{name: emptied[field]})  # type: ignore[arg-type]


def _base(sort: str, rarity: Rarity, weights: model.Model) -> float:
    """The odds before anything is compared: they fall as the holdings grow."""
    return weights.base[sort] + weights.size * rarity.growth


def _sort(kind: str) -> str:
    return "person" if kind in PERSONS else kind if kind == "organisation" else "thing"


def _read(one: Prepared, *, person: bool) -> Prepared:
    return one if one.person == person else _again(one.facts, "person" if person else "organisation")


@lru_cache(maxsize=REMEMBERED)
def _again(facts: Facts, kind: str) -> Prepared:
    """Facts of another kind than what they are compared with; mostly those of one query, many times."""
    return prepare(facts, kind=kind)


def _of_names(met: names.Aligned) -> Reason:
    return Reason("name", met.code, met.asked.written, met.held.written, met.weight, met.parts)


def _country(asked: Facts, held: Facts, weights: model.Model) -> Reason:
    for one in asked.countries:
        if one in held.countries:
            return Reason("country", "same", one, one, weights.country["same"])
    for one in asked.countries:
        for other in held.countries:
            if other in SUCCESSORS.get(one, ()) or one in SUCCESSORS.get(other, ()):
                return Reason("country", "successor", one, other, weights.country["successor"])
    return Reason(
        "country", "contradicts", ", ".join(asked.countries), ", ".join(held.countries), weights.country["contradicts"]
    )
