"""What the node's clock does with documents by itself."""

from __future__ import annotations

from ilex.documents.actions.examining import claim, examine


def check_and_read(limit: int = 20) -> bool:
    """Scan and read up to `limit` documents that wait. True when more may be waiting."""
    for _turn in range(limit):
        document = claim()
        if document is None:
            return False
        examine(document)
    return True
