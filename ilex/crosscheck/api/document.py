"""The description of the interface for other programs: OpenAPI 3.1, made of the very models that are checked."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic.json_schema import models_json_schema

from ilex import __version__
from ilex.crosscheck.api.messages import (
    FEW_RESULTS,
    MOST_EXCLUDED,
    MOST_RESULTS,
    Failure,
    MatchQuery,
    MatchResponse,
    Status,
)

WHERE = "#/components/schemas/{model}"
SCORE = {"type": "number", "minimum": 0, "maximum": 1}
TEXTS = {"type": "array", "items": {"type": "string"}}
QUERY: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        "limit",
        "Results of one query",
        {"type": "integer", "minimum": 1, "maximum": MOST_RESULTS, "default": FEW_RESULTS},
    ),
    ("threshold", "From this score on `match` is true; else as the unit set it", SCORE),
    ("cutoff", "Below this score nothing is given, nor below what the unit set", SCORE),
    ("include_dataset", "Only these sources", TEXTS),
    ("exclude_dataset", "Without these sources", TEXTS),
    ("exclude_schema", "Of the best, those of these schemata are left out", {**TEXTS, "maxItems": MOST_EXCLUDED}),
    ("exclude_entity_ids", "Without these records", {**TEXTS, "maxItems": MOST_EXCLUDED}),
)
FAILURES = {
    "400": "The query cannot be read",
    "401": "No token that is valid today",
    "404": "There is no such dataset for this token",
    "405": "Another method than POST",
    "413": "The body is longer than 1 MiB",
    "429": "The queries of this day are used up",
}


@cache
def openapi() -> dict[str, Any]:
    models = [(MatchQuery, "validation"), *((one, "serialization") for one in (MatchResponse, Status, Failure))]
    _places, schemas = models_json_schema(models, ref_template=WHERE)  # type: ignore[arg-type]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Ilex cross-check",
            "version": __version__,
            "description": "Candidates for persons and things among the holdings of the unit, each with its reasons. "
            "A match is a lead: a person decides.",
        },
        "servers": [{"url": "/api"}],
        "security": [{"token": []}],
        "paths": {
            "/match/{dataset}": {"post": _match()},
            "/healthz": {"get": _open("Whether it answers", "Status", "health")},
            "/openapi.json": {"get": _open("This description", None, "openapi")},
        },
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {
                "token": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "`ApiKey` and the token that the unit gave",
                }
            },
        },
    }


def _match() -> dict[str, Any]:
    dataset = {
        "name": "dataset",
        "in": "path",
        "required": True,
        "description": "The code of a source; `default` for all that the token opens",
        "schema": {"type": "string"},
    }
    query = [{"name": name, "in": "query", "description": text, "schema": form} for name, text, form in QUERY]
    return {
        "operationId": "match",
        "summary": "Candidates for each of up to a hundred entities",
        "parameters": [dataset, *query],
        "requestBody": {"required": True, "content": _content("MatchQuery")},
        "responses": {
            "200": {"description": "The candidates of each query", "content": _content("MatchResponse")},
            **{code: {"description": text, "content": _content("Failure")} for code, text in FAILURES.items()},
        },
    }


def _open(summary: str, model: str | None, name: str) -> dict[str, Any]:
    content = _content(model) if model else {"application/json": {"schema": {"type": "object"}}}
    return {
        "operationId": name,
        "summary": summary,
        "security": [],
        "responses": {"200": {"description": summary, "content": content}},
    }


def _content(model: str) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": WHERE.format(model=model)}}}
