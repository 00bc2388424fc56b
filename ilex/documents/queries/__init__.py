"""Named reads. Loading is permission: see access."""

from ilex.documents.queries.access import document_for, documents_on, needs_reason, visible
from ilex.documents.queries.opening import may_open, opening_of
from ilex.documents.queries.search import Found, FoundRow, search

__all__ = [
    "Found",
    "FoundRow",
    "document_for",
    "documents_on",
    "may_open",
    "needs_reason",
    "opening_of",
    "search",
    "visible",
]
