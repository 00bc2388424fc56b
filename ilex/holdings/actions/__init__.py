"""The verbs of the holdings."""

from ilex.holdings.actions.erasing import erase, erase_ended
from ilex.holdings.actions.indexing import index, index_many, unindex, unindex_many
from ilex.holdings.actions.loading import SourceSpec, load
from ilex.holdings.actions.sources import Description, describe, switch

__all__ = [
    "Description",
    "SourceSpec",
    "describe",
    "erase",
    "erase_ended",
    "index",
    "index_many",
    "load",
    "switch",
    "unindex",
    "unindex_many",
]
