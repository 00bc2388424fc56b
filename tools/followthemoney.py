"""FollowTheMoney's own library beside ours: `make interop` runs this in an environment of its own.

`write FILE` makes entities of every schema with every property, by the library itself: the examples that its schemata
publish, else a value of the property's type. `check FILE` reads a file as the library does and names what it refuses.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# Run as a script, its own folder would be the first place to look for the library, and this file bears its name.
sys.path[:] = [folder for folder in sys.path if Path(folder or ".").resolve() != Path(__file__).resolve().parent]

from followthemoney import model  # noqa: E402
from followthemoney.exc import InvalidData  # noqa: E402

# Nobody real. By type, and where a number has a rule of its own by property.
BY_TYPE = {
    "name": ["Ана Измишљена", "Ana Izmišljena"],
    "string": ["invented"],
    "text": ["Invented for this trial"],
    "date": ["2021-03-14", "2019-11", "1985"],
    "country": ["rs", "ge"],
    "identifier": ["AB1234567"],
    "number": ["42"],
    "url": ["https://example.org/trial"],
    "email": ["ana@example.org"],
    "phone": ["+381641234567"],
    "address": ["Измишљена улица 1, Београд"],
    "gender": ["female"],
    "language": ["srp"],
    "topic": ["role.pep"],
    "ip": ["192.0.2.1"],
    "mimetype": ["text/plain"],
    "checksum": ["da39a3ee5e6b4b0d3255bfef95601890afd80709"],
    "html": ["<p>invented</p>"],
    "json": ["{}"],
}
BY_PROPERTY = {
    "iban": ["RS35260005601001611379"],
    "bic": ["NBSRRSBG"],
    "leiCode": ["529900T8BM49AURSDO55"],
    "imoNumber": ["IMO9074729"],
    "mmsi": ["279202870"],
    "publicKey": ["1BoatSLRHtKNngkdXEeobR76b53LETtpyT"],
    "cryptoAddress": ["1BoatSLRHtKNngkdXEeobR76b53LETtpyT"],
    "accountId": ["4711"],
}


def write(path: Path) -> int:
    """Two entities of each schema: one with what it must have, one with everything."""
    with path.open("w", encoding="utf-8") as file:
        for schema in model.schemata.values():
            if schema.abstract:
                continue
            for suffix in ("least", "all"):
                file.write(json.dumps(_entity(schema, suffix).to_dict(), ensure_ascii=False) + "\n")
    return 0


def _entity(schema: Any, suffix: str) -> Any:
    proxy = model.make_entity(schema)
    proxy.id = f"{schema.name}-{suffix}"
    for prop in schema.properties.values():
        if prop.stub or (suffix == "least" and prop.name not in {*schema.required, *_ends(schema)}):
            continue
        for value in _values(schema, prop, suffix):
            proxy.add(prop, value)
    return proxy


def _ends(schema: Any) -> set[str]:
    return {schema.edge_source, schema.edge_target} if schema.edge else set()


def _values(schema: Any, prop: Any, suffix: str) -> Iterator[str]:
    if prop.type.name == "entity":
        fitting = [one for one in model.schemata.values() if one.is_a(prop.range) and not one.abstract]
        # Both ends of a link must not be the same entity.
        yield f"{min(one.name for one in fitting)}-{'all' if prop.name == schema.edge_target else 'least'}"
        return
    yield from map(str, BY_PROPERTY.get(prop.name) or prop.examples or BY_TYPE[prop.type.name])


def check(path: Path) -> int:
    """0 when the library takes every line; else each fault is printed."""
    faults = 0
    for row, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        for fault in _faults(json.loads(line)):
            faults += 1
            print(f"row {row}: {fault}")
    return 1 if faults else 0


def _faults(entity: dict[str, Any]) -> Iterator[str]:
    try:
        proxy = model.get_proxy(entity, cleaned=False)
        proxy.schema.validate(entity)
    except InvalidData as error:
        yield f"{error} {getattr(error, 'errors', '')}"
        return
    for name, values in entity["properties"].items():
        prop = proxy.schema.get(name)
        if prop is None:
            yield f"{entity['schema']} has no {name}"
            continue
        kept = set(proxy.get(name))
        for value in values:
            if prop.type.name != "entity" and not kept:
                yield f"{prop.qname} does not take {value!r}"


if __name__ == "__main__":
    sys.exit({"write": write, "check": check}[sys.argv[1]](Path(sys.argv[2])))
