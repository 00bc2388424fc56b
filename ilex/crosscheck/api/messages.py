"""What stands on the wire: the match API of yente, as far as a unit's holdings can answer it."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

MOST_QUERIES = 100
MOST_RESULTS = 50
FEW_RESULTS = 5
MOST_EXCLUDED = 50

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Values = str | Annotated[list[Any], Field(max_length=200)]  # a nested entity is passed over


class Example(BaseModel):
    """One entity of FollowTheMoney by what is known of it."""

    model_config = ConfigDict(populate_by_name=True)

    id: Annotated[str, StringConstraints(max_length=200)] | None = Field(None, examples=["my-entity-id"])
    schema_: Name = Field(..., alias="schema", examples=["Person"])
    properties: Annotated[dict[str, Values], Field(max_length=100)] = Field(
        ..., examples=[{"name": ["Petar Izmišljen"], "birthDate": ["1975-04"]}]
    )


class MatchQuery(BaseModel):
    """The names of the queries are free: the answers carry them."""

    queries: Annotated[dict[str, Example], Field(min_length=1, max_length=MOST_QUERIES)]


class Total(BaseModel):
    value: int
    relation: str = Field("eq", description="`gte`: there may be more, which are not looked for.")


class Explanation(BaseModel):
    """What one field says: log odds, and both values as they were compared."""

    score: float
    detail: str
    query: str
    candidate: str


class Result(BaseModel):
    """A record that may be the same. A person decides: a score alone is no ground for a decision (LED Art. 11)."""

    model_config = ConfigDict(populate_by_name=True)

    id: str
    caption: str
    schema_: str = Field(..., alias="schema")
    properties: dict[str, list[str]]
    datasets: list[str]
    handling: str = Field(..., description="The handling code of the source: it binds whoever receives the record.")
    handling_note: str = Field(..., description="Its restriction in words, where the code has one.")
    referents: list[str] = []
    target: bool = True
    first_seen: str | None = None
    last_seen: str | None = None
    last_change: str | None = None
    score: float = Field(..., description="The share of true ones among hits of this score, from 0 to 1.")
    features: dict[str, float] = Field(..., description="What each field adds to the log odds.")
    explanations: dict[str, Explanation]
    match: bool = Field(..., description="The score reaches the threshold.")


class Matches(BaseModel):
    status: int = Field(200, description="400 for a query that cannot be read; `detail` says why.")
    detail: str | None = None
    results: list[Result]
    total: Total
    query: Example


class Feature(BaseModel):
    description: str
    coefficient: float
    url: str = ""


class MatchResponse(BaseModel):
    responses: dict[str, Matches]
    matcher: dict[str, Feature]
    limit: int


class Status(BaseModel):
    status: str = Field("ok", examples=["ok"])


class Failure(BaseModel):
    detail: str = Field(..., examples=["One sentence on what is wrong."])
