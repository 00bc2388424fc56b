"""Named reads of the holdings."""

from ilex.holdings.queries.find import Candidate, common, find
from ilex.holdings.queries.reading import facts_of

__all__ = ["Candidate", "common", "facts_of", "find"]
