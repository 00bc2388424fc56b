"""Named reads of this room."""

from ilex.sharing.queries.consents import consent_for, to_answer, visible_consents
from ilex.sharing.queries.ledger import ledger
from ilex.sharing.queries.reading import consult
from ilex.sharing.queries.releases import (
    by_subject,
    choosable,
    items_in,
    links_in,
    release_for,
    statements_in,
    subject_of,
    unread,
    visible_releases,
    with_news,
)
from ilex.sharing.queries.review import Review, review
from ilex.sharing.queries.uses import Barrier, Permissions, barriers, conditions, forbids, known_to_owners

__all__ = [
    "Barrier",
    "Permissions",
    "Review",
    "barriers",
    "by_subject",
    "choosable",
    "conditions",
    "consent_for",
    "consult",
    "forbids",
    "items_in",
    "known_to_owners",
    "ledger",
    "links_in",
    "release_for",
    "review",
    "statements_in",
    "subject_of",
    "to_answer",
    "unread",
    "visible_consents",
    "visible_releases",
    "with_news",
]
