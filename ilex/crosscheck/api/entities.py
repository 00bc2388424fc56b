"""Entities of FollowTheMoney as facts that can be compared, and records as such entities."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from ilex.crosscheck.api.messages import Example, Explanation, Result
from ilex.holdings.files import ftm
from ilex.holdings.files.bounds import Bad, LeftOut
from ilex.holdings.queries import Candidate
from ilex.matching.facts import Facts
from ilex.matching.reasons import Reason, sentence

ANYBODY = frozenset({"Thing", "LegalEntity"})  # who asks so does not know whether it is a person
SCHEMA: Mapping[str, str] = {
    "person": "Person",
    "organisation": "Organization",
    "vehicle": "Vehicle",
    "vessel": "Vessel",
    "aircraft": "Airplane",
    "document": "Passport",
    "bank-account": "BankAccount",
}
NUMBER: Mapping[str, str] = {
    "document": "passportNumber",
    "national": "idNumber",
    "tax": "taxNumber",
    "number": "registrationNumber",
    "plate": "registrationNumber",
    "vin": "vin",
    "imo": "imoNumber",
    "mmsi": "mmsi",
    "lei": "leiCode",
    "iban": "iban",
    "phone": "phone",
    "email": "email",
}


class Unreadable(Exception):
    """One sentence on what is wrong with a query."""


def facts_of(example: Example) -> Facts:
    """Raises Unreadable."""
    known = ftm.schemata()
    anybody = example.schema_ in ANYBODY
    entity = {
        "id": "query",
        "schema": "LegalEntity" if anybody else example.schema_,
        "properties": example.properties,
    }
    try:
        _id, facts = ftm.read(json.dumps(entity).encode(), known)
    except LeftOut:
        raise Unreadable(f"Nothing of the schema {example.schema_[:60]} is held here.") from None
    except Bad as bad:
        sentence = bad.sentence % bad.values if bad.values else bad.sentence
        raise Unreadable(f"{bad.column}: {sentence}" if bad.column else sentence) from None
    return replace(facts, kind="") if anybody else facts


def result_of(found: Candidate, threshold: float, note: str) -> Result:
    score = found.comparison.score
    told = _by_field(found.comparison.reasons)
    return Result(
        id=found.key,
        caption=found.caption,
        schema_=SCHEMA.get(found.facts.kind, "LegalEntity"),
        properties=properties_of(found.facts),
        datasets=[found.source],
        handling=found.handling,
        handling_note=note,
        score=round(score, 6),
        features={name: round(sum(reason.weight for reason in some), 4) for name, some in told.items()},
        explanations={name: _explained(some) for name, some in told.items()},
        match=score >= threshold,
    )


def properties_of(facts: Facts) -> dict[str, list[str]]:
    person = facts.kind == "person"
    said: dict[str, list[str]] = defaultdict(list)
    said["name"] += facts.names
    said["weakAlias"] += facts.weak_names
    said["birthDate" if person else "incorporationDate"] += facts.born
    said["nationality" if person else "country"] += (code.lower() for code in facts.countries)
    said["address"] += facts.places
    for type, text, _country in facts.identifiers:
        said[NUMBER.get(type, "idNumber")].append(text)
    if facts.sex:
        said["gender"].append({"m": "male", "f": "female"}[facts.sex])
    return {name: values for name, values in said.items() if values}


def _by_field(reasons: tuple[Reason, ...]) -> dict[str, list[Reason]]:
    told: dict[str, list[Reason]] = defaultdict(list)
    for reason in reasons:
        told[reason.field].append(reason)
    return told


def _explained(reasons: list[Reason]) -> Explanation:
    first = max(reasons, key=lambda reason: abs(reason.weight))
    return Explanation(
        score=round(sum(reason.weight for reason in reasons), 4),
        detail=sentence(first) % {"asked": first.asked, "held": first.held},
        query=first.asked,
        candidate=first.held,
    )
