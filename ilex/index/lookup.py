"""`search__holds="'marko':* & 'vozilo'"` in every room's queries."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import Lookup
from django.db.models.sql.compiler import SQLCompiler


@SearchVectorField.register_lookup
class Holds(Lookup):
    """The right side is a tsquery of folded words, as the rooms' `index.query` writes it."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        left, left_values = self.process_lhs(compiler, connection)
        return f"{left} @@ %s::tsquery", [*left_values, self.rhs]
